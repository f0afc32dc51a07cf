"""A run that is many small ones: all lanes are taken, and a row is kept for each."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from ..engine import Taken, take, take_first
from ..engine.memory import peak_memory
from ..errors import InterventionError, ParameterError
from ..store import RunWriter
from .task import Task


class AllLanes:
    """Takes all lanes of a model that is run in lanes, and knows where the time went."""

    def __init__(self, task: Task, writer: RunWriter) -> None:
        """Nothing runs yet."""
        self.task, self.writer = task, writer
        self.seconds = self.compile_seconds = 0.0
        self.taken: Taken | None = None

    def go(self, limit: int) -> None:
        """All lanes, each for at most `limit` steps."""
        model, design = self.task.model, self.task.model.lanes
        assert design is not None
        how = {"backend": self.task.backend, "threads": self.task.threads}
        started = perf_counter()
        take_first(model, self.task.seed, **how)
        self.compile_seconds = perf_counter() - started
        started = perf_counter()
        self.taken = take(model, self.task.seed, max_steps=limit, **how)
        self.seconds = perf_counter() - started
        self.writer.keep(f"{design.name}.parquet", self.taken.table)
        self.writer.append([{"step": self.taken.steps, **self.taken.measures}])

    def quiet(self, limit: int) -> bool:
        """Whether every lane ended by itself."""
        return self.taken is not None and self.taken.steps < limit

    def ending(self, ended: str) -> dict[str, Any]:
        """What the record says once it is over."""
        taken = self.taken
        if taken is None:
            return {"ended": ended}
        return {
            "steps": taken.steps,
            "ended": ended,
            "interventions": [],
            "digest": taken.digest,
            "seconds": self.seconds,
            "setup_seconds": 0.0,
            "compile_seconds": self.compile_seconds,
            "peak_memory_bytes": peak_memory(),
            "measures": taken.measures,
            "intervals": taken.intervals,
            "curves": taken.curves,
            "lanes": len(taken.table["lane"]),
            "lanes_alone": taken.alone,
        }


def check_lanes(task: Task) -> None:
    """Raise for what lanes cannot: be changed while they run, or go on from a checkpoint."""
    design = task.model.lanes
    if design is None:
        return
    if task.interventions:
        raise InterventionError(
            f"`{task.interventions[0]}` would change {design.count:,} {design.name} while they "
            "run, which lanes cannot; run one of them, or set a parameter for all of the run."
        )
    if task.checkpoint_every:
        raise ParameterError(
            f"{design.count:,} {design.name} are run at once and keep no checkpoints; leave "
            "`checkpoint_every` out."
        )
