"""Loops that pair those who are present (this text is copied, not imported, like the prelude).

Entries are scattered into small buckets by group and leading bits of the rank, so that a bucket is
a whole subtree of the trie of ranks; each is sorted in the first-level cache and paired; its
leftovers, few, are paired by the same loop. `tests/backends/test_meetings.py` holds the result to
`partners.paired`.
"""

# pyright: basic

from __future__ import annotations

from ...random import fold, unsigned
from .prelude import gather, jit, kernel

UNPAIRED = -1


@kernel
def members(l0, l1, l2, last, out):
    """List a set of places in order into `out`, which has room for exactly all of them."""
    gather(l0, l1, l2, 0, last, out)


@kernel
def count_up(out, n):
    """Write 0..n-1."""
    for s in range(n):
        out[s] = s


@kernel
def rank_all(places, luck, out):
    """The ranks of agents."""
    for s in range(places.shape[0]):
        out[s] = fold(luck, places[s])


@jit
def bucket(place, group, luck, low, bits, hashed):
    """Where an entry goes: by group and leading bits of its rank, or by a hash of the group."""
    word = fold(luck, group if hashed else place)
    leading = int((word >> unsigned(1)) >> unsigned(63 - bits))
    return leading if hashed else ((group - low) << bits) + leading


@kernel
def count_buckets(places, groups, grouped, luck, low, bits, hashed, first, counts):
    """Count the entries of buckets first..first+size-1."""
    for s in range(places.shape[0]):
        group = groups[s] if grouped else 0
        b = bucket(int(places[s]), group, luck, low, bits, hashed) - first
        if 0 <= b < counts.shape[0]:
            counts[b] += 1


@kernel
def fill_buckets(places, groups, grouped, luck, low, bits, hashed, first, at, slots):
    """Put the entries' numbers where `at` says for their bucket, which moves to its end."""
    for s in range(places.shape[0]):
        group = groups[s] if grouped else 0
        b = bucket(int(places[s]), group, luck, low, bits, hashed) - first
        if 0 <= b < at.shape[0]:
            slots[at[b]] = s
            at[b] += 1


@kernel
def pair_buckets(
    ends, slots, places, groups, grouped, luck, limit, group, rank, slot, xors, waiting, partner
):
    """Pair the entries of every bucket; leave the leftovers in front of `slots`: how many."""
    left = 0
    first = 0
    for b in range(ends.shape[0]):
        n = ends[b] - first
        for t in range(n):
            s = int(slots[first + t])
            slot[t] = s
            rank[t] = fold(luck, places[s])
            group[t] = groups[s] if grouped else 0
        sort_entries(n, group, rank, slot, places)
        left = pair_sorted(n, group, rank, slot, limit, xors, waiting, places, partner, slots, left)
        first = ends[b]
    return left


@jit
def sort_entries(n, group, rank, slot, places):
    """Sort by group, rank and place: Shell's sort, for few entries insertion."""
    gap = 1
    while n > 24 and gap * 3 + 1 < n:
        gap = gap * 3 + 1
    while gap > 0:
        for t in range(gap, n):
            g = group[t]
            r = rank[t]
            s = slot[t]
            p = int(places[s])
            u = t - gap
            while u >= 0 and (
                group[u] > g
                or (group[u] == g and (rank[u] > r or (rank[u] == r and int(places[slot[u]]) > p)))
            ):
                group[u + gap] = group[u]
                rank[u + gap] = rank[u]
                slot[u + gap] = slot[u]
                u -= gap
            group[u + gap] = g
            rank[u + gap] = r
            slot[u + gap] = s
        gap = gap // 3


@jit
def pair_sorted(n, group, rank, slot, limit, xors, waiting, places, partner, out, left):
    """Pair sorted entries by the trie of their ranks; add those left over to `out`.

    On the stack stand the nodes whose right subtree is being read: where its two sides differ
    (`xors`), and who of the left side is left over (`waiting`). Ranks that differ by more than
    `limit` belong to subtrees that are not joined here.
    """
    here = UNPAIRED
    top = 0
    for t in range(n + 1):
        xor = rank[t] ^ rank[t - 1] if 0 < t < n else unsigned(0)
        whole = t == n or t == 0 or group[t] != group[t - 1] or xor > limit
        # A node below the one where this entry parts from the last is whole.
        while top > 0 and (whole or not (xor < xors[top - 1] and xor < (xor ^ xors[top - 1]))):
            top -= 1
            other = int(waiting[top])
            if here < 0:
                here = other
            elif other >= 0:
                partner[here] = places[other]
                partner[other] = places[here]
                here = UNPAIRED
        if not whole:
            xors[top] = xor
            waiting[top] = here
            top += 1
        elif here >= 0:
            partner[here] = UNPAIRED
            out[left] = here
            left += 1
        if t < n:
            here = int(slot[t])
    return left


@kernel
def keep_paired(place, partner, first, last):
    """Let those who have a partner stand in front: one past the last of them."""
    kept = first
    for s in range(first, last):
        if partner[s] >= 0:
            place[kept] = place[s]
            partner[kept] = partner[s]
            kept += 1
    return kept
