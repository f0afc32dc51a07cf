"""The folder of runs: find one, list all, begin a new one."""

from __future__ import annotations

import glob
import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from ..errors import StoreError
from . import disk
from .checkpoints import Checkpoints
from .folder import PARTIAL, RECORD, RunFolder
from .ownership import owned
from .writer import RunWriter

DEFAULT = "ecumene-runs"
LAST = "last"


class Store:
    """All runs below one folder; the folder is made when the first run is written."""

    def __init__(self, path: str | os.PathLike[str] = DEFAULT) -> None:
        """Take the folder's path; nothing is touched yet."""
        self.path = Path(path)

    def check_writable(self) -> None:
        """Refuse a folder that cannot be written, before anything is computed; leaves no trace."""
        place = disk.existing(self.path)
        if not place.is_dir():
            raise StoreError(f"{place} is a file, not a folder for runs. Please {disk.CHOOSE}.")
        with disk.storing(self.path), TemporaryFile(dir=place) as probe:
            probe.write(bytes(4096))
            probe.flush()
            os.fsync(probe.fileno())

    def open_partial(self, name: str, record: Mapping[str, Any]) -> RunWriter:
        """Begin a run of that name; it is marked unfinished until the writer's `finish`."""
        if name in ("", LAST) or name.startswith(".") or name.endswith(PARTIAL) or "/" in name:
            raise StoreError(f"a run cannot be named `{name}`.")
        return RunWriter.begun(self.path, name, record)

    def stored(self, name: str) -> RunFolder | None:
        """The whole run of exactly that name, or None; a damaged one is an error."""
        folder = RunFolder(self.path / name)
        if name.endswith(PARTIAL) or not folder.path.is_dir():
            return None
        return folder if folder.whole else None

    def partials(self, name: str) -> list[RunFolder]:
        """The unfinished runs of that name which no process writes now."""
        if not self.path.is_dir():
            return []
        found = [RunFolder(p) for p in self.path.glob(f"{glob.escape(name)}*{PARTIAL}")]
        named = [f for f in found if f.name == name or f.name.removeprefix(f"{name}.").isdigit()]
        return [f for f in sorted(named, key=_written) if not owned(f.path)]

    def list(self) -> list[RunFolder]:
        """All runs, the latest last, unfinished and damaged ones among them (see `status`)."""
        if not self.path.is_dir():
            return []
        try:
            folders = [RunFolder(p) for p in self.path.iterdir() if (p / RECORD).is_file()]
        except OSError as error:
            raise StoreError(f"{self.path} cannot be read: {error.strerror}.") from error
        return sorted(folders, key=_written)

    @contextmanager
    def last_kept(self) -> Generator[None]:
        """What `last` means now it means afterwards, whatever runs are made in between."""
        finished = [folder for folder in self.list() if folder.status == "finished"]
        try:
            yield
        finally:
            if finished:
                finished[-1].touch()

    def find_unfinished(self, run: str | os.PathLike[str]) -> RunFolder:
        """The run, finished or not, that a name, a prefix or a path means; of `last`, the latest
        that is unfinished."""
        text = os.fspath(run)
        if text == LAST:
            return self._last("unfinished")
        return self._named(text)

    def find(self, run: str | os.PathLike[str]) -> RunFolder:
        """The whole run that a name, a unique prefix, a path or `last` means."""
        text = os.fspath(run)
        folder = self._last("finished") if text == LAST else self._named(text)
        if not folder.whole:
            raise StoreError(
                f"{folder.path} is unfinished ({folder.record.get('reason', 'it was cut off')}): "
                f"it is not taken for a result. {_how_to_finish(folder)}"
            )
        return folder

    def _named(self, text: str) -> RunFolder:
        folder = self._by_name(text) or self._by_path(text)
        if folder is None:
            raise StoreError(self._nearest(text))
        return folder

    def _last(self, status: str) -> RunFolder:
        """Of the runs of a status the one that was written, or asked for again, last."""
        found = [folder for folder in self.list() if folder.status == status]
        if not found:
            raise StoreError(
                f"there is no {status} run in {self.path}; `ecumene run cascade` makes one."
                if status == "finished"
                else f"there is no {status} run in {self.path}; `ecumene runs` lists what there is."
            )
        return found[-1]

    def _by_name(self, text: str) -> RunFolder | None:
        """The run of that name, or the only one whose name begins so."""
        every = {folder.path.name: folder for folder in self.list()}
        if text in every:
            return every[text]
        begins = {n: f for n, f in every.items() if text and n.startswith(text)}
        # An unfinished run never stands in the way of a whole one.
        meant = {n: f for n, f in begins.items() if not n.endswith(PARTIAL)} or begins
        if len(meant) > 1:
            raise StoreError(
                f"`{text}` begins the names of {len(meant)} runs: {_some(meant)}. Type more of it."
            )
        return next(iter(meant.values()), None)

    def _by_path(self, text: str) -> RunFolder | None:
        """The run in that folder, anywhere."""
        path = Path(text)
        return RunFolder(path) if (path / RECORD).is_file() else None

    def _nearest(self, text: str) -> str:
        """That there is no such run, which there are, and which was probably meant."""
        names = [folder.path.name for folder in reversed(self.list())]
        near = get_close_matches(text, names, n=1, cutoff=0.5)
        guess = f" Did you mean `{near[0]}`?" if near else ""
        return (
            f"no run named `{text}` in {self.path}; there are: {_some(names) or '(none)'}.{guess} "
            f"`ecumene runs` lists them; a path and `last` work too."
        )


def _how_to_finish(folder: RunFolder) -> str:
    steps = Checkpoints(folder.path).steps
    if not steps:
        return "Run the same model again."
    return f"`ecumene resume {folder.name}` goes on from step {steps[-1]:,}."


def _some(names: Mapping[str, Any] | list[str]) -> str:
    """Up to eight names, and how many more there are."""
    shown = [f"`{name}`" for name in names]
    more = f" and {len(shown) - 8} more" if len(shown) > 8 else ""
    return ", ".join(shown[:8]) + more


def _written(folder: RunFolder) -> tuple[int, str]:
    """When the record was written; runs of one moment by name."""
    try:
        return (folder.path / RECORD).stat().st_mtime_ns, folder.path.name
    except OSError:  # removed meanwhile
        return 0, folder.path.name
