"""How many of a row's thresholds a draw has passed, once the row is known to be there."""

from __future__ import annotations

from typing import Any

from ..random import unsigned

FEW = 16  # Thresholds that are counted through: no luck misleads that, as it does halving.


def passed(below: Any, row: int, cuts: int, luck: int) -> int:
    """How many of the `cuts` thresholds from `row` on lie at or below `luck`; they ascend."""
    if cuts <= FEW:
        count = 0
        for cut in range(row, row + cuts):
            count += 1 if luck >= unsigned(below[unsigned(cut)]) else 0
        return count
    low = row
    high = row + cuts
    while low < high:
        middle = (low + high) >> 1
        if luck >= unsigned(below[unsigned(middle)]):
            low = middle + 1
        else:
            high = middle
    return low - row
