"""What can be read off a shard: values, how many there are of each kind, tallies by link."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...arrays import Column, Integers
from ...population import NEVER
from ..tally import Tally
from .module import call
from .owing import OWED
from .storage import Bits
from .workers import INLINE

if TYPE_CHECKING:
    from .shard import Shard


def group_sizes(shard: Shard, group: str) -> list[int]:
    """How many agents have each code of the derived column `group`, at first."""
    labels = shard.program.derived[group].labels or ()
    kernel = shard.kernels[f"groups_{group}"]

    def work(run: tuple[int, int]) -> Integers:
        run = (run[0], max(run[0], min(run[1], shard.calling.first_size)))
        sizes = np.zeros(len(labels), np.int64)
        own = {"first": run[0], "last": run[1], "place0": shard.part.first, "sizes": sizes}
        call(shard.module, kernel, shard.state.names, own)
        return sizes

    counted = shard.workers.each(work, shard.workers.runs(shard.size), shard.size < INLINE)
    return np.sum(counted, axis=0).tolist()


def degrees(shard: Shard, network: str, places: Integers) -> Column:
    """How many ties agents of this or any other shard have."""
    out = np.empty(places.size, np.int64)
    own = {"places": places, "out": out}
    call(shard.module, shard.kernels[f"degrees_{network}"], shard.state.names, own)
    return out


def values(shard: Shard, column: str, places: Integers | None = None) -> Column:
    """A stored or derived column's values, of all the shard's agents or of `places`."""
    if places is None:
        places = np.arange(shard.part.first, shard.part.last, dtype=np.int64)
    if column in shard.program.stored:
        return _stored_values(shard, column, places - shard.part.first)
    kinds = {"int": np.int64, "float": np.float64, "bool": np.bool_}
    out = np.empty(places.size, kinds[shard.program.derived[column].kind])
    own = {"first": 0, "last": places.size, "places": places, "out": out}
    call(shard.module, shard.kernels[f"values_{column}"], shard.state.names, own)
    return out


def _stored_values(shard: Shard, column: str, places: Integers) -> Column:
    kept = shard.state.columns[column]
    if isinstance(kept, Bits):
        shifts = (places & 63).astype(np.uint64)
        return (kept.levels[0][places >> 6] >> shifts & np.uint64(1)).astype(bool)
    values = kept[places]
    if not shard.program.stored[column].holds_steps:
        return values
    wide = values.astype(np.int64)
    wide[values == np.iinfo(kept.dtype).max] = NEVER
    return wide


def owe(shard: Shard, name: str) -> tuple[Integers, Integers]:
    """A tally by link over the shard's agents, cell by cell: lower 32 bits, and the rest."""
    linked, kernel = shard.program.brought.owed[name], shard.kernels[f"{OWED}{name}"]

    def work(run: tuple[int, int]) -> tuple[Integers, Integers]:
        low, high = (np.zeros(linked.cells, np.int64) for _ in range(2))
        own = {"first": run[0], "last": run[1], "owed_low": low, "owed_high": high}
        call(shard.module, kernel, shard.state.names, own)
        return low, high

    found = shard.workers.each(work, shard.workers.runs(shard.size), shard.size < INLINE)
    return sum(low for low, _ in found), sum(high for _, high in found)  # pyright: ignore


def at_default(shard: Shard, tally: Tally) -> list[int]:
    """A tally's cells while everybody is at the default; only what counts then is looked at."""
    each = tally.amount(shard.program.at_first(tally.column))
    stored = shard.program.stored.get(tally.group or "")
    cells = [0] * shard.program.cells(tally)
    if stored is not None:
        cells[int(stored.default) - stored.low] = each * shard.calling.first_size
    elif each:
        sizes = group_sizes(shard, tally.group) if tally.group else [shard.calling.first_size]
        cells = [each * n for n in sizes]
    return cells
