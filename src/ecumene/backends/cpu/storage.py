"""How columns lie in memory on the CPU, and what that costs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ...arrays import Column, Integers, Words
from ...population import NEVER, Stored

FLAGS = ("flag", "pulse")
NOBODY = 0xFFFFFFFF  # The bound of a block in which nobody wakes.
STEP_WIDTHS = (np.uint8, np.uint16, np.uint32)
WHOLE_WIDTHS = (np.uint8, np.int8, np.uint16, np.int16, np.uint32, np.int32, np.int64)


@dataclass(frozen=True)
class Bits:
    """A set of places as three levels of words (see the prelude)."""

    levels: tuple[Words, Words, Words]

    @classmethod
    def none(cls, size: int) -> Bits:
        """An empty set of places 0..size-1."""
        words = -(-size // 4096) * 64
        middle = -(-words // 4096) * 64
        upper = max(1, middle // 64)
        return cls((zeros(words), zeros(middle), zeros(upper)))

    def has(self, places: Integers) -> Column:
        """Which of `places` are members."""
        words = self.levels[0][places >> 6]
        return (words >> (places & 63).astype(np.uint64)) & np.uint64(1) != 0

    @property
    def some(self) -> bool:
        """Whether there may be a member: exact for sets that only grow."""
        return bool(self.levels[2].any())


@dataclass(frozen=True)
class Wheel:
    """Who wakes when: by blocks of 64, 64**2 and 64**3 places the earliest step (see `waking`).

    It follows from the wake column, so it is not state; `filed` says that it does so now.
    """

    bounds: tuple[Column, Column, Column]
    filed: list[bool]

    def __init__(self, size: int) -> None:
        """Nobody wakes."""
        upper = max(1, -(-size // 2**18))
        levels = (np.full(n, NOBODY, np.uint32) for n in (-(-size // 4096) * 64, upper * 64, upper))
        object.__setattr__(self, "bounds", tuple(levels))
        object.__setattr__(self, "filed", [False])


def zeros(words: int) -> Words:
    """Fresh words; pages that are never touched cost no memory."""
    return np.zeros(max(1, words), np.uint64)


def lowered_bits(bits: Bits, places: Integers) -> None:
    """Take `places` out of a set at every level, so that `some` stays exact."""
    for lower, upper in pairwise((None, *bits.levels)):
        if lower is not None:  # above: only where a word below has become empty
            words = np.unique(places)
            places = words[lower[words] == 0]
        bit = np.uint64(1) << (places & 63).astype(np.uint64)
        assert upper is not None
        places = places >> 6
        np.bitwise_and.at(upper, places, ~bit)


def bits_bytes(size: int) -> int:
    """What a set of places occupies."""
    return -(-size // 4096) * 64 * 8 * 65 // 64 + 64


def storage_type(stored: Stored, step: int) -> type:
    """The smallest type that holds the column's values up to `step`."""
    if stored.kind == "float":
        return np.float64
    if stored.holds_steps:
        return next(t for t in STEP_WIDTHS if step + stored.ahead < np.iinfo(t).max)
    return whole_type(stored.low, stored.high)


def whole_type(low: int, high: int) -> type:
    """The smallest type that holds the whole numbers from `low` to `high`, if any does."""
    return next(
        (t for t in WHOLE_WIDTHS if np.iinfo(t).min <= low and high <= np.iinfo(t).max), np.int64
    )


def fresh(stored: Stored, size: int) -> Column | Bits:
    """A column of `size` agents at its default."""
    return Bits.none(size) if stored.kind in FLAGS else fresh_values(stored, size)


def fresh_values(stored: Stored, size: int) -> Column:
    """The same of a column that is no set."""
    kind = storage_type(stored, 0)
    if stored.holds_steps:
        first = np.iinfo(kind).max if stored.default == NEVER else stored.default
        return np.full(size, first, kind)
    return np.full(size, stored.default, kind) if stored.default else np.zeros(size, kind)


def column_bytes(stored: Stored, size: int) -> int:
    """What a fresh column of `size` agents occupies."""
    if stored.kind in FLAGS:
        return bits_bytes(size) * (2 if stored.kind == "pulse" else 1)
    return size * np.dtype(storage_type(stored, 0)).itemsize


def widened(column: Column, stored: Stored, step: int) -> Column:
    """A step column in storage that holds `step`; itself when it does already."""
    kind = storage_type(stored, step)
    if column.dtype == kind:
        return column
    wide = column.astype(kind)
    wide[column == np.iinfo(column.dtype).max] = np.iinfo(kind).max
    return wide
