"""Links that point to who is gone, on the CPU: every one is looked at, and few change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...arrays import Integers
from ...errors import RuleError
from ...population import NOBODY
from ..words import stray_text
from .assigning import assign_each
from .finding import REGISTER

if TYPE_CHECKING:
    from .shard import Shard

CHUNK = 1 << 16  # Agents whose links are looked at by one worker at a time.


def loosen(shard: Shard, link: str, step: int) -> None:
    """Let a link of the shard's agents that points to who is not there point to nobody."""
    of, column = shard.program.brought.loose[link], shard.state.columns[link]
    register = [shard.state.names[f"r_{of}_{part}"] for part in REGISTER]

    def work(run: tuple[int, int]) -> tuple[int, Integers]:
        out = np.empty(run[1] - run[0], np.int64)
        count = int(shard.module.loose(*run, column, *register, out))
        return count, out[: abs(count)].copy()

    runs = [(at, min(shard.size, at + CHUNK)) for at in range(0, shard.size, CHUNK)]
    found = shard.workers.each(work, runs, len(runs) < 2)
    stray = next((int(out[0]) for count, out in found if count < 0), None)
    if stray is not None:
        identity = int(shard.values(link, np.array([stray + shard.part.first]))[0])
        raise RuleError(stray_text(link, of, stray + shard.part.first, identity, step))
    gone = np.concatenate([some for _, some in found])
    if gone.size:
        assign_each(shard, gone, link, np.full(gone.size, NOBODY, np.int64), step, "")


def warm(shard: Shard) -> None:
    """Call the loop on nobody, so that it is compiled."""
    for link, of in shard.program.brought.loose.items():
        register = [shard.state.names[f"r_{of}_{part}"] for part in REGISTER]
        shard.module.loose(0, 0, shard.state.columns[link], *register, np.empty(0, np.int64))
