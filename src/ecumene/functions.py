"""Functions that a rule may call where `math` is refused: the same bits on every processor.

They use + - * / and comparisons only, which every processor rounds alike.
"""

from __future__ import annotations

from .random import uniform

LN_2_HIGH = 0.693147180369123816490  # 32 bits: its product with a small whole number is exact
LN_2_LOW = 1.90821492927058770002e-10
PER_LN_2 = 1.4426950408889634
MOST = 709.0  # beyond, e**x is no float
FAR = 4294967296.0  # 2**32
PER_FAR = 1.0 / FAR
ROOT = 1.4142135623730951
ROOT_HALF = 0.7071067811865476
TAIL = 0.02425  # The share at either end for which the quantile has a formula of its own.
SMALLEST = 1.1102230246251565e-16  # 2**-53, half a step of `uniform`: its 0 stands for 0 to that.


def exp(x: float) -> float:
    """e**x, to 1e-15 of the value; 0 below -709, and e**709 above 709."""
    if x < -MOST:
        return 0.0
    x = min(x, MOST)
    twos = int(x * PER_LN_2 + (0.5 if x >= 0.0 else -0.5))
    rest = (x - twos * LN_2_HIGH) - twos * LN_2_LOW
    series = 1.0
    for k in range(15, 0, -1):
        series = 1.0 + rest * series / k
    factor = 2.0 if twos >= 0 else 0.5
    left = abs(twos)
    while left > 0:
        if left % 2 == 1:
            series = series * factor
        factor = factor * factor
        left = left // 2
    return series


def log(x: float) -> float:
    """The natural logarithm of a number above 0, to 1e-15."""
    twos = 0
    while x >= FAR:
        x = x * PER_FAR
        twos += 32
    while x < PER_FAR:
        x = x * FAR
        twos -= 32
    while x >= ROOT:
        x = x * 0.5
        twos += 1
    while x < ROOT_HALF:
        x = x * 2.0
        twos -= 1
    z = (x - 1.0) / (x + 1.0)
    square = z * z
    series = 0.0
    for k in range(23, 0, -2):
        series = series * square + 1.0 / k
    return twos * LN_2_HIGH + (twos * LN_2_LOW + 2.0 * z * series)


def sqrt(x: float) -> float:
    """The square root of a number from 0, to the last bit or the one before."""
    if x <= 0.0:
        return 0.0
    root = exp(0.5 * log(x))
    return 0.5 * (root + x / root)


def normal(key: int, k: int = 0) -> float:
    """The `k`-th number drawn under `key` from the standard normal law, to 2e-9."""
    return quantile(max(uniform(key, k), SMALLEST))


def quantile(share: float) -> float:
    """Below which number a share of the standard normal law lies, for 0 < share < 1.

    Acklam (2003), An algorithm for computing the inverse normal cumulative distribution function.
    """
    if share < TAIL:
        return _tail(sqrt(-2.0 * log(share)))
    if share > 1.0 - TAIL:
        return -_tail(sqrt(-2.0 * log(1.0 - share)))
    q = share - 0.5
    r = q * q
    over = -39.69683028665376 * r + 220.9460984245205
    over = ((over * r - 275.9285104469687) * r + 138.3577518672690) * r - 30.66479806614716
    under = -54.47609879822406 * r + 161.5858368580409
    under = ((under * r - 155.6989798598866) * r + 66.80131188771972) * r - 13.28068155288572
    return (over * r + 2.506628277459239) * q / (under * r + 1.0)


def _tail(q: float) -> float:
    over = -0.007784894002430293 * q - 0.3223964580411365
    over = ((over * q - 2.400758277161838) * q - 2.549732539343734) * q + 4.374664141464968
    under = 0.007784695709041462 * q + 0.3224671290700398
    under = (under * q + 2.445134137142996) * q + 3.754408661907416
    return (over * q + 2.938163982698783) / (under * q + 1.0)
