"""The whole story of a run in one function: find or start, step, measure, keep."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from time import sleep
from typing import Any

import numpy as np

from ..engine import Intervention, Model, Plan, checked, lane_alone
from ..engine.memory import check_memory
from ..errors import DigestError, ParameterError, StoreError
from ..networks import Explicit
from ..report import write_report
from ..store import RunFolder, RunWriter, Store
from .all_lanes import AllLanes, check_lanes
from .going import Going, Progress
from .parent import beside_parent
from .past import Nothing, Past, interrupted
from .result import Run
from .scorecard import scorecard_of
from .task import Task, cores
from .tidying import tidied

Before = Callable[[Plan], None]
Notice = Callable[[str], None]


def run(
    model: Model,
    *,
    interventions: Sequence[Intervention] = (),
    seed: int = 0,
    lane: int | None = None,
    steps: int | None = None,
    backend: str = "cpu",
    threads: int | None = None,
    shards: int = 1,
    fresh: bool = False,
    out: str | os.PathLike[str] | None = None,
    preset: str | None = None,
    command: str | None = None,
    made: Mapping[str, Any] | None = None,
    checkpoint_every: int | None = None,
    keep_checkpoints: int = 2,
    progress: Progress | None = None,
    before: Before | None = None,
    notice: Notice | None = None,
) -> Run:
    """Run `model` until nothing can change, or for `steps` steps; the same run is never run twice.

    With `checkpoint_every`, where the run stands is kept after every so many steps, the last
    `keep_checkpoints` of them: from there it goes on when it is asked for again after an
    interruption (or `ec.resume`d), and branches share its past. `fresh` computes all of it again
    and raises `DigestError` if a stored run's digest differs. `before` sees the plan before
    anything is allocated, `progress` every step's measures, `notice` what was wrong with a
    checkpoint. Raises `SizeError` when memory would not do, `StoreError` when `out` cannot be
    written, `InterventionError` for a change that cannot be made. A model that is run in lanes
    goes through all of them, or through one of them if `lane` is its number.
    """
    _check_checkpoints(checkpoint_every, keep_checkpoints)
    if lane is not None:
        model = lane_alone(model, lane, seed)
    task = Task(
        replace(model, preset=preset or model.preset),
        checked(interventions, model),
        Store(out) if out is not None else Store(),
        seed=seed,
        lane=lane or 0,
        steps=steps,
        backend=backend,
        threads=threads or cores(),
        shards=shards,
        checkpoint_every=checkpoint_every or 0,
        keep_checkpoints=keep_checkpoints,
        command=command,
        made=made,
    )
    return carry_out(task, fresh=fresh, progress=progress, before=before, notice=notice)


def carry_out(
    task: Task,
    *,
    past: Past | None = None,
    fresh: bool = False,
    page: bool = True,
    progress: Progress | None = None,
    before: Before | None = None,
    notice: Notice | None = None,
) -> Run:
    """Find what was asked for, or compute it from its `past`: an unfinished one of its own if none
    is given. `page` says whether its report is written, too."""
    model = task.model
    check_lanes(task)
    task.store.check_writable()
    earlier = task.stored()
    if earlier is not None and not fresh:
        earlier.touch()
        found = Run(earlier, stored=True, model=model, interventions=task.interventions)
        if found.rescored:
            write_report(earlier, found.scorecard)
        return found
    if past is None:
        past = Nothing() if fresh else interrupted(task) or Nothing()
    if notice is not None:
        for told in task.notices:
            notice(told)
    chosen = task.plan()
    if before is not None:
        before(chosen)
    check_memory(chosen.memory_bytes, chosen.memory, chosen.agents)
    opened = task.opening(chosen)
    with past.writer(task, opened) as writer, tidied(task, writer):
        _keep_names(writer, model)
        going = (
            AllLanes(task, writer)
            if model.lanes
            else Going(task, writer, past.checkpoint, progress)
        )
        try:
            going.go(task.limit)
        except KeyboardInterrupt:
            writer.abandon("stopped by Ctrl-C", {**opened, **going.ending("interrupted")})
            raise
        quiet = going.quiet(task.limit)
        writer.name = task.base if quiet else task.limited
        ended = "quiet" if quiet else "steps" if task.steps is not None else "max_steps"
        record = {**opened, **going.ending(ended)}
        record |= beside_parent(task, record)
        _compare(earlier, str(record["digest"]))
        folder = writer.finish(record, scorecard_of(model, record))
    if page:
        _report(folder)
    return Run(folder, stored=False, model=model, interventions=task.interventions)


def _report(folder: RunFolder) -> None:
    """Write the page; where another process puts the same run in this one's place just now, the
    folder is away for a moment."""
    for _ in range(20):
        with suppress(StoreError):
            write_report(folder)
            return
        sleep(0.05)
    write_report(folder)


def _check_checkpoints(every: int | None, keep: int) -> None:
    for name, value in (("checkpoint_every", every), ("keep_checkpoints", keep)):
        if value is not None and (type(value) is not int or value < 1):
            raise ParameterError(f"{name}={value!r}: type a whole number from 1.")


def _keep_names(writer: RunWriter, model: Model) -> None:
    """Keep, for a network whose ids were renumbered, which agent has which id."""
    for name, network in model.networks.items():
        if isinstance(network, Explicit) and network.rows.names is not None:
            ids = np.asarray(network.rows.names)
            agents = np.arange(len(ids), dtype=np.int64)
            writer.keep(f"ids-{name}.parquet", {"agent": agents, "id": ids})


def _compare(earlier: RunFolder | None, digest: str) -> None:
    """Raise `DigestError` if a stored run of the same name came out otherwise."""
    if earlier is not None and earlier.record["digest"] != digest:
        raise DigestError(
            f"computed again, {earlier.name} has digest {digest}, but the stored run has "
            f"{earlier.record['digest']}. One of them was made by other code or on a faulty "
            f"machine; the stored one is kept. Delete {earlier.path} to replace it."
        )
