"""Tables from chances: exact ones from fractions, and anybody's from floats.

A row of fractions becomes thresholds on the grid of 2**-63, each rounded to the nearest, so no
chance is off by more than 2**-63. A row of floats is put on the grid of 2**-52 first, and what
rounding leaves goes to its largest chance; both are whole-number arithmetic from there on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import accumulate
from math import prod
from typing import Any

import numpy as np

from ..arrays import Column, Integers
from ..errors import ModelError
from .binned import Binned
from .policy import Policy, check_shape

ONE = 1 << 63
FLOAT_BITS = 52
UNKNOWN = float("nan")


def table_policy(
    columns: Sequence[Binned],
    actions: Mapping[str, str],
    chances: Any,
    *,
    source: str,
    uncertainty: Any = UNKNOWN,
    tolerance: float = 0.0,
    about: Mapping[str, Any] | None = None,
) -> Policy:
    """A policy from a table of chances, as a paper prints it or as a program made it.

    `chances` has the shape (situations, actions), situations in the order of the columns, the last
    fastest; or the columns' sizes and the actions. Rows add up to one; a printed table is rounded,
    so say by how much a row may miss it (`tolerance`) and rows are scaled. `uncertainty` is the
    largest standard error of a row, one number for all or one for each. Raises `ModelError`.
    """
    check_shape(columns, actions)
    cells = prod(c.size for c in columns)
    table = np.asarray(chances, dtype=float)
    if table.size == cells * len(actions):
        table = table.reshape(cells, len(actions))
    _check_rows(columns, actions, table, cells, tolerance)
    return Policy(
        tuple(columns),
        dict(actions),
        thresholds_of_floats(table / _sums(table)[:, None]),
        (source,),
        np.zeros(cells, np.int16),
        np.broadcast_to(np.asarray(uncertainty, float).ravel(), (cells,)),
        dict(about or {}),
    )


def exact_policy(
    columns: Sequence[Binned],
    actions: Mapping[str, str],
    rows: Iterable[Sequence[Fraction]],
    source: str,
    about: Mapping[str, Any],
) -> Policy:
    """A policy from exact chances, row by row."""
    check_shape(columns, actions)
    thresholds = np.array([thresholds_of(row) for row in rows], np.uint64)
    cells = len(thresholds)
    nothing = np.zeros(cells)
    return Policy(
        tuple(columns),
        dict(actions),
        thresholds,
        (source,),
        np.zeros(cells, np.int16),
        nothing,
        dict(about),
    )


def thresholds_of(row: Sequence[Fraction]) -> list[int]:
    """The thresholds of exact chances or weights, which are divided by their sum."""
    total = sum(row)
    return [round(Fraction(below) * ONE / total) for below in list(accumulate(row))[:-1]]


def thresholds_of_floats(chances: Column) -> Column:
    """The thresholds of rows of floats that add up to one but for rounding."""
    whole: Integers = np.rint(chances * 2.0**FLOAT_BITS).astype(np.int64)
    left = (1 << FLOAT_BITS) - whole.sum(axis=1)
    whole[np.arange(len(whole)), whole.argmax(axis=1)] += left
    return np.cumsum(whole, axis=1)[:, :-1].astype(np.uint64) << np.uint64(63 - FLOAT_BITS)


def _sums(table: Column) -> Column:
    """Row sums, from left to right on every processor."""
    return np.cumsum(table, axis=1)[:, -1]


def _check_rows(
    columns: Sequence[Binned],
    actions: Mapping[str, str],
    table: Column,
    cells: int,
    tolerance: float,
) -> None:
    """Every situation has a chance for each action, none below 0, adding up to one."""
    if table.shape != (cells, len(actions)):
        sizes = " x ".join(f"{c.size} ({c.name})" for c in columns)
        raise ModelError(
            f"a table of shape {table.shape}; the columns {sizes} and {len(actions)} actions make "
            f"{cells} x {len(actions)}."
        )
    sums = _sums(table)
    wrong = ~(np.abs(sums - 1) <= tolerance + 1e-9) | ~np.all(table >= 0, axis=1)
    if np.any(wrong):
        cell = int(np.argmax(wrong))
        raise ModelError(
            f"situation {cell} has the chances {table[cell].tolist()}, which add up to "
            f"{sums[cell]:.6g}; give chances from 0 that add up to 1, or say by how much rounded "
            "ones may miss it (tolerance=0.01)."
        )
