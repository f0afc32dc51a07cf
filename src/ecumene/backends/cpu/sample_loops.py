"""Loops that list a sample in order of place (this text is copied, not imported, like the prelude).

Numbers are sent through the keyed permutation many at a time; where they land is marked in a set,
each worker in its own part of it; and the set is listed, which is the order a sort would give. Of a
sparse sample, where they land is put into bins of neighbouring places first, each a set of its own.
"""

# pyright: basic, reportCallIssue=false

from __future__ import annotations

from ...networks.permutation import backward_once, forward_once
from ...random import unsigned
from .prelude import jit, kernel, next_word, put_if, sure, trailing_zeros
from .sixteen import BACK, FORTH, permute_back, permute_forth

AT_ONCE = 256  # Numbers sent at a time, so that they are in the first-level cache till the end.


@jit
def send(first, some, n, side, per_side, five, at, out):
    """Where numbers from `first` on go under the permutation of 0..n-1, `some` of them, in `out`.

    As many as fill vectors go together; few go beyond, in most pieces none.
    """
    beyond, whole = 0, some // FORTH * FORTH
    for s in range(some):
        out[sure(at + s)] = first + s
    for s in range(0, whole, FORTH):
        permute_forth(out, at + s, side, per_side, five)
    for s in range(whole, some):
        out[sure(at + s)] = forward_once(out[sure(at + s)], side, per_side, five)
    for s in range(some):
        beyond += out[sure(at + s)] >= n
    if beyond > 0:
        for s in range(at, at + some):
            while out[sure(s)] >= n:
                out[sure(s)] = forward_once(out[sure(s)], side, per_side, five)


@jit
def send_beside(some, n, side, per_side, five, at, out):
    """Who goes beside each of those in `out`, in its place; oneself where nobody does."""
    beyond, whole = 0, some // BACK * BACK
    for s in range(some):
        p = out[sure(at + s)]
        out[sure(at + s)] = p ^ 1 if p ^ 1 < n else p
    for s in range(0, whole, BACK):
        permute_back(out, at + s, side, per_side, five)
    for s in range(whole, some):
        out[sure(at + s)] = backward_once(out[sure(at + s)], side, per_side, five)
    for s in range(some):
        beyond += out[sure(at + s)] >= n
    if beyond > 0:
        for s in range(at, at + some):
            while out[sure(s)] >= n:
                out[sure(s)] = backward_once(out[sure(s)], side, per_side, five)


@kernel
def draw_places(first, last, n, side, per_side, keys, places):
    """Where numbers first..last-1 go under the permutation of 0..n-1, into `places` from 0 on."""
    five = (keys[0], keys[1], keys[2], keys[3], keys[4])
    for begin in range(first, last, AT_ONCE):
        some = min(AT_ONCE, last - begin)
        send(begin, some, n, side, per_side, five, begin - first, places)


@jit
def match(first, last, n, side, per_side, keys, partners):
    """Whom agents first..last-1 of 0..n-1 meet, into `partners` from 0 on; oneself for nobody."""
    five = (keys[0], keys[1], keys[2], keys[3], keys[4])
    for begin in range(first, last, AT_ONCE):
        some = min(AT_ONCE, last - begin)
        send(begin, some, n, side, per_side, five, begin - first, partners)
        send_beside(some, n, side, per_side, five, begin - first, partners)


@kernel
def match_all(first, last, n, side, per_side, keys, partners):
    """The same, called from outside."""
    match(first, last, n, side, per_side, keys, partners)


@kernel
def draw_counted(first, last, n, side, per_side, keys, place0, size, shift, tile, places, counts):
    """The same, counted by bin of `1 << shift` places of the shard; all others by the last one."""
    five = (keys[0], keys[1], keys[2], keys[3], keys[4])
    others = counts.shape[0] - 1
    for at in range(first, last, tile.shape[0]):
        some = min(tile.shape[0], last - at)
        send(at, some, n, side, per_side, five, 0, tile)
        for s in range(some):
            s = unsigned(s)
            i = tile[s] - place0
            mine = i >= 0 and i < size
            places[unsigned(at) + s] = i if mine else -1
            counts[unsigned(i >> shift if mine else others)] += 1


@kernel
def fill_bins(first, last, shift, others, places, at, binned):
    """Put entries first..last-1 of the list where `at` says for their bin, and move that on."""
    for s in range(first, last):
        i = int(places[unsigned(s)])
        b = unsigned(i >> shift if i >= 0 else others)
        binned[unsigned(at[b])] = i
        at[b] += 1


@kernel
def take_bins(first, last, shift, binned, starts, words, out):
    """List the members of bins first..last-1 in order, where they begin in `binned`."""
    for b in range(first, last):
        place0 = b << shift
        for s in range(starts[b], starts[b + 1]):
            i = unsigned(int(binned[unsigned(s)]) - place0)
            words[i >> unsigned(6)] |= unsigned(1) << (i & unsigned(63))
        n = starts[b]
        for w in range(words.shape[0]):
            bits = words[unsigned(w)]
            if bits != unsigned(0):
                words[unsigned(w)] = unsigned(0)
                while bits != unsigned(0):
                    out[unsigned(n)] = place0 + (w << 6) + trailing_zeros(bits)
                    bits &= bits - unsigned(1)
                    n += 1


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
