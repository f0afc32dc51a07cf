"""Meetings of everybody: nobody is listed and no pair remembered, and little is logged.

Whom a tile of agents meets is worked out by the permutation of `backends.matching` when they meet,
in one shard by the kernel that lets them (`abreast`); over shards those they meet are asked first.
What nobody is shown is written at once, where no other rule of the phase could see it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...arrays import Column, Integers
from ...networks.permutation import round_keys, side_of
from ..comm import Comm
from ..matching import left_over
from .abreast import ABREAST, rooms
from .rounds import ROOM, Cursor, Rounds
from .running import nothing_wrong
from .sampling import loops
from .tallying import gathered
from .tallying import width as tallied_width

A_CALL = 1 << 20  # Agents of one call of a kernel, some 20 ms: whoever waits may interrupt it.


class Everybody(Rounds):
    """One meeting of everybody in a shard."""

    def face(self, comm: Comm, step: int) -> list[Integers]:
        """Run the rule; what each worker found wrong first."""
        self.tallies = [np.zeros(tallied_width(self.shard.program), np.int64) for _ in self.rooms]
        for room, tallies in zip(self.rooms, self.tallies, strict=True):
            room["tallies"] = tallies
        errors = super().face(comm, step)
        for tallies in self.tallies:
            changes = gathered(self.shard.program, tallies)
            self.shard.cells = [a + b for a, b in zip(self.shard.cells, changes, strict=True)]
        return errors

    def warm(self) -> None:
        """Call every kernel on nobody, so that compiling is over before time is taken."""
        nobody = np.empty(0, np.int64)
        if not self._fused:
            loops().match_all(0, 0, 1, 1, 1.0, np.zeros(5, np.int64), nobody)
        self._make_log(0)
        own = {**self.log.arrays, **self.rooms[0], **self._lucks(0), "error": nothing_wrong()}
        own |= {"wanted": nobody, "first": 0, "last": 0, "kept": 0, "asked": False}
        own |= {"tallies": np.zeros(tallied_width(self.shard.program), np.int64)}
        self._call_all(own)

    def _call_all(self, own: dict[str, Any]) -> None:
        shows = () if self._fused else ("show",)
        for kernel in (*shows, "abreast" if self.abreast else "face", "settle"):
            if f"{kernel}_{self.rule.name}" in self.shard.kernels:
                self._call(kernel, own)

    @property
    def _fused(self) -> bool:
        """Whether one kernel works out whom they meet, what those show, and what follows."""
        return self.abreast and self.shard.part.count == 1

    @property
    def abreast(self) -> bool:
        """Whether there is a loop for several agents at a time; the plain one is its understudy."""
        return f"abreast_{self.rule.name}" in self.shard.kernels

    # -- in detail ------------------------------------------------------------------------------

    def _lucks(self, step: int) -> dict[str, Any]:
        luck, agents = super()._lucks(step), self.shard.program.agents
        ranking = int(luck["ranking"])
        side = side_of(agents)
        self.permutation = (agents, side, 1.0 / side, np.array(round_keys(ranking), np.int64))
        names = ("met", "side", "per_side", "round_keys")
        named = dict(zip(names, self.permutation, strict=True))
        return {**luck, **named, "alone": left_over(ranking, agents)}

    def _list(self, luck: int) -> int:
        return self.shard.size

    def _pair(self, n: int, luck: dict[str, Any], comm: Comm) -> None:
        """Nobody: they are paired when they meet."""

    def _drop_unpaired(self, cursor: Cursor) -> None:
        """Nobody: who is left over faces itself, and the kernels pass it by."""

    def _sections(self, n: int) -> list[tuple[int, int]]:
        return [(0, n)] if self._few(n) else self.runs(n)

    def _ask(self, cursor: Cursor, own: dict[str, Any]) -> Integers:
        first, last = cursor.at, min(cursor.at + ROOM, cursor.last)
        cursor.at = last
        wanted, place0 = own["wanted"][: last - first], self.shard.part.first
        loops().match_all(place0 + first, place0 + last, *self.permutation, wanted)
        return wanted

    def _alone(self, cursor: Cursor, own: dict[str, Any]) -> None:
        while self.abreast and cursor.at < cursor.last:
            last = min(cursor.at + A_CALL, cursor.last)
            bounds = {"first": cursor.at, "last": last, "kept": 0, "asked": False}
            at = self._call("abreast", {**own, **bounds})
            cursor.at = cursor.kept = at
            if at < last:  # In this tile something is noted.
                tile = Cursor(at, min(at + ABREAST, cursor.last))
                wanted = self._ask(tile, own)
                self._call("show", {**own, "first": 0, "last": wanted.size, "wanted": wanted})
                super()._run(tile, own, wanted)
                cursor.at = cursor.kept = tile.last
        if cursor.at < cursor.last:
            super()._alone(cursor, own)

    def _run(self, cursor: Cursor, own: dict[str, Any], wanted: Integers) -> None:
        at, end = 0, wanted.size
        while self.abreast and at < end:
            bounds = {"first": at, "last": end, "kept": cursor.kept, "wanted": wanted}
            at = self._call("abreast", {**own, **bounds, "asked": True})
            if at < end:
                bounds |= {"first": at, "last": min(at + ABREAST, end)}
                self._call("face", {**own, **bounds})
                at = bounds["last"]
        if at < end:
            super()._run(cursor, own, wanted)
        else:
            cursor.kept += end

    def _room(self) -> dict[str, Column]:
        tiles = rooms(self.shard.program, self.facing)
        tile = {name: np.empty(ABREAST, kind) for name, kind in tiles.items()}
        most = max(ROOM, ABREAST)
        return {**self._show_rooms(most), **tile, "wanted": np.empty(most, np.int64)}
