"""A user's column as numbers: whole numbers, floats, truth values, or codes of texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from keyword import iskeyword
from typing import Any

import numpy as np

from ..arrays import Column
from ..errors import InputError

MOST_LABELS = 10_000  # more different texts than this are names, not groups
MISSING = "(missing)"
MISSING_WORDS = {"", "na", "n/a", "nan", "null", "none", "missing", "-", ".", "?"}


@dataclass(frozen=True)
class Coded:
    """A column ready for a table, or left out (`kind` empty) with the reason."""

    kind: str
    values: Column
    labels: tuple[str, ...] | None = None
    note: str = ""


def coded(name: str, values: Column) -> Coded:
    """`values` as a table of whole numbers or floats; a gap among numbers is an error."""
    plain, gaps = _without_mask(values)
    kind = plain.dtype.kind
    if kind in "OUST":
        return _from_objects(name, plain.tolist(), gaps)
    if kind not in "biuf":
        note = f"column `{name}` is left out: dates, times and nested values are not read."
        return Coded("", plain, note=note)
    if kind == "f":
        gaps = gaps | np.isnan(plain)
    _refuse_gaps(name, gaps)
    return _from_numbers(name, plain)


def column_name(name: str, taken: Iterable[str]) -> str:
    """`name` as rules can write it: letters, digits and underscores."""
    plain = re.sub(r"\W+", "_", name.strip()).strip("_") or "column"
    if plain[0].isdigit():
        plain = f"column_{plain}"
    if iskeyword(plain):
        plain = f"{plain}_"
    if plain in taken:
        raise InputError(f"two columns are called `{plain}` once `{name}` is; rename one of them.")
    return plain


def _without_mask(values: Column) -> tuple[Column, Column]:
    gaps = (
        np.ma.getmaskarray(values) if np.ma.isMaskedArray(values) else np.zeros(len(values), bool)
    )
    return np.ma.getdata(values), gaps


def _from_numbers(name: str, values: Column) -> Coded:
    if values.dtype.kind == "f":
        if not np.isfinite(values).all():
            row = int(np.argmin(np.isfinite(values)))
            raise InputError(
                f"column `{name}` is infinite in person {row + 1}; correct that value."
            )
        return Coded("float", values.astype(np.float64))
    if values.dtype.kind == "u" and values.max() > np.iinfo(np.int64).max:
        raise InputError(
            f"column `{name}` holds numbers above 2**63; store smaller ones, or texts."
        )
    return Coded("bool" if values.dtype.kind == "b" else "int", values.astype(np.int64))


def _from_objects(name: str, values: Sequence[Any], gaps: Column) -> Coded:
    gaps = gaps | np.array([_is_gap(value) for value in values])
    present = [value for value, gap in zip(values, gaps, strict=True) if not gap]
    if not present:
        raise InputError(f"column `{name}` holds no value at all; leave it out.")
    if all(isinstance(value, str) for value in present):
        return _from_texts(name, values, gaps)
    if not all(isinstance(value, int | float | np.number | np.bool_) for value in present):
        if any(isinstance(value, str) for value in present):
            raise InputError(f"column `{name}` mixes texts and numbers; make it one or the other.")
        return Coded("", np.array([]), note=f"column `{name}` is left out: nested or dated values.")
    _refuse_gaps(name, gaps)
    return _from_numbers(name, np.array(present))


def _from_texts(name: str, values: Sequence[Any], gaps: Column) -> Coded:
    texts = [MISSING if gap else str(v).strip() for v, gap in zip(values, gaps, strict=True)]
    labels = sorted(set(texts))
    words = [text for text in labels if text != MISSING and not _is_number(text)]
    if len(words) < len(labels) and {word.casefold() for word in words} <= MISSING_WORDS:
        _refuse_gaps(name, np.array([text in words or text == MISSING for text in texts]))
    if len(labels) > MOST_LABELS:
        told = f"{len(labels):,} different texts, more than {MOST_LABELS:,}"
        return Coded("", np.array([]), note=f"column `{name}` is left out: {told}, are no groups.")
    number = {label: code for code, label in enumerate(labels)}
    note = f"column `{name}` has no value for {int(gaps.sum()):,} persons: a group of its own, "
    return Coded(
        kind="int",
        values=np.array([number[text] for text in texts], dtype=np.int64),
        labels=tuple(labels),
        note=f"{note}`{MISSING}`." if gaps.any() else "",
    )


def _refuse_gaps(name: str, gaps: Column) -> None:
    if gaps.any():
        raise InputError(
            f"column `{name}` has no value for {int(gaps.sum()):,} of {len(gaps):,} persons "
            f"(first: person {int(np.argmax(gaps)) + 1}); fill it, or leave out those persons or "
            "the column."
        )


def _is_gap(value: Any) -> bool:
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, float) and value != value


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text.casefold() not in MISSING_WORDS
