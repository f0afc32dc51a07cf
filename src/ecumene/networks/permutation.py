"""Keyed permutations of 0..n-1: who stands where, without storing it.

A few Feistel rounds over a square grid of `side` x `side` cells, `side` = ceil(sqrt(n)); a number
that lands outside 0..n-1 walks on until it lands inside (fewer than 2 in sqrt(n) do). Whole
numbers stay below 2**63 throughout, so signed 64-bit arithmetic gives the same bits everywhere.
"""

from __future__ import annotations

from math import isqrt
from typing import Any

import numpy as np

from ..arrays import Integers
from ..random import fold

# Four rounds let two cells of one row end side by side half as often again as chance has it: the
# two collide in rounds one and three, each with chance 1/side. A fifth asks for a third collision.
ROUNDS = 5
LOW_32 = 0xFFFFFFFF
MULTIPLIER_1 = 0x7FEB352D  # Wellons' 32-bit hash constants (hash-prospector, 2018), the first two
MULTIPLIER_2 = 0x5BD1E995  # of them below 2**31; the second is MurmurHash2's.
Keys = tuple[int, int, int, int, int]
FEW, PIECE = 64, 1 << 16  # Places drawn one by one below, and at once above: tested to be alike.


def side_of(n: int) -> int:
    """The side of the smallest square grid with at least `n` cells."""
    return isqrt(n - 1) + 1


def round_keys(key: int) -> Keys:
    """The 32-bit keys of the rounds of the permutation named by `key`."""
    a, b, c, d, e = (fold(key, j) >> 32 for j in range(ROUNDS))
    return a, b, c, d, e


def keys_at(keys: Any, m: int) -> Keys:
    """The `m`-th five of round keys that stand end to end."""
    at = 5 * m
    return keys[at], keys[at + 1], keys[at + 2], keys[at + 3], keys[at + 4]


def mixed(number: int, key: int, side: int) -> int:
    """A number in 0..side-1 made of `number` and `key`, both below 2**32."""
    x = (number ^ key) & LOW_32
    x = ((x ^ (x >> 16)) * MULTIPLIER_1) & LOW_32
    x = ((x ^ (x >> 15)) * MULTIPLIER_2) & LOW_32
    return (x * side) >> 32


def halves(i: int, side: int, per_side: float) -> tuple[int, int]:
    """Row and column of cell `i` of the grid."""
    left = int(i * per_side)
    right = i - left * side
    # The float quotient may be one off either way; the remainder tells.
    low = 1 if right < 0 else 0
    left = left - low
    right = right + low * side
    high = 1 if right >= side else 0
    left = left + high
    right = right - high * side
    return left, right


def forward_once(i: int, side: int, per_side: float, keys: Keys) -> int:
    """Where cell `i` of the grid goes under round keys `keys`."""
    a, b, c, d, e = keys
    left, right = halves(i, side, per_side)
    left = left + mixed(right, a, side)
    left = left - side if left >= side else left
    right = right + mixed(left, b, side)
    right = right - side if right >= side else right
    left = left + mixed(right, c, side)
    left = left - side if left >= side else left
    right = right + mixed(left, d, side)
    right = right - side if right >= side else right
    left = left + mixed(right, e, side)
    left = left - side if left >= side else left
    return left * side + right


def backward_once(i: int, side: int, per_side: float, keys: Keys) -> int:
    """The cell that `forward_once` sends to `i`."""
    a, b, c, d, e = keys
    left, right = halves(i, side, per_side)
    left = left - mixed(right, e, side)
    left = left + side if left < 0 else left
    right = right - mixed(left, d, side)
    right = right + side if right < 0 else right
    left = left - mixed(right, c, side)
    left = left + side if left < 0 else left
    right = right - mixed(left, b, side)
    right = right + side if right < 0 else right
    left = left - mixed(right, a, side)
    left = left + side if left < 0 else left
    return left * side + right


def forward(i: int, n: int, side: int, per_side: float, keys: Keys) -> int:
    """Where `i` goes under the permutation of 0..n-1."""
    p = forward_once(i, side, per_side, keys)
    while p >= n:
        p = forward_once(p, side, per_side, keys)
    return p


def backward(i: int, n: int, side: int, per_side: float, keys: Keys) -> int:
    """Who goes to `i` under the permutation of 0..n-1."""
    p = backward_once(i, side, per_side, keys)
    while p >= n:
        p = backward_once(p, side, per_side, keys)
    return p


def first_places(key: int, n: int, count: int) -> list[int]:
    """The `count` agents of 0..n-1 that `key` draws, nested in `count`."""
    return drawn_places(key, n, count).tolist()


def drawn_places(key: int, n: int, count: int, first: int = 0) -> Integers:
    """The same as an array; from number `first` on."""
    side, keys = side_of(n), round_keys(key)
    if count - first < FEW:
        few = [forward(i, n, side, 1.0 / side, keys) for i in range(first, count)]
        return np.array(few, np.int64)
    places = np.empty(count - first, np.int64)
    for at in range(0, count - first, PIECE):
        piece = places[at : at + PIECE]
        piece[:] = _forward_all(np.arange(first + at, first + at + piece.size), side, keys)
        while (outside := np.flatnonzero(piece >= n)).size:
            piece[outside] = _forward_all(piece[outside], side, keys)
    return places


def _forward_all(numbers: Integers, side: int, keys: Keys) -> Integers:
    """`forward_once` of many cells at once: 0.1 us each instead of 3."""
    left, right = np.divmod(numbers, side)
    for turn, key in enumerate(keys):
        one, two = (left, right) if turn % 2 == 0 else (right, left)
        one += _mixed_all(two, key, side)
        one -= side * (one >= side)
    return left * side + right


def _mixed_all(numbers: Integers, key: int, side: int) -> Integers:
    x = (numbers ^ key) & LOW_32
    x = ((x ^ (x >> 16)) * MULTIPLIER_1) & LOW_32
    x = ((x ^ (x >> 15)) * MULTIPLIER_2) & LOW_32
    return (x * side) >> 32
