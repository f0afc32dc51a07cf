"""Exponentials to 50 digits, which every processor works out alike."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from ..errors import ModelError

DIGITS = Context(prec=50, Emax=MAX_EMAX, Emin=MIN_EMIN)
SCALE = 50  # Weights are multiples of 10**-50: what is rarer than that has no chance.


def exact(number: Any) -> Fraction:
    """Exactly what `number` is; raises `ModelError` for what is no finite number."""
    try:
        return Fraction(number)
    except (TypeError, ValueError, OverflowError) as error:
        raise ModelError(f"{number!r} is no finite number.") from error


def softmax(utilities: Sequence[Fraction], precision: Fraction) -> list[Fraction]:
    """Weights proportional to exp(precision * utility), the largest of them one."""
    best = max(utilities)
    return [Fraction(_power(precision * (u - best)), 10**SCALE) for u in utilities]


@lru_cache(maxsize=1 << 16)
def _power(exponent: Fraction) -> int:
    """exp(exponent) times 10**50, for an exponent of at most 0."""
    ratio = DIGITS.divide(Decimal(exponent.numerator), Decimal(exponent.denominator))
    return round(DIGITS.scaleb(DIGITS.exp(ratio), SCALE))
