"""An explicit network as compressed rows: who reaches whom, from somebody's list of ties.

Row i lists the agents that i reaches, ascending, at `ends[start[i]:start[i + 1]]`. With each
stands the number of its tie: the place of that tie among those kept, in the order of the source.
An undirected tie stands in both its ends' rows with one number; a directed one stands in its
source's row and, with the same number, in the receiver's reverse row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from blake3 import blake3

from ..arrays import Column, Integers
from ..errors import InputError
from . import by_counting, by_sorting
from .by_sorting import Built, Way
from .ends import MOST_TIES, tie, whom
from .numbering import Names, Pairs
from .quick import Choose, numpy_alone

MOST_AGENTS = 3_000_000_000  # a pair of agents is one 64-bit number while sorting
CHUNK = 1 << 20  # ends that are taken apart at a time


@dataclass(frozen=True, eq=False)
class Rows:
    """An explicit network; its arrays are read-only, and shared by both ways if undirected."""

    agents: int
    start: Integers
    ends: Column  # as in `ends`: whom, and the number of the tie
    reverse_start: Integers
    reverse_ends: Column
    directed: bool
    names: Names
    notices: tuple[str, ...]
    source: str

    @property
    def ties(self) -> int:
        """How many ties there are; an undirected one counts once."""
        return len(self.ends) if self.directed else len(self.ends) // 2

    @property
    def target(self) -> Column:
        """Whom each end leads to; worked out anew."""
        return whom(self.ends)

    @property
    def tie(self) -> Column:
        """The number of each end's tie; worked out anew."""
        return tie(self.ends)

    def transposed(self) -> Rows:
        """The same ties, told from their receivers; every tie keeps its number."""
        return replace(
            self,
            start=self.reverse_start,
            ends=self.reverse_ends,
            reverse_start=self.start,
            reverse_ends=self.ends,
        )

    def padded(self, agents: int) -> Rows:
        """The same ties among more agents, the further of whom have none."""
        if agents <= self.agents:
            return self
        more = agents - self.agents
        start, reverse = (
            np.concatenate([of, np.full(more, of[-1], of.dtype)])
            for of in (self.start, self.reverse_start)
        )
        return replace(self, agents=agents, start=start, reverse_start=reverse)

    def digest(self) -> str:
        """BLAKE3 over who is tied to whom, the ties' numbers and the agents' names."""
        hasher = blake3(f"{self.directed} {self.agents}".encode())
        hasher.update(self.start.view(np.uint8).data)
        for half in (whom, tie):
            for begin in range(0, len(self.ends), CHUNK):
                hasher.update(half(self.ends[begin : begin + CHUNK]).view(np.uint8).data)
        if isinstance(self.names, np.ndarray):
            hasher.update(self.names.view(np.uint8).data)
        elif self.names is not None:
            hasher.update("\n".join(self.names).encode())
        return hasher.hexdigest()


def compress(
    pairs: Pairs,
    directed: bool | None,
    source: str,
    notices: Sequence[str] = (),
    strict: bool = False,
    choose: Choose = numpy_alone,
) -> Rows:
    """Rows of `pairs`: without self-loops and duplicates, each noticed, or refused if `strict`.

    Where `directed` is None, ties are undirected and a notice says so.
    """
    if pairs.agents > MOST_AGENTS:
        raise InputError(
            f"{source}: {pairs.agents:,} agents; a network may have up to {MOST_AGENTS:,}. "
            "Give a part of it."
        )
    if len(pairs.first) > MOST_TIES:
        raise InputError(
            f"{source}: {len(pairs.first):,} ties; a network may have up to {MOST_TIES:,}. "
            "Give a part of it."
        )
    loops = choose(len(pairs.first)) if by_counting.fits(pairs) else None
    if loops is None:
        built = by_sorting.build(pairs, bool(directed), asked=directed is None)
    else:
        built = by_counting.build(pairs, bool(directed), loops)
    said = [*notices, *([_undirected(built)] if directed is None else [])]
    changes = _changes(pairs, built)
    if strict and changes:
        raise InputError(
            f"{source}: {'; '.join(changes)}. Mend the file, or leave strict reading "
            "(`--strict`, strict=True) off to go on with this."
        )
    forth, back = map(_frozen, (built.forth, built.back))
    ways = (*forth, *back) if directed else (*forth, *forth)
    return Rows(pairs.agents, *ways, bool(directed), pairs.names, (*said, *changes), source)


def counted(count: int, noun: str) -> str:
    """`1 tie`, `2 ties`, `1,000 ties`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def renumbered(pairs: Pairs) -> str:
    """The notice that agents have other numbers than in the source."""
    kind = "text, in alphabetical order" if isinstance(pairs.names, tuple) else "ascending"
    return f"{counted(pairs.agents, 'id')} renumbered from 0 ({kind}; the map is kept)"


def _changes(pairs: Pairs, built: Built) -> list[str]:
    """What is otherwise than in the source."""
    changes = [renumbered(pairs)] if pairs.names is not None else []
    if built.self_loops:
        dropped = counted(built.self_loops, "self-loop")
        changes.append(f"{dropped} dropped (the first at {_called(pairs, built.first_loop)})")
    if built.repeats:
        where = " and ".join(_called(pairs, i) for i in built.first_repeat)
        way = f"{built.turned:,} of them the other way round, " if built.turned else ""
        dropped = counted(built.repeats, "duplicate tie")
        changes.append(f"{dropped} dropped ({way}the first between {where})")
    return changes


def _undirected(built: Built) -> str:
    """That ties were taken as undirected, and whether the source looks otherwise.

    A list of undirected ties has each pair one way only, or every pair both ways (and a few by
    mistake); one with some of each was probably meant to be directed.
    """
    said = "ties taken as undirected; type `--directed` (directed=True) if they point one way"
    one_way, mutual = built.one_way, built.mutual
    if 0.01 * one_way < mutual < 0.99 * one_way:
        said += f", as it seems: {mutual:,} of {one_way:,} have their reverse beside them"
    return said


def _called(pairs: Pairs, i: int) -> str:
    return str(i if pairs.names is None else pairs.names[i])


def _frozen(way: Way) -> Way:
    for array in way:
        array.flags.writeable = False
    return way
