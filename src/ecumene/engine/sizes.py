"""Whole numbers as people write them: `1e9`, `10_000`, `1,000,000`, `8.2B`, `10M`, `5k`.

Evaluated exactly, in decimal, and only then asked whether the result is a whole number: `8.2B` is
8200000000, `1.5` is refused.
"""

from __future__ import annotations

import re
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, InvalidOperation

from ..errors import ParameterError

MOST_AGENTS = 10**10
SUFFIXES = {"": 0, "k": 3, "m": 6, "mn": 6, "million": 6, "b": 9, "bn": 9, "billion": 9}
NUMBER = re.compile(
    r"(?P<sign>[+-]?)"
    r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+(?:_[0-9]+)*)?"
    r"(?:\.(?P<part>[0-9]+(?:_[0-9]+)*)?)?"
    r"(?:e(?P<exponent>[+-]?[0-9]+))?"
    r"\s*(?P<suffix>[a-z]*)",
    re.IGNORECASE,
)
LONGEST = 400  # characters; no size that anybody means is longer


def parse_size(text: str) -> int:
    """The number of agents that `text` says: a whole number from 1 to 10,000,000,000."""
    return parse_whole(text, "number of agents", 1, MOST_AGENTS)


def parse_whole(text: str, what: str, low: int, high: int) -> int:
    """The whole number from `low` to `high` that `text` says, evaluated exactly."""
    value = _exact(text)
    if value is None or value != value.to_integral_value():
        raise ParameterError(_refusal(text, "is not a whole number", what, low, high, value))
    if value < low:
        problem = "is below zero" if value < 0 <= low else "is too small"
        raise ParameterError(_refusal(text, problem, what, low, high, None))
    if value > high:
        raise ParameterError(_refusal(text, "is too large", what, low, high, None))
    return int(value)


def _exact(text: str) -> Decimal | None:
    """What `text` evaluates to, without rounding; None when it is not a number."""
    found = NUMBER.fullmatch(text.strip()) if len(text) <= LONGEST else None
    if found is None or found["suffix"].lower() not in SUFFIXES:
        return None
    whole, part = found["whole"] or "", found["part"] or ""
    digits = re.sub("[_,]", "", f"{found['sign']}{whole}.{part}")
    if not whole and not part:
        return None
    exact = Context(prec=len(text) + 12, Emax=MAX_EMAX, Emin=MIN_EMIN)
    try:
        shift = int(found["exponent"] or 0) + SUFFIXES[found["suffix"].lower()]
        return Decimal(f"{digits}e{shift}", exact)
    except InvalidOperation:  # an exponent of twenty digits
        return None


def _refusal(text: str, problem: str, what: str, low: int, high: int, value: Decimal | None) -> str:
    """What is wrong with `text`, what may be written, and what was probably meant."""
    shown = text if len(text) <= 40 else text[:37] + "..."
    return (
        f"{what}: `{shown}` {problem}. Write a whole number from {low:,} to {high:,}, "
        f"such as 10_000, 5k, 1e6, 10M or 8.2B.{_guess(text.strip(), value)}"
    )


def _guess(text: str, value: Decimal | None) -> str:
    if text.lower().endswith("e") and _exact(text[:-1]) is not None:
        return f" Did you mean `{text}6`?"
    if value is not None and 0 < value < 1000:
        return f" Did you mean `{text}k` or `{text}M`?" if _exact(text + "k") is not None else ""
    return ""
