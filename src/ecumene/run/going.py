"""The steps of a run: each is taken, measured and kept, and some are marked by a checkpoint."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from time import perf_counter
from typing import Any

from ..engine import NUMBERS, Simulation
from ..engine.memory import peak_memory
from ..errors import StoreError
from ..store import Checkpoint, RunWriter
from .task import Task

Progress = Callable[[int, Mapping[str, Any]], None]


class Going:
    """Takes the steps of a simulation, keeps every row, and knows where the time went."""

    def __init__(
        self,
        task: Task,
        writer: RunWriter,
        checkpoint: Checkpoint | None,
        progress: Progress | None,
    ) -> None:
        """Begin at the start, or where a checkpoint says; raises `StoreError` if it lies."""
        self.task, self.writer, self.progress = task, writer, progress
        self.begun_at = checkpoint
        self.simulation = Simulation(
            task.model,
            seed=task.seed,
            lane=task.lane,
            interventions=task.interventions,
            state=checkpoint,
            **task.how,
        )
        self.seconds = checkpoint.manifest["seconds"] if checkpoint else 0.0
        if checkpoint is not None and checkpoint.manifest["digest"] != self.simulation.digest():
            raise StoreError(
                f"the checkpoint of step {checkpoint.step:,} does not give the state that was "
                "kept: it was made by other code or on a faulty machine. Begin anew with --fresh."
            )

    def go(self, limit: int) -> None:
        """Steps until nothing can change, at most `limit`."""
        if self.begun_at is None:
            self._keep()
        while self.simulation.step < limit:
            started, compiled = perf_counter(), self.simulation.compile_seconds
            moved = self.simulation.advance()
            self.seconds += perf_counter() - started
            self.seconds -= self.simulation.compile_seconds - compiled
            if not moved:
                return
            self._keep()
            every, step = self.task.checkpoint_every, self.simulation.step
            if (every and step % every == 0) or step == self.task.marked:
                self._mark()

    def quiet(self, limit: int) -> bool:
        """Whether nothing can change any more, and not only the steps were over."""
        del limit
        return self.simulation.quiet()

    def ending(self, ended: str) -> dict[str, Any]:
        """What the record says once it is over."""
        simulation = self.simulation
        return {
            "steps": simulation.step,
            "ended": ended,
            "interventions": [
                {"change": str(one), **asdict(happened)}
                for one, happened in zip(self.task.interventions, simulation.happened, strict=True)
            ],
            "digest": simulation.digest(),
            "seconds": self.seconds,
            "setup_seconds": simulation.setup_seconds,
            "compile_seconds": simulation.compile_seconds,
            "peak_memory_bytes": peak_memory(),
            "measures": simulation.measure_all(),
            **self._answers(ended),
            **({"went_on_from": self.begun_at.step} if self.begun_at else {}),
            **({"checkpoint_notices": self.task.notices} if self.task.notices else {}),
        }

    def _answers(self, ended: str) -> dict[str, Any]:
        """What the model tells in words, once it is over."""
        tell = self.task.model.tell
        if tell is None or ended == "interrupted":
            return {}
        return {"answers": dict(tell(self.simulation))}

    def _mark(self) -> None:
        """Keep where the simulation stands."""
        about = {
            "identity": self.task.identity,
            "numbers": NUMBERS,
            "digest": self.simulation.digest(),
            "seconds": self.seconds,
            "facts": self.simulation.facts(),
        }
        self.writer.checkpoint(about, self.simulation.blocks(), self.task.keep_checkpoints)

    def _keep(self) -> None:
        started = perf_counter()
        measures = self.simulation.measure()
        self.seconds += perf_counter() - started
        self.writer.append([{"step": self.simulation.step, **_flat(measures)}])
        if self.progress is not None:
            self.progress(self.simulation.step, measures)


def _flat(measures: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in measures.items():
        if isinstance(value, Mapping):
            flat |= {f"{name}[{group}]": one for group, one in value.items()}
        else:
            flat[name] = value
    return flat
