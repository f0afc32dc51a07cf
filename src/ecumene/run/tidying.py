"""What is left in the store when a run is over, well or badly: nothing that helps nobody."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from contextlib import contextmanager

from ..errors import StoreError
from ..store import RunFolder, RunWriter
from .task import Task


def unfinished(task: Task) -> list[RunFolder]:
    """The unfinished folders of this very run that no process writes now."""
    return [folder for folder in task.store.partials(task.limited) if _same(folder, task)]


@contextmanager
def tidied(task: Task, writer: RunWriter) -> Generator[None]:
    """Once the run is whole, unfinished folders of it go; a folder that was begun in vain goes too:
    one in which nothing was kept, or nothing to go on from beside an earlier one."""
    try:
        yield
    except BaseException:
        others = [folder for folder in unfinished(task) if folder.path != writer.path]
        if writer.begun_here and not writer.checkpoints.steps and (others or not writer.told):
            writer.discard()
        raise
    for folder in unfinished(task):
        shutil.rmtree(folder.path, ignore_errors=True)


def _same(folder: RunFolder, task: Task) -> bool:
    try:
        return folder.record.get("identity") == task.identity
    except StoreError:
        return False
