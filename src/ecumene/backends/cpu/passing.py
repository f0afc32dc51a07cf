"""What is passed on along ties: from the active agents of a shard, and to those that it reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..ruled import Spreading
from ..words import dividing
from .module import call
from .running import luck_of, small
from .storage import Bits
from .warming import warm_pull
from .workers import INLINE, SHARES, Shared

if TYPE_CHECKING:
    from .shard import Shard


def emit(shard: Shard, spreading: Spreading, step: int) -> tuple[list[Any], bool]:
    """What the active agents pass on, by shard of the receiver; and whether that is all.

    When a bin is full the rest waits; calling again goes on from there, and gives nothing once
    all is passed on.
    """
    kernel, luck = shard.kernels[f"emit_{spreading.rule.name}"], luck_of(shard, spreading, step)
    few = _few(shard, spreading.rule.active)
    workers = 1 if few else shard.threads
    runs = shard.workers.runs(shard.size, 1 if workers == 1 else workers * SHARES)
    cursors = Shared(shard.bins.cursors(spreading.rule.name, runs))

    def work(worker: int) -> bool:
        """Go through runs as long as there are any; False where a bin is full."""
        own = {**shard.rooms[worker], **luck, "shift": shard.shift}
        with cursors.unless_failed():
            for last, cursor in cursors:
                own |= {"cursor": cursor, "last": last}
                if not call(shard.module, kernel, shard.state.names, own):
                    return False
        return True

    shard.bins.reset()
    with dividing(spreading.rule.name, step):
        done = all(shard.workers.each(work, range(workers), few))
    return shard.bins.outboxes(workers), done


def apply(shard: Shard, spreading: Spreading, boxes: list[Any], step: int) -> None:
    """Let what was passed on arrive, whatever its order."""
    kernel, luck = shard.kernels[f"apply_{spreading.rule.name}"], luck_of(shard, spreading, step)
    function = getattr(shard.module, kernel.name)
    messages = [box for outbox in boxes for box in outbox]
    few = sum(int(b["counts"][b["bin0"] :].sum()) for b in messages) < INLINE

    def work(run: tuple[int, int]) -> None:
        given = {**shard.state.names, **luck, "first": run[0], "last": run[1], "shift": shard.shift}
        for box in messages:  # of each worker for each: names are looked up once for all of them
            given |= box
            function(*kernel.values(given))

    with dividing(spreading.rule.name, step):
        shard.workers.each(
            work, shard.workers.runs(shard.bins.blocks, 1 if few else shard.threads), few
        )


def pull(shard: Shard, spreading: Spreading, step: int) -> None:
    """The same arrivals, asked for by each receiver; for a shard that holds everybody."""
    warm_pull(shard, spreading.rule.name)
    kernel, luck = shard.kernels[f"pull_{spreading.rule.name}"], luck_of(shard, spreading, step)

    def work(job: tuple[int, tuple[int, int]]) -> None:
        worker, run = job
        own = {"first": run[0], "last": run[1], **shard.scratch[worker], **luck}
        call(shard.module, kernel, shard.state.names, own)

    with dividing(spreading.rule.name, step):
        shard.workers.each(
            work, list(enumerate(shard.workers.runs(shard.size))), shard.size < INLINE
        )


def _few(shard: Shard, column: str) -> bool:
    bits = shard.state.columns[column]
    return isinstance(bits, Bits) and small(shard, bits)
