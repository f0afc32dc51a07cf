"""The ties of many agents as one list (this text is copied, like the prelude).

Rows of an explicit network are short: drawn one after another, a loop ends every ten ties, where
nobody could foretell it, and never draws eight at a time. So rows are copied one behind the other
and drawn in one long loop, and those that pass are listed by the bits of a word.
"""

# pyright: basic

from __future__ import annotations

from .in_bytes import word_of
from .prelude import jit, list_word, pick_word, sure, unsigned

AT_ONCE = 16  # Ties that are copied at a time, whether a row has so many or not.
LISTED = 2048  # Ties that are listed at a time: what is known of them stays in the first cache.


@jit
def list_flags(flags, n, places):
    """List the places below `n` whose byte is not zero: how many; bytes after them become zero."""
    for e in range(n, n + 64):
        flags[sure(e)] = 0
    listed = 0
    for at in range(0, n, 64):
        listed = list_word(unsigned(word_of(flags, at)), at, places, listed)
    return listed


@jit
def pick(flags, n, values, picked):
    """Put the values below `n` whose byte is not zero one behind the other: how many there are.

    Room and bytes beyond are as in `list_flags`.
    """
    for e in range(n, n + 64):
        flags[sure(e)] = 0
    listed = 0
    for at in range(0, n, 64):
        listed = pick_word(unsigned(word_of(flags, at)), values, at, picked, listed)
    return listed


LOOPS = (list_flags, pick)
