"""Measures that look at everybody, every so many steps: quantiles, Gini coefficients, top shares.

They cost the number of agents each time, and say so in the plan. Values are sorted first, so the
result depends on the values alone and not on who holds them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import Column
from ..backends import Tally
from ..engine import View
from ..errors import ModelError

GRID = 1 << 20  # Floats enter the Gini's sums as whole multiples of 2**-20.


@dataclass(frozen=True)
class Quantiles:
    """The values below which given shares of the agents lie."""

    columns: tuple[str, ...]
    shares: tuple[float, ...]
    every: int = 1
    tallies: tuple[Tally, ...] = ()
    environment: tuple[str, ...] = ()
    of: str = ""

    def value(self, view: View) -> Mapping[str, float | None]:
        """The lower quantiles (always a value that some agent has), by their share."""
        values = np.sort(view.column(self.columns[0], self.of))
        return {f"{s:g}": _at(values, s) for s in self.shares}

    def grouped(self, group: str) -> None:
        """Nothing by group."""


@dataclass(frozen=True)
class Gini:
    """How unequal a column of numbers from 0 up is: 0 when equal, towards 1 when one has all."""

    columns: tuple[str, ...]
    every: int = 1
    tallies: tuple[Tally, ...] = ()
    environment: tuple[str, ...] = ()
    of: str = ""

    def value(self, view: View) -> float | None:
        """The Gini coefficient, sum of (2i - n - 1) x_i over n times sum of x; None if all is 0."""
        return gini_of(view.column(self.columns[0], self.of))

    def grouped(self, group: str) -> None:
        """Nothing by group."""


@dataclass(frozen=True)
class TopShare:
    """What part of all that there is the `share` of the agents have who have most."""

    columns: tuple[str, ...]
    share: float
    every: int = 1
    tallies: tuple[Tally, ...] = ()
    environment: tuple[str, ...] = ()
    of: str = ""

    def value(self, view: View) -> float | None:
        """One less the Lorenz curve at one less the share; None if there is nothing."""
        return top_share_of(view.column(self.columns[0], self.of), self.share)

    def grouped(self, group: str) -> None:
        """Nothing by group."""


def quantiles(column: str, shares: Sequence[float], *, every: int = 1, of: str = "") -> Quantiles:
    """The quantiles of `column` at `shares`, taken every so many steps."""
    if not all(0.0 <= s <= 1.0 for s in shares):
        raise ModelError(f"quantiles at {list(shares)}: type shares from 0 to 1.")
    return Quantiles((column,), tuple(shares), _checked(every), of=of)


def gini(column: str, *, every: int = 1, of: str = "") -> Gini:
    """The Gini coefficient of `column`, taken every so many steps."""
    return Gini((column,), _checked(every), of=of)


def top_share(column: str, share: float = 0.1, *, every: int = 1, of: str = "") -> TopShare:
    """What part of the sum of `column` those have who have most, a `share` of all agents."""
    if not 0.0 < share <= 1.0:
        raise ModelError(f"top_share at {share}: type a share above 0, up to 1.")
    return TopShare((column,), share, _checked(every), of=of)


def gini_of(values: Column) -> float | None:
    """The Gini coefficient of some numbers from 0 up."""
    n, below, weighted, total = int(values.size), 0, 0, 0
    for kind, count in _held(values, "a Gini coefficient"):
        # Agents below+1 .. below+count hold `kind`: the sum of 2i - n - 1 over them.
        weighted += kind * count * (2 * below + count - n)
        total += kind * count
        below += count
    return weighted / (n * total) if total else None


def top_share_of(values: Column, share: float) -> float | None:
    """What part of the sum of some numbers from 0 up the largest have, a `share` of all.

    Where that share is no whole number of agents, a part of the next one's counts.
    """
    held = _held(values, "a top share")
    total, first = sum(kind * count for kind, count in held), share * values.size
    taken, left = 0, int(first)
    for kind, count in reversed(held):
        if left < count:
            return (taken + kind * left + kind * (first - int(first))) / total if total else None
        taken, left = taken + kind * count, left - count
    return 1.0 if total else None


def _held(values: Column, what: str) -> list[tuple[int, int]]:
    """The different values, from the least, with how many hold each; floats in multiples."""
    if values.size and values.min() < 0:
        raise ModelError(f"{what} is of numbers from 0 up; some are negative.")
    whole = np.rint(values * GRID) if values.dtype.kind == "f" else values
    kinds, counts = np.unique(whole, return_counts=True)
    return [(int(kind), count) for kind, count in zip(kinds.tolist(), counts.tolist(), strict=True)]


def _at(values: Column, share: float) -> float | None:
    if values.size == 0:
        return None
    return values[max(0, int(np.ceil(share * values.size)) - 1)].item()


def _checked(every: int) -> int:
    if every < 1:
        raise ModelError(f"every={every}: type a whole number of steps from 1.")
    return every
