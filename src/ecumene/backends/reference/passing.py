"""What is passed on along ties, in the reference: one tie at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from ...random import fold
from ...rules import NOTHING
from ..ruled import Spreading
from ..words import PICKS, RECEIVES

if TYPE_CHECKING:
    from .shard import Shard


Message = tuple[int, int, int]  # place, payload, tie number
Arrived = tuple[int, int]
COMBINE: Mapping[str, Callable[[Arrived, Arrived], Arrived]] = {
    "any": lambda a, b: a,
    "count": lambda a, b: (0, a[1] + b[1]),
    "sum": lambda a, b: (0, a[1] + b[1]),
    "min": lambda a, b: (0, min(a[1], b[1])),
    "max": lambda a, b: (0, max(a[1], b[1])),
    "pick": min,  # The smallest luck; between equal lucks the smaller payload.
}


class _Tie(NamedTuple):
    number: int


class _End(NamedTuple):
    number: int
    in_degree: int


def emit(shard: Shard, spreading: Spreading, step: int) -> tuple[list[list[Message]], bool]:
    """What the active agents pass on, by shard of the receiver; and whether that is all."""
    rule, net = spreading.rule, shard.program.networks[spreading.rule.over]
    boxes: list[list[Message]] = [[] for _ in range(shard.part.count)]
    for place in shard.where(rule.active):
        for k in range(net.degree(shard.nets[rule.over], place)):
            number = net.tie(shard.nets[rule.over], place, k)
            payload = sent(shard, spreading, place, number, step)
            other = net.neighbour(shard.nets[rule.over], place, k)
            if payload is not None and other >= 0:
                boxes[other // shard.part.size].append((other, payload, number))
    return boxes, True


def apply(shard: Shard, spreading: Spreading, boxes: list[list[Message]], step: int) -> None:
    """Let what was passed on arrive, whatever its order."""
    for box in boxes:
        for place, payload, number in box:
            if not shard.is_here(place):
                continue
            arrive(shard, spreading, place, payload, number, step)


def pull(shard: Shard, spreading: Spreading, step: int) -> None:
    """The same arrivals, asked for by each receiver; for a shard that holds everybody."""
    rule, net = spreading.rule, shard.program.networks[spreading.rule.over]
    active = set(shard.where(rule.active))
    for place in shard.everyone():
        for k in range(net.reverse_degree(shard.nets[rule.over], place)):
            source = net.reverse_neighbour(shard.nets[rule.over], place, k)
            if source in active:
                number = net.reverse_tie(shard.nets[rule.over], place, k)
                payload = sent(shard, spreading, source, number, step)
                if payload is not None:
                    arrive(shard, spreading, place, payload, number, step)


def sent(shard: Shard, spreading: Spreading, place: int, number: int, step: int) -> int | None:
    """What the agent at `place` passes on along a tie, or None."""
    rule, key = spreading.rule, shard.program.luck_of(spreading, step, place)
    me = shard.me(place, spreading.reads)
    seen = (me, _Tie(number), *shard.globals_now(step), fold(key, number))
    return _passed(rule, shard.call(spreading, place, step, rule.send, *seen))


def arrive(
    shard: Shard, spreading: Spreading, place: int, payload: int, number: int, step: int
) -> None:
    """Let a payload arrive at `place`, if its receiver takes it, beside what arrived before."""
    rule = spreading.rule
    luck = fold(shard.program.luck(spreading, step), number)
    if rule.receive is not None:
        me = shard.me(place, spreading.receiver_reads)
        tie = _end(shard, spreading, place, number)
        own = fold(shard.program.luck_of(spreading, step, place), number)
        args = (me, tie, payload, *shard.globals_now(step), fold(own, RECEIVES))
        received = _passed(rule, shard.call(spreading, place, step, rule.receive, *args))
        if received is None:
            return
        payload = received
    box = shard.arrived[rule.name]
    here = (fold(luck, PICKS), payload)
    box[place] = COMBINE[rule.combine](box[place], here) if place in box else here


def _end(shard: Shard, spreading: Spreading, place: int, number: int) -> Any:
    """A tie as it is seen from where it leads to."""
    if not spreading.in_degree:
        return _Tie(number)
    over = spreading.rule.over
    return _End(number, shard.program.networks[over].reverse_degree(shard.nets[over], place))


def _passed(rule: Any, result: Any) -> int | None:
    """The payload of what a part of a tie rule gave, or None when nothing passes."""
    if rule.carries:
        return None if result == NOTHING else int(result)
    return 1 if result else None
