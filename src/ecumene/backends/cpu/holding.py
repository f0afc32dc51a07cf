"""A shard's lasting values as arrays, and taken back from arrays (see `backends.lasting`)."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from ...arrays import Column, Words
from ...population import PRESENT
from ..lasting import Lasting, steps_as
from .assigning import amounts_of
from .storage import Bits

if TYPE_CHECKING:
    from ..program import Tally
    from .shard import Shard

SLOTS = ("to", "since")
CHUNK = 1 << 20  # Agents counted at a time.


def held(shard: Shard, what: Lasting, first: int, last: int) -> Column:
    """The values of local places first..last-1: a view of a column, truth values of a set."""
    if what.family in SLOTS:
        return _slot(shard, what)[first:last]
    kept = _kept(shard, what)
    if not isinstance(kept, Bits):
        return kept[first:last]
    words, low = kept.levels[0][first >> 6 : (last + 63) >> 6], first & 63
    return _bits(words)[low : low + last - first].view(np.bool_)


def hold(shard: Shard, what: Lasting, first: int, values: Column, step: int) -> None:
    """Take back the values of local places from `first` on, at the beginning of `step`."""
    shard.state.widen(step)
    shard.state.written(None)
    if what.family in SLOTS:
        _slot(shard, what)[first : first + values.size] = values
        return
    kept = _kept(shard, what)
    if isinstance(kept, Bits):
        _put(kept, first, values)
        if shard.program.is_open and what.name == PRESENT and what.family == "column":
            _put(shard.state.free, first, ~values)
        return
    steps = what.family == "column" and shard.program.stored[what.name].holds_steps
    kept[first : first + values.size] = steps_as(values, kept.dtype) if steps else values
    if what.name in shard.state.wheels:
        shard.state.wheels[what.name].filed[0] = False


def recounted(shard: Shard) -> list[int]:
    """Every tally's cells, counted from the columns; costs the number of agents."""
    return [cell for tally in shard.program.tallies for cell in _counted(shard, tally)]


def _kept(shard: Shard, what: Lasting) -> Column | Bits:
    if what.family == "altered":
        return shard.state.altered[what.name]
    return shard.state.columns[what.name]


def _slot(shard: Shard, what: Lasting) -> Column:
    network, number = what.slot
    return shard.rows.of(network)[SLOTS.index(what.family)][:, number]


def _bits(words: Words) -> Column:
    return np.unpackbits(words.view(np.uint8), bitorder="little")


def _put(kept: Bits, first: int, values: Column) -> None:
    """Let exactly those be members whose value is true, of places from `first` on."""
    lowest = kept.levels[0]
    begin, end = first >> 6, (first + values.size + 63) >> 6
    bits, low = _bits(lowest[begin:end]), first & 63
    bits[low : low + values.size] = values
    lowest[begin:end] = np.packbits(bits, bitorder="little").view(np.uint64)
    for lower, upper in pairwise(kept.levels):
        begin, end = begin >> 6, (end + 63) >> 6
        some = lower[begin << 6 : end << 6] != 0
        upper[begin:end] = np.packbits(some, bitorder="little").view(np.uint64)


def _counted(shard: Shard, tally: Tally) -> list[int]:
    cells = [0] * shard.program.cells(tally)
    stored = shard.program.stored.get(tally.group or "")
    for begin in range(0, shard.size, CHUNK):
        places = np.arange(begin, min(begin + CHUNK, shard.size)) + shard.part.first
        if shard.program.is_open:
            places = places[shard.values(PRESENT, places)]
        amounts = amounts_of(tally, shard.values(tally.column, places)).astype(object)
        here = np.zeros(places.size, np.int64)
        if tally.group is not None:
            here = shard.values(tally.group, places).astype(np.int64) - (
                stored.low if stored else 0
            )
        sums = np.zeros(len(cells), object)
        np.add.at(sums, here, amounts)
        cells = [cell + int(more) for cell, more in zip(cells, sums, strict=True)]
    return cells
