"""An explicit network as compressed rows: who reaches whom, from somebody's list of ties.

Row i lists the agents that i reaches, ascending, at `target[start[i]:start[i + 1]]`. Beside each
stands the number of its tie: the place of that tie among those kept, in the order of the source.
An undirected tie stands in both its ends' rows with one number; a directed one stands in its
source's row and, with the same number, in the receiver's reverse row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from blake3 import blake3

from ..arrays import Column, Integers
from ..errors import InputError
from .numbering import Names, Pairs

MOST_AGENTS = 3_000_000_000  # a pair of agents is one 64-bit number while sorting


@dataclass(frozen=True, eq=False)
class Rows:
    """An explicit network; its arrays are read-only, and shared by both ways if undirected."""

    agents: int
    start: Integers
    target: Column
    tie: Column
    reverse_start: Integers
    reverse_source: Column
    reverse_tie: Column
    directed: bool
    names: Names
    notices: tuple[str, ...]
    source: str

    @property
    def ties(self) -> int:
        """How many ties there are; an undirected one counts once."""
        return len(self.target) if self.directed else len(self.target) // 2

    def transposed(self) -> Rows:
        """The same ties, told from their receivers; every tie keeps its number."""
        return replace(
            self,
            start=self.reverse_start,
            target=self.reverse_source,
            tie=self.reverse_tie,
            reverse_start=self.start,
            reverse_source=self.target,
            reverse_tie=self.tie,
        )

    def digest(self) -> str:
        """BLAKE3 over who is tied to whom, the ties' numbers and the agents' names."""
        hasher = blake3(f"{self.directed} {self.agents}".encode())
        for array in (self.start, self.target, self.tie):
            hasher.update(array.view(np.uint8).data)
        if isinstance(self.names, np.ndarray):
            hasher.update(self.names.view(np.uint8).data)
        elif self.names is not None:
            hasher.update("\n".join(self.names).encode())
        return hasher.hexdigest()


def compress(
    pairs: Pairs, directed: bool, source: str, notices: Sequence[str] = (), strict: bool = False
) -> Rows:
    """Rows of `pairs`: without self-loops and duplicates, each noticed, or refused if `strict`."""
    if pairs.agents > MOST_AGENTS:
        raise InputError(
            f"{source}: {pairs.agents:,} agents; a network may have up to {MOST_AGENTS:,}. "
            "Give a part of it."
        )
    said = list(notices)
    changes = [renumbered(pairs)] if pairs.names is not None else []
    first, second, dropped = _without_loops(pairs)
    changes += dropped
    first, second, dropped = _without_duplicates(pairs, first, second, directed)
    changes += dropped
    if strict and changes:
        raise InputError(
            f"{source}: {'; '.join(changes)}. Mend the file, or leave strict reading "
            "(`--strict`, strict=True) off to go on with this."
        )
    forth = _rows(pairs.agents, first, second, directed)
    back = _rows(pairs.agents, second, first, directed) if directed else forth
    return Rows(pairs.agents, *forth, *back, directed, pairs.names, (*said, *changes), source)


def counted(count: int, noun: str) -> str:
    """`1 tie`, `2 ties`, `1,000 ties`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def renumbered(pairs: Pairs) -> str:
    """The notice that agents have other numbers than in the source."""
    kind = "text, in alphabetical order" if isinstance(pairs.names, tuple) else "ascending"
    return f"{counted(pairs.agents, 'id')} renumbered from 0 ({kind}; the map is kept)"


def _without_loops(pairs: Pairs) -> tuple[Integers, Integers, list[str]]:
    keep = pairs.first != pairs.second
    count = len(keep) - int(np.count_nonzero(keep))
    if count == 0:
        return pairs.first, pairs.second, []
    i = int(pairs.first[np.argmin(keep)])
    notice = f"{counted(count, 'self-loop')} dropped (the first at {_called(pairs, i)})"
    return pairs.first[keep], pairs.second[keep], [notice]


def _without_duplicates(
    pairs: Pairs, first: Integers, second: Integers, directed: bool
) -> tuple[Integers, Integers, list[str]]:
    """Each tie where it stands first, and the notice."""
    key = pair_key(pairs.agents, first, second, directed)
    count = len(key) - distinct(key)
    if count == 0:
        return first, second, []
    kept = np.unique(key, return_index=True)[1]
    kept.sort()
    extra = np.ones(len(key), dtype=bool)
    extra[kept] = False
    at = int(np.argmax(extra))
    where = f"{_called(pairs, int(first[at]))} and {_called(pairs, int(second[at]))}"
    turned = distinct(pair_key(pairs.agents, first, second, directed=True)) - len(kept)
    way = f"{turned:,} of them the other way round, " if turned else ""
    notice = f"{counted(count, 'duplicate tie')} dropped ({way}the first between {where})"
    return first[kept], second[kept], [notice]


def pair_key(agents: int, first: Integers, second: Integers, directed: bool) -> Integers:
    """One number per tie that sorts by first, then by second; undirected, it is both ways' own."""
    if not directed:
        first, second = np.minimum(first, second), np.maximum(first, second)
    return first * np.int64(agents) + second


def distinct(key: Integers) -> int:
    """How many different numbers there are."""
    in_order = np.sort(key)  # 1e6: 20 ms, against 300 for np.unique, which hashes
    return min(1, len(key)) + int(np.count_nonzero(in_order[1:] != in_order[:-1]))


def _called(pairs: Pairs, i: int) -> str:
    return str(i if pairs.names is None else pairs.names[i])


def _rows(
    agents: int, source: Integers, target: Integers, directed: bool
) -> tuple[Integers, Column, Column]:
    """Start, target and tie of the rows of `source`; undirected ties stand in both rows."""
    tie = np.arange(len(source), dtype=_integer(len(source)))
    if not directed:
        source, target = np.concatenate([source, target]), np.concatenate([target, source])
        tie = np.concatenate([tie, tie])
    order = np.argsort(pair_key(agents, source, target, directed=True))
    start = np.zeros(agents + 1, dtype=np.int64)
    np.cumsum(np.bincount(source, minlength=agents), out=start[1:])
    return _frozen(start), _frozen(target[order].astype(_integer(agents))), _frozen(tie[order])


def _integer(count: int) -> Any:
    return np.uint32 if count < 2**32 else np.int64


def _frozen(array: Column) -> Column:
    array.flags.writeable = False
    return array
