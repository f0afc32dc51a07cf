"""Users' persons as arrays: from a CSV or Parquet file, or from a frame of any library."""

from __future__ import annotations

import csv
import gzip
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from ..arrays import Column
from ..errors import InputError

PARQUET = b"PAR1"
PEEK = 1 << 16
SEPARATORS = ",;\t|"  # the first wins where none occurs: a file of one column
PARQUET_SOURCE = "read_parquet(?)"
CSV_SOURCE = (
    "read_csv(?, delim = ?, header = true, skip = 0, quote = '\"', escape = '\"', comment = '', "
    "sample_size = -1, null_padding = false, ignore_errors = false, strict_mode = true)"
)


def read_persons(frame: Any) -> tuple[str, dict[str, Column]]:
    """The name of `frame` and its columns, all of one length; masked where a file has gaps."""
    if isinstance(frame, str | os.PathLike):
        path = Path(frame)
        return path.name, _even(path.name, _read_file(path))
    return "frame", _even("the frame", _read_frame(frame))


def _read_file(path: Path) -> dict[str, Column]:
    import duckdb  # 20 MB that a model of the world's people does without

    parquet = _looks_like_parquet(path)
    query = "SELECT * FROM " + (PARQUET_SOURCE if parquet else CSV_SOURCE)
    given = [str(path)] if parquet else [str(path), _separator(path)]
    with duckdb.connect(config={"autoinstall_known_extensions": False}) as connection:
        try:
            columns: dict[str, Any] = connection.execute(query, given).fetchnumpy()
        except duckdb.Error as error:
            uneven = "" if parquet else _uneven_line(path, given[-1])
            raise InputError(
                f"`{path.name}` cannot be read as {'Parquet' if parquet else 'CSV'}: "
                f"{uneven or _gist(str(error))}. Give a file with one person per line and, in the "
                "first line, the names of the columns."
            ) from error
    if not parquet and all(_is_number(name) for name in columns):
        raise InputError(
            f"the first line of `{path.name}` holds numbers ({', '.join(columns)}) where the names "
            "of the columns should stand; add such a line."
        )
    return columns


def _separator(path: Path) -> str:
    """What parts the names in the first line: guessed from it alone, never from broken lines."""
    try:
        with _text(path) as file:
            first = file.readline(PEEK)
    except (OSError, EOFError) as error:
        raise InputError(f"`{path.name}` cannot be unpacked ({error}); write it again.") from error
    return max(SEPARATORS, key=first.count)


def _uneven_line(path: Path, separator: str) -> str:
    """The first line that has not as many values as the first, or no text when all have."""
    with _text(path) as file:
        lines = csv.reader(file, delimiter=separator, strict=True)
        try:
            width = len(next(lines))
            for line in lines:
                if line and len(line) != width:
                    return f"line {lines.line_num} has {len(line)} of {width} values"
        except csv.Error as error:
            return f"line {lines.line_num}: {error}"
    return ""


def _text(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", errors="replace")
    return path.open(encoding="utf-8-sig", errors="replace")


def _looks_like_parquet(path: Path) -> bool:
    """Whether the file begins as Parquet does; raises what keeps it from being read at all."""
    try:
        with path.open("rb") as file:
            head = file.read(PEEK)
    except OSError as error:
        raise InputError(
            f"cannot open `{path}`: {error.strerror}. Give the path of a CSV or Parquet file."
        ) from error
    if not head:
        raise InputError(f"`{path.name}` is empty; it needs column names and at least one person.")
    if head.startswith(PARQUET):
        return True
    if path.suffix == ".parquet":
        raise InputError(f"`{path.name}` is not Parquet, or damaged; write the file again.")
    if b"\0" in head and path.suffix != ".gz":
        raise InputError(f"`{path.name}` is a binary file; give a CSV or Parquet file of persons.")
    return False


def _read_frame(frame: Any) -> dict[str, Column]:
    if hasattr(frame, "fetchnumpy"):  # a DuckDB relation
        return dict(frame.fetchnumpy())
    names: Any = None
    if isinstance(frame, Mapping):
        names = frame
    elif not hasattr(frame, "collect"):  # polars' lazy frames have it, no table does
        names = getattr(frame, "column_names", None) or getattr(frame, "columns", None)
    if names is None:
        raise InputError(
            f"a {type(frame).__name__} cannot be read as persons; give a path to a CSV or Parquet "
            "file, a mapping from names to columns, or a pandas, polars or Arrow table (a lazy one "
            "collected)."
        )
    return {str(name): _array(str(name), frame[name]) for name in names}


def _array(name: str, values: Any) -> Column:
    try:
        # Of a list, NumPy would make "1" and "x" texts of [1, "x"] without a word.
        return np.asarray(values, dtype=object if isinstance(values, list | tuple) else None)
    except (TypeError, ValueError) as error:
        raise InputError(f"column `{name}` is not one value per person: {error}.") from error


def _even(where: str, columns: dict[str, Column]) -> dict[str, Column]:
    if not columns:
        raise InputError(f"{where} has no columns; give at least one, say `age`.")
    for name, values in columns.items():
        if values.ndim != 1:
            raise InputError(f"column `{name}` of {where} is not one value per person.")
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} {length:,}" for name, length in lengths.items())
        raise InputError(f"the columns of {where} differ in length: {told}.")
    if not next(iter(lengths.values())):
        raise InputError(f"{where} has column names but no persons; it needs at least one.")
    return columns


def _gist(message: str) -> str:
    """The sentence of a DuckDB error that says what is wrong, without its query."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    told = [line for line in lines[:3] if not line.startswith(("LINE", "^"))][:2]
    return re.sub(r"^(\w+ )+Error: |CSV Error on ", "", " ".join(told)).rstrip(".")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
