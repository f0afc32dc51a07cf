"""What can be read off the reference: tallies, values, degrees, the digest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...arrays import Column, Integers
from ...networks.slots import number_of
from ...population import NOBODY
from ...random import MASK, fold
from ..tally import Tally
from ..words import column_key, value_word
from .bonding import rows_of
from .life import TYPES

if TYPE_CHECKING:
    from .shard import Shard


def tallies(shard: Shard) -> list[int]:
    """Every tally's cells, one tally after another."""
    return [cell for tally in shard.program.tallies for cell in _tally(shard, tally)]


def _tally(shard: Shard, tally: Tally) -> list[int]:
    cells = [0] * shard.program.cells(tally)
    values = shard.columns[tally.column]
    for place in shard.everyone():
        cells[_cell(shard, tally, place)] += tally.amount(values[place - shard.part.first])
    return cells


def _cell(shard: Shard, tally: Tally, place: int) -> int:
    if tally.group is None:
        return 0
    stored = shard.program.stored.get(tally.group)
    if stored is None:
        return shard.derived(tally.group, place)
    return int(shard.columns[tally.group][place - shard.part.first]) - stored.low


def group_sizes(shard: Shard, group: str) -> list[int]:
    """How many agents have each code of the derived column `group`."""
    cells = [0] * len(shard.program.derived[group].labels or ())
    for place in shard.everyone():
        cells[shard.derived(group, place)] += 1
    return cells


def owe(shard: Shard, name: str) -> tuple[Integers, Integers]:
    """A tally by link over the shard's agents, cell by cell: lower 32 bits, and the rest."""
    linked = shard.program.brought.owed[name]
    tally, sums = linked.tally, [0] * linked.cells
    pointing = shard.columns[tally.group or ""]
    for value, cell in zip(shard.columns[tally.column], pointing, strict=True):
        if cell != NOBODY:
            sums[shard.found(linked.to, cell)] += tally.amount(value)
    halves = [[s & 0xFFFFFFFF for s in sums], [s >> 32 for s in sums]]
    return np.array(halves[0], np.int64), np.array(halves[1], np.int64)


def degrees(shard: Shard, network: str, places: Column) -> Column:
    """How many ties agents of this or any other shard have."""
    lowered, net = shard.program.networks[network], shard.nets[network]
    found = [lowered.degree(net, place) for place in places.tolist()]
    if lowered.has_gaps:
        found = [
            sum(lowered.neighbour(net, place, k) >= 0 for k in range(slots))
            for place, slots in zip(places.tolist(), found, strict=True)
        ]
    return np.array(found, np.int64)


def digest(shard: Shard) -> tuple[int, int]:
    """Two 64-bit sums over stored columns and agents of a hash of column, identity, value."""
    low, high = shard.life.digest() if shard.program.is_open else (0, 0)
    for name, stored in shard.program.lasting.items():
        keys = [column_key(shard.program.prefix + name, half) for half in (0, 1)]
        for place in shard.everyone():
            value = shard.columns[name][place - shard.part.first]
            if value != stored.default:
                word, who = value_word(value), shard.who(place)
                low += fold(fold(keys[0], who), word)
                high += fold(fold(keys[1], who), word)
    for name in [name for name, network in shard.program.networks.items() if network.slots]:
        keys = [column_key(f"ties:{shard.program.prefix}{name}", half) for half in (0, 1)]
        net = rows_of(shard, name)
        for place in range(shard.part.first, shard.part.last):
            for slot in range((place - net.first) * net.slots, (place + 1 - net.first) * net.slots):
                if net.to[slot] > place:  # each tie once, at its smaller end
                    number = number_of(place, net.to[slot], net.since[slot])
                    low, high = low + fold(keys[0], number), high + fold(keys[1], number)
    return low & MASK, high & MASK


def values(shard: Shard, column: str, places: Column | None = None) -> Column:
    """A stored or derived column's values, of all the shard's agents or of `places`."""
    all_places = range(shard.part.first, shard.part.last) if places is None else places.tolist()
    if column in shard.columns:
        kept, kind = shard.columns[column], shard.program.stored[column].kind
        return np.array([kept[p - shard.part.first] for p in all_places], TYPES[kind])
    return np.array([shard.derived(column, p) for p in all_places])
