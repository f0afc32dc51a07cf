"""Powers of whole numbers by + - * / only, which every processor rounds alike.

NumPy's own power, logarithm and exponential differ between processors in the last bits.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..arrays import Integers

Reals = npt.NDArray[np.float64]
LOG_2 = 0.6931471805599453
ROOT_HALF = 0.7071067811865476
PIECE = 1 << 16  # numbers at a time: what is worked out about them stays in the cache


def powers(bases: Integers, exponent: float) -> Reals:
    """`bases ** exponent` for bases of 1 or more; relative error below 1e-14."""
    pieces = np.split(bases, range(PIECE, len(bases), PIECE))
    return np.concatenate([exponential(exponent * logarithm(piece)) for piece in pieces])


def logarithm(x: Integers) -> Reals:
    """ln x = e ln 2 + 2 atanh((m - 1) / (m + 1)) with x = m 2**e and m near 1."""
    mantissa, twos = np.frexp(x.astype(np.float64))
    low = mantissa < ROOT_HALF
    mantissa, twos = np.where(low, 2.0 * mantissa, mantissa), twos - low
    z = (mantissa - 1.0) / (mantissa + 1.0)
    square: Any = z * z
    series = np.zeros_like(z)
    for k in range(23, 0, -2):  # |z| <= 0.172: what is left out is below 1e-19
        series = series * square + 1.0 / k
    return twos * LOG_2 + 2.0 * z * series


def exponential(y: Reals) -> Reals:
    """e**y = 2**k e**r with r between -0.35 and 0.35."""
    twos = np.rint(y / LOG_2)
    rest = y - twos * LOG_2
    series = np.ones_like(rest)
    for k in range(15, 0, -1):
        series = 1.0 + rest * series / k
    return np.ldexp(series, twos.astype(np.int64))
