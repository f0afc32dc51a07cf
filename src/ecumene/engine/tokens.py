"""The words, quoted texts and signs of a line, and the numbers among them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from ..errors import EcumeneError
from .sizes import parse_whole

TOKEN = re.compile(r"\s*(?:\"([^\"]*)\"|'([^']*)'|([,:=]|[<>]=?)|([^\s,:=<>\"']+)|(\S))")


@dataclass(frozen=True)
class Token:
    """A word, a quoted text or a sign, and the columns at which it begins and ends."""

    text: str
    at: int
    end: int
    is_quoted: bool = False
    is_sign: bool = False


def tokens(line: str) -> list[Token]:
    """The tokens of a line from left to right."""
    found: list[Token] = []
    for match in TOKEN.finditer(line):
        double, single, sign, word, odd = match.groups()
        text = next(t for t in (double, single, sign, word, odd) if t is not None)
        at = match.end() - len(match[0].lstrip())
        found.append(
            Token(text, at, match.end(), double is not None or single is not None, sign is not None)
        )
    return found


def number(text: str) -> int | float | str:
    """`1e6` and `5k` as whole numbers, `0.05` and `15%` as others; else the text itself."""
    digits, percent = (text[:-1], True) if text.endswith("%") else (text, False)
    try:
        exact = Decimal(digits)
    except InvalidOperation:
        return _size(text)
    if not exact.is_finite() or abs(exact.adjusted()) > 400:
        return text
    if percent:
        return float(exact / 100)
    return int(exact) if exact == exact.to_integral_value() and "." not in text else float(exact)


def _size(text: str) -> int | str:
    try:
        return parse_whole(text, "", -(1 << 62), 1 << 62)
    except EcumeneError:
        return text
