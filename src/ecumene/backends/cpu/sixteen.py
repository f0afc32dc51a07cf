"""A keyed permutation of many numbers at once, in words of 32 bits (this text is copied, like the
prelude).

Rows and columns of the grid and all that is mixed of them fit half of a 64-bit word, so that a
processor does sixteen where `forward_once`, which these loops equal, lets it do eight. A product's
upper half is put together from products that fit. Of sides below 2**17: 1.7e10 numbers.
"""

# pyright: basic

from __future__ import annotations

from ...networks.permutation import MULTIPLIER_1, MULTIPLIER_2, halves
from .prelude import jit, sure, word

MOST = ((1 << 17) - 1) ** 2  # Numbers that are permuted, at most: one bit of the side above 16.
FACTOR_1, FACTOR_2 = MULTIPLIER_1, MULTIPLIER_2


@jit
def mixed_word(number, key, low, high):
    """`mixed`: `low` holds the lower 16 bits of the side, `high` 32 times the one above them."""
    x = word(number ^ key)
    x = word(word(x ^ word(x >> word(16))) * word(FACTOR_1))
    x = word(word(x ^ word(x >> word(15))) * word(FACTOR_2))
    upper, lower = word(x >> word(16)), word(x & word(0xFFFF))
    carried = word(word(word(lower * low) >> word(16)) + word(lower & high))
    return word(word(word(word(upper * low) + carried) >> word(16)) + word(upper & high))


@jit
def more_word(value, more, side):
    """Their sum, less `side` where it is as much or more."""
    total = word(value + more)
    return min(total, word(total - side))


@jit
def less_word(value, less, side):
    """Their difference, and `side` more where it is below 0."""
    rest = word(value - less)
    return min(rest, word(rest + side))


@jit
def halve(numbers, n, side, per_side, lefts, rights):
    """Rows and columns of the first `n` numbers."""
    for s in range(n):
        left, right = halves(numbers[sure(s)], side, per_side)
        lefts[sure(s)] = left
        rights[sure(s)] = right


@jit
def joined(numbers, n, side, lefts, rights):
    """Put the numbers together again."""
    for s in range(n):
        numbers[sure(s)] = int(lefts[sure(s)]) * side + int(rights[sure(s)])


@jit
def send_forth(numbers, n, side, per_side, five, lefts, rights):
    """Send the first `n` numbers to where `forward_once` sends them."""
    halve(numbers, n, side, per_side, lefts, rights)
    a, b, c, d, e = word(five[0]), word(five[1]), word(five[2]), word(five[3]), word(five[4])
    all_of, low, high = word(side), word(side & 0xFFFF), word(-(side >> 16))
    for s in range(n):
        left, right = lefts[sure(s)], rights[sure(s)]
        left = more_word(left, mixed_word(right, a, low, high), all_of)
        right = more_word(right, mixed_word(left, b, low, high), all_of)
        left = more_word(left, mixed_word(right, c, low, high), all_of)
        right = more_word(right, mixed_word(left, d, low, high), all_of)
        lefts[sure(s)] = more_word(left, mixed_word(right, e, low, high), all_of)
        rights[sure(s)] = right
    joined(numbers, n, side, lefts, rights)


@jit
def send_back(numbers, n, side, per_side, five, lefts, rights):
    """Send the first `n` numbers to where `backward_once` sends them."""
    halve(numbers, n, side, per_side, lefts, rights)
    a, b, c, d, e = word(five[0]), word(five[1]), word(five[2]), word(five[3]), word(five[4])
    all_of, low, high = word(side), word(side & 0xFFFF), word(-(side >> 16))
    for s in range(n):
        left, right = lefts[sure(s)], rights[sure(s)]
        left = less_word(left, mixed_word(right, e, low, high), all_of)
        right = less_word(right, mixed_word(left, d, low, high), all_of)
        left = less_word(left, mixed_word(right, c, low, high), all_of)
        right = less_word(right, mixed_word(left, b, low, high), all_of)
        lefts[sure(s)] = less_word(left, mixed_word(right, a, low, high), all_of)
        rights[sure(s)] = right
    joined(numbers, n, side, lefts, rights)


LOOPS = (mixed_word, more_word, less_word, halve, joined, send_forth, send_back)
