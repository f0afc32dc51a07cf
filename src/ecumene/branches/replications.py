"""Two runs again under other seeds: each is a stored run, so that none is ever computed twice.

Where one of the two branches off from the other, it does so under every seed: the past before that
step is computed once for both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..run import Nothing, Notice, Past, Run, Shared, Task, carry_out, interrupted, usable
from ..store import Checkpoints, RunFolder

Pair = tuple[Mapping[str, Any], Mapping[str, Any]]


class Replications:
    """The pairs of two runs, A and B, by seed."""

    def __init__(
        self,
        tasks: tuple[Task, Task],
        folders: tuple[RunFolder, RunFolder],
        notice: Notice | None = None,
    ) -> None:
        """Take what the two runs were asked for; `notice` hears what is wrong with a checkpoint."""
        self._tasks = tuple(
            replace(
                task,
                command=None,
                branch=None,
                checkpoint_every=0,
                replication_of=folder.name,
            )
            for task, folder in zip(tasks, folders, strict=True)
        )
        self._folders = folders
        self._parent = _parent(folders)
        self._notice = notice

    def pair(self, seed: int) -> Pair:
        """The measures of A and of B under a seed; both runs are stored from now on."""
        tasks = [replace(task, seed=seed, notices=[]) for task in self._tasks]
        if self._parent is None:
            found = [self._carried_out(task) for task in tasks]
            return found[0].record["measures"], found[1].record["measures"]
        parent, at = self._parent
        runs = self._branched(tasks[parent], tasks[1 - parent], at)
        a, b = runs if parent == 0 else runs[::-1]
        return a.record["measures"], b.record["measures"]

    def _branched(self, parent: Task, child: Task, at: int) -> tuple[Run, Run]:
        """Both runs; the child goes on from where the parent stood before step `at`."""
        marks = parent.stored() is None and child.stored() is None
        first = self._carried_out(replace(parent, marked=at) if marks else parent)
        folder = RunFolder(first.path)
        child = replace(child, branch={"parent": folder.name, "at": at})
        past = None if child.stored() else interrupted(child) or _shared(folder, child, at)
        second = self._carried_out(child, past)
        if marks:  # The past has done its work; many such runs would fill the disk with it.
            Checkpoints(folder.path).remove()
        return first, second

    def _carried_out(self, task: Task, past: Past | None = None) -> Run:
        """A run under one seed, which what is said of it names."""

        def said(told: str) -> None:
            if self._notice is not None:
                self._notice(f"seed {task.seed}: {told}")

        return carry_out(task, past=past, page=False, notice=said)


def _shared(parent: RunFolder, child: Task, at: int) -> Past:
    """The past that the child has in common with its parent, as far as it is kept."""
    checkpoint = usable(parent, child, at)
    return Nothing() if checkpoint is None else Shared(parent, checkpoint)


def _parent(folders: tuple[RunFolder, RunFolder]) -> tuple[int, int] | None:
    """Which of the two the other one branches off from, and at which step; None where neither."""
    for child, parent in ((1, 0), (0, 1)):
        branch = folders[child].record.get("branch")
        if branch and branch["parent"] == folders[parent].name and branch["at"] > 0:
            return parent, branch["at"]
    return None
