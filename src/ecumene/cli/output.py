"""Where text goes: results to standard output, everything said about them to standard error."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import click


def print_json(value: dict[str, Any]) -> None:
    """Print one JSON object on one line: floats as their shortest repr, no NaN."""
    click.echo(json.dumps(value, allow_nan=False))


def say(text: str) -> None:
    """Print `text` on standard error."""
    click.echo(text, err=True)


def number(value: Any) -> str:
    """A number for people: `5,493,221`, `0.5524`."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.6g}"


def columns(rows: Sequence[Sequence[str]], indent: str = "  ") -> str:
    """Rows of text as lines of aligned columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(indent + "  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
