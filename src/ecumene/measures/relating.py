"""Measures of two things at once: a ratio, a correlation, and how far two groups are apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import Column
from ..backends import Tally
from ..engine import SUMS, View
from ..errors import ModelError
from .counting import Counted
from .distributing import binned, checked_every, moments


@dataclass(frozen=True)
class Ratio:
    """One count or total over another."""

    tallies: tuple[Tally, ...]
    unit: float = 1.0  # what counts as 1 in the first
    every: int = 1
    columns: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    of: str = ""

    def value(self, view: View) -> Any:
        """The ratio now; None while the second is 0 (of lanes an array, with NaN there)."""
        (over,), (under,) = (view.tally(tally) for tally in self.tallies)
        return _divided(over, under, self.unit)

    def grouped(self, group: str) -> None:
        """Nothing by group."""


@dataclass(frozen=True)
class Correlation:
    """Pearson's correlation of two columns."""

    columns: tuple[str, ...]
    every: int = 1
    tallies: tuple[Tally, ...] = ()
    environment: tuple[str, ...] = ()
    of: str = ""

    def value(self, view: View) -> float | None:
        """The correlation now; None while one of the two is the same for all."""
        return correlation_of(*(view.column(name, self.of) for name in self.columns))

    def grouped(self, group: str) -> None:
        """Nothing by group."""


@dataclass(frozen=True)
class Contrast:
    """How far the agents of two groups are apart in a column."""

    columns: tuple[str, ...]
    away_from: int | None
    every: int = 1
    tallies: tuple[Tally, ...] = ()
    environment: tuple[str, ...] = ()
    of: str = ""

    def value(self, view: View) -> Mapping[str, float | None]:
        """The difference in standard deviations, and the ends of its 95 % interval."""
        values, groups = (view.column(name, self.of) for name in self.columns)
        return contrast_of(values, groups != 0, self.away_from)

    def grouped(self, group: str) -> None:
        """Nothing by group."""


def ratio(over: Counted, under: Counted, *, unit: float = 1.0) -> Ratio:
    """One `ec.count` or `ec.total` over another; `unit` is what counts as 1 in the first."""
    for counted in (over, under):
        if counted.kind not in SUMS or counted.tally.group is not None:
            raise ModelError("a ratio is of two counts or totals, neither of them by group.")
    return Ratio((over.tally, under.tally), unit, of=over.of)


def correlation(one: str, other: str, *, every: int = 1) -> Correlation:
    """How far two columns go together over all agents, from -1 to 1; looks at everybody."""
    return Correlation((one, other), checked_every(every))


def contrast(column: str, by: str, *, away_from: int | None = None, every: int = 1) -> Contrast:
    """The mean of `column` where `by` is not 0 minus that where it is 0, in standard deviations.

    `away_from` compares how far the values lie from that number. By name: `difference`, and `low`
    and `high`, the ends of its 95 % interval over agents. Looks at everybody.
    """
    return Contrast((column, by), away_from, checked_every(every))


def contrast_of(
    values: Column, treated: Column, away_from: int | None = None
) -> Mapping[str, float | None]:
    """The standardised difference between those `treated` and the others, with its interval."""
    found = values if away_from is None else np.abs(values - away_from)
    count = int(treated.sum())
    if not 0 < count < values.size:
        return {"difference": None, "low": None, "high": None}
    kinds = binned(found)[0]
    n, total, squares, _, _ = moments(kinds)
    mine = int(kinds[treated].sum())
    spread = float(np.sqrt((n * squares - total * total) / (n * n)))
    if not spread:
        return {"difference": 0.0, "low": 0.0, "high": 0.0}
    difference = (mine / count - (total - mine) / (n - count)) / spread
    reach = 1.96 * float(np.sqrt(1 / count + 1 / (n - count)))
    return {"difference": difference, "low": difference - reach, "high": difference + reach}


def correlation_of(one: Column, other: Column) -> float | None:
    """Pearson's correlation of two equally long columns, to 4096 bins each."""
    if one.size == 0:
        return None
    x, y = binned(one)[0], binned(other)[0]
    n = int(x.size)
    a, b, ab = int(x.sum()), int(y.sum()), int(np.dot(x, y))
    across, down = n * int(np.dot(x, x)) - a * a, n * int(np.dot(y, y)) - b * b
    if not across or not down:
        return None
    return (n * ab - a * b) / float(np.sqrt(float(across * down)))


def _divided(over: Any, under: Any, unit: float) -> Any:
    if isinstance(under, np.ndarray):
        return np.divide(over / unit, under, out=np.full(under.shape, np.nan), where=under != 0)
    return over / under / unit if under else None
