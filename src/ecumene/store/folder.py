"""A run's folder, read: what was run, what came out, and whether it is whole.

    run.json         the record, with the size and BLAKE3 of every other file and of itself
    scorecard.json   values held against targets
    series/          Parquet parts, one row per step
    checkpoints/     where the run stood after some steps; each with checksums of its own

A folder is whole when its name does not end in `.partial` and its record says "finished"; both
are set last, when everything else has reached the disk.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from time import time_ns
from typing import Any, cast

import numpy as np

from ..errors import StoreError
from . import disk, parts
from .canonical import checksum
from .series import Series

FORMAT = 1  # raised when a folder of before can no longer be read
PARTIAL = ".partial"
RECORD = "run.json"
SCORECARD = "scorecard.json"
SERIES = "series"
FINISHED = "finished"
UNFINISHED = "unfinished"
REDO = "Delete that folder and run the model again"


class RunFolder:
    """One run's folder; nothing is read before it is asked for."""

    def __init__(self, path: Path) -> None:
        """Take the folder's path."""
        self.path = path

    @property
    def name(self) -> str:
        """The run's name: the folder's, without the mark of an unfinished one."""
        return self.path.name.removesuffix(PARTIAL)

    @property
    def whole(self) -> bool:
        """Whether this run finished and everything of it was kept."""
        return not self.path.name.endswith(PARTIAL) and self.record.get("status") == FINISHED

    @property
    def status(self) -> str:
        """`finished`, `unfinished` or `damaged`."""
        try:
            return FINISHED if self.whole else UNFINISHED
        except StoreError:
            return UNFINISHED if self.path.name.endswith(PARTIAL) else "damaged"

    @property
    def record(self) -> dict[str, Any]:
        """The run's record, without the checksums and spellings kept for this module."""
        hidden = ("blake3", "files", "spelling")
        return {name: value for name, value in self._kept.items() if name not in hidden}

    @cached_property
    def _kept(self) -> dict[str, Any]:
        """All of run.json, checked."""
        return read_record(self.path / RECORD)

    @cached_property
    def scorecard(self) -> list[dict[str, Any]]:
        """Each measure with a target: its value, its interval, and whether the target is met."""
        path = self.path / SCORECARD
        if not path.exists() and not self._files:  # a run that did not get so far
            return []
        self._check(SCORECARD)
        return json.loads(path.read_bytes())

    @cached_property
    def series(self) -> Series:
        """The measures over the steps, read when first looked at."""
        return Series(self._columns)

    @property
    def _files(self) -> Mapping[str, Mapping[str, Any]]:
        return self._kept.get("files", {})

    def _columns(self) -> dict[str, np.ndarray]:
        """The series' columns under their own names, after checking every part."""
        names = [n for n in self._files if n.startswith(f"{SERIES}/")]
        for name in names:
            self._check(name)
        # A run that did not finish lists no parts: those that lie there are whole nevertheless.
        found = sorted((self.path / SERIES).glob("part-*.parquet"))
        paths = [self.path / n for n in names] if self._files else found
        try:
            written = parts.read(paths)
        except disk.database_error() as error:
            raise StoreError(f"{self.path / SERIES} cannot be read: {error}. {REDO}.") from error
        own = {w: n for n, w in cast("dict[str, str]", self._kept.get("spelling", {})).items()}
        return {own.get(name, name): column for name, column in written.items()}

    def _check(self, name: str) -> None:
        """Refuse a file that is not, byte for byte, the one the record lists."""
        path = self.path / name
        if not path.exists():
            raise StoreError(f"{path} is missing: the run is damaged. {REDO}.")
        if not parts.is_entry(path, self._files[name]):
            raise StoreError(f"{path} is not what was written: the run is damaged. {REDO}.")

    def touch(self) -> None:
        """Make this the run that `last` means."""
        now = time_ns()  # what the system writes by itself may be some milliseconds behind
        os.utime(self.path / RECORD, ns=(now, now))

    def __repr__(self) -> str:
        """Name and status."""
        return f"RunFolder({self.name}, {self.status})"


def read_record(path: Path) -> dict[str, Any]:
    """A run.json, or an error that says what is wrong with it."""
    try:
        record = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise StoreError(f"{path.parent} is no run: it has no {RECORD}.") from None
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise StoreError(f"{path} is damaged or cut short ({error}). {REDO}.") from error
    if not isinstance(record, dict) or "format" not in record:
        raise StoreError(f"{path} is not the record of a run: it states no `format`. {REDO}.")
    return _checked(path, cast("dict[str, Any]", record))


def _checked(path: Path, record: dict[str, Any]) -> dict[str, Any]:
    """The record, if it has this format and its own checksum."""
    if record["format"] != FORMAT:
        raise StoreError(
            f"{path} has format {record['format']}; this version of Ecumene reads format "
            f"{FORMAT}. Read it with the version that wrote it"
            f" ({record.get('ecumene_version', 'not stated')}), or run the model again."
        )
    content = {name: value for name, value in record.items() if name != "blake3"}
    if record.get("blake3") != checksum(content):
        raise StoreError(f"{path} was changed after it was written (its checksum differs). {REDO}.")
    return record
