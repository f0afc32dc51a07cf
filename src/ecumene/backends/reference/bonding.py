"""Ties that form and dissolve, in the reference: rows of slots as lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ...arrays import Column
from ...errors import RuleError
from ...networks.lowered import Lowered
from ...population import NOBODY
from ...random import fold
from ...rules import Parting
from ..bonds import Bonds
from ..records import net_of
from ..ruled import Bonding
from ..words import nobody_text
from .running import whom

if TYPE_CHECKING:
    from .shard import Shard


class _Bond(NamedTuple):
    number: int
    since: int
    other: int


def bond(shard: Shard, bonding: Bonding, step: int) -> Bonds:
    """Whom the shard's agents ask for a tie, or part from; nobody twice, nor oneself."""
    rule, key = bonding.rule, shard.program.luck(bonding, step)
    found: list[tuple[int, int, int]] = []
    for place in whom(shard, bonding, key, step):
        me, now = shard.me(place, bonding.reads), shard.globals_now(step)
        if isinstance(rule, Parting):
            for other, number, since in _bonds(shard, rule.over, place):
                seen = (me, _Bond(number, since, other), *now, fold(key, number))
                if shard.call(bonding, place, step, rule.function, *seen):
                    found.append((place, other, 0))
            continue
        seen = (me, *now, fold(key, place))
        other = int(shard.call(bonding, place, step, rule.function, *seen))
        if not NOBODY <= other < shard.program.agents:
            raise RuleError(nobody_text(rule.name, place, other, step))
        net = rows_of(shard, rule.over)
        if other not in (NOBODY, place, *_row(net, place)):
            luck = fold(fold(key, min(place, other)), max(place, other))
            found.append((place, other, luck))
    places, others = (np.array([f[n] for f in found], np.int64) for n in (0, 1))
    return Bonds(places, others, np.array([luck for _, _, luck in found], np.uint64))


def room(shard: Shard, network: str, places: Column) -> Column:
    """How many slots some of the shard's agents have free."""
    net = rows_of(shard, network)
    return np.array([_row(net, place).count(NOBODY) for place in places.tolist()], np.int64)


def tie_up(shard: Shard, network: str, pairs: Bonds, step: int) -> None:
    """Tie pairs, in their order, at those of their ends that are the shard's."""
    net = rows_of(shard, network)
    for place, other in _own_ends(shard, pairs):
        slot = (place - net.first) * net.slots + _row(net, place).index(NOBODY)
        net.to[slot], net.since[slot] = other, step


def untie(shard: Shard, network: str, pairs: Bonds) -> None:
    """Part pairs at those of their ends that are the shard's."""
    net = rows_of(shard, network)
    for place, other in _own_ends(shard, pairs):
        row = (place - net.first) * net.slots
        if other in net.to[row : row + net.slots]:  # both ends may have parted
            slot, end = net.to.index(other, row), row + net.slots
            net.to[slot:end] = [*net.to[slot + 1 : end], NOBODY]
            net.since[slot:end] = [*net.since[slot + 1 : end], 0]


def net_with_rows(shard: Shard, lowered: Lowered) -> Any:
    """What a network's functions read, with rows of slots for the shard's agents."""
    net = net_of(lowered)
    if "whole" in lowered.parts:
        return net._replace(whole=net_with_rows(shard, lowered.parts["whole"]))
    if lowered.slots:
        size = (shard.part.last - shard.part.first) * lowered.slots
        return net._replace(first=shard.part.first, to=[NOBODY] * size, since=[0] * size)
    return net


def rows_of(shard: Shard, network: str) -> Any:
    """The fields of a network's rows of slots."""
    net = shard.nets[network]
    return net.whole if "whole" in shard.program.networks[network].parts else net


def _row(net: Any, place: int) -> list[int]:
    row = (place - net.first) * net.slots
    return net.to[row : row + net.slots]


def _bonds(shard: Shard, network: str, place: int) -> Iterator[tuple[int, int, int]]:
    """Of the agent's ties in slots: the other end, the number and since when."""
    lowered, net, rows = (
        shard.program.networks[network],
        shard.nets[network],
        rows_of(shard, network),
    )
    for k in range(lowered.degree(net, place)):
        other = lowered.neighbour(net, place, k)
        if other >= 0:  # not away by an intervention
            since = rows.since[(place - rows.first) * rows.slots + k]
            yield other, lowered.tie(net, place, k), since


def _own_ends(shard: Shard, pairs: Bonds) -> Iterator[tuple[int, int]]:
    for one, two in zip(pairs.places.tolist(), pairs.others.tolist(), strict=True):
        for place, other in ((one, two), (two, one)):
            if shard.part.first <= place < shard.part.last:
                yield place, other
