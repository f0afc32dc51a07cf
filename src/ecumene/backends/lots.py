"""Who is drawn of an open population, so that nobody's chance hangs on who else came.

First holders are drawn as in a closed population: by a permutation of their numbers, so that a
share of them is exact. A newcomer has a lot of its own, a number in [0, 1) that follows from its
identity, and is drawn where that is below the share.
"""

from __future__ import annotations

from collections.abc import Container

import numpy as np

from ..arrays import Column, Integers, Words
from ..population import BORN
from ..random import GOLDEN, INJECT, MASK, MIX_1, MIX_2, TWO_TO_MINUS_53, fold, uniform

LOTS = 0x6C6F7473  # Of a sample's draws the newcomers' lots; no rule draws it on its own.


def lot_of(key: int, identity: int) -> float:
    """A newcomer's lot under the sample's `key`."""
    return uniform(fold(fold(key, LOTS), identity))


def lots_of(key: int, identities: Integers) -> Column:
    """The lots of many newcomers: what `lot_of` gives, a hundred times faster."""
    draws = fold_all(fold(key, LOTS), identities) >> np.uint64(11)
    return draws.astype(np.float64) * TWO_TO_MINUS_53


def fold_all(key: int, numbers: Integers) -> Words:
    """`fold` of many numbers under one key."""
    spread = ((key ^ key >> 32) << 1 & MASK) ^ GOLDEN
    x = numbers.astype(np.uint64) * np.uint64(spread) + np.uint64(key)
    x = (x ^ x >> np.uint64(27)) * np.uint64(MIX_1)
    x += np.uint64(key * INJECT & MASK ^ key >> 32)
    x = (x ^ x >> np.uint64(33)) * np.uint64(MIX_2)
    return x ^ x >> np.uint64(27)


def is_drawn(identity: int, key: int, share: float, first: Container[int]) -> bool:
    """Whether an agent is in a sample, of which `first` are the first holders."""
    return identity in first if identity < BORN else lot_of(key, identity) < share
