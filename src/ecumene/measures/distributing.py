"""How a column is spread over the agents: variance, bimodality, camps, and how far they are apart.

Each looks at everybody, every so many steps. Values are first put into at most 4096 equally wide
bins between the least and the largest, so that all sums are of whole numbers and exact; the result
depends on the values alone and not on who holds them. `unit` is what counts as 1: a model that
keeps opinions in millionths gives 1_000_000.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import Column, Integers
from ..backends import Tally
from ..engine import View
from ..errors import ModelError

BINS = 4096
Number = float | None


@dataclass(frozen=True)
class Spread:
    """A number, or several by name, made of all agents' values of one column."""

    columns: tuple[str, ...]
    summed_up: Callable[[Column], Any]
    every: int = 1
    tallies: tuple[Tally, ...] = ()
    environment: tuple[str, ...] = ()
    of: str = ""

    def value(self, view: View) -> Any:
        """What it is now; None where nobody is."""
        return self.summed_up(view.column(self.columns[0], self.of))

    def grouped(self, group: str) -> None:
        """Nothing by group."""


def variance(column: str, *, unit: float = 1.0, every: int = 1) -> Spread:
    """The variance of `column`, in squared units."""
    return Spread((column,), lambda values: variance_of(values, unit), checked_every(every))


def bimodality(column: str, *, every: int = 1) -> Spread:
    """The bimodality coefficient of `column`: 5/9 for an even spread, 1 for two equal points.

    (skewness² + 1) / kurtosis; None while all are alike (Pfister et al. 2013, Frontiers in
    Psychology 4:700).
    """
    return Spread((column,), bimodality_of, checked_every(every))


def polarization(
    column: str, low: float, high: float, *, alpha: float = 1.0, groups: int = 10, every: int = 1
) -> Spread:
    """Esteban and Ray's polarisation of `column` over equally wide groups from `low` to `high`.

    `K sum_i sum_j p_i^(1 + alpha) p_j abs(y_i - y_j)`, with y the middles of the groups and K such
    that half of the agents in either outermost group make 1.
    Source: Esteban, Ray (1994), Econometrica 62:819.
    `alpha` is 0.5, 1 or 1.5. Values beyond `low` and `high` count to the outermost groups.
    """
    if alpha not in (0.5, 1.0, 1.5):
        raise ModelError(f"alpha={alpha}: type 0.5, 1 or 1.5; more than 1.6 has no meaning.")
    if not low < high or groups < 2:
        raise ModelError(f"{groups} groups from {low} to {high}: type two or more, the low first.")

    def of(values: Column) -> Number:
        return polarization_of(values, low, high, alpha, groups)

    return Spread((column,), of, checked_every(every))


def clusters(column: str, gap: float, *, least: float = 0.05, every: int = 1) -> Spread:
    """Into how many camps `column` falls, cut wherever neighbouring values lie over `gap` apart.

    By name: `number`, those of at least a share `least` of all; `largest`, the largest one's share;
    `effective`, 1 / sum of squared shares over all of them (Laakso, Taagepera 1979).
    """
    if not gap > 0 or not 0 <= least <= 1:
        raise ModelError(f"gap={gap}, least={least}: a gap above 0 and a share from 0 to 1.")
    return Spread((column,), lambda values: clusters_of(values, gap, least), checked_every(every))


def variance_of(values: Column, unit: float = 1.0) -> Number:
    """The variance of some numbers, in squared units."""
    if values.size == 0:
        return None
    kinds, width = binned(values)
    n, first, second, _, _ = moments(kinds)
    return (n * second - first * first) / (n * n) * (width / unit) * (width / unit)


def bimodality_of(values: Column) -> Number:
    """(skewness² + 1) / kurtosis of some numbers; None while all are alike."""
    n, a, b, c, d = moments(binned(values)[0]) if values.size else (0, 0, 0, 0, 0)
    # Central moments times n**2, n**3 and n**4, all whole.
    second = n * b - a * a
    third = n * n * c - 3 * n * a * b + 2 * a * a * a
    fourth = n * n * n * d - 4 * n * n * a * c + 6 * n * a * a * b - 3 * a * a * a * a
    return (third * third + second**3) / (second * fourth) if second else None


def polarization_of(
    values: Column, low: float, high: float, alpha: float = 1.0, groups: int = 10
) -> Number:
    """Esteban and Ray's polarisation of some numbers."""
    if values.size == 0:
        return None
    width = (high - low) / groups
    places = np.clip(np.floor((values - low) / width), 0, groups - 1).astype(np.int64)
    shares = [n / values.size for n in np.bincount(places, minlength=groups).tolist()]
    total = 0.0
    for i, mine in enumerate(shares):
        weight = _raised(mine, 1.0 + alpha)
        for j, other in enumerate(shares):
            total += weight * other * abs(i - j)
    return total * _raised(2.0, 1.0 + alpha) / (groups - 1)


def clusters_of(values: Column, gap: float, least: float = 0.05) -> Mapping[str, Any]:
    """Number of clusters of a share `least` or more, the largest one's share, effective number."""
    if values.size == 0:
        return {"number": None, "largest": None, "effective": None}
    ordered = np.sort(values)
    cuts = np.flatnonzero(np.diff(ordered) > gap) + 1
    sizes = np.diff(np.concatenate([[0], cuts, [ordered.size]])).tolist()
    n = ordered.size
    return {
        "number": sum(size >= least * n for size in sizes),
        "largest": max(sizes) / n,
        "effective": n * n / sum(size * size for size in sizes),
    }


def binned(values: Column, bins: int = BINS) -> tuple[Integers, float]:
    """Which of at most `bins` equal bins each value lies in, and how wide a bin is."""
    low, high = values.min(), values.max()
    if low == high:
        return np.zeros(values.size, np.int64), 0.0
    if values.dtype.kind == "f":
        width = float(high - low) / (bins - 1)
        return np.rint((values - low) / width).astype(np.int64), width
    span = int(high) - int(low)
    if span < bins:
        return values.astype(np.int64) - int(low), 1.0
    away = values.astype(np.int64) - int(low)
    step = -(-span // (bins - 1))
    return away // step, float(step)


def moments(kinds: Integers) -> tuple[int, int, int, int, int]:
    """How many there are, and the sums of their first four powers, exactly."""
    counts = np.bincount(kinds).tolist()
    sums = [sum(n * k**power for k, n in enumerate(counts)) for power in range(5)]
    return sums[0], sums[1], sums[2], sums[3], sums[4]


def checked_every(every: int) -> int:
    """`every`, or `ModelError` where it is no number of steps."""
    if every < 1:
        raise ModelError(f"every={every}: type a whole number of steps from 1.")
    return every


def _raised(x: float, power: float) -> float:
    """x to 1.5, 2 or 2.5, by what all processors round alike."""
    root = float(np.sqrt(x))
    return {1.5: x * root, 2.0: x * x, 2.5: x * x * root}[power]
