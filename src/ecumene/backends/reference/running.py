"""Running rules, in the reference: for whom, in order, and what they see and give."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from ...networks.permutation import first_places
from ...population import NEVER, NOBODY
from ...random import fold
from ...rules import NOTHING
from ..lots import is_drawn
from ..ruled import Acting, Bonding, Claiming, Entering, Facing, ForAgents, Spreading
from ..words import dividing

if TYPE_CHECKING:
    from .shard import Shard

Call = Callable[..., Any]

# What a look-up gives where the link points to nobody.
_NOTHING_SEEN = {
    "float": 0.0,
    "link": NOBODY,
    "flag": False,
    "pulse": False,
    "bool": False,
    "step": NEVER,
    "wake": NEVER,
}


def plainly(
    part: Acting | Spreading | Facing | Claiming | Entering | Bonding,
    place: int,
    step: int,
    function: Call,
    *seen: Any,
) -> Any:
    """Call a rule's function for the agent at `place`."""
    del place
    with dividing(part.rule.name, step):
        return function(*seen)


def act(shard: Shard, group: tuple[Acting, ...], step: int) -> None:
    """Run the agent rules of one phase; all of them see the moment before it."""
    writes: list[tuple[str, int, str, Any]] = []
    for acting in group:
        luck = shard.program.luck(acting, step)
        for place in whom(shard, acting, luck, step):
            key = shard.program.own(luck, place)
            me, own = shard.me(place, acting.reads), fold(key, shard.who(place))
            seen = (me, *shard.globals_now(step), own)
            result = shard.call(acting, place, step, acting.rule.function, *seen)
            values = result if len(acting.rule.writes) > 1 else (result,)
            for column, value in zip(acting.rule.writes, values, strict=True):
                writes.append((acting.rule.name, place, column, value))
    for name, place, column, value in writes:
        shard.write(name, place, column, value, step, pulses=None)


def whom(shard: Shard, acting: ForAgents | Bonding, key: int, step: int) -> Iterator[int]:
    """The places of those that a rule runs for, in order."""
    on = acting.rule.on
    if on.kind == "reached_by":
        yield from sorted(shard.arrived[on.of])
    elif on.kind == "changed":
        yield from sorted(shard.altered.pop(acting.rule.name, set()))
    elif on.kind == "sample":
        count = shard.program.sample_count(acting.rule)
        drawn = set(first_places(key, shard.program.people, count))
        if shard.program.is_open:
            share = float(shard.program.parameters[on.of])
            drawn = {p for p in shard.everyone() if is_drawn(shard.who(p), key, share, drawn)}
        yield from (p for p in sorted(drawn) if shard.part.first <= p < shard.part.last)
    elif on.kind == "awake":
        awake = {p for p, v in enumerate(shard.columns[on.of], shard.part.first) if v == step}
        yield from sorted(awake | set(shard.arrived.get(on.also, ())))
    elif on.kind == "flagged":
        yield from shard.where(on.of)
    else:
        yield from shard.everyone()


def seen(shard: Shard, name: str, place: int) -> Any:
    """What a rule reads by this name of the agent at `place`."""
    if name in shard.columns:
        return shard.columns[name][place - shard.part.first]
    look = shard.program.brought.looks.get(name)
    if look is not None:
        pointed = shard.columns[look.link][place - shard.part.first]
        if pointed == NOBODY:
            return _NOTHING_SEEN.get(look.kind, 0)
        return shard.brought[name][shard.found(look.of, pointed)]
    if name in shard.program.brought.linked:
        return shard.brought[name][place - shard.part.first]
    claiming = shard.program.grants.get(name)
    if claiming is not None:
        nothing = 0 if isinstance(claiming, Claiming) else NOBODY
        return shard.arrived[claiming.rule.name].get(place, (0, nothing))[1]
    spreading = shard.program.arrivals.get(name)
    if spreading is None:
        return shard.derived(name, place)
    arrived = shard.arrived[spreading.rule.name].get(place)
    if spreading.rule.combine == "any":
        return arrived is not None
    if arrived is None:
        return 0 if spreading.rule.combine in ("count", "sum") else NOTHING
    return arrived[1]
