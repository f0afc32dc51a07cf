"""Loops over claims: who is granted what, and who of many claimants needs no looking at.

k claims on one cell are never sorted: the last one that still gets a unit is found digit by digit
of its priority, then of its luck, over those that are alike so far (a radix selection), and
whoever comes before it gets what it asks for. Like the prelude, the text is copied into generated
modules, not imported.
"""

# pyright: basic

from __future__ import annotations

from ...random import unsigned
from .prelude import jit, kernel

DIGIT, DIGITS = 8, 256  # Bits of a digit, and how many there are.
SIGN = 0x8000000000000000
PRIORITY, LUCK, PLACE = 0, 1, 2  # What claims are ordered by, one after another.


@jit
def granted_to(places, units, i):
    """The units of local place `i`, in a list sorted by place."""
    return granted_at(places, units, i, seek(places, i, 0))


@jit
def granted_at(places, units, i, at):
    """The same where `seek` has found its place."""
    return units[at] if at < places.shape[0] and places[at] == i else 0


@jit
def caused(found):
    """Whom an agent let enter, of what is in such a list for it: newcomers' numbers are above 0."""
    return found if found > 0 else -1


@jit
def seek(places, i, at):
    """Where in a list sorted by place the first one from `i` on stands, looking from `at` on."""
    high, reach = at, 1
    while high < places.shape[0] and places[high] < i:
        at = high + 1
        high += reach
        reach += reach
    high = min(high, places.shape[0])
    while at < high:
        middle = (at + high) >> 1
        if places[middle] < i:
            at = middle + 1
        else:
            high = middle
    return at


@kernel
def grant(order, cells, units, rest, partial, granted):
    """Give each claim in `order` what it asks for, as far as the rest of its cell goes."""
    for s in range(order.shape[0]):
        e = order[s]
        left = rest[cells[e]]
        given = units[e]
        if given > left:
            given = left if partial else 0
        rest[cells[e]] = left - given
        granted[e] = given


@jit
def key_of(asked, lucks, e, by):
    """A number without a sign that claim `e` is ordered by: its priority, its luck, its place."""
    if by == PRIORITY:
        return unsigned(asked[e, 3]) ^ unsigned(SIGN)
    return lucks[e] if by == LUCK else unsigned(asked[e, 0])


@kernel
def select(asked, lucks, by, among, n, most, sums):
    """Of the first `n` claims of `among`, those in whose key the first `most` units end.

    They are moved to the front; gives how many there are and the units that are left for them.
    `most` is at least 1 and no more than all ask for, so sums that stop at `most` say enough.
    """
    first, differ = key_of(asked, lucks, among[0], by), unsigned(0)
    for s in range(n):
        differ |= key_of(asked, lucks, among[s], by) ^ first
    shift = 64 - DIGIT
    while shift >= 0:
        if (differ >> unsigned(shift)) & unsigned(DIGITS - 1) != unsigned(0):
            for digit in range(DIGITS):
                sums[digit] = 0
            for s in range(n):
                digit = digit_of(key_of(asked, lucks, among[s], by), shift)
                units = min(asked[among[s], 2], most)
                sums[digit] = most if units >= most - sums[digit] else sums[digit] + units
            digit = 0
            while sums[digit] < most:
                most -= sums[digit]
                digit += 1
            kept = 0
            for s in range(n):
                if digit_of(key_of(asked, lucks, among[s], by), shift) == digit:
                    among[kept] = among[s]
                    kept += 1
            n = kept
        shift -= DIGIT
    return n, most


@jit
def digit_of(key, shift):
    """The digit of a key that stands `shift` bits from its right."""
    return int((key >> unsigned(shift)) & unsigned(DIGITS - 1))


@kernel
def last_served(asked, lucks, n, most, among, sums):
    """Of `n` claims that ask for more than `most` units the last that gets any; what it may get."""
    for e in range(n):
        among[e] = e
    few = n
    for by in (PRIORITY, LUCK, PLACE):
        few, most = select(asked, lucks, by, among, few, most, sums)
    return among[0], most


@jit
def comes_before(asked, lucks, e, upside_down, luck, place):
    """Whether claim `e` comes before one of that priority (upside down), luck and place."""
    if asked[e, 3] != upside_down:
        return asked[e, 3] < upside_down
    return lucks[e] < luck or (lucks[e] == luck and asked[e, 0] < place)


@jit
def fits(asked, n, most):
    """Whether all units that `n` claims ask for are there."""
    for e in range(n):
        if asked[e, 2] > most:
            return False
        most -= asked[e, 2]
    return True


@kernel
def keep_foremost(asked, lucks, n, most, among, sums, bar, bar_luck):
    """Move the claims that may get any of `most` units to the front: how many they are.

    Whoever comes behind the last of them, whose priority (upside down) and luck are left in `bar`
    and `bar_luck`, gets nothing.
    """
    if most <= 0 or fits(asked, n, most):
        return n if most > 0 else 0
    last, _ = last_served(asked, lucks, n, most, among, sums)
    upside_down, luck, place = asked[last, 3], lucks[last], asked[last, 0]
    bar[0], bar_luck[0] = upside_down, luck
    kept = 0
    for e in range(n):
        if e == last or comes_before(asked, lucks, e, upside_down, luck, place):
            for row in range(4):
                asked[kept, row] = asked[e, row]
            lucks[kept] = lucks[e]
            kept += 1
    return kept


@kernel
def grant_foremost(asked, lucks, most, among, sums, granted):
    """Give each claim on the one cell what it asks for, as far as `most` units go."""
    n = lucks.shape[0]
    if most <= 0 or fits(asked, n, most):
        for e in range(n):
            granted[e] = asked[e, 2] if most > 0 else 0
        return
    last, rest = last_served(asked, lucks, n, most, among, sums)
    upside_down, luck, place = asked[last, 3], lucks[last], asked[last, 0]
    for e in range(n):
        before = comes_before(asked, lucks, e, upside_down, luck, place)
        granted[e] = asked[e, 2] if before else 0
    granted[last] = rest
