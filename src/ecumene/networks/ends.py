"""The end of a tie as one number of 64 bits: whom it leads to, above the number of the tie.

A row read at random comes from memory line by line: one array of both is a third fewer of them than
two arrays.
"""

from __future__ import annotations

import numpy as np

from ..arrays import Column

BITS = 32
LOW = 0xFFFFFFFF
MOST_TIES = 1 << BITS


def ends_of(whom: Column, tie: Column) -> Column:
    """Ends that lead to these agents by ties of these numbers, all below 2**32."""
    return whom.astype(np.uint64) << np.uint64(BITS) | tie.astype(np.uint64)


def whom(ends: Column) -> Column:
    """The agents to whom ends lead."""
    return (ends >> np.uint64(BITS)).astype(np.uint32)


def tie(ends: Column) -> Column:
    """The numbers of the ties that ends belong to."""
    return (ends & np.uint64(LOW)).astype(np.uint32)
