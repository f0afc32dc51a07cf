"""Numbers laid end to end in classes, and the class of a number found in no time.

Class c holds the numbers `first[c]` to `first[c + 1] - 1`. A guide says for every 2**shift numbers
in which class they begin, so that a number drawn by luck is looked up in one or two steps, and the
worst one in as many as the binary logarithm of the number of classes.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arrays import Column, Integers


def guide_of(first: Integers) -> tuple[Column, int]:
    """The guide to classes that begin at `first` (the last entry is one past the end): and shift.

    An empty class is never found, wherever it stands but at the end.
    """
    end, shift = int(first[-1]), 0
    while end >> shift > 2 * len(first):
        shift += 1
    buckets = np.arange((end >> shift) + 2, dtype=np.int64) << shift
    return (np.searchsorted(first[:-1], buckets, side="right") - 1).astype(np.int32), shift


def class_of(first: Any, guide: Any, shift: int, number: int) -> int:
    """The last class that begins at or before `number`."""
    low, high = int(guide[number >> shift]), int(guide[(number >> shift) + 1])
    while low < high:
        middle = (low + high + 1) >> 1
        if int(first[middle]) <= number:
            low = middle
        else:
            high = middle - 1
    return low
