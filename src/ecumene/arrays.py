"""Aliases for arrays, in one place, and fresh memory for large ones."""

from __future__ import annotations

import mmap
from typing import Any

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[Any]
Integers = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]  # 64 flags to a word

HUGE = 1 << 21  # Bytes of a huge page.


def fresh(size: int, kind: Any) -> Column:
    """An array whose values are still to be put there; a large one in huge pages, if there are any.

    Taking 4 MB of small pages, one after another, can cost more than what is put there: each has
    to be found and emptied. Pages that are never touched cost no memory, as with `np.empty`.
    """
    wanted = size * np.dtype(kind).itemsize
    if wanted < HUGE or not hasattr(mmap, "MADV_HUGEPAGE"):
        return np.empty(size, kind)
    memory = mmap.mmap(-1, -(-wanted // HUGE) * HUGE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    memory.madvise(mmap.MADV_HUGEPAGE)
    return np.frombuffer(memory, kind, size)
