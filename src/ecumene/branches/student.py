"""Student's t: how wide an interval has to be when a mean is of few numbers.

For a whole number of degrees of freedom the distribution is a finite sum (Abramowitz and Stegun
1972, Handbook of Mathematical Functions, 26.7.3 and 26.7.4), which is solved by halving.
"""

from __future__ import annotations

from functools import cache
from math import atan, cos, inf, pi, sin, sqrt
from statistics import NormalDist

LARGE = 10_000  # Degrees of freedom beyond which t is normal to four digits.


def within(t: float, freedom: int) -> float:
    """The chance that |T| is at most `t`."""
    angle = atan(t / sqrt(freedom))
    c = cos(angle)
    odd = freedom % 2 == 1
    term, total = (c, 0.0) if odd else (1.0, 0.0)
    for k in range(1 if odd else 0, freedom - 1, 2):
        total += term
        term *= c * c * (k + 1) / (k + 2)
    if odd:
        return (angle + sin(angle) * total) * 2 / pi
    return sin(angle) * total


@cache
def t_quantile(confidence: float, freedom: int) -> float:
    """The t within which |T| lies with chance `confidence`; infinite without freedom."""
    if freedom < 1:
        return inf
    if freedom > LARGE:
        return NormalDist().inv_cdf((1 + confidence) / 2)
    low, high = 0.0, 1.0
    while within(high, freedom) < confidence:
        high *= 2
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if within(middle, freedom) < confidence else (low, middle)
    return (low + high) / 2
