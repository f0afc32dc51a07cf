"""Loops over those who are there, of an open population.

Everything is keyed by identity: whose place it is enters neither a digest nor a draw. Like the
prelude, the text is copied into generated modules, not imported.
"""

# pyright: basic

from __future__ import annotations

from ...random import fold, unsigned
from .prelude import gather, has, kernel, next_word, trailing_zeros

STAYED = 1


@kernel
def list_set(l0, l1, l2, last, out):
    """List a set of places in order into `out`, which has room for exactly all of them."""
    gather(l0, l1, l2, 0, last, out)


@kernel
def list_first(l0, l1, l2, last, out):
    """List the first places of a set into `out`, as many as there is room for: how many."""
    return gather(l0, l1, l2, 0, last, out)[0]


@kernel
def digest_present(values, l0, l1, l2, who, default, top, never, low_key, high_key, sums):
    """Add to the two sums the hashes of values that are not the default, of all who are there."""
    w = next_word(l1, l2, 0)
    while w >= 0:
        bits = l0[w]
        while bits != unsigned(0):
            i = (w << 6) + trailing_zeros(bits)
            bits &= bits - unsigned(1)
            if values[i] != default:
                word = unsigned(never) if values[i] == top else unsigned(int(values[i]))
                sums[0] += fold(fold(low_key, who[i]), word)
                sums[1] += fold(fold(high_key, who[i]), word)
        w = next_word(l1, l2, w + 1)


@kernel
def digest_flags(l0, l1, l2, who, low_key, high_key, word, sums):
    """Add the members' hashes to the two sums."""
    w = next_word(l1, l2, 0)
    while w >= 0:
        bits = l0[w]
        while bits != unsigned(0):
            i = (w << 6) + trailing_zeros(bits)
            bits &= bits - unsigned(1)
            sums[0] += fold(fold(low_key, who[i]), word)
            sums[1] += fold(fold(high_key, who[i]), word)
        w = next_word(l1, l2, w + 1)


@kernel
def digest_turnover(l0, l1, l2, who, first, place0, low_key, high_key, sums):
    """Add the hashes of who is there, and take away those of who was there at first."""
    one = unsigned(STAYED)
    w = next_word(l1, l2, 0)
    while w >= 0:
        bits = l0[w]
        while bits != unsigned(0):
            i = (w << 6) + trailing_zeros(bits)
            bits &= bits - unsigned(1)
            if i >= first or int(who[i]) != place0 + i:
                sums[0] += fold(fold(low_key, who[i]), one)
                sums[1] += fold(fold(high_key, who[i]), one)
        w = next_word(l1, l2, w + 1)
    for i in range(first):
        if not has(l0, i) or int(who[i]) != place0 + i:
            sums[0] -= fold(fold(low_key, place0 + i), one)
            sums[1] -= fold(fold(high_key, place0 + i), one)
