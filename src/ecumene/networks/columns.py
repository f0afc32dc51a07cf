"""Ties from two columns of a table that is in memory already or comes from Parquet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..arrays import Column, Integers
from ..errors import InputError
from .layout import HEADERS
from .numbering import LARGEST, Pairs, encode, number_codes, number_integers

EXACT = 2**53  # from here on a float skips whole numbers


def tie_columns(names: Sequence[str], source: str) -> tuple[str, str]:
    """The two columns that hold the ids: known names, or else the first two."""
    lower = [name.lower() for name in names]
    for one, two in HEADERS:
        if one in lower and two in lower:
            return names[lower.index(one)], names[lower.index(two)]
    if len(names) < 2:
        raise InputError(
            f"{source} has {len(names)} column ({', '.join(names)}) where two of ids are needed. "
            "Name them `source` and `target`."
        )
    return names[0], names[1]


def columns_notice(names: Sequence[str], used: tuple[str, str]) -> list[str]:
    """What there is to say about further columns."""
    further = [name for name in names if name not in used]
    said = f"ids are in `{used[0]}` and `{used[1]}`; not used: {', '.join(further)}"
    return [said] if further else []


def number_columns(first: Column, second: Column, source: str) -> Pairs:
    """Ties between the ids of two equally long columns, numbers or text."""
    if len(first) != len(second):
        raise InputError(
            f"{source}: columns of {len(first):,} and {len(second):,} ids. Give one id of each "
            "column per tie."
        )
    if len(first) == 0:
        raise InputError(f"{source} holds no ties. Give one row per tie: two ids.")
    numbers = [_as_integers(np.asarray(column), source) for column in (first, second)]
    if numbers[0] is not None and numbers[1] is not None:
        return number_integers(numbers[0], numbers[1])
    codes: dict[str, int] = {}
    places = [encode(codes, _words(column, source)) for column in (first, second)]
    return number_codes(tuple(codes), places[0], places[1])


def _as_integers(column: Column, source: str) -> Integers | None:
    """The ids as numbers, unless they are text, negative or too large for 63 bits."""
    if column.dtype.kind == "f":
        _refuse_missing(~np.isfinite(column), source)
        if np.any(column != np.floor(column)) or np.any(np.abs(column) >= EXACT):
            row = int(np.argmax((column != np.floor(column)) | (np.abs(column) >= EXACT)))
            raise InputError(
                f"{source}, row {row + 1}: `{column[row]}` is no id. Give ids as whole numbers "
                "or text."
            )
    elif column.dtype.kind not in "iu":
        return None
    plain = len(column) == 0 or (column.min() >= 0 and int(column.max()) <= LARGEST)
    return column.astype(np.int64) if plain else None


def _words(column: Column, source: str) -> list[str]:
    """The ids as text; a missing one is an error."""
    whole = column.astype(np.int64) if column.dtype.kind == "f" else column
    values: list[Any] = whole.tolist()
    words = ["" if _is_missing(value) else str(value) for value in values]
    if "" in words:
        _refuse_missing(np.array([not word for word in words]), source)
    return words


def _is_missing(value: object) -> bool:
    return value is None or value != value or str(value) == "<NA>"  # NaN and NaT differ from all


def _refuse_missing(missing: Column, source: str) -> None:
    if missing.any():
        row = int(np.argmax(missing)) + 1
        raise InputError(f"{source}, row {row:,}: an id is missing. Fill it in or drop the row.")
