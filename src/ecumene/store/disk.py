"""Files that are either whole or not there, and one clear error when a disk refuses.

A file is written under a temporary name, flushed to the disk, then renamed; so a reader, a
crash or a full disk never meets half of one under its real name.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..errors import StoreError

TEMPORARY = ".tmp"  # the ending of a file that is still being written
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS)
CHOOSE = "choose another folder with --out DIR"


def flush(path: Path) -> None:
    """Wait until what was written to the file or folder `path` has reached the disk."""
    if path.is_dir() and os.name != "posix":  # only POSIX can open a folder
        return
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` to `path` so that nobody ever sees a part of it."""
    temporary = path.with_name(path.name + TEMPORARY)
    try:
        temporary.write_bytes(content)
        commit(temporary, path)
    except OSError:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def commit(temporary: Path, path: Path) -> None:
    """Make a finished temporary file the file `path`, on the disk too."""
    flush(temporary)
    temporary.replace(path)
    flush(path.parent)


@contextmanager
def storing(path: Path) -> Generator[None]:
    """Turn what a disk can refuse while `path` is written into one StoreError."""
    try:
        yield
    except (OSError, database_error()) as error:
        raise StoreError(_refusal(path, error)) from error


def database_error() -> type[Exception]:
    """What DuckDB raises; it is loaded when a run is first written or read (0.1 s)."""
    import duckdb

    return duckdb.Error


def _refusal(path: Path, error: Exception) -> str:
    """What is wrong with `path`, and what to do."""
    number = _number(error)
    if number in FULL:
        return (
            f"no room left to write {path}: the disk is full or a quota is reached "
            f"({_free(path)}). Free some space and run again, or {CHOOSE}."
        )
    if number in REFUSED:
        return f"{path} cannot be written: {os.strerror(number)}. Allow writing there, or {CHOOSE}."
    if number in (errno.ENOTDIR, errno.EEXIST):
        return f"{path} cannot be a folder: a file of that name is in the way. Please {CHOOSE}."
    said = os.strerror(number) if number else error
    return f"{path} cannot be written: {said}. Please {CHOOSE}."


def _number(error: Exception) -> int:
    """The system's error number; DuckDB has it only in its text."""
    if isinstance(error, OSError):
        return error.errno or 0
    text = str(error)
    stated = re.search(r'"errno":"?(\d+)', text)
    if stated:
        return int(stated[1])
    return next((n for n in (*FULL, *REFUSED) if os.strerror(n) in text), 0)


def _free(path: Path) -> str:
    """How much room there is at `path`, in words."""
    with suppress(OSError):
        return f"{shutil.disk_usage(existing(path)).free:,} bytes free there"
    return "how much is free there is not known"


def existing(path: Path) -> Path:
    """`path`, or the nearest folder above it that exists."""
    return next((p for p in (path, *path.absolute().parents) if p.exists()), Path(path.anchor))
