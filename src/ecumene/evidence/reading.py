"""Reading the tables that ship with the package; a word outside a closed list is an error."""

from __future__ import annotations

import csv
from importlib.resources import files

from ..errors import InputError, unknown


def rows(table: str) -> list[dict[str, str]]:
    """The rows of `table`.csv as they stand in the file."""
    text = files("ecumene.evidence").joinpath(f"{table}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def closed(kind: str, word: str, allowed: tuple[str, ...], where: str) -> str:
    """`word`, which must be one of `allowed`; `where` names the row for the error."""
    if word not in allowed:
        raise InputError(f"{where}: {unknown(kind, word, allowed)}")
    return word


def number(text: str) -> float | None:
    """The number in a cell, None when the cell is empty."""
    return float(text) if text else None
