"""Where a run begins: at its start, where it was interrupted, or where another run stood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from ..store import Checkpoint, Checkpoints, RunFolder, RunWriter
from .task import Task
from .tidying import unfinished


class Past(Protocol):
    """What has happened already."""

    @property
    def checkpoint(self) -> Checkpoint | None:
        """Where to go on, or None for the start."""
        ...

    def writer(self, task: Task, opened: Mapping[str, Any]) -> RunWriter:
        """A folder that holds what has happened, for what comes."""
        ...


@dataclass(frozen=True)
class Nothing:
    """The start."""

    checkpoint: Checkpoint | None = None

    def writer(self, task: Task, opened: Mapping[str, Any]) -> RunWriter:
        """A fresh folder."""
        return task.store.open_partial(task.limited, opened)


@dataclass(frozen=True)
class Interrupted:
    """An unfinished folder, which is written on."""

    folder: RunFolder
    checkpoint: Checkpoint | None

    def writer(self, task: Task, opened: Mapping[str, Any]) -> RunWriter:
        """The same folder; a fresh one where nothing of it can be used."""
        if self.checkpoint is None:
            return task.store.open_partial(task.limited, opened)
        return RunWriter.again(self.folder.path, self.checkpoint, {**opened, "run": task.limited})


@dataclass(frozen=True)
class Shared:
    """Another run's checkpoint and rows up to there; both runs have them in common."""

    parent: RunFolder
    checkpoint: Checkpoint

    def writer(self, task: Task, opened: Mapping[str, Any]) -> RunWriter:
        """A fresh folder with the rows of the past."""
        writer = task.store.open_partial(task.limited, opened)
        series = self.parent.series
        past = np.asarray(series["step"]) <= self.checkpoint.step
        writer.share({name: series[name][past] for name in series.names})
        return writer


def interrupted(task: Task) -> Interrupted | None:
    """The unfinished folder of this very run from which most can be kept, if there is one."""
    found: list[Interrupted] = []
    for folder in unfinished(task):
        checkpoint = usable(folder, task)
        if checkpoint is not None:
            found.append(Interrupted(folder, checkpoint))
    return max(found, key=lambda one: one.checkpoint.step if one.checkpoint else 0, default=None)


def usable(folder: RunFolder, task: Task, at_most: int | None = None) -> Checkpoint | None:
    """The latest whole checkpoint of a folder; damaged ones are told of in the task's notices."""
    checkpoint, faults = Checkpoints(folder.path).latest(at_most)
    used = (
        "the run goes on from its start"
        if checkpoint is None
        else f"that of step {checkpoint.step:,} is used"
    )
    task.notices.extend(f"{fault}; {used}" for fault in faults)
    return checkpoint
