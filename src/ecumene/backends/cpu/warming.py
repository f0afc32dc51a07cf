"""Every kernel called once on nobody, so that compiling is over before time is taken."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from ..ruled import Acting
from . import bonding, claiming, emptying, loosening
from .digesting import digest_part
from .entering import nobody_enters
from .module import call
from .running import given
from .storage import Bits
from .tallying import width
from .workers import INLINE

if TYPE_CHECKING:
    from .shard import Shard

# Kernels that are compiled when first asked for, and those that their rounds compile.
WHEN_ASKED = ("values_", "groups_", "degrees_", "first_wake_", "find_", "pull_")
LATER = (
    *WHEN_ASKED,
    *(
        "at_once",
        "blocks_",
        "roll_",
        "bond_",
        "digest_ties",
        "draw_",
        "within_",
        "show_",
        "face_",
        "abreast_",
        "settle_",
    ),
)


@contextmanager
def _seldom_collecting() -> Generator[None]:
    """Let Python look for garbage less often: compiling makes much and drops little."""
    often = gc.get_threshold()
    gc.set_threshold(often[0] and max(often[0], 20_000), *often[1:])
    try:
        yield
    finally:
        gc.set_threshold(*often)


@_seldom_collecting()
def warm(shard: Shard) -> None:
    """Call every kernel on nobody, so that compiling is over before time is taken."""
    tallies, error = np.zeros(width(shard.program), np.int64), np.zeros(3, np.int64)
    own: dict[str, Any] = {"first": 0, "last": 0, "tallies": tallies, "error": error}
    own |= {"luck": np.uint64(0), "step": 0, "shift": shard.shift, "bin0": 0}
    own |= {**shard.scratch[0], **shard.bins.of(0), "cursor": np.zeros(3, np.int64)}
    own |= {"drawn": np.empty(0, np.int64), **claiming.nobody_asks()}
    own |= {"out": np.empty(0, np.int64), "share": 0.0}
    own |= nobody_enters(shard)
    own |= {"owed_low": tallies, "owed_high": tallies}
    for rounds in shard.rounds.values():
        rounds.warm()
    for acting in [s for phase in shard.program.phases for s in phase if isinstance(s, Acting)]:
        own |= given(shard, acting)
        for column in acting.snapshots:
            own |= shard.state.snapshot(column)
    for name, kernel in shard.kernels.items():
        if not name.startswith(LATER):
            call(shard.module, kernel, shard.state.names, own)
    claiming.warm(shard)
    bonding.warm(shard)
    loosening.warm(shard)
    nobody = Bits.none(0).levels
    shard.module.put_all(*nobody, np.empty(0, np.int64))
    shard.module.count(*nobody)
    shard.module.fewer(*nobody, INLINE)
    emptying.warm(shard)
    for name in shard.program.stored:
        digest_part(shard, name, (0, 0))
    shard.calling.warm()


def warm_pull(shard: Shard, rule: str) -> None:
    """The same for a rule's `pull`, which is compiled once nearly everybody is active: a third of
    what a rule along ties has to compile, and most runs never ask for it.
    """
    if rule in shard.pulls:
        return
    started = perf_counter()
    own = {"first": 0, "last": 0, **shard.scratch[0], "luck": np.uint64(0), "step": 0}
    call(shard.module, shard.kernels[f"pull_{rule}"], shard.state.names, own)
    shard.pulls.add(rule)
    shard.compile_seconds += perf_counter() - started
