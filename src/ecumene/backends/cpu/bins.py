"""Bins: what a worker passes on, sorted by block of receivers, in bounded memory.

A full bin ends the round, wherever it stands; no capacity is an expectation. The same bins are
what a shard sends to another.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...arrays import Integers
from ..program import Part, Program
from ..ruled import Spreading
from .payloads import arrival_bytes, payload_type

SMALLEST_BLOCK = 18  # log2 of places: 64 * 64 * 64, so no word of any level is shared by blocks
FEW_BLOCKS = 512  # Bins a worker fills at once, while a block's set fits its cache all the same;
FEWER_BLOCKS = 256  # half as many, where nothing is kept of what arrives but that it did;
ROOMY_BLOCK = 21  # log2 of places, up to which a set fits;
MOST_BLOCKS = 2048  # beyond, so many.
SHARING = 4  # At most so many pairs of workers share the messages in flight of one pair.
ENTRIES = 1 << 23  # Messages in flight per worker; each round of a billion's goes through all sets,
FOLD = 1 << 27  # so that there may be as many times more as there are times so many agents,
MOST_FOLD = 2  # up to this.
FEWEST = 256  # Messages a bin holds at least.


def block_shift(program: Program, shard_size: int, shards: int) -> int:
    """log2 of the places of a block, so that all shards' blocks together are not too many."""
    shift, kept = SMALLEST_BLOCK, any(arrival_bytes(program, s) for s in _spreading(program))
    few = FEW_BLOCKS if kept else FEWER_BLOCKS
    while shards * -(-shard_size >> shift) > (few if shift < ROOMY_BLOCK else MOST_BLOCKS):
        shift += 1
    return shift


class Bins:
    """Every worker's bins, for the blocks of all shards."""

    def __init__(self, part: Part, shift: int, workers: int, program: Program) -> None:
        """Make room for `workers` workers' bins; untouched pages cost no memory."""
        self.part = part
        self.shard_blocks = max(1, -(-part.size >> shift))
        size = part.last - part.first
        self.blocks = -(-size >> shift) if size else 0
        self.bins = self.shard_blocks * part.count
        self.capacity = capacity(program, self.bins, workers)
        (carries, names_tie), payload = _fields(program), payload_type(program)
        self._arrays = [
            {
                "counts": np.zeros(self.bins, np.int64),
                "bin_place": np.empty(self.bins * self.capacity, np.uint32),
                "bin_payload": np.empty(self.bins * self.capacity if carries else 1, payload),
                "bin_number": np.empty(self.bins * self.capacity if names_tie else 1, np.int64),
            }
            for _ in range(workers)
        ]
        self._outboxes: dict[int, list[list[dict[str, Any]]]] = {}
        self._cursors: dict[str, list[tuple[int, Integers]]] = {}

    def of(self, worker: int) -> dict[str, Any]:
        """One worker's bins under the kernels' names."""
        return {**self._arrays[worker], "capacity": self.capacity}

    def reset(self) -> None:
        """Empty all bins."""
        for arrays in self._arrays:
            arrays["counts"][:] = 0

    def cursors(self, rule: str, runs: list[tuple[int, int]]) -> list[tuple[int, Integers]]:
        """Where it goes on in each run of places: the end, and (place, tie, position)."""
        if rule not in self._cursors:
            self._cursors[rule] = [(last, np.array([at, 0, 0], np.int64)) for at, last in runs]
        return self._cursors[rule]

    def forget(self) -> None:
        """Let every rule begin anew in the next step."""
        self._cursors.clear()

    def outboxes(self, workers: int) -> list[list[dict[str, Any]]]:
        """What goes to each shard: the workers' bins, and which of them is its first block."""
        if workers not in self._outboxes:
            self._outboxes[workers] = [
                [{**self.of(w), "bin0": shard * self.shard_blocks} for w in range(workers)]
                for shard in range(self.part.count)
            ]
        return self._outboxes[workers]


def capacity(program: Program, bins: int, workers: int) -> int:
    """How many messages a bin holds: no more than there are ties, no less than `FEWEST`.

    Of many workers each has less: 16 spent a quarter of a cascade among 100 million on memory that
    they wrote for the first time.
    """
    ties = max([net.ties for net in program.networks.values()], default=0)
    entries = ENTRIES * min(MOST_FOLD, max(1, program.agents // FOLD))
    entries //= min(SHARING, max(1, workers // 2))
    return max(FEWEST, min(entries // bins, ties + 1))


def bins_bytes(program: Program, part: Part, workers: int) -> int:
    """What all workers' bins occupy."""
    blocks = part.count * max(1, -(-part.size >> block_shift(program, part.size, part.count)))
    carries, names_tie = _fields(program)
    entries = blocks * capacity(program, blocks, workers)
    payload = np.dtype(payload_type(program)).itemsize
    return workers * entries * (4 + payload * carries + 8 * names_tie)


def _fields(program: Program) -> tuple[bool, bool]:
    rules = [s.rule for s in _spreading(program)]
    return any(r.carries for r in rules), any(r.names_tie for r in rules)


def _spreading(program: Program) -> list[Spreading]:
    return [part for phase in program.by_kind for part in phase.spreading]
