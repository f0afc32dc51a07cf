"""What arrives and whom it reaches, block by block, where the sets of a shard fit no cache.

Rule by rule, a set of arrivals would come from memory three times: when it is filled, when those
in it are run for, and when it is emptied. What arrives in one block fits a core's own cache, and
so each block is filled and run for before the next one is begun, in arrays for one block that
every block has in turn; only where something arrived in an earlier round, in those of everybody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...arrays import Column, Integers
from ..ruled import Acting, Spreading
from ..words import dividing
from .block_text import BOX, NAME, NEAR, arrivals, pairs, renewed
from .one_call import ON_NOBODY, address_of
from .roll_lines import combined
from .running import luck_of, nothing_wrong, settle
from .storage import Bits
from .tallying import width
from .workers import INLINE, SHARES, Shared

if TYPE_CHECKING:
    from .shard import Shard


class BlockByBlock:
    """The pairs of such rules of a shard, and what waits to arrive."""

    def __init__(self, shard: Shard) -> None:
        """Find the kernels that are called, and compile those that call them."""
        self._shard, self._pairs = shard, pairs(shard.program)
        self._waited_for = {s.rule.name: a for a, (s, _) in self._pairs.items()}
        self._renewed = {n: renewed(shard.program, a) for n, (_, a) in self._pairs.items()}
        self._waiting: tuple[str, list[Any]] | None = None
        self._find()

    def keep(self, spreading: Spreading, boxes: list[Any]) -> bool:
        """Whether all that a tie rule passed on last waits for the rule that is to run next."""
        acting = self._waited_for.get(spreading.rule.name)
        mine = [box for outbox in boxes for box in outbox]
        if acting is None or sum(int(box["counts"].sum()) for box in mine) < INLINE:
            return False
        self._waiting = acting, mine
        return True

    def act(self, acting: Acting, step: int) -> bool:
        """Let what waits arrive, and run the rule for those that anything came to; False if nothing
        waits.
        """
        if self._waiting is None:
            return False
        (name, boxes), self._waiting = self._waiting, None
        assert name == acting.rule.name
        shard, spreading = self._shard, self._pairs[name][0]
        for pulse in self._renewed[name]:
            shard.state.swap_pulse(pulse)  # The end of the step does so once more.
        if self._found_at != shard.state.retyped:
            self._find()
        before = luck_of(shard, spreading, step)["luck"]
        own = {**luck_of(shard, acting, step), "luck_before": before}
        own |= {"boxes": tuple(tuple(box[part] for part in BOX) for box in boxes)}
        own |= {"near": not shard.state.arrived[spreading.rule.name].some}

        def work(worker: int) -> tuple[Integers, Integers]:
            tallies, error = np.zeros(width(shard.program), np.int64), nothing_wrong()
            doing = np.zeros(1, np.int64)
            mine = {**own, "doing": doing, "tallies": tallies, "error": error}
            try:
                with runs.unless_failed():
                    for first, last in runs:
                        run = {"first": first >> shard.shift, "last": -(-last >> shard.shift)}
                        self._call(name, worker, {**mine, **run})
            except (ZeroDivisionError, IndexError):
                with dividing((spreading.rule.name, name)[doing[0]], step):
                    raise
            return tallies, error

        runs = Shared(shard.workers.runs(shard.size, shard.threads * SHARES))
        results = shard.workers.each(work, range(shard.threads), False)
        settle(shard, acting, results, step)
        return True

    def _call(self, name: str, worker: int, own: dict[str, Any]) -> None:
        shard = self._shard
        given = {**shard.state.names, **shard.rooms[worker], **own, "size": shard.size}
        given |= self._near[name][worker]
        given |= {"addresses": self._addresses[name], "shift": shard.shift}
        kernel = shard.kernels[NAME + name]
        getattr(shard.module, kernel.name)(*kernel.values(given))

    def _find(self) -> None:
        """Find the kernels for types as they are now, and compile the calls of them."""
        shard = self._shard
        self._found_at, self._addresses = shard.state.retyped, dict[str, Integers]()
        self._near = dict[str, list[dict[str, Column]]]()
        tallies, error = np.zeros(width(shard.program), np.int64), nothing_wrong()
        own = {**ON_NOBODY, "tallies": tallies, "error": error, "bin0": 0, "shift": shard.shift}
        own |= {"doing": np.zeros(1, np.int64), "near": False, "luck_before": np.uint64(0)}
        for name, (spreading, _) in self._pairs.items():
            given = {**shard.state.names, **shard.rooms[0], **own}
            kernels = f"apply_{spreading.rule.name}", f"act_{name}"
            found = [address_of(shard, kernel, given) for kernel in kernels]
            self._addresses[name] = np.array(found, np.int64)
            self._near[name] = [self._room(spreading) for _ in shard.rooms]
            boxes = tuple(tuple(room[part] for part in BOX) for room in shard.rooms)
            self._call(name, 0, {**own, "boxes": boxes})

    def _room(self, spreading: Spreading) -> dict[str, Column]:
        """A worker's room for what arrives in one block, under the kernels' names."""
        names, places = self._shard.state.names, 1 << self._shard.shift
        kept = [np.empty(places, names[name].dtype) for name in combined(spreading)]
        rooms = zip(arrivals(spreading), [*Bits.none(places).levels, *kept], strict=True)
        return {NEAR + name: room for name, room in rooms}
