"""What asking will take, said before anything is spent: calls, tokens and, at a price, money."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from ...errors import ParameterError
from .answers import Answers
from .requests import Request

CHARACTERS = 3.5  # To a token, in English prose: 4 on average, fewer to be on the safe side.
OVERHEAD = 8  # Tokens of a message besides its words.


@dataclass(frozen=True)
class Price:
    """US dollars for a million tokens, read and written."""

    read: float = 0.0
    written: float = 0.0

    def of(self, read: float, written: float) -> float:
        """The price of so many tokens."""
        return (read * self.read + written * self.written) / 1e6


def parse_price(text: str) -> Price:
    """`0.15/0.60` as dollars for a million tokens read and written."""
    found = re.fullmatch(r"\$?(\d+(?:\.\d+)?)/\$?(\d+(?:\.\d+)?)", text.strip())
    if not found:
        raise ParameterError(
            f"`--price {text}`; type dollars for a million tokens read and written: `0.15/0.60`."
        )
    return Price(float(found[1]), float(found[2]))


def parse_budget(text: str) -> float:
    """`5USD`, `$5` or `5` as dollars."""
    found = re.fullmatch(r"\$?(\d+(?:\.\d+)?)\s*(?:USD)?", text.strip(), re.IGNORECASE)
    if not found:
        raise ParameterError(f"`--budget {text}`; type dollars: `5USD`.")
    return float(found[1])


def tokens_of(request: Request) -> tuple[int, int]:
    """About how many tokens a call reads, and how many it may write."""
    words = sum(len(message["content"]) for message in request.body["messages"])
    form = len(json.dumps(request.body.get("response_format", "")))
    read = ceil((words + form) / CHARACTERS) + OVERHEAD * len(request.body["messages"])
    return read, int(request.body["max_tokens"])


def quote(requests: Iterable[Request], price: Price | None, answers: Answers) -> Mapping[str, Any]:
    """Calls still to be made, their tokens (written: at most) and their price at most."""
    calls = kept = read = written = 0
    for request in requests:
        if request.key in answers:
            kept += 1
            continue
        tokens = tokens_of(request)
        calls, read, written = calls + 1, read + tokens[0], written + tokens[1]
    dollars = None if price is None else round(price.of(read, written), 6)
    return {
        "calls": calls,
        "already_answered": kept,
        "tokens_read": read,
        "tokens_written_at_most": written,
        "dollars_at_most": dollars,
    }
