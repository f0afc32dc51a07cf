"""Ties asked for and given up, as every backend means it: who gets them when there are too many.

Pairs are looked at in the order of their luck, and form a tie wherever both ends still have a slot
free. That hangs on the set of pairs alone. It is worked out in rounds: a pair that stands first
among those left at both its ends is tied, whatever comes elsewhere.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..arrays import Column, Integers


class Bonds(NamedTuple):
    """Who asks whom for a tie, or gives up that with whom, and the luck of the pair."""

    places: Integers
    others: Integers
    lucks: Column

    @classmethod
    def joined(cls, some: list[Bonds]) -> Bonds:
        """All of some as one."""
        return cls(*(np.concatenate(part) for part in zip(*some, strict=True)))

    def of(self, chosen: Column) -> Bonds:
        """Those at some positions, or where it is true."""
        return Bonds(*(part[chosen] for part in self))


def matched(asked: Bonds, room: Integers, others_room: Integers, mutual: bool) -> Bonds:
    """The pairs that form a tie, smaller place first, in the order of their luck.

    `room` is how many slots those who ask have free, `others_room` those whom they ask.
    """
    low, high = np.minimum(asked.places, asked.others), np.maximum(asked.places, asked.others)
    order = np.lexsort((asked.places, high, low, asked.lucks))
    low, high, lucks = low[order], high[order], asked.lucks[order]
    repeats = np.zeros(low.size, bool)
    repeats[1:] = (low[1:] == low[:-1]) & (high[1:] == high[:-1])
    asked_back = np.zeros(low.size, bool)
    asked_back[:-1] = repeats[1:]
    wanted = asked_back if mutual else ~repeats
    ends, at = np.unique(np.concatenate([asked.places, asked.others]), return_inverse=True)
    free = np.zeros(ends.size, np.int64)
    free[at] = np.concatenate([room, others_room])
    first, second = np.searchsorted(ends, low[wanted]), np.searchsorted(ends, high[wanted])
    chosen = _in_rounds(first, second, free)
    return Bonds(low[wanted][chosen], high[wanted][chosen], lucks[wanted][chosen])


def _in_rounds(first: Integers, second: Integers, free: Integers) -> Column:
    """Which of the pairs, in the order of their luck, are tied while both ends are free."""
    tied = np.zeros(first.size, bool)
    left = np.arange(first.size)
    while left.size:
        left = left[(free[first[left]] > 0) & (free[second[left]] > 0)]
        at_first = np.full(free.size, first.size)
        for ends in (first, second):  # of several at one end, the last that is written stays
            best = np.full(free.size, first.size)
            best[ends[left[::-1]]] = left[::-1]
            at_first = np.minimum(at_first, best)
        now = left[(at_first[first[left]] == left) & (at_first[second[left]] == left)]
        tied[now] = True
        free[first[now]] -= 1
        free[second[now]] -= 1
        left = left[~tied[left]]
    return tied
