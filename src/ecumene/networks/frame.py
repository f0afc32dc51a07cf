"""Ties from a table in memory: pandas, polars, Arrow, DuckDB, a mapping or pairs of ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..arrays import Column
from ..errors import InputError
from .columns import columns_notice, number_columns, tie_columns
from .numbering import Pairs
from .parquet import pairs_of

SOURCE = "the frame"


def read_frame(frame: Any) -> tuple[Pairs, list[str]]:
    """The ties of a table with named columns, and what there is to say about how it was read."""
    names = [str(name) for name in frame.columns]
    used = tie_columns(names, SOURCE)
    first, second = (np.asarray(frame[frame.columns[names.index(name)]]) for name in used)
    return number_columns(first, second, SOURCE), columns_notice(names, used)


def read_arrow(table: Any) -> tuple[Pairs, list[str]]:
    """The ties of an Arrow table."""
    return read_mapping({name: table.column(name) for name in table.column_names})


def read_relation(relation: Any) -> tuple[Pairs, list[str]]:
    """The ties of a DuckDB relation."""
    return pairs_of(relation, "the relation")


def read_mapping(columns: Mapping[str, Any]) -> tuple[Pairs, list[str]]:
    """The ties of equally long sequences by column name."""
    names = [str(name) for name in columns]
    used = tie_columns(names, SOURCE)
    first, second = (np.asarray(columns[name]) for name in used)
    return number_columns(first, second, SOURCE), columns_notice(names, used)


def read_pairs(pairs: Any) -> tuple[Pairs, list[str]]:
    """The ties of an array of two columns or a list of pairs."""
    array: Column = pairs if isinstance(pairs, np.ndarray) else _array(pairs)
    if array.ndim != 2 or array.shape[1] != 2:
        raise InputError(
            f"the pairs have the shape {array.shape}; give two ids per tie, shape (ties, 2)."
        )
    return number_columns(array[:, 0], array[:, 1], "the pairs"), []


def _array(pairs: Any) -> Column:
    """Pairs as an array that leaves every id what it is."""
    ties = [tuple(pair) for pair in pairs]
    lengths = {len(tie) for tie in ties}
    if lengths - {2}:
        raise InputError(f"a tie of {max(lengths - {2})} ids among the pairs; give two per tie.")
    if all(type(i) is int for tie in ties for i in tie):
        return np.array(ties).reshape(-1, 2)
    array = np.empty((len(ties), 2), dtype=object)
    array[:] = ties
    return array
