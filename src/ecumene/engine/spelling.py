"""How names and values are written in the line of an intervention, so that they can be read again.

`NOW` stands for the step in which a change happens, `NOW + 14` for a fortnight later: a value for
a step column.
"""

from __future__ import annotations

import re
from typing import Any

from ..population import NEVER

NOW = -(3 << 61)  # Below all that a column holds; so is every step told from it.
PLAIN = re.compile(r"[^\s,:=<>\"']+")
WORDS = {
    *("at", "from", "until", "when", "above", "below", "after"),
    *(
        "parameter",
        "column",
        "environment",
        "seed",
        "broadcast",
        "by",
        "largest",
        "number",
        "over",
        "with",
        "remove",
        "all",
        "of",
        "between",
        "others",
    ),
    *("for", "agents", "where", "or", "and", "true", "false", "never", "now"),
}


def is_relative(value: Any) -> bool:
    """Whether a value is told from the step in which it is given."""
    return type(value) is int and value < -(1 << 62)


def quoted(name: str) -> str:
    """A name or a label, in quotes where it would not be read as one word."""
    if PLAIN.fullmatch(name) and name.lower() not in WORDS:
        return name
    return f"'{name}'" if '"' in name else f'"{name}"'


def plain_number(value: float) -> str:
    """A number by its shortest repr."""
    return repr(value)


def spelled_value(value: Any) -> str:
    """A value as it is typed: `0.05`, `true`, `never`, `now + 14`, `NGA`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quoted(value)
    if value == NEVER:
        return "never"
    if value == NOW:
        return "now"
    if is_relative(value):
        return f"now + {value - NOW}"
    return plain_number(value)


def spelled_settings(values: Any, kind: str = "") -> str:
    """Names with their values, in order of name."""
    before = f"{kind} " if kind else ""
    said = [f"{before}{quoted(n)} = {spelled_value(v)}" for n, v in sorted(values.items())]
    return ", ".join(said)
