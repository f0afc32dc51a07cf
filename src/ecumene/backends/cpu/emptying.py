"""Taking everybody out of a shard's sets at the end of a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .running import small
from .storage import Bits

if TYPE_CHECKING:
    from .shard import Shard

LARGE = 1 << 22  # Places from which on all workers empty a crowded set together.


def empty(shard: Shard, bits: Bits) -> None:
    """Take everybody out of `bits`."""
    if not _together(shard) or small(shard, bits):
        shard.module.empty(*bits.levels)
        return
    empty_run = shard.module.empty_run
    shard.workers.each_run(lambda run: empty_run(*bits.levels, *run), False)


def warm(shard: Shard) -> None:
    """Compile what `empty` calls."""
    nobody = Bits.none(0).levels
    shard.module.empty(*nobody)
    if _together(shard):
        shard.module.empty_run(*nobody, 0, 0)


def _together(shard: Shard) -> bool:
    return shard.threads > 1 and shard.size >= LARGE
