"""Whole numbers of agents in proportion to weights, by largest remainder (Hamilton's method)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..arrays import Integers


def largest_remainder(weights: Sequence[int], n: int) -> list[int]:
    """`n` agents shared out over whole-number `weights`, exactly; ties go to the earlier one."""
    total = sum(weights)
    shares = [divmod(weight * n, total) for weight in weights]
    counts = [whole for whole, _ in shares]
    by_remainder = sorted(range(len(shares)), key=lambda i: (-shares[i][1], i))
    for i in by_remainder[: n - sum(counts)]:
        counts[i] += 1
    return counts


def starts(counts: Sequence[int] | Integers) -> Integers:
    """Where each of `counts` begins when they are laid end to end; the last entry is their sum."""
    return np.concatenate(([0], np.cumsum(np.asarray(counts, dtype=np.int64)))).astype(np.int64)
