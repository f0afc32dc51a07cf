"""Rows of ties by counting: the same as `by_sorting`, with loops instead of sorts.

Ties are put in order by the other agent and then, keeping that, by the agent whose row they are in
(a radix sort with one digit per agent), so the cost is proportional to their number. Rows of
undirected ties are made at once, by two threads where there are many; only where that meets a
self-loop or a repeat are ties looked at for those first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import Column, Integers
from .by_sorting import Built, Way
from .end_counts import EndCounts, end_counts
from .halves import Halves
from .loops import MOST_AGENTS, MOST_TIES
from .numbering import Pairs
from .quick import Loop, Loops


def fits(pairs: Pairs) -> bool:
    """Whether agents and ties can be numbered together in 64 bits."""
    return pairs.agents < MOST_AGENTS and len(pairs.first) < MOST_TIES


def build(pairs: Pairs, directed: bool, loops: Loops) -> Built:
    """Rows of `pairs` without self-loops and repeats, and whether it looks directed."""
    first, second = _plain(pairs.first), _plain(pairs.second)
    way = None
    if not directed and not pairs.looped:
        way = _both(loops, pairs, first, second, pairs.ends)
    if way is not None:
        return Built(way, way, 0, 0, 0, (0, 0), 0, len(first), 0)
    ties = _in_order(loops, pairs.agents, first, second, directed)
    self_loops, first_loop = ties.self_loops, 0
    repeats, mutual = map(int, loops.count_repeats(ties.rows, ties.ordered))
    at, turned = (0, 0), mutual if repeats else 0
    one_way = len(ties.ordered) - repeats + mutual
    extra = np.zeros(len(first), dtype=bool) if self_loops or repeats else None
    if extra is not None and repeats:
        loops.mark_repeats(ties.rows, ties.ordered, extra)
        place = int(np.argmax(extra))
        at = int(first[place]), int(second[place])
    if extra is not None and self_loops:
        own = first == second
        first_loop = int(first[np.argmax(own)])
        extra |= own
    if extra is not None:  # ties are numbered among those kept, so they are ordered anew
        first, second = first[~extra], second[~extra]
        ties = _in_order(loops, pairs.agents, first, second, directed)
    way = None if directed else _both(loops, pairs, first, second, None)
    forth, back = (way, way) if way is not None else _filled(loops, ties)
    return Built(
        forth,
        back,
        self_loops,
        first_loop,
        repeats,
        at,
        turned,
        one_way,
        0 if directed else 2 * mutual,
    )


@dataclass(frozen=True)
class _Ordered:
    """Ties by row and in it by the other agent; how many each agent has as either."""

    rows: Column
    others: Column
    ordered: Integers
    self_loops: int


def _plain(column: Integers) -> Integers:
    """The column as an array that loops are compiled for once: its own, in one piece."""
    return np.require(column, np.int64, ["C", "W"])


def _in_order(
    loops: Loops, agents: int, first: Integers, second: Integers, directed: bool
) -> _Ordered:
    rows, others = np.zeros(agents, np.uint32), np.zeros(agents, np.uint32)
    self_loops = int(loops.count_ends(first, second, directed, rows, others))
    cursor = np.empty(agents, np.uint32)
    entries = np.empty(len(first) - self_loops, np.int64)
    ordered = np.empty_like(entries)
    loops.begin_rows(others, cursor)
    loops.by_other(first, second, directed, 0, len(first), 1, cursor, entries)
    loops.begin_rows(rows, cursor)
    loops.by_row(others, entries, cursor, ordered)
    return _Ordered(rows, others, ordered, self_loops)


def _both(
    loops: Loops, pairs: Pairs, first: Integers, second: Integers, ends: EndCounts | None
) -> Way | None:
    """The rows of undirected ties, whose ends may be counted; None if any tie is to be left out.

    Each pass is done by two at once: one goes up from the first tie or agent, one down from the
    last, and what one puts at the beginning of a row, the other puts at its end.
    """
    agents, count = pairs.agents, len(first)
    with Halves(count) as halves:
        ends = ends or end_counts(loops, halves, agents, first, second)
        if ends is None:
            return None
        rows, others = ends
        start = np.empty(agents + 1, np.int64)
        entries, both = np.empty(count, np.int64), _room(pairs, count)
        cursors, uppers = np.empty((2, agents), np.uint32), np.empty((2, agents), np.uint32)
        loops.begin_rows(others, cursors[0])
        cuts = [count // 2, int(np.searchsorted(cursors[0], count // 2)), 0]
        np.add(cursors[0], others, out=cursors[1])
        _upon(halves, loops.by_other, (first, second, False), count, cuts[0], cursors, (entries,))
        loops.begin_rows(rows, uppers[0])
        cuts[2] = int(np.searchsorted(uppers[0], count // 2))
        loops.begin_both(rows, others, start, cursors[0], uppers[0])
        cursors[1], uppers[1] = uppers[0], start[1:]
        _upon(halves, loops.put_upper, (others, entries), agents, cuts[1], uppers, (both,))
        own = (others, start)
        if any(_upon(halves, loops.put_lower, own, agents, cuts[2], cursors, (both,))):
            loops.put_back(others, entries, first)
            return None
    return start, both.view(np.uint64)


def _upon(
    halves: Halves,
    loop: Loop,
    given: tuple[Any, ...],
    size: int,
    cut: int,
    cursors: Column,
    into: tuple[Column],
) -> tuple[Any, Any]:
    """A loop up from 0 to `cut` with the one cursor, and down to it from `size` with the other."""
    ways = ((0, cut, 1), (size - 1, cut - 1, -1))
    return halves.each(lambda h: loop(*given, *ways[h], cursors[h], *into))


def _room(pairs: Pairs, count: int) -> Integers:
    """Room for both ends of all ties.

    Where the first column begins memory that is large enough, they lie there once that is over: new
    memory costs more than what is put there.
    """
    if pairs.room is not None and len(pairs.room) >= 2 * count:
        return pairs.room[: 2 * count]
    return np.empty(2 * count, np.int64)


def _filled(loops: Loops, ties: _Ordered) -> tuple[Way, Way]:
    """The rows of directed ties, from sources and from receivers."""
    agents, count = len(ties.rows), len(ties.ordered)
    forth, back = _empty(agents, count), _empty(agents, count)
    loops.fill_forth(ties.rows, ties.ordered, *forth)
    loops.fill_back(ties.others, *forth, np.empty(agents, np.uint32), *back)
    (start, ends), (back_start, back_ends) = forth, back
    return (start, ends.view(np.uint64)), (back_start, back_ends.view(np.uint64))


def _empty(agents: int, entries: int) -> Way:
    start = np.empty(agents + 1, np.int64)
    return start, np.empty(entries, np.int64)
