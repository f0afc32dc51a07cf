"""Two columns of numbers, one pair for each seed: their difference and how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, sqrt
from statistics import fmean, variance

from .student import t_quantile

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Difference:
    """B minus A of one measure over `n` seeds, with the half-widths of its 95 % intervals.

    `half_width` is that of the paired interval, from the differences under each seed (None when the
    runs are not paired, or of one seed); `unpaired` that of two samples that know nothing of each
    other (Welch 1947, Biometrika 34); `narrower` is how many times the first goes into the second.
    """

    measure: str
    n: int
    a: float
    b: float
    difference: float
    half_width: float | None
    unpaired: float | None

    @property
    def narrower(self) -> float | None:
        """How many times narrower the paired interval is; None where that says nothing."""
        if not self.half_width or self.unpaired is None:
            return None
        return self.unpaired / self.half_width


def difference(measure: str, a: Sequence[float], b: Sequence[float], paired: bool) -> Difference:
    """The difference of `b` and `a`, which belong together entry by entry if `paired`."""
    n = len(a)
    apart = [y - x for x, y in zip(a, b, strict=True)]
    half = _half_width(variance(apart), n, n - 1) if paired and n > 1 else None
    return Difference(measure, n, fmean(a), fmean(b), fmean(apart), half, _welch(a, b))


def _welch(a: Sequence[float], b: Sequence[float]) -> float | None:
    n = len(a)
    if n < 2:
        return None
    va, vb = variance(a), variance(b)
    if va + vb == 0:
        return 0.0
    freedom = (n - 1) * (va + vb) ** 2 / (va**2 + vb**2)
    return _half_width(va + vb, n, int(freedom))


def _half_width(squares: float, n: int, freedom: int) -> float | None:
    width = t_quantile(CONFIDENCE, freedom) * sqrt(squares / n)
    return width if isfinite(width) else None
