"""Rows of ties by NumPy's sorting: the plain way, which needs nothing and takes any size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Column, Integers
from .ends import ends_of
from .numbering import Pairs

Way = tuple[Integers, Column]  # start and ends of rows


@dataclass(frozen=True)
class Built:
    """The rows of both directions (one for both if undirected), and what was left out or seen.

    `first_loop` and `first_repeat` are agents. `one_way` and `mutual` count different ordered pairs
    of agents, and those of them whose reverse is there too; they are 0 where nobody asked.
    """

    forth: Way
    back: Way
    self_loops: int
    first_loop: int
    repeats: int
    first_repeat: tuple[int, int]
    turned: int  # repeats the other way round only
    one_way: int
    mutual: int


def build(pairs: Pairs, directed: bool, asked: bool) -> Built:
    """Rows of `pairs` without self-loops and repeats; whether it looks directed, if `asked`."""
    agents, first, second = pairs.agents, pairs.first, pairs.second
    keep = first != second
    self_loops = len(keep) - int(np.count_nonzero(keep))
    first_loop = int(first[np.argmin(keep)]) if self_loops else 0
    if self_loops:
        first, second = first[keep], second[keep]
    key = pair_key(agents, first, second, directed)
    different = distinct(key)
    repeats, at, turned = len(key) - different, (0, 0), 0
    one_way = distinct(pair_key(agents, first, second, directed=True)) if asked or repeats else 0
    if repeats:
        extra = repeated(key)
        place = int(np.argmax(extra))
        at, turned = (int(first[place]), int(second[place])), one_way - different
        first, second = first[~extra], second[~extra]
    forth = _rows(agents, first, second, directed)
    back = _rows(agents, second, first, directed) if directed else forth
    mutual = 2 * (one_way - different) if asked else 0
    return Built(forth, back, self_loops, first_loop, repeats, at, turned, one_way, mutual)


def pair_key(agents: int, first: Integers, second: Integers, directed: bool) -> Integers:
    """One number per tie that sorts by first, then by second; undirected, it is both ways' own."""
    if not directed:
        first, second = np.minimum(first, second), np.maximum(first, second)
    return first * np.int64(agents) + second


def distinct(key: Integers) -> int:
    """How many different numbers there are."""
    in_order = np.sort(key)  # 1e6: 20 ms, against 300 for np.unique, which hashes
    return min(1, len(key)) + int(np.count_nonzero(in_order[1:] != in_order[:-1]))


def repeated(key: Integers) -> Column:
    """Which numbers repeat one that stands before them."""
    extra = np.ones(len(key), dtype=bool)
    extra[np.unique(key, return_index=True)[1]] = False
    return extra


def _rows(agents: int, source: Integers, target: Integers, directed: bool) -> Way:
    """The rows of `source`; undirected ties stand in both rows."""
    tie = np.arange(len(source))
    if not directed:
        source, target = np.concatenate([source, target]), np.concatenate([target, source])
        tie = np.concatenate([tie, tie])
    order = np.argsort(pair_key(agents, source, target, directed=True))
    start = np.zeros(agents + 1, dtype=np.int64)
    np.cumsum(np.bincount(source, minlength=agents), out=start[1:])
    return start, ends_of(target[order], tie[order])
