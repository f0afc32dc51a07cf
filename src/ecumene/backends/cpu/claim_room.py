"""Room for claims on one cell, kept from step to step: fresh memory costs more than filling it."""

from __future__ import annotations

from typing import Any

import numpy as np


class ClaimRoom:
    """Arrays of a shard, of which each worker takes a part; what they hold at first is nothing."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._make(0)

    def take(self, size: int) -> None:
        """Have room for so many claims; what was there is forgotten."""
        if size > self.lucks.size:
            self._make(size + size // 8)

    def part(self, first: int, size: int) -> dict[str, Any]:
        """The room of one worker."""
        own = slice(first, first + size)
        return {"asked": self.asked[own], "lucks": self.lucks[own], "among": self.among[own]}

    def together(self, parts: list[tuple[int, int]]) -> int:
        """Move the claims of each part, its first and how many, behind the others': how many."""
        n = 0
        for first, count in parts:
            if n < first:
                self.asked[n : n + count] = self.asked[first : first + count]
                self.lucks[n : n + count] = self.lucks[first : first + count]
            n += count
        return n

    def _make(self, size: int) -> None:
        self.asked = np.empty((size, 4), np.int64)
        self.lucks = np.empty(size, np.uint64)
        self.among, self.granted = np.empty(size, np.int64), np.empty(size, np.int64)
