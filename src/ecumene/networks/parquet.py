"""Ties from a Parquet file, read by DuckDB: known column names, or else the first two columns."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..arrays import Column
from ..errors import InputError
from .columns import columns_notice, number_columns, tie_columns
from .numbering import Pairs

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

MARK = b"PAR1"  # at the beginning and at the end of every Parquet file
EXACT = (  # what arrives in numpy as it is; a 128-bit number, say, would arrive as a float
    *("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"),
    *("FLOAT", "DOUBLE"),
)
NESTED = ("STRUCT", "MAP", "UNION", "BLOB")


def read_parquet(path: Path) -> tuple[Pairs, list[str]]:
    """The ties of a Parquet file, and what there is to say about how it was read."""
    import duckdb  # 0.1 s that text files need not wait for

    _refuse_cut(path)
    try:
        with duckdb.connect() as connection:
            table = connection.read_parquet(_escaped(path))
            return pairs_of(table, str(path))
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{path} cannot be read as Parquet ({reason}). Write it again.") from None


def count_rows(path: Path) -> int:
    """How many rows a Parquet file says that it has."""
    import duckdb

    _refuse_cut(path)
    try:
        with duckdb.connect() as connection:
            return int(connection.read_parquet(_escaped(path)).shape[0])
    except duckdb.Error:  # what is wrong is said when it is read
        return 0


def pairs_of(table: DuckDBPyRelation, source: str) -> tuple[Pairs, list[str]]:
    """The ties of any table that DuckDB can read."""
    names = list(table.columns)
    used = tie_columns(names, source)
    types = dict(zip(names, map(str, table.types), strict=True))
    ids = [_expression(name, types[name], source) for name in used]
    found = table.project(f"{ids[0]} AS first, {ids[1]} AS second").fetchnumpy()
    first, second = (_filled(found[name]) for name in ("first", "second"))
    return number_columns(first, second, source), columns_notice(names, used)


def _refuse_cut(path: Path) -> None:
    with path.open("rb") as file:
        whole = file.read(4) == MARK
        file.seek(-min(4, path.stat().st_size), 2)
        whole = whole and file.read(4) == MARK and path.stat().st_size >= 12
    if not whole:
        raise InputError(
            f"{path} is no whole Parquet file: it does not begin and end with PAR1, so it is cut "
            "off or something else. Fetch or write it again."
        )


def _escaped(path: Path) -> str:
    """The path with what DuckDB would take for a pattern of many files taken literally."""
    return re.sub(r"([*?\[])", r"[\1]", str(path))


def _expression(name: str, kind: str, source: str) -> str:
    """What to select so that ids arrive exactly, as numbers or as text."""
    quoted = '"' + name.replace('"', '""') + '"'
    if kind.endswith("]") or kind.startswith(NESTED):
        raise InputError(
            f"{source}: column `{name}` holds {kind.lower()} values where ids are needed. "
            "Give whole numbers or text."
        )
    return quoted if kind in EXACT else f"CAST({quoted} AS VARCHAR)"


def _filled(column: Column) -> Column:
    """A column as DuckDB gives it, missing values as None."""
    missing = np.ma.getmaskarray(column)
    if not missing.any():
        return np.ma.getdata(column)
    objects = np.ma.getdata(column).astype(object)
    objects[missing] = None
    return objects
