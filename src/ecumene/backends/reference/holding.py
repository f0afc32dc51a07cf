"""Values kept and taken back, in the reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...arrays import Column
from ..lasting import Lasting, as_array, plain_steps
from .bonding import rows_of

if TYPE_CHECKING:
    from .shard import Shard


def held(shard: Shard, what: Lasting, first: int, last: int) -> Column:
    """The values of places first..last-1 of the shard's."""
    if what.family in ("to", "since"):
        values = _slot(shard, what)[first - shard.part.first : last - shard.part.first]
        return np.array(values, np.int64)
    if what.family == "altered":
        members = shard.altered[what.name]
        return np.array([place in members for place in range(first, last)], np.bool_)
    values = shard.columns[what.name][first - shard.part.first : last - shard.part.first]
    return as_array(shard.program.stored[what.name], values)


def hold(shard: Shard, what: Lasting, first: int, values: Column) -> None:
    """Take back the values of places from `first` on."""
    if what.family in ("to", "since"):
        slots, begin = rows_of(shard, what.slot[0]).slots, first - shard.part.first
        every = getattr(rows_of(shard, what.slot[0]), what.family)
        at = begin * slots + what.slot[1]
        every[at : at + values.size * slots : slots] = values.tolist()
        return
    if what.family == "altered":
        places = range(first, first + values.size)
        shard.altered[what.name] -= set(places)
        shard.altered[what.name] |= {p for p, is_in in zip(places, values, strict=True) if is_in}
        return
    steps = shard.program.stored[what.name].holds_steps
    begin = first - shard.part.first
    kept = plain_steps(values) if steps else values.tolist()
    shard.columns[what.name][begin : begin + values.size] = kept


def _slot(shard: Shard, what: Lasting) -> list[int]:
    """What one slot of every agent holds."""
    network, number = what.slot
    net = rows_of(shard, network)
    return getattr(net, what.family)[number :: net.slots]
