"""A sparse sample, in order of place: drawn into bins of neighbouring places, listed bin by bin.

A set of all places is touched at random, and at a billion of them every touch waits for memory. A
bin's places are a set that fits a core's second-level cache; it is listed and emptied at once.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from ...arrays import Column
from ...networks.permutation import round_keys, side_of
from .sampling import Each, Run, loops, sample_bytes
from .text import TILE

LARGEST = 21  # Places of a bin, as a power of two: its set takes 256 KB.
LEAST = 12
BINS = 16  # For each worker at least, so that all have about as much to do.
ONE_IN = 16  # Of so many places at most one is drawn; of denser samples the bins would be large.


class Binned:
    """Room for one shard's sample."""

    def __init__(self, first: int, size: int, workers: int, each: Each) -> None:
        """For places from `first` on; `each` hands out work to so many workers."""
        self.first, self.size, self.workers, self.each = first, size, workers, each
        wished = (size // (BINS * workers)).bit_length() - 1
        self.shift = min(LARGEST, max(LEAST, wished))
        self.bins = -(-size // (1 << self.shift))
        self.words = [np.zeros((1 << self.shift) // 64, np.uint64) for _ in range(workers)]
        self.tiles = [np.empty(TILE, np.int64) for _ in range(workers)]
        self.binned = np.empty(0, np.int32)

    def list(self, luck: int, n: int, count: int, room: Callable[[int], Column]) -> int:
        """List the shard's among `count` of 0..n-1 drawn by `luck` into `room`: how many."""
        drawn, runs = room(count), self._runs(count)
        counts = np.zeros((self.workers, self.bins + 1), np.int64)
        if self.binned.size < count or self.binned.dtype != drawn.dtype:
            self.binned = np.empty(count, drawn.dtype)
        side, keys = side_of(n), np.array(round_keys(luck), np.int64)
        permutation, own = (n, side, 1.0 / side, keys), (self.first, self.size, self.shift)

        def draw(w: int) -> None:
            loops().draw_counted(*runs[w], *permutation, *own, self.tiles[w], drawn, counts[w])

        self._each(draw)
        at, starts = _starts(counts)
        self._each(
            lambda w: loops().fill_bins(*runs[w], self.shift, self.bins, drawn, at[w], self.binned)
        )
        shares = self._runs(self.bins)
        self._each(
            lambda w: loops().take_bins(
                *shares[w], self.shift, self.binned, starts, self.words[w], drawn
            )
        )
        return int(starts[self.bins])

    def _each(self, work: Callable[[int], None]) -> None:
        self.each(work, range(self.workers), False)

    def _runs(self, size: int) -> list[Run]:
        return list(pairwise(size * w // self.workers for w in range(self.workers + 1)))


def _starts(counts: Column) -> tuple[Column, Column]:
    """Where each worker's part of each bin begins, and where each bin does."""
    before = np.cumsum(counts.T.ravel()) - counts.T.ravel()
    at = np.ascontiguousarray(before.reshape(counts.shape[::-1]).T)
    return at, at[0].copy()


def is_sparse(count: int, people: int) -> bool:
    """Whether a sample of so many is drawn into bins."""
    return count * ONE_IN <= people


def room_bytes(count: int, people: int, size: int, place: int) -> int:
    """What a sample takes of a shard's memory, besides a list of places of `place` bytes."""
    return count * place if is_sparse(count, people) else sample_bytes(size)


def warm(kind: type) -> None:
    """Draw nobody into a list of that kind, so that compiling is over before time is taken."""
    Binned(0, 0, 1, lambda work, items, few: [work(item) for item in items]).list(
        0, 1, 0, lambda size: np.empty(size, kind)
    )
