"""Who of some chosen agents something came to, and who has another value than before.

A call looks at the chosen ones only, each once. The loops are compiled apart from a program's
kernels, and only where somebody is followed. Beside the work of a step these calls find nothing in
the processor's caches, not even their own code: a call into NumPy that takes a microsecond
elsewhere takes five or ten here, so that there are few of them (`benchmarks.following`).
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
from .prelude import jit, kernel
from .storage import Bits
from .text import HEAD

if TYPE_CHECKING:
    from .shard import Shard


@jit
def is_in(l0, l1, i):
    """Whether `i` is in a set; of a set of few, the small upper level says no for nearly all."""
    w = i >> 6
    if (l1[w >> 6] >> unsigned(w & 63)) & unsigned(1) == unsigned(0):
        return False
    return (l0[w] >> unsigned(i & 63)) & unsigned(1) != unsigned(0)


@kernel
def members(l0, l1, places, out):
    """List which of `places` are in a set."""
    n = 0
    for j in range(places.shape[0]):
        if is_in(l0, l1, places[j]):
            out[n] = j
            n += 1
    return n


@kernel
def renew_set(l0, l1, places, known, among, at, before):
    """Let `known` say for those `among` whether they are in a set: for how many that is new."""
    n = 0
    for k in range(among.shape[0]):
        j = among[k]
        now = is_in(l0, l1, places[j])
        if now != known[j]:
            at[n], before[n], known[j] = j, known[j], now
            n += 1
    return n


@kernel
def renew_column(column, places, known, among, at, before):
    """Let `known` be what those `among` have of a column: for how many that is new."""
    n = 0
    for k in range(among.shape[0]):
        j = among[k]
        now = column[places[j]]
        if now != known[j]:
            at[n], before[n], known[j] = j, known[j], now
            n += 1
    return n


@kernel
def renew_steps(column, top, never, places, known, among, at, before):
    """The same of a column of steps, in which `top` stands for `never`."""
    n = 0
    for k in range(among.shape[0]):
        j = among[k]
        kept = int(column[places[j]])
        now = never if kept == top else kept
        if now != known[j]:
            at[n], before[n], known[j] = j, known[j], now
            n += 1
    return n


LOOPS = (is_in, members, renew_set, renew_column, renew_steps)


@cache
def _loops() -> Any:
    return imported("\n\n".join([HEAD, *(inspect.getsource(loop) for loop in LOOPS)]))


def arrivals(shard: Shard, rule: str, places: Integers) -> tuple[Integers, Column]:
    """Which of `places` anything came to by a tie rule in this step so far, and what."""
    places = _local(shard, places)
    out = np.empty(places.size, np.int64)
    n = _loops().members(*shard.state.arrived[rule].levels[:2], places, out)
    at, kept = out[:n].copy(), shard.state.names.get(f"acc_{rule}")
    if kept is not None:
        return at, kept[places[at]].astype(np.int64)
    return at, at >= 0  # it came, and no more


def renew(
    shard: Shard, column: str, places: Integers, known: Column, among: Integers
) -> tuple[Integers, Column]:
    """Bring what is known of a stored column at `places` up to date for those `among` them."""
    places = _local(shard, places)
    kept, loops = shard.state.columns[column], _loops()
    at, before = np.empty(among.size, np.int64), np.empty(among.size, known.dtype)
    if isinstance(kept, Bits):
        n = loops.renew_set(*kept.levels[:2], places, known, among, at, before)
    elif f"top_{column}" in shard.state.names:
        top = shard.state.names[f"top_{column}"]
        n = loops.renew_steps(kept, top, NEVER, places, known, among, at, before)
    else:
        n = loops.renew_column(kept, places, known, among, at, before)
    return at[:n], before[:n]


def _local(shard: Shard, places: Integers) -> Integers:
    """Where agents stand in the shard."""
    return places - shard.part.first if shard.part.first else places
