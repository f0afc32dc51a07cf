"""Waking and sleeping: who wakes now, found without looking at those who sleep.

A wake column holds the step in which each agent wakes. Above it stand three levels of bounds: for
each block of 64 places, of 64 blocks, and of 64 of these, a step before which nobody there wakes.
Who wakes now lies below bounds that have come; whoever writes an earlier step lowers the bounds
above it. A bound may promise too much (its agent was put off): it is put right when met, so each
write is paid for once. That is what a timing wheel does, in a sixteenth of a step an agent, however
far ahead, however often put off, and in order of place, so that threads cannot matter.

Like the prelude, the text is copied into generated modules, not imported.
"""

# pyright: basic

from __future__ import annotations

from ...random import unsigned
from .prelude import jit, kernel, next_word, put

NOBODY = 0xFFFFFFFF  # The bound of a block in which nobody wakes.


@jit
def earliest(values, top, w, step):
    """The first step from `step` on in which an agent of block `w` wakes, or NOBODY."""
    found = NOBODY
    for i in range(w << 6, min((w + 1) << 6, values.shape[0])):
        value = int(values[unsigned(i)])
        later = value >= step and value != top
        found = min(found, value if later else NOBODY)
    return found


@jit
def least(bounds, group):
    """The least of the 64 bounds of a group."""
    found = NOBODY
    for w in range(group << 6, (group + 1) << 6):
        found = min(found, int(bounds[unsigned(w)]))
    return found


@jit
def wake_by(b1, b2, b3, i, step):
    """Lower the bounds above place `i` to `step`."""
    w = i >> 6
    if step < int(b1[w]):
        b1[w] = step
        if step < int(b2[w >> 6]):
            b2[w >> 6] = step
            if step < int(b3[w >> 12]):
                b3[w >> 12] = step


@kernel
def wake_all_by(b1, b2, b3, places, step):
    """The same for all of `places`."""
    for s in range(places.shape[0]):
        wake_by(b1, b2, b3, places[s], step)


@kernel
def file_wakes(values, top, b1, b2, b3, first, last):
    """Set the bounds above places first..last-1 from the column itself."""
    for w in range(first >> 6, (last + 63) >> 6):
        b1[w] = earliest(values, top, w, 0)
    for v in range(first >> 12, (last + 4095) >> 12):
        b2[v] = least(b1, v)
    for u in range(first >> 18, (last + 262143) >> 18):
        b3[u] = least(b2, u)


@kernel
def call_awake(values, top, b1, b2, b3, first, last, step, l0, l1, l2):
    """Add who wakes in `step` among places first..last-1, and let the bounds tell of the others."""
    w = first >> 6
    end = (last + 63) >> 6
    while w < end:
        if w & 4095 == 0 and int(b3[w >> 12]) > step:
            w += 4096
            continue
        if w & 63 == 0 and int(b2[w >> 6]) > step:
            w += 64
        else:
            if int(b1[w]) <= step:
                b1[w] = earliest(values, top, w, step + 1)
                for i in range(w << 6, min((w + 1) << 6, values.shape[0])):
                    if int(values[i]) == step:
                        put(l0, l1, l2, i)
            w += 1
            if w & 63 == 0 or w == end:
                b2[(w - 1) >> 6] = least(b1, (w - 1) >> 6)
        if w & 4095 == 0 or w >= end:
            b3[(w - 1) >> 12] = least(b2, (w - 1) >> 12)


@kernel
def sleeping(values, top, b1, b2, b3, step):
    """Whether anybody wakes in `step` or later; bounds that promise too much are put right."""
    for u in range(b3.shape[0]):
        if int(b3[u]) == NOBODY:
            continue
        for v in range(u << 6, (u + 1) << 6):
            if int(b2[v]) == NOBODY:
                continue
            for w in range(v << 6, (v + 1) << 6):
                if int(b1[w]) != NOBODY:
                    b1[w] = earliest(values, top, w, step)
                    if int(b1[w]) != NOBODY:
                        return True
            b2[v] = NOBODY
        b3[u] = NOBODY
    return False


@kernel
def join(from0, from1, from2, l0, l1, l2):
    """Add all members of another set, a word at a time."""
    w = next_word(from1, from2, 0)
    while w >= 0:
        bits = from0[w]
        if bits != unsigned(0):
            l0[w] |= bits
            v = w >> 6
            l1[v] |= unsigned(1) << unsigned(w & 63)
            l2[v >> 6] |= unsigned(1) << unsigned(v & 63)
        w = next_word(from1, from2, w + 1)
