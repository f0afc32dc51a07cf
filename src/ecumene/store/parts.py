"""Rows of measures as append-only Parquet parts, written and read with DuckDB.

Parquet's readers do not tell `share[yes]` from `share[Yes]`, so the second of two names that
differ only in case is written as `share[Yes]#2`; the run's record keeps what it stands for.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import blake3
import numpy as np

from . import disk

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Number = int | float | None
Row = Mapping[str, Number]


@contextmanager
def connected() -> Generator[DuckDBPyConnection]:
    """A connection to this process's DuckDB, which begins anew once anything has failed."""
    try:
        with _database(os.getpid()).cursor() as connection:
            yield connection
    except BaseException:
        _database.cache_clear()
        raise


@cache
def _database(process: int) -> DuckDBPyConnection:
    """DuckDB in memory, on one thread, that fetches nothing from the network.

    One for all parts of a process, as opening it takes ten times as long as writing a part.
    """
    del process
    import duckdb  # 0.1 s that a command which reads no run need not wait for

    return duckdb.connect(
        config={
            "threads": 1,
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
    )


def columns(rows: Sequence[Row]) -> dict[str, np.ndarray]:
    """The rows as equally long columns, in the order names first appear."""
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: _column([row.get(name) for row in rows]) for name in names}


def _column(values: list[Number]) -> np.ndarray:
    """Whole numbers as int64; anything with a fraction or a gap as float64 (a gap is NaN)."""
    if all(isinstance(v, bool | int | np.integer | np.bool_) for v in values):
        return np.array(values, dtype=np.int64)
    return np.array([np.nan if v is None else v for v in values], dtype=np.float64)


def spelling(names: Sequence[str], taken: dict[str, str]) -> dict[str, str]:
    """Name -> the name it has in a file, where `taken` (kept up to date) are those given out."""
    used = {written.casefold() for written in taken.values()}
    for name in names:
        if name not in taken:
            tries = (name if n == 1 else f"{name}#{n}" for n in range(1, len(used) + 3))
            taken[name] = next(t for t in tries if t.casefold() not in used)
            used.add(taken[name].casefold())
    return taken


def write(path: Path, table: Mapping[str, np.ndarray]) -> dict[str, Any]:
    """Write one whole part and give its entry for the record: rows, bytes and BLAKE3."""
    temporary = path.with_name(path.name + disk.TEMPORARY)
    try:
        with connected() as database:
            database.register("part", dict(table))
            database.sql("from part").write_parquet(str(temporary), compression="zstd")
        disk.commit(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    rows = len(next(iter(table.values())))
    return {"rows": rows} | entry(path)


def entry(path: Path) -> dict[str, Any]:
    """Bytes and BLAKE3 of a file."""
    content = path.read_bytes()
    return {"bytes": len(content), "blake3": blake3.blake3(content).hexdigest()}


def is_entry(path: Path, stated: Mapping[str, Any]) -> bool:
    """Whether a file is there and, byte for byte, the one with this entry."""
    return path.is_file() and entry(path) == {n: v for n, v in stated.items() if n != "rows"}


def read(paths: Sequence[Path]) -> dict[str, np.ndarray]:
    """All parts, one after the other, as columns; a gap in a column makes it float with NaN."""
    if not paths:
        return {}
    with connected() as database:
        table = database.read_parquet([str(p) for p in paths], union_by_name=True)
        return {name: _filled(column) for name, column in table.fetchnumpy().items()}


def _filled(column: np.ndarray) -> np.ndarray:
    """A masked column as an ordinary one."""
    if not isinstance(column, np.ma.MaskedArray):
        return column
    if not np.ma.is_masked(column):
        return column.data
    return np.where(column.mask, np.nan, column.data.astype(np.float64))
