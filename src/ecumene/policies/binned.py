"""The columns that make up a situation, and the bins into which their values fall.

`levels`   whole numbers from 0, or a flag: every value is a bin of its own
`binned`   any numbers, cut at edges: bin k holds what is at or above k of them
`grouped`  whole numbers from 0, each put into a group by a list: 10,000 archetypes in 100 groups
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from ..arrays import Column, Integers
from ..errors import ModelError


@dataclass(frozen=True)
class Binned:
    """One column of a situation.

    `labels` say in words what each bin is, `at` which number stands for it in a formula. `edges`
    cut any numbers, `groups` put whole numbers from 0 into bins; with neither, bins are values.
    """

    name: str
    labels: tuple[str, ...]
    at: tuple[float, ...]
    edges: tuple[float, ...] = ()
    groups: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what is not a column with at least one bin and a word and number for each."""
        if not self.labels or len(set(self.labels)) < len(self.labels):
            raise ModelError(
                f"the bins of `{self.name}` are called {', '.join(self.labels) or 'nothing'}; give "
                "each a name of its own."
            )
        if len(self.at) != len(self.labels):
            raise ModelError(
                f"`{self.name}` has {len(self.labels)} bins and {len(self.at)} numbers that stand "
                "for them; give one for each (at=)."
            )

    @property
    def size(self) -> int:
        """How many bins there are."""
        return len(self.labels)

    @property
    def values(self) -> int:
        """How many whole numbers from 0 have a bin; 0 where any number has."""
        return 0 if self.edges else len(self.groups) or self.size

    def bins(self, values: Any) -> Integers:
        """The bin of each of many values, -1 where one has none."""
        given: Column = np.asarray(values)
        if self.edges:
            return np.searchsorted(np.array(self.edges), given.astype(float), side="right")
        whole = given.astype(np.int64)
        inside = (whole >= 0) & (whole < self.values) & (whole == given)
        if not self.groups:
            return np.where(inside, whole, -1)
        return np.where(inside, np.array(self.groups)[np.where(inside, whole, 0)], -1)

    def as_json(self) -> dict[str, Any]:
        """Everything about it, as plain data."""
        return {name: value for name, value in vars(self).items() if value != ()}


def levels(name: str, labels: Sequence[str] | int, *, at: Sequence[float] = ()) -> Binned:
    """A column of whole numbers from 0, or a flag (no, yes): each value is a bin of its own.

    `labels` are the values' names, or how many there are; `at` the numbers that stand for them in a
    formula, the values themselves if left out.
    """
    called = [str(i) for i in range(labels)] if isinstance(labels, int) else list(labels)
    return Binned(name, tuple(called), tuple(at) or tuple(range(len(called))))


def binned(
    name: str, edges: Sequence[float], *, labels: Sequence[str] = (), at: Sequence[float] = ()
) -> Binned:
    """A column of numbers, cut at rising `edges`: a value that is an edge begins the upper bin.

    In a formula the middle of a bin stands for it; for the two open ones, half the width of their
    neighbour beyond the edge; `at` says otherwise, and must with fewer than two edges.
    """
    cuts = tuple(float(edge) for edge in edges)
    if not cuts or any(not a < b for a, b in pairwise(cuts)) or not np.all(np.isfinite(cuts)):
        raise ModelError(f"the edges of `{name}` are {list(edges)}; give rising numbers.")
    words = [f"below {cuts[0]:g}", *(f"{a:g} to {b:g}" for a, b in pairwise(cuts))]
    words.append(f"{cuts[-1]:g} or more")
    return Binned(name, tuple(labels) or tuple(words), tuple(at) or _middles(name, cuts), cuts)


def grouped(
    name: str, groups: Sequence[int], *, labels: Sequence[str] = (), at: Sequence[float] = ()
) -> Binned:
    """A column of whole numbers from 0, of which value i belongs to bin `groups[i]`.

    So a table has as many cells as there are groups, however many values there are.
    """
    given: Integers = np.asarray(groups)
    if given.ndim != 1 or given.dtype.kind not in "iu" or given.size == 0 or given.min() < 0:
        raise ModelError(f"the groups of `{name}` are not one whole number from 0 for each value.")
    count = int(given.max()) + 1
    named = tuple(labels) or tuple(f"group {i}" for i in range(count))
    if len(named) < count:
        raise ModelError(f"`{name}` has {count} groups and {len(named)} labels; name each.")
    return Binned(name, named, tuple(at) or tuple(range(len(named))), groups=tuple(map(int, given)))


def _middles(name: str, cuts: tuple[float, ...]) -> tuple[float, ...]:
    if len(cuts) < 2:
        raise ModelError(
            f"`{name}` has one edge, and so no width that says which numbers stand for its two "
            "bins; say them, as at=(1, 3)."
        )
    inner = [(a + b) / 2 for a, b in pairwise(cuts)]
    below = cuts[0] - (cuts[1] - cuts[0]) / 2
    return (below, *inner, cuts[-1] + (cuts[-1] - cuts[-2]) / 2)
