"""Loops that list a sample in order of place (this text is copied, not imported, like the prelude).

Numbers are sent through the keyed permutation many at a time; where they land is marked in a set,
each worker in its own part of it; and the set is listed, which is the order a sort would give.
"""

# pyright: basic

from __future__ import annotations

from ...networks.permutation import forward_once
from ...random import unsigned
from .prelude import jit, kernel, next_word, put_if, trailing_zeros


@kernel
def draw_places(first, last, n, side, per_side, keys, places):
    """Where numbers first..last-1 go under the permutation of 0..n-1, into `places` from 0 on."""
    five = (keys[0], keys[1], keys[2], keys[3], keys[4])
    for s in range(last - first):
        s = unsigned(s)
        places[s] = forward_once(first + int(s), side, per_side, five)
    for s in range(last - first):
        s = unsigned(s)
        p = places[s]
        while p >= n:
            p = forward_once(p, side, per_side, five)
        places[s] = p


@kernel
def mark_places(places, place0, first, last, l0, l1, l2):
    """Add those of `places` that are first..last-1 of the shard at `place0`: how many they are."""
    marked = 0
    for s in range(places.shape[0]):
        i = places[unsigned(s)] - place0
        mine = first <= i and i < last
        put_if(l0, l1, l2, i if mine else first, mine)  # No branch: nobody could foretell it.
        marked += 1 if mine else 0
    return marked


@kernel
def take_marked(l0, l1, l2, first, last, out):
    """List the members first..last-1 into `out` and take them out; both are ends of blocks."""
    n = 0
    end = (last + 63) >> 6
    w = next_word(l1, l2, first >> 6)
    while w >= 0 and w < end:
        n = take_word(l0, w, out, n)
        w = next_word(l1, l2, w + 1)
    for v in range(first >> 12, (last + 4095) >> 12):
        l1[v] = unsigned(0)
    for u in range(first >> 18, (last + 262143) >> 18):
        l2[u] = unsigned(0)
    return n


@jit
def take_word(l0, w, out, n):
    """List the members of word `w` from `n` on and take them out: where the list ends now."""
    bits = l0[w]
    l0[w] = unsigned(0)
    while bits != unsigned(0):
        out[n] = (w << 6) + trailing_zeros(bits)
        bits &= bits - unsigned(1)
        n += 1
    return n
