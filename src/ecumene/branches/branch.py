"""Branch off from a run: the same past, the same luck, and one stated change."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..engine import Intervention, Model, at_or_after, set_parameter
from ..engine import at as at_step
from ..errors import ParameterError
from ..run import (
    Before,
    Nothing,
    Notice,
    Past,
    Progress,
    Run,
    Shared,
    Task,
    carry_out,
    interrupted,
    usable,
)
from ..store import RunFolder, Store
from .origin import Which, found, task_of


def branch(
    run: Which,
    at: int,
    *,
    interventions: Sequence[Intervention] = (),
    steps: int | None = None,
    model: Model | None = None,
    out: str | os.PathLike[str] | None = None,
    backend: str | None = None,
    threads: int | None = None,
    shards: int | None = None,
    checkpoint_every: int | None = None,
    keep_checkpoints: int | None = None,
    fresh: bool = False,
    command: str | None = None,
    progress: Progress | None = None,
    before: Before | None = None,
    notice: Notice | None = None,
    **parameters: Any,
) -> Run:
    """Go on from where `run` stood before step `at`, under the same luck, with only this change:
    `parameters` have other values from then on, `interventions` happen.

    Without a change it has `run`'s digest. The past is shared: nothing before the nearest
    checkpoint is computed again. It is the run that `ec.run` gives with the same interventions, so
    it has that one's name; its record says of which run it is a branch. `steps` is the step at
    which it ends, `run`'s if not given. `run` is a name, a prefix, a path, `"last"` or what
    `ec.run` gave; `model` is needed for names of runs of other than ready models. Raises
    `ParameterError` for a step that `run` did not take, `InterventionError` for a change that
    cannot be made in the middle of a run (of a parameter that reshapes people or ties), and
    `StoreError` when its model has changed.
    """
    store = Store(out) if out is not None else Store()
    folder, model = found(run, store, model)
    parent = task_of(
        folder,
        model,
        backend=backend,
        threads=threads,
        shards=shards,
        checkpoint_every=checkpoint_every,
        keep_checkpoints=keep_checkpoints,
    )
    task = _branched(parent, folder, at, interventions, parameters, steps, command)
    past = _past(task, folder, at, fresh)
    return carry_out(task, past=past, fresh=fresh, progress=progress, before=before, notice=notice)


def _branched(
    parent: Task,
    folder: RunFolder,
    at: int,
    interventions: Sequence[Intervention],
    parameters: Mapping[str, Any],
    steps: int | None,
    command: str | None,
) -> Task:
    """The parent's task with the change behind its own interventions."""
    taken = folder.record["steps"]
    if type(at) is not int or not 0 <= at <= taken:
        raise ParameterError(
            f"{folder.name} cannot be branched at step {at!r}: it took {taken:,} "
            f"{'step' if taken == 1 else 'steps'}; type one from 0 to {taken:,}."
        )
    if steps is not None and steps < at:
        raise ParameterError(f"a branch at step {at:,} cannot end at step {steps:,}.")
    setting = [at_step(at, set_parameter(**parameters))] if parameters else []
    changes = tuple(
        at_or_after(one, at).checked(parent.model) for one in (*setting, *interventions)
    )
    said = [str(one) for one in changes]
    about = {"parent": folder.name, "at": at, "changes": said} if changes else parent.branch
    return replace(
        parent,
        interventions=(*parent.interventions, *changes),
        steps=parent.steps if steps is None else steps,
        branch=about,
        command=command,
    )


def _past(task: Task, folder: RunFolder, at: int, fresh: bool) -> Past:
    """What need not be computed: its own unfinished folder, or the parent's past."""
    unfinished = None if fresh else interrupted(task)
    if unfinished is not None:
        return unfinished
    checkpoint = usable(folder, task, at)
    return Nothing() if checkpoint is None else Shared(folder, checkpoint)
