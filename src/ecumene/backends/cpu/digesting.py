"""The digest of a shard: hashes of column, identity and value, in compiled loops."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from ...arrays import Column
from ...population import NEVER, PRESENT, Stored
from ...random import MASK
from ..words import column_key, value_word
from .life import bits_of, digest_of_turnover
from .storage import Bits

if TYPE_CHECKING:
    from .shard import Shard


def digest(shard: Shard) -> tuple[int, int]:
    """Two 64-bit sums over stored columns and agents of a hash of column, identity, value."""
    low, high = digest_of_turnover(shard) if shard.program.is_open else (0, 0)
    slotted = [name for name, network in shard.program.networks.items() if network.slots]
    works = [partial(digest_part, shard, name) for name in shard.program.lasting]
    works += [partial(shard.rows.digest, name) for name in slotted]
    runs = shard.workers.runs(shard.size)
    for work in works:
        for sums in shard.workers.each(work, runs, False):
            low, high = low + int(sums[0]), high + int(sums[1])
    return low & MASK, high & MASK


def digest_part(shard: Shard, name: str, run: tuple[int, int]) -> Any:
    """The sums over one column and one run of places."""
    sums, column = np.zeros(2, np.uint64), shard.state.columns[name]
    stored = shard.program.stored[name]
    own = shard.program.prefix + name
    keys = [np.uint64(column_key(own, half)) for half in (0, 1)]
    if shard.program.is_open:
        return _digest_present(shard, name, keys, sums) if run[0] == 0 else sums
    if isinstance(column, Bits):
        if run[0] == 0:
            word = np.uint64(value_word(True))
            shard.module.digest_bits(*column.levels, shard.part.first, *keys, word, sums)
        return sums
    column, default, top = _as_words(column, stored)
    never = np.int64(NEVER if stored.holds_steps else 0)
    shard.module.digest_column(column, *run, shard.part.first, default, top, never, *keys, sums)
    return sums


def _digest_present(shard: Shard, name: str, keys: list[Any], sums: Any) -> Any:
    """The same of an open population, by the identities of all who are there."""
    column, stored = shard.state.columns[name], shard.program.stored[name]
    who = shard.state.who
    if isinstance(column, Bits):
        word = np.uint64(value_word(True))
        shard.module.digest_flags(*column.levels, who, *keys, word, sums)
        return sums
    column, default, top = _as_words(column, stored)
    never = np.int64(NEVER if stored.holds_steps else 0)
    present = bits_of(shard.state, PRESENT).levels
    shard.module.digest_present(column, *present, who, default, top, never, *keys, sums)
    return sums


def _as_words(column: Column, stored: Stored) -> tuple[Column, Any, Any]:
    """The column with its default and the value that stands for NEVER, in one integer type."""
    if stored.kind == "float":
        words = column.view(np.int64)
        nobodys = np.int64(-1)  # the bits of a NaN
        return words, np.float64(stored.default).view(np.int64), nobodys
    top = np.int64(np.iinfo(column.dtype).max) if stored.holds_steps else np.int64(1 << 62)
    never = stored.holds_steps and stored.default == NEVER
    return column, top if never else np.int64(int(stored.default)), top
