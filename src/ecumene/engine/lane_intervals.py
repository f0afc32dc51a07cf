"""What is measured over many lanes, and how sure it is."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from ..arrays import Column

Table = Mapping[str, Column]
Over = Callable[[Table], float | None]
BATCHES = 20  # Parts of the lanes of each network: each left out once gives an interval.
# Two-sided 95 % points of Student's t with one degree of freedom, two, ...; from 30 on the last.
STUDENT = (
    *(12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228),
    *(2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086),
    *(2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 1.960),
)


def measured(
    measures: Mapping[str, Over], table: Table, sizes: Sequence[int]
) -> tuple[dict[str, Any], dict[str, tuple[float, float]]]:
    """Each measure over all lanes, and the ends of its 95 % interval where there is one.

    `sizes` says how many lanes each network has, in their order. An interval is by the jackknife
    over batches of lanes (Efron and Tibshirani 1993, An Introduction to the Bootstrap, chapter 11)
    and, with several networks, by the spread between them; the wider of the two.
    """
    whole = _values(measures, table)
    cuts = np.cumsum([0, *sizes]).tolist()
    spans = list(itertools.pairwise(cuts))
    batches = [batch for span in spans for batch in _cut(*span, BATCHES)]
    if len(batches) < 2:
        return whole, {}
    without = [_values(measures, Rows(table, _all_but(*batch))) for batch in batches]
    each = [_values(measures, Rows(table, _only(*span))) for span in spans]
    intervals: dict[str, tuple[float, float]] = {}
    for name, value in whole.items():
        reaches = _jackknife([o[name] for o in without]), _spread([o[name] for o in each])
        known = [reach for reach in reaches if reach is not None]
        if value is not None and known:
            intervals[name] = (value - max(known), value + max(known))
    return whole, intervals


def _values(measures: Mapping[str, Over], table: Table) -> dict[str, Any]:
    return {name: _plain(measure(table)) for name, measure in measures.items()}


def _plain(value: Any) -> Any:
    """A number as Python has it; what is no number is None."""
    if value is None or value != value:
        return None
    return value.item() if isinstance(value, np.generic) else value


def _cut(first: int, last: int, pieces: int) -> list[tuple[int, int]]:
    cuts = [first + (last - first) * n // pieces for n in range(pieces + 1)]
    return [(a, b) for a, b in itertools.pairwise(cuts) if b > a]


def _jackknife(values: Sequence[float | None]) -> float | None:
    """Half the interval, from the value without each batch."""
    known = [v for v in values if v is not None]
    n = len(known)
    if n < 2 or n < len(values):
        return None
    mean = sum(known) / n
    variance = (n - 1) / n * sum((v - mean) ** 2 for v in known)
    return STUDENT[min(n - 1, len(STUDENT)) - 1] * variance**0.5


def _spread(values: Sequence[float | None]) -> float | None:
    """Half the interval, from the value on each network."""
    known = [v for v in values if v is not None]
    n = len(known)
    if n < 2:
        return None
    mean = sum(known) / n
    error = (sum((v - mean) ** 2 for v in known) / (n - 1) / n) ** 0.5
    return STUDENT[min(n - 1, len(STUDENT)) - 1] * error


class Rows(Mapping[str, Column]):
    """Some rows of a table; a column is cut when it is asked for."""

    def __init__(self, table: Table, cut: Callable[[Column], Column]) -> None:
        """Take a table, and what is left of each of its columns."""
        self._table, self._cut = table, cut
        self._columns: dict[str, Column] = {}

    def __getitem__(self, name: str) -> Column:
        """A column's rows."""
        if name not in self._columns:
            self._columns[name] = self._cut(self._table[name])
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        """The columns' names."""
        return iter(self._table)

    def __len__(self) -> int:
        """How many columns there are."""
        return len(self._table)


def _only(first: int, last: int) -> Callable[[Column], Column]:
    return lambda column: column[first:last]


def _all_but(first: int, last: int) -> Callable[[Column], Column]:
    return lambda column: np.concatenate([column[:first], column[last:]])
