"""How many ties each agent, or id, has as the smaller of their two ends and as the larger one."""

from __future__ import annotations

import numpy as np

from ..arrays import Column, Integers
from .halves import Halves
from .quick import Loops

EndCounts = tuple[Column, Column]


def end_counts(
    loops: Loops, halves: Halves, size: int, first: Integers, second: Integers
) -> EndCounts | None:
    """Those of 0..size-1, each half of the ties counted by itself; None with self-loops."""
    counts, middle = np.zeros((2, 2, size), np.uint32), len(first) // 2
    parts = [slice(middle), slice(middle, None)]
    own_ties = halves.each(
        lambda h: loops.count_ends(first[parts[h]], second[parts[h]], False, *counts[h])
    )
    if any(own_ties):
        return None
    np.add(*counts, out=counts[0])
    return counts[0][0], counts[0][1]
