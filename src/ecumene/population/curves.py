"""Curves solved with + - * / and square roots only, which every processor rounds alike.

What needs an exponential takes it from 30-digit arithmetic.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Context, Decimal
from fractions import Fraction
from itertools import pairwise

_DIGITS = Context(prec=30)
SCHOOL_YEARS = 21  # 0 to 20
SCHOOL_SPREAD = Fraction(7, 2)  # standard deviation of the normal before truncation


def exponential(x: Fraction | float) -> float:
    """e**x, the float nearest to a 30-digit value."""
    exact = Fraction(x)
    ratio = _DIGITS.divide(Decimal(exact.numerator), Decimal(exact.denominator))
    return float(_DIGITS.exp(ratio))


def monotone(xs: Sequence[int], ys: Sequence[Fraction], at: Sequence[int]) -> list[Fraction]:
    """The PCHIP curve through (xs, ys) at the rising points `at`, exactly.

    Fritsch and Butland (1984): never rises above or falls below the points it passes between.
    """
    steps = [Fraction(b - a) for a, b in pairwise(xs)]
    slopes = [(b - a) / h for a, b, h in zip(ys, ys[1:], steps, strict=False)]
    bends = _bends(steps, slopes)
    values: list[Fraction] = []
    i = 0
    for x in at:
        while i < len(steps) - 1 and x > xs[i + 1]:
            i += 1
        t, h = Fraction(x - xs[i]) / steps[i], steps[i]
        rise = t * t * (3 - 2 * t)
        tangents = t * (1 - t) * ((1 - t) * bends[i] - t * bends[i + 1])
        values.append(ys[i] + rise * (ys[i + 1] - ys[i]) + h * tangents)
    return values


def school_shares(mean: Fraction) -> list[float]:
    """Shares of 0, 1, ... 20 years: a normal of SD 3.5 cut to that range, with `mean` as it is cut.

    The centre of the normal is solved for, as cutting moves the mean.
    """
    bell = [
        exponential(-(k * k) / (2 * SCHOOL_SPREAD * SCHOOL_SPREAD)) for k in range(SCHOOL_YEARS)
    ]

    def shares(tilt: float) -> list[float]:
        weights, power = [], 1.0
        for weight in bell:
            weights.append(weight * power)
            power *= tilt
        total = math.fsum(weights)
        return [weight / total for weight in weights]

    low, high = 2.0**-40, 2.0**40  # exp(centre / variance); sqrt halves the exponent
    for _ in range(60):
        tilt = math.sqrt(low * high)
        if math.fsum(k * share for k, share in enumerate(shares(tilt))) < mean:
            low = tilt
        else:
            high = tilt
    return shares(math.sqrt(low * high))


def trust_by_age(mean: Fraction, people: Sequence[Fraction], slope: Fraction) -> list[float]:
    """Chances to trust, `slope` logits higher per SD of age, whose mean over `people` is `mean`.

    `people` are counts by year of age; the intercept is solved for.
    """
    total = sum(people)
    shares = [float(count / total) for count in people]
    centre = math.fsum(years * share for years, share in enumerate(shares))
    spread = math.sqrt(math.fsum((y - centre) ** 2 * share for y, share in enumerate(shares)))
    tilts = [exponential(float(slope) * ((y - centre) / spread)) for y in range(len(shares))]

    def chances(centre_chance: float) -> list[float]:
        odds = centre_chance / (1.0 - centre_chance)
        return [odds * tilt / (1.0 + odds * tilt) for tilt in tilts]

    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2.0
        if math.fsum(p * share for p, share in zip(chances(middle), shares, strict=True)) < mean:
            low = middle
        else:
            high = middle
    return chances((low + high) / 2.0)


def _bends(steps: list[Fraction], slopes: list[Fraction]) -> list[Fraction]:
    inner: list[Fraction] = []
    for h0, h1, d0, d1 in zip(steps, steps[1:], slopes, slopes[1:], strict=False):
        w0, w1 = 2 * h1 + h0, h1 + 2 * h0
        inner.append((w0 + w1) / (w0 / d0 + w1 / d1) if d0 * d1 > 0 else Fraction(0))
    first = _end(steps[0], steps[1], slopes[0], slopes[1])
    last = _end(steps[-1], steps[-2], slopes[-1], slopes[-2])
    return [first, *inner, last]


def _end(h0: Fraction, h1: Fraction, d0: Fraction, d1: Fraction) -> Fraction:
    bend = ((2 * h0 + h1) * d0 - h0 * d1) / (h0 + h1)
    if bend * d0 <= 0:
        return Fraction(0)
    return 3 * d0 if d0 * d1 <= 0 and abs(bend) > 3 * abs(d0) else bend
