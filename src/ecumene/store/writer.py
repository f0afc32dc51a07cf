"""A run's folder while it is written: `<name>.partial` until all of it is on the disk."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic, perf_counter
from types import TracebackType
from typing import Any, Self

import numpy as np

from ..engine import Block
from ..errors import StoreError
from . import canonical, disk, parts
from .checkpoints import Checkpoint, Checkpoints
from .folder import (
    FINISHED,
    FORMAT,
    PARTIAL,
    RECORD,
    SCORECARD,
    SERIES,
    UNFINISHED,
    RunFolder,
    read_record,
)
from .ownership import Owner

ROWS_PER_PART = 1000
SECONDS_PER_PART = 30.0  # a slow run can be read by others, and little is lost when it is killed


class RunWriter:
    """Writes one run; as a context manager it marks the run unfinished when an error ends it."""

    def __init__(self, folder: Path, owner: Owner, record: Mapping[str, Any]) -> None:
        """Take a partial folder and this process's hold on it."""
        self.path, self.name = folder, str(record["run"])
        self.seconds = 0.0  # spent on writing so far
        self.checkpoints = Checkpoints(folder)
        self._owner = owner
        self._record = dict(record)
        self.begun_here = False  # It was not there before, so that nothing else is lost with it.
        self.told = 0  # rows that were given to it
        self._rows: list[parts.Row] = []
        self._parts = 0
        self._files: dict[str, dict[str, Any]] = {}
        self._spelling: dict[str, str] = {}
        self._flushed = monotonic()
        self._closed = False

    @classmethod
    def begun(cls, store: Path, name: str, record: Mapping[str, Any]) -> RunWriter:
        """Make a partial folder, with a record that says `unfinished`."""
        with disk.storing(store):
            store.mkdir(parents=True, exist_ok=True)
            folder, owner = _claim(store, name)
            try:
                writer = cls(folder, owner, {**record, "run": name})
                writer.begun_here = True
                (folder / SERIES).mkdir()
                writer._write_record(writer._record, UNFINISHED)
            except OSError:
                owner.release()
                shutil.rmtree(folder, ignore_errors=True)
                raise
        return writer

    @classmethod
    def again(cls, folder: Path, checkpoint: Checkpoint, record: Mapping[str, Any]) -> RunWriter:
        """Go on in a partial folder from a checkpoint: what was written after it is dropped.

        Raises `StoreError` while another process writes there.
        """
        with disk.storing(folder):
            owner = Owner.of(folder)
            if owner is None:
                raise StoreError(
                    f"another process is computing {folder}; wait for it, or end it first."
                )
            writer = cls(folder, owner, record)
            writer._go_on(checkpoint)
        return writer

    def _go_on(self, checkpoint: Checkpoint) -> None:
        kept = checkpoint.manifest["series"]
        self._files = {name: dict(entry) for name, entry in kept["files"].items()}
        self._spelling, self._parts = dict(kept["spelling"]), kept["parts"]
        for path in [*self.path.rglob("*.parquet"), *self.path.glob("series/*")]:
            if str(path.relative_to(self.path)) not in self._files:
                path.unlink(missing_ok=True)
        self.checkpoints.drop_after(checkpoint.step)

    def append(self, rows: Iterable[parts.Row]) -> None:
        """Keep rows of measures; they reach the disk in parts of about a thousand."""
        mine = [dict(row) for row in rows]
        self.told += len(mine)
        self._rows.extend(mine)
        late = monotonic() - self._flushed > SECONDS_PER_PART
        if len(self._rows) >= ROWS_PER_PART or late:
            self.flush()

    def flush(self) -> None:
        """Write the rows kept so far as one part."""
        if self._rows:
            self._write_part(parts.columns(self._rows))
            self._rows = []

    def share(self, table: Mapping[str, np.ndarray]) -> None:
        """Keep rows that another run worked out, as the first part."""
        self._write_part(table)

    def checkpoint(self, about: Mapping[str, Any], blocks: Iterable[Block], keep: int) -> None:
        """Keep where the run stands, with the rows up to there; the latest `keep` of them stay."""
        self.flush()
        began = perf_counter()
        series = {"files": self._files, "parts": self._parts, "spelling": self._spelling}
        with disk.storing(self.path):
            disk.flush(self.path / SERIES)
            self.checkpoints.write({**about, "series": series}, blocks, keep)
        self.seconds += perf_counter() - began

    def _write_part(self, table: Mapping[str, np.ndarray]) -> None:
        began = perf_counter()
        relative = f"{SERIES}/part-{self._parts:06d}.parquet"
        names = parts.spelling(list(table), self._spelling)
        with disk.storing(self.path):
            written = {names[name]: column for name, column in table.items()}
            self._files[relative] = parts.write(self.path / relative, written)
        self._parts += 1
        self._flushed = monotonic()
        self.seconds += perf_counter() - began

    def keep(self, name: str, table: Mapping[str, np.ndarray]) -> None:
        """Keep a table beside the series, as the file `name`."""
        began = perf_counter()
        with disk.storing(self.path):
            self._files[name] = parts.write(self.path / name, table)
        self.seconds += perf_counter() - began

    def finish(
        self, record: Mapping[str, Any], scorecard: Sequence[Mapping[str, Any]] = ()
    ) -> RunFolder:
        """Write what is left, wait for the disk, and give the folder its name: now it is whole."""
        self.flush()
        began = perf_counter()
        with disk.storing(self.path):
            content = canonical.encode(canonical.dumps(list(scorecard), indent=2) + "\n")
            disk.write_whole(self.path / SCORECARD, content)
            self._files[SCORECARD] = parts.entry(self.path / SCORECARD)
            self.seconds += perf_counter() - began
            seconds = {"write_seconds": self.seconds} if "write_seconds" not in record else {}
            self._write_record({**record, **seconds}, FINISHED, files=self._files)
            disk.flush(self.path / SERIES)
            self._owner.release()
            whole = _rename(self.path, self.path.parent / self.name)
        self._closed = True
        return RunFolder(whole)

    def abandon(self, reason: str, record: Mapping[str, Any] | None = None) -> RunFolder:
        """Leave the run as unfinished, with what there is; it never fails itself."""
        self._closed = True
        with suppress(StoreError):
            self.flush()
        stated = {**self._record, **(record or {}), "reason": reason}
        with suppress(OSError):  # the record written at the start says `unfinished` too
            self._write_record(stated, UNFINISHED)
        self._owner.release()
        return RunFolder(self.path)

    def discard(self) -> None:
        """Leave no trace of the run; it never fails itself."""
        self._closed = True
        self._owner.release()
        shutil.rmtree(self.path, ignore_errors=True)

    def _write_record(self, record: Mapping[str, Any], status: str, **kept: Any) -> None:
        """Write run.json with format, status, spellings and its own checksum."""
        odd = {name: written for name, written in self._spelling.items() if name != written}
        content = canonical.plain(
            {**record, "run": self.name, "format": FORMAT, "status": status}
            | ({"spelling": odd} if odd else {})
            | kept
        )
        content["blake3"] = canonical.checksum(content)
        text = canonical.dumps(content, indent=2) + "\n"
        disk.write_whole(self.path / RECORD, canonical.encode(text))

    def __enter__(self) -> Self:
        """The writer itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Mark the run unfinished unless it finished."""
        del traceback
        if not self._closed:
            self.abandon(f"{kind.__name__}: {error}" if kind else "it was not finished")


def _claim(store: Path, name: str) -> tuple[Path, Owner]:
    """A partial folder of its own for this process: making a folder succeeds for one only."""
    number = 1
    while True:
        mark = "" if number == 1 else f".{number}"
        with suppress(FileExistsError):
            path = store / f"{name}{mark}{PARTIAL}"
            path.mkdir()
            owner = Owner.of(path)
            if owner is not None:  # nobody but us has just made it
                return path, owner
        number += 1


def _rename(partial: Path, whole: Path) -> Path:
    """Rename a complete folder to its name, in place of an earlier whole one.

    A folder cannot be renamed over another, so the earlier one steps aside first; should another
    process finish the same run meanwhile, the last one wins, and both were whole.
    """
    read_record(partial / RECORD)
    disk.flush(partial)
    aside = partial.with_name(f"{partial.name.removesuffix(PARTIAL)}.replaced{PARTIAL}")
    while True:
        try:
            partial.rename(whole)
            break
        except OSError:
            if not whole.is_dir():
                raise
            shutil.rmtree(aside, ignore_errors=True)
            with suppress(FileNotFoundError):
                whole.rename(aside)
    disk.flush(whole.parent)
    shutil.rmtree(aside, ignore_errors=True)
    return whole
