"""Loops over lists of ties that are numbers and nothing else: plain Python, like `loops`."""

# pyright: basic

from __future__ import annotations

from ..random import unsigned


def sure(i):
    """An index that a compiler may take to be 0 or more; it has its own way to say so."""
    return i


def ahead(array, i):
    """Let element `i` come into the cache; a compiler has its own way, and here it is there."""


def trailing_zeros(word):
    """How many zeros stand below the lowest one of a word; a compiler has its own way, too."""
    return (int(word) & -int(word)).bit_length() - 1


def ones(word):
    """How many bits of a word are set; a compiler has its own way, too."""
    return int(word).bit_count()


def others_among(letters, at):
    """A bit for each of the 64 letters from `at` on that is no digit; compiled, one comparison."""
    return sum(int(not 48 <= int(letters[at + b]) <= 57) << b for b in range(64))


def eight_at(letters, at):
    """The eight letters from `at` on as a word, the first of them lowest; compiled, one look."""
    return int.from_bytes(letters[at : at + 8].tobytes(), "little")


def list_word(bits, base, ends, n):
    """List where bits of a word are set, from `base` on, behind the first `n`: how many are there
    then.

    Four at a time, whether there are so many or not; a processor may write up to 64.
    """
    end = n + ones(bits)
    while n < end:
        for step in range(4):
            ends[sure(n + step)] = base + trailing_zeros(bits)
            bits &= bits - unsigned(1)
        n += 4
    return end


def list_ends(letters, size, ends):
    """List where letters that are no digits stand, among the first `size`: how many.

    64 letters are looked at together and only those found one by one; there must be as many more.
    What is written too much, the next ones replace.
    """
    n = 0
    for at in range(0, size, 64):
        bits = unsigned(others_among(letters, at))
        if at + 64 > size:
            bits &= (unsigned(1) << unsigned(size - at)) - unsigned(1)
        n = list_word(bits, at, ends, n)
    return n


def up_to_eight(letters, start, digits):
    """The number of so many digits, 1 to 8, from letter `start` on.

    Neighbouring digits become numbers of two digits, those of four, and those of eight (Lemire
    2022, https://lemire.me/blog, "Parsing series of integers with SIMD"; Langdale and Lemire).
    """
    eight = unsigned(eight_at(letters, start))
    eight = (eight << unsigned((64 - 8 * digits) & 63)) & unsigned(0x0F0F0F0F0F0F0F0F)
    eight = (eight * unsigned(10 << 8 | 1)) >> unsigned(8) & unsigned(0x00FF00FF00FF00FF)
    eight = (eight * unsigned(100 << 16 | 1)) >> unsigned(16) & unsigned(0x0000FFFF0000FFFF)
    return int(unsigned(eight * unsigned(10_000 << 32 | 1)) >> unsigned(32))


def scan_plain(letters, size, separator, ends, seen, first, second):
    """The ties of whole lines, as `scan` gives them, where all are alike; -1 where they are not.

    Every line must be a number, one letter that separates, a number and a line feed. Where each
    number stands is known before any is read, so that none waits for the one before it.
    """
    one = separator if separator != 0 else 32
    two = separator if separator != 0 else 9
    n, start, largest = list_ends(letters, size, ends), 0, 0
    for t in range(n >> 1):
        between, end = int(ends[sure(2 * t)]), int(ends[sure(2 * t + 1)])
        begin, letter = between + 1, letters[sure(between)]
        i, j = between - start, end - begin  # how many digits
        wrong = ((letter != one) & (letter != two)) | (letters[sure(end)] != 10)
        wrong |= (unsigned(i - 1) > unsigned(7)) | (unsigned(j - 1) > unsigned(7))
        wrong |= (letters[sure(start)] == 48) & (i > 1)
        wrong |= (letters[sure(begin)] == 48) & (j > 1)
        if wrong:
            return -1
        one_id, two_id = up_to_eight(letters, start, i), up_to_eight(letters, begin, j)
        first[sure(t)], second[sure(t)] = one_id, two_id
        largest = max(largest, one_id, two_id)
        start = end + 1
    if n & 1 != 0:
        return -1
    if n > 0:
        seen[1] = min(seen[1], 2)
        seen[2] = max(seen[2], 2)
        seen[4] = max(seen[4], largest)
    return n >> 1
