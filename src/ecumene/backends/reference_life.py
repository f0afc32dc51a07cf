"""Who is there, in the reference: leaving and entering, one agent at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..population import NEVER, PRESENT, WHO
from ..random import MASK, fold
from .words import column_key

if TYPE_CHECKING:
    from .reference import Shard


class Life:
    """What a shard of an open population knows of who is there."""

    def __init__(self, shard: Shard) -> None:
        """Let the first holders stand at the first places; the others are free."""
        self.shard, self.leaving = shard, set[int]()
        if not shard.program.is_open:
            return
        part, columns = shard.part, shard.columns
        for place in range(part.first, part.last):
            if place < shard.program.first_holders:
                columns[PRESENT][place - part.first] = True
                columns[WHO][place - part.first] = place
            else:
                self._forget(place)

    def depart(self, rule: str) -> int:
        """Let those leave whom `rule` of this phase sent away; how many."""
        gone = sorted(self.leaving)
        self.leaving = set()
        for place in gone:
            self._forget(place)
        return len(gone)

    def digest(self) -> tuple[int, int]:
        """The sums over who is there, less those over who was there at first."""
        shard = self.shard
        first = range(shard.part.first, min(shard.part.last, shard.program.first_holders))
        here = [shard.who(place) for place in shard.everyone()]
        keys = [column_key(shard.program.prefix + PRESENT, half) for half in (0, 1)]
        low, high = (
            sum(fold(fold(key, who), 1) for who in here)
            - sum(fold(fold(key, who), 1) for who in first)
            for key in keys
        )
        return low & MASK, high & MASK

    def _forget(self, place: int) -> None:
        """Free a place: its columns are as declared, and no set knows it."""
        shard, here = self.shard, place - self.shard.part.first
        for name, stored in shard.program.stored.items():
            shard.columns[name][here] = NEVER if stored.kind == "wake" else stored.default
        for known in (*shard.raised.values(), *shard.altered.values()):
            known.discard(place)
        for arrived in shard.arrived.values():
            arrived.pop(place, None)
