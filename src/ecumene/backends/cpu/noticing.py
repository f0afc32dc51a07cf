"""Who of some chosen agents something came to, and who has another value than before.

A call looks at the chosen ones only, each once. The loops are compiled apart from a program's
kernels, and only where somebody is followed. Beside the work of a step these calls find nothing in
the processor's caches, so that every single one counts: done by a dozen of NumPy's they cost 350
microseconds a step in place of 70, of a thousand agents among ten million (`benchmarks.following`).
"""

# pyright: basic

from __future__ import annotations

import inspect
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from ...arrays import Column, Integers
from ...population import NEVER
from ...random import unsigned
from .module import imported
from .prelude import kernel
from .storage import Bits
from .text import HEAD

if TYPE_CHECKING:
    from .shard import Shard


@kernel
def members(l0, places, out):
    """List which of `places` are in a set."""
    n = 0
    for j in range(places.shape[0]):
        i = places[j]
        if (l0[i >> 6] >> unsigned(i & 63)) & unsigned(1) != unsigned(0):
            out[n] = j
            n += 1
    return n


@kernel
def unlike_set(l0, places, values, out):
    """List where being in a set or not is no longer as in `values`."""
    n = 0
    for j in range(places.shape[0]):
        i = places[j]
        if ((l0[i >> 6] >> unsigned(i & 63)) & unsigned(1) != unsigned(0)) != values[j]:
            out[n] = j
            n += 1
    return n


@kernel
def unlike_column(column, places, values, out):
    """List where a column differs from `values`."""
    n = 0
    for j in range(places.shape[0]):
        if column[places[j]] != values[j]:
            out[n] = j
            n += 1
    return n


@kernel
def unlike_steps(column, top, never, places, values, out):
    """List where a column of steps does, in which `top` stands for `never`."""
    n = 0
    for j in range(places.shape[0]):
        now = column[places[j]]
        if (never if now == top else now) != values[j]:
            out[n] = j
            n += 1
    return n


LOOPS = (members, unlike_set, unlike_column, unlike_steps)


@cache
def _loops() -> Any:
    return imported("\n\n".join([HEAD, *(inspect.getsource(loop) for loop in LOOPS)]))


def arrivals(shard: Shard, rule: str, places: Integers) -> tuple[Integers, Column]:
    """Which of local places anything came to by a tie rule in this step so far, and what."""
    out = np.empty(places.size, np.int64)
    at = out[: _loops().members(shard.state.arrived[rule].levels[0], places, out)]
    kept = shard.state.names.get(f"acc_{rule}")
    return at, np.ones(at.size, np.int64) if kept is None else kept[places[at]].astype(np.int64)


def unlike(shard: Shard, column: str, places: Integers, values: Column) -> Integers:
    """Which of local places have another value of a stored column than `values`."""
    kept, loops, out = shard.state.columns[column], _loops(), np.empty(places.size, np.int64)
    if isinstance(kept, Bits):
        return out[: loops.unlike_set(kept.levels[0], places, values, out)]
    if shard.program.stored[column].holds_steps:
        top = int(np.iinfo(kept.dtype).max)
        return out[: loops.unlike_steps(kept, top, NEVER, places, values, out)]
    return out[: loops.unlike_column(kept, places, values, out)]
