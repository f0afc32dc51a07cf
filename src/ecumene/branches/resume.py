"""Go on with a run that was interrupted."""

from __future__ import annotations

import os

from ..engine import Model
from ..errors import StoreError
from ..run import Before, Interrupted, Notice, Progress, Run, carry_out, usable
from ..store import Store, owned
from .origin import task_of


def resume(
    run: str | os.PathLike[str],
    *,
    model: Model | None = None,
    out: str | os.PathLike[str] | None = None,
    backend: str | None = None,
    threads: int | None = None,
    shards: int | None = None,
    checkpoint_every: int | None = None,
    keep_checkpoints: int | None = None,
    progress: Progress | None = None,
    before: Before | None = None,
    notice: Notice | None = None,
) -> Run:
    """Go on with an unfinished run from its last whole checkpoint, to the digest that it would
    have had; a finished one is given back as it is.

    `run` is a name, the beginning of one, a path, or `"last"`: the latest unfinished one. `model`
    is needed when it is not a ready one over its own people and ties. Raises `StoreError` when
    another process is computing it, or when its model has changed.
    """
    store = Store(out) if out is not None else Store()
    folder = store.find_unfinished(run)
    task = task_of(
        folder,
        model,
        backend=backend,
        threads=threads,
        shards=shards,
        checkpoint_every=checkpoint_every,
        keep_checkpoints=keep_checkpoints,
    )
    if folder.whole:
        folder.touch()
        return Run(folder, stored=True, model=task.model, interventions=task.interventions)
    if owned(folder.path):
        raise StoreError(f"another process is computing {folder.name} just now; wait for it.")
    checkpoint = usable(folder, task)
    if checkpoint is None and not task.notices:
        task.notices.append(f"{folder.name} kept no checkpoint; it begins at its start")
    past = Interrupted(folder, checkpoint)
    return carry_out(task, past=past, progress=progress, before=before, notice=notice)
