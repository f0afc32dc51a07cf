"""Small loops over bits that every generated module starts with (its text is copied, not imported).

A set of agents is three levels of 64-bit words: a bit per agent, a bit per word of those, a bit
per word of these. Listing the members costs what there are, not what there could be, and comes in
order of place; an upper bit may be stale (no member below it) and is put right when met.
"""

# pyright: basic

from __future__ import annotations

from ...random import fold, unsigned
from .in_bytes import spread_word, word_of


def jit(function):
    """Compiles, in the generated module; here the functions stay plain."""
    return function


def kernel(function):
    """Compiles, and is called from outside, in the generated module."""
    return function


def trailing_zeros(word):
    """How many zeros stand below the lowest one of a word that is not zero."""
    return (int(word) & -int(word)).bit_length() - 1


def sure(i):
    """An index that the compiler may take to be 0 or more."""
    return i


def word(number):
    """The lower 32 bits of a number: a word in which what does not fit is lost."""
    return number & 0xFFFFFFFF


FULL = 0xFFFFFFFFFFFFFFFF
PAIRS, FOURS, EIGHTS = 0x5555555555555555, 0x3333333333333333, 0x0F0F0F0F0F0F0F0F
BYTES = 0x0101010101010101
MANY = 6  # Words of 64 below which they are emptied one by one.


@jit
def ones(word):
    """How many bits of `word` are set."""
    twos = word - ((word >> unsigned(1)) & unsigned(PAIRS))
    fours = (twos & unsigned(FOURS)) + ((twos >> unsigned(2)) & unsigned(FOURS))
    eights = (fours + (fours >> unsigned(4))) & unsigned(EIGHTS)
    return int(((eights * unsigned(BYTES)) & unsigned(FULL)) >> unsigned(56))


@jit
def put(l0, l1, l2, i):
    """Add `i`; hardly ever a branch, since nobody could foretell it."""
    put_if(l0, l1, l2, i, True)


@jit
def put_if(l0, l1, l2, i, wanted):
    """Add `i` where `wanted`; a cascade of 1e7 spends half the time here that branches took."""
    one = unsigned(1) if wanted else unsigned(0)
    w = unsigned(i) >> unsigned(6)
    l0[w] |= one << unsigned(i & 63)
    v = w >> unsigned(6)
    above = l1[v]
    l1[v] = above | (one << (w & unsigned(63)))
    if above == unsigned(0) and wanted:
        l2[v >> unsigned(6)] |= unsigned(1) << (v & unsigned(63))


@jit
def put_low(l0, l1, l2, i, crowded):
    """Add `i`; where it is crowded, only below: `lift` puts the upper levels right afterwards."""
    put_low_if(l0, l1, l2, i, True, crowded)


@jit
def put_low_if(l0, l1, l2, i, wanted, crowded):
    """The same where `wanted`."""
    if crowded:
        one = unsigned(1) if wanted else unsigned(0)
        l0[unsigned(i) >> unsigned(6)] |= one << unsigned(i & 63)
    else:
        put_if(l0, l1, l2, i, wanted)


@jit
def lift(l0, l1, l2, first, last):
    """Put the upper levels of places first..last-1 right; both are multiples of 4096."""
    for v in range(first >> 12, min(last >> 12, l1.shape[0])):
        bits = unsigned(0)
        if (v + 1) << 6 <= l0.shape[0]:
            for b in range(64):  # all at once, in a loop that vectorises
                some = unsigned(1) if l0[sure((v << 6) + b)] != unsigned(0) else unsigned(0)
                bits |= some << unsigned(b)
        else:
            for w in range(v << 6, l0.shape[0]):
                some = unsigned(1) if l0[w] != unsigned(0) else unsigned(0)
                bits |= some << unsigned(w & 63)
        if bits != unsigned(0):
            l1[v] |= bits
            l2[v >> 6] |= unsigned(1) << unsigned(v & 63)


@jit
def drop(l0, i):
    """Take `i` out; upper levels stay until they are met."""
    l0[i >> 6] &= ~(unsigned(1) << unsigned(i & 63))


@jit
def has(l0, i):
    """Whether `i` is in."""
    return (l0[unsigned(i) >> unsigned(6)] >> unsigned(i & 63)) & unsigned(1) != unsigned(0)


@jit
def spread_bits(l0, first, n, out):
    """Which of the places first..first+n-1 are in, a byte each; `first` is a multiple of 64."""
    for w in range((n + 63) >> 6):
        spread_word(l0[(first >> 6) + w], out, w << 6)


@jit
def count_run(l0, first, last):
    """How many of the places first..last-1 are in, or some more of the last one's word."""
    n = ones(l0[first >> 6] & (unsigned(FULL) << unsigned(first & 63)))
    for w in range((first >> 6) + 1, (last + 63) >> 6):
        n += ones(l0[sure(w)])
    return n


@jit
def put_bits(l0, l1, l2, first, n, given, only_more):
    """Let places first..first+n-1 be in as their bytes say, or `only_more`; how many more are."""
    for s in range(n, (n + 63) >> 6 << 6):
        given[sure(s)] = 0
    more = 0
    for w in range((n + 63) >> 6):
        bits = unsigned(word_of(given, w << 6))
        at = (first >> 6) + w
        old = l0[at]
        bits = (bits | old) if only_more else bits
        l0[at] = bits
        more += ones(bits) - ones(old)
        if bits != unsigned(0):
            v = at >> 6
            l1[v] |= unsigned(1) << unsigned(at & 63)
            l2[v >> 6] |= unsigned(1) << unsigned(v & 63)
    return more


@jit
def next_upper(l2, u):
    """The first word from `u` on with a bit set, or the length; eight at a time are looked at."""
    n = l2.shape[0]
    while u + 8 <= n:
        some = unsigned(0)
        for v in range(u, u + 8):
            some |= l2[unsigned(v)]
        if some != unsigned(0):
            break
        u += 8
    while u < n and l2[unsigned(u)] == unsigned(0):
        u += 1
    return u


@jit
def next_upper_word(l1, l2, v):
    """The first word of the middle level from `v` on that may have bits set, or their number."""
    u = v >> 6
    if u >= l2.shape[0]:
        return l1.shape[0]
    bits = l2[u] & (unsigned(FULL) << unsigned(v & 63))
    if bits == unsigned(0):
        u = next_upper(l2, u + 1)
        if u >= l2.shape[0]:
            return l1.shape[0]
        bits = l2[u]
    return (u << 6) + trailing_zeros(bits)


@jit
def next_word(l1, l2, w):
    """The first word from `w` on that may have members, or -1."""
    v = w >> 6
    if v >= l1.shape[0]:
        return -1
    bits = l1[v] & (unsigned(FULL) << unsigned(w & 63))
    if bits != unsigned(0):
        return (v << 6) + trailing_zeros(bits)
    v = next_upper_word(l1, l2, v + 1)
    if v >= l1.shape[0]:
        return -1
    if l1[v] == unsigned(0):
        return v << 6
    return (v << 6) + trailing_zeros(l1[v])


@jit
def forget_word(l1, l2, w):
    """Put the upper levels right where word `w` has no members."""
    l1[w >> 6] &= ~(unsigned(1) << unsigned(w & 63))
    if l1[w >> 6] == unsigned(0):
        l2[w >> 12] &= ~(unsigned(1) << unsigned((w >> 6) & 63))


@jit
def list_word(bits, base, tile, n):
    """Write a word's members into `tile` from `n` on: how many are in it then.

    Four at a time, whether there are so many or not: where a word's members end is a branch that
    nobody could foretell. What is written too much, the next word's members replace; a processor
    that squeezes vectors (`squeezing`) writes up to 64, for which there must be room.
    """
    end = n + ones(bits)
    while n < end:
        for step in range(4):
            tile[unsigned(n + step)] = base + trailing_zeros(bits)
            bits &= bits - unsigned(1)
        n += 4
    return end


@jit
def pick_word(bits, values, at, picked, n):
    """Write those of 64 values from `at` on whose bits are set into `picked` from `n` on: how many
    are in it then. Four at a time, as in `list_word`, with as much room, and whole numbers of one
    type in both.
    """
    end = n + ones(bits)
    while n < end:
        for step in range(4):
            picked[sure(n + step)] = values[sure(at + trailing_zeros(bits))]
            bits &= bits - unsigned(1)
        n += 4
    return end


@jit
def gather(l0, l1, l2, first, last, tile):
    """List members in first..last-1 into `tile`: how many, and where to go on.

    Goes from word to word by the bits of the level above: whether the next word has members is a
    branch that nobody could foretell.
    """
    n = 0
    w = first >> 6
    while w << 6 < last:
        v = w >> 6
        above = l1[v] & (unsigned(FULL) << unsigned(w & 63))
        while above != unsigned(0):
            w = (v << 6) + trailing_zeros(above)
            above &= above - unsigned(1)
            bits = l0[w]
            if bits == unsigned(0):
                forget_word(l1, l2, w)
            if w << 6 < first:
                bits &= unsigned(FULL) << unsigned(first & 63)
            if (w + 1) << 6 <= last and n + 64 <= tile.shape[0]:
                n = list_word(bits, w << 6, tile, n)
                continue
            while bits != unsigned(0):
                place = (w << 6) + trailing_zeros(bits)
                if place >= last:
                    return n, last
                if n == tile.shape[0]:
                    return n, place
                tile[n] = place
                n += 1
                bits &= bits - unsigned(1)
        w = next_upper_word(l1, l2, v + 1) << 6
    return n, last


@kernel
def empty(l0, l1, l2):
    """Take everybody out."""
    empty_between(l0, l1, l2, 0, l2.shape[0])


@kernel
def empty_run(l0, l1, l2, first, last):
    """Take everybody out of places first..last-1; cut where no word of any level is shared."""
    empty_between(l0, l1, l2, first >> 18, min((last + (1 << 18) - 1) >> 18, l2.shape[0]))


@jit
def empty_between(l0, l1, l2, u, last):
    """Take out who is below words u..last-1 of the upper level."""
    u = next_upper(l2, u)
    while u < last:
        upper = l2[u]
        l2[u] = unsigned(0)
        while upper != unsigned(0):
            v = (u << 6) + trailing_zeros(upper)
            upper &= upper - unsigned(1)
            middle = l1[v]
            l1[v] = unsigned(0)
            first = v << 6
            if ones(middle) >= MANY and first + 64 <= l0.shape[0]:
                for w in range(first, first + 64):  # all at once, in loops that vectorise
                    l0[sure(w)] = unsigned(0)
                continue
            while middle != unsigned(0):
                l0[first + trailing_zeros(middle)] = unsigned(0)
                middle &= middle - unsigned(1)
        u = next_upper(l2, u + 1)


@kernel
def put_all(l0, l1, l2, places):
    """Add all of `places`."""
    for s in range(places.shape[0]):
        put(l0, l1, l2, places[s])


@kernel
def count(l0, l1, l2):
    """How many members there are."""
    n = 0
    w = next_word(l1, l2, 0)
    while w >= 0:
        n += ones(l0[w])
        w = next_word(l1, l2, w + 1)
    return n


@kernel
def fewer(l0, l1, l2, most):
    """Whether there are fewer than `most` members; looks at no more words than that."""
    n = 0
    w = next_word(l1, l2, 0)
    while w >= 0 and n < most:
        n += max(1, ones(l0[w]))
        w = next_word(l1, l2, w + 1)
    return n < most


@kernel
def more(l0, l1, l2, most, places):
    """Whether there are more than `most` members among so many places.

    Asked in every step, so that it looks no further than it must: at what the upper levels leave
    possible, then at members only until too many places are not.
    """
    possible = 0
    for u in range(l2.shape[0]):
        possible += ones(l2[u])
    if possible << 12 <= most:
        return False
    possible = 0
    for v in range(l1.shape[0]):
        possible += ones(l1[v])
    if possible << 6 <= most:
        return False
    missing = 0
    for first in range(0, l0.shape[0], 64):
        if missing >= places - most:
            return False
        last = min(first + 64, l0.shape[0])
        missing += min((last << 6), places) - (first << 6)
        for w in range(first, last):
            missing -= ones(l0[sure(w)])
    return missing < places - most


@kernel
def digest_bits(l0, l1, l2, place0, low_key, high_key, word, sums):
    """Add the members' hashes to the two sums."""
    w = next_word(l1, l2, 0)
    while w >= 0:
        bits = l0[w]
        while bits != unsigned(0):
            place = place0 + (w << 6) + trailing_zeros(bits)
            bits &= bits - unsigned(1)
            sums[0] += fold(fold(low_key, place), word)
            sums[1] += fold(fold(high_key, place), word)
        w = next_word(l1, l2, w + 1)


@kernel
def digest_column(values, first, last, place0, default, top, never, low_key, high_key, sums):
    """Add to the two sums the hashes of values first..last-1 that are not the default."""
    low = unsigned(0)
    high = unsigned(0)
    for i in range(first, last):
        if values[i] != default:
            word = unsigned(never) if values[i] == top else unsigned(int(values[i]))
            low += fold(fold(low_key, place0 + i), word)
            high += fold(fold(high_key, place0 + i), word)
    sums[0] += low
    sums[1] += high
