"""Loops over rolls, for kernels of very many agents (this text is copied, like the prelude).

A roll is a set of few: its members one after another, in no order, and a table in which each is
found by its number. Of a set of a billion places a thousand members stand in a thousand words, each
a line of memory of its own; a roll stays in the cache. A roll begins with how many there are and
with its base: an entry of the table is the base and a member; what is below was left by members
since let go, since the base rises whenever they are. A roll that begins with -1 is none: its set is
kept in words.
"""

# pyright: basic

from __future__ import annotations

from ...random import unsigned
from .prelude import gather, jit, next_word, trailing_zeros

COUNT, BASE, FIRST = 0, 1, 2
LIVE, FULL, SEATED = 1, 2, 3  # Of seats: whether they are used, how many may be at first, and who.
BASES = 1 << 40  # What a base rises by: places are less.
MOST = 1 << 21  # How often it may, before the table begins anew.
LINE = 64  # Bytes that come from memory at a time.
MIX = 0x9E3779B97F4A7C15


@jit
def slot_for(table, i):
    """Where a table is looked up first for `i`."""
    return ((unsigned(i) * unsigned(MIX)) >> unsigned(32)) & unsigned(table.shape[0] - 1)


@jit
def slot_of(table, base, i):
    """Where `i` stands in the table, or would if it were on the roll."""
    beyond = unsigned(table.shape[0] - 1)
    slot = slot_for(table, i)
    entry = table[slot]
    while entry >= base and entry != base + i:
        slot = (slot + unsigned(1)) & beyond
        entry = table[slot]
    return slot


@jit
def on_roll(roll, table, i):
    """Whether `i` is on the roll."""
    return table[slot_of(table, roll[BASE], i)] == roll[BASE] + i


@jit
def arrived_on_roll(roll, table, accumulated, i, none):
    """What arrived at `i`, combined."""
    slot = slot_of(table, roll[BASE], i)
    return int(accumulated[slot]) if table[slot] == roll[BASE] + i else int(none)


@jit
def append_if(roll, count, i, wanted):
    """Put `i`, who is not on the roll, behind `count` others where `wanted`; how many there are."""
    roll[unsigned(FIRST + count)] = i
    return count + (1 if wanted else 0)


@jit
def put_at(roll, table, base, count, slot, i):
    """Put `i`, whose slot that is, behind `count` others if it is not there; how many there are."""
    count = append_if(roll, count, i, table[slot] != base + i)
    table[slot] = base + i
    return count


@jit
def enroll_if(roll, table, count, i, wanted):
    """Put `i` behind `count` others where `wanted` and not there; how many there are."""
    if not wanted:
        return count
    return put_at(roll, table, roll[BASE], count, slot_of(table, roll[BASE], i), i)


@jit
def let_go(roll):
    """Take everybody off the roll."""
    roll[COUNT] = 0
    roll[BASE] += BASES


@jit
def seat_of(seats, table, i):
    """Where the values of `i` are, who is given a seat if need be: at `i` where there are none."""
    if seats[LIVE] == 0:
        return i
    beyond = unsigned(table.shape[0] - 1)
    slot = slot_for(table, i)
    seat = int(table[slot])
    while seat > 0 and seats[unsigned(SEATED + seat - 1)] != i:
        slot = (slot + unsigned(1)) & beyond
        seat = int(table[slot])
    if seat == 0:
        seats[COUNT] += 1
        seat = seats[COUNT]
        seats[unsigned(SEATED + seat - 1)] = i
        table[slot] = seat
    return seat - 1


@jit
def come(table):
    """Look at all lines of a table, so that they are in the cache; what it gives says nothing."""
    seen = 0
    for slot in range(0, table.size, LINE // table.itemsize):
        seen += int(table[slot])
    return seen


@jit
def take_up(l0, l1, l2, roll):
    """Let those of a set who are few be on an empty roll."""
    n = 0
    w = next_word(l1, l2, 0)
    while w >= 0:
        bits = l0[w]
        while bits != unsigned(0):
            n = append_if(roll, n, (w << 6) + trailing_zeros(bits), True)
            bits &= bits - unsigned(1)
        w = next_word(l1, l2, w + 1)
    roll[COUNT] = n


@jit
def tell(roll, table):
    """Let the table tell of all who are on the roll."""
    for s in range(roll[COUNT]):
        i = roll[FIRST + s]
        table[slot_of(table, roll[BASE], i)] = roll[BASE] + i


@jit
def called(roll, l0, l1, l2, first, last, tile):
    """What `gather` gives; of a roll its members from `first` on."""
    if roll[COUNT] < 0:
        return gather(l0, l1, l2, first, last, tile)
    n = min(roll[COUNT] - first, tile.shape[0])
    for s in range(n):
        tile[s] = roll[FIRST + first + s]
    return n, first + n if first + n < roll[COUNT] else last
