"""The sample of an encounter or meeting, in order of place: drawn by all threads, never sorted."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np

from ...arrays import Column, Integers
from ...networks.permutation import round_keys, side_of
from ...rules import Reach
from . import prelude, sample_loops
from .module import imported
from .permuting import in_vectors, once
from .sixteen import MOST
from .storage import Bits, bits_bytes
from .text import HEAD

FEW = 1 << 14  # Places below which handing over to threads costs more than drawing and sorting.
PIECE = 1 << 19  # Places drawn before they are marked: they stay in a core's caches.

Run = tuple[int, int]
Each = Callable[[Callable[[Any], Any], Any, bool], list[Any]]


class Sample:
    """Room for one shard's sample: a set of its places, empty between steps."""

    def __init__(self, first: int, size: int, runs: Callable[[int], list[Run]], each: Each) -> None:
        """For places from `first` on; `runs` cuts them for the workers, `each` hands out work."""
        self.first, self.each, self.cut = first, each, runs
        self.runs = runs(size)
        self.levels = Bits.none(size).levels
        self.places = np.empty(PIECE, np.int64)

    def list(self, luck: int, n: int, count: int, room: Callable[[int], Column]) -> int:
        """List the shard's among `count` of 0..n-1 drawn by `luck` into `room`: how many."""
        marked = self.mark(luck, n, count)
        self.take(marked, room(sum(marked)))
        return sum(marked)

    def mark(self, luck: int, n: int, count: int) -> list[int]:
        """Draw `count` of 0..n-1 by `luck` and mark the shard's: how many in each run."""
        side, keys = side_of(n), np.array(round_keys(luck), np.int64)
        marked = np.zeros(len(self.runs), np.int64)
        for at in range(0, count, PIECE):
            piece = self.places[: min(PIECE, count - at)]

            def draw(run: Run, at: int = at, piece: Integers = piece) -> None:
                into = piece[run[0] : run[1]]
                loops().draw_places(at + run[0], at + run[1], n, side, 1.0 / side, keys, into)

            def mark(run: Run, piece: Integers = piece) -> int:
                return loops().mark_places(piece, self.first, *run, *self.levels)

            self.each(draw, self.cut(piece.size), False)
            marked += self.each(mark, self.runs, False)
        return marked.tolist()

    def take(self, marked: list[int], into: Column) -> None:
        """List those marked, in order, and leave nobody marked."""
        ends = np.cumsum([0, *marked]).tolist()

        def take(number: int) -> None:
            own = into[ends[number] : ends[number + 1]]
            loops().take_marked(*self.levels, *self.runs[number], own)

        self.each(take, range(len(self.runs)), False)


def sample_bytes(size: int) -> int:
    """What that room occupies in a shard of `size` places."""
    return bits_bytes(size) + 8 * PIECE


def warm(kind: type) -> None:
    """Draw nobody into a list of that kind, so that compiling is over before time is taken."""
    nobody, levels = np.empty(0, np.int64), Bits.none(0).levels
    loops().draw_places(0, 0, 1, 1, 1.0, np.zeros(5, np.int64), nobody)
    loops().mark_places(nobody, 0, 0, 0, *levels)
    loops().take_marked(*levels, 0, 0, np.empty(0, kind))


@cache
def loops() -> ModuleType:
    """The loops of `sample_loops`, each compiled when it is first called."""
    reach = Reach()
    names = once(reach.add)
    permutation = [f"@jit\n{text}" for text in reach.definitions]
    sets = [getattr(prelude, f) for f in ("put_if", "next_upper", "next_upper_word", "next_word")]
    own = ("take_word", "send", "send_beside", "draw_places", "mark_places", "take_marked")
    own = (*own, "draw_counted", "fill_bins", "take_bins", "match", "match_all")
    texts = [inspect.getsource(f) for f in (*sets, *(getattr(sample_loops, f) for f in own))]
    full = f"FULL = {prelude.FULL:#x}"
    return imported("\n\n".join([HEAD, full, *permutation, names, in_vectors(MOST), *texts]))
