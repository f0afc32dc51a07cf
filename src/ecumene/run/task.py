"""A run that was asked for: what is run, how, and where it is kept."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from ..engine import NUMBERS, Intervention, Model, Plan, notices, plan, planned_in_lanes, run_name
from ..store import RunFolder, Store


@dataclass(frozen=True)
class Task:
    """Everything that was asked, checked; `made` says how the command line built the model."""

    model: Model
    interventions: tuple[Intervention, ...]
    store: Store
    seed: int = 0
    lane: int = 0
    steps: int | None = None
    backend: str = "cpu"
    threads: int = 1
    shards: int = 1
    checkpoint_every: int = 0  # never
    keep_checkpoints: int = 2
    command: str | None = None
    made: Mapping[str, Any] | None = None
    branch: Mapping[str, Any] | None = None
    marked: int = 0  # Also before this step it is kept where the run stands.
    replication_of: str | None = None  # Whose other seeds it is one of.
    notices: list[str] = field(default_factory=list[str])

    @cached_property
    def identity(self) -> str:
        """64 hex digits of what determines the numbers."""
        return run_name(self.model, self.seed, self.lane, self.interventions)

    @property
    def base(self) -> str:
        """The name of the run once nothing can change in it any more."""
        return f"{self.model.name}-{self.identity[:12]}"

    @property
    def limit(self) -> int:
        """The most steps that it takes."""
        return self.model.max_steps if self.steps is None else self.steps

    @property
    def limited(self) -> str:
        """Its name while more could happen."""
        return f"{self.base}-at-{self.limit}"

    @property
    def how(self) -> dict[str, Any]:
        """What does not change the numbers."""
        return {"backend": self.backend, "threads": self.threads, "shards": self.shards}

    def plan(self) -> Plan:
        """The plan, worked out before anything is allocated."""
        whole = plan(self.model, seed=self.seed, interventions=self.interventions, **self.how)
        return planned_in_lanes(whole, self.model)

    def stored(self) -> RunFolder | None:
        """The stored run that has these steps and watches what the model watches, if any."""
        whole = self.store.stored(self.base)
        found = None
        if whole and (self.steps is None or whole.record["steps"] <= self.steps):
            found = whole
        found = found or self.store.stored(self.limited)
        watched = self.model.lanes.measures if self.model.lanes else self.model.measures
        if found is None or set(found.record["measures"]) != set(watched):
            return None
        return found

    def opening(self, chosen: Plan) -> dict[str, Any]:
        """What the record says from the start: enough to go on after an interruption."""
        asked: dict[str, Any] = {
            "identity": self.identity,
            "asked_steps": self.steps,
            "planned": [str(one) for one in self.interventions],
            "checkpoint_every": self.checkpoint_every,
            "keep_checkpoints": self.keep_checkpoints,
            "made": self.made,
            "intervention_notices": notices(self.interventions, self.model, self.limit),
            **({"branch": self.branch} if self.branch else {}),
            **({"replication_of": self.replication_of} if self.replication_of else {}),
        }
        return {**_described(self), **_plan(self.model, chosen), **self.how, **asked}


def _described(task: Task) -> dict[str, Any]:
    model = task.model
    return {
        "model": model.name,
        "preset": model.preset,
        "parameters": dict(model.parameters),
        "agents": model.agents,
        **({"capacity": model.population.capacity} if model.population.is_open else {}),
        "step_unit": model.step_unit,
        "seed": task.seed,
        **({"lane": task.lane} if task.lane else {}),
        "stored": False,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": task.command,
        "ecumene_version": _version(),
        "numbers_version": NUMBERS,
        "title": model.doc.split("\n", 1)[0],
        "doc": model.doc,
        "limits": list(model.limits),
        "synchrony": model.synchrony,
        "parameter_table": [
            {**vars(p), "value": model.parameters[name]}
            for name, p in model.parameter_table.items()
        ],
    }


def _plan(model: Model, chosen: Plan) -> dict[str, Any]:
    backgrounds = [p.background for p in model.populations.values() if p.background]
    reads = {name for phase in chosen.rows for name in phase["reads"].split(", ")}
    return {
        **({"populations": dict(chosen.populations)} if chosen.populations else {}),
        "population": {
            "name": " and ".join(b.name for b in backgrounds),
            "notes": [note for b in backgrounds for note in b.notes],
        }
        if backgrounds
        else None,
        "reads_background": any(reads & set(b.derived) for b in backgrounds),
        "network_notices": list(model.notices),
        "plan": chosen.table(),
        "plan_summary": chosen.summary,
        "machine": f"{platform.system()} {platform.machine()}, {cores()} cores",
    }


def _version() -> str:
    from importlib.metadata import version

    return version("ecumene")


def cores() -> int:
    """On how many cores this process may run."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
