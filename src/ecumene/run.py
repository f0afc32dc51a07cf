"""The whole story of a run in one function: find or start, step, measure, keep."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from .engine import (
    NUMBERS,
    Intervention,
    Model,
    Outcome,
    Plan,
    Simulation,
    checked,
    notices,
    plan,
    run_name,
)
from .engine.memory import check_memory, peak_memory
from .errors import DigestError
from .networks import Explicit
from .report import summary_html, write_report
from .store import RunFolder, RunWriter, Series, Store

Progress = Callable[[int, Mapping[str, Any]], None]


class Run:
    """A model, a seed, a number of steps, and what came out, kept in a folder."""

    def __init__(
        self,
        folder: RunFolder,
        stored: bool,
        model: Model,
        interventions: Sequence[Intervention] = (),
    ) -> None:
        """Take a whole run's folder and what was run; `stored` says that it was there before."""
        self._folder, self.model, self.interventions = folder, model, interventions
        self.record: Mapping[str, Any] = {
            **folder.record,
            "stored": stored,
            "scorecard": folder.scorecard,
        }

    @property
    def path(self) -> Path:
        """The run's folder."""
        return self._folder.path

    @property
    def report_path(self) -> Path:
        """The run's report, one HTML page."""
        return self.path / "report.html"

    @property
    def series(self) -> Series:
        """Every measure over the steps: `.arrow()`, `.pandas()`, `.polars()`, `["name"]`."""
        return self._folder.series

    @property
    def scorecard(self) -> list[dict[str, Any]]:
        """Each target with the run's value, its interval, and whether it is met."""
        return self._folder.scorecard

    def __repr__(self) -> str:
        """Name, size, steps and last measures."""
        r = self.record
        return f"Run({r['run']}: {r['agents']:,} agents, {r['steps']} steps, {r['measures']})"

    def _repr_html_(self) -> str:
        return summary_html(self.record)


def run(
    model: Model,
    *,
    interventions: Sequence[Intervention] = (),
    seed: int = 0,
    lane: int = 0,
    steps: int | None = None,
    backend: str = "cpu",
    threads: int | None = None,
    shards: int = 1,
    fresh: bool = False,
    out: str | os.PathLike[str] | None = None,
    preset: str | None = None,
    command: str | None = None,
    progress: Progress | None = None,
    before: Callable[[Plan], None] | None = None,
) -> Run:
    """Run `model` until nothing can change, or for `steps` steps; the same run is never run twice.

    `fresh` computes again and raises `DigestError` if a stored run's digest differs. `before` sees
    the plan before anything is allocated, `progress` every step's measures. Raises `SizeError`
    when memory would not do, `StoreError` when `out` cannot be written, `InterventionError` for a
    change that cannot be made.
    """
    planned = checked(interventions, model)
    model = replace(model, preset=preset or model.preset)
    threads = threads or _cores()
    store = Store(out) if out is not None else Store()
    store.check_writable()
    name = run_name(model, seed, lane, planned)
    base = f"{model.name}-{name[:12]}"
    earlier = _stored(store, base, steps, model)
    if earlier is not None and not fresh:
        earlier.touch()
        return Run(earlier, stored=True, model=model, interventions=planned)
    how: dict[str, Any] = {"backend": backend, "threads": threads, "shards": shards}
    chosen = plan(model, **how, seed=seed, interventions=planned)
    if before is not None:
        before(chosen)
    check_memory(chosen.memory_bytes, chosen.memory, chosen.agents)
    limit = model.max_steps if steps is None else steps
    opened = {
        **_opening(model, seed, lane, command, chosen, how),
        "identity": name,
        "intervention_notices": notices(planned, model, limit),
    }
    with store.open_partial(f"{base}-at-{limit}", opened) as writer:
        _keep_names(writer, model)
        simulation = Simulation(model, seed=seed, lane=lane, interventions=planned, **how)
        timed = _Timed(simulation, planned, writer, progress)
        try:
            timed.go(limit)
        except KeyboardInterrupt:
            writer.abandon("stopped by Ctrl-C", {**opened, **timed.ending("interrupted")})
            raise
        quiet = simulation.quiet()
        writer.name = base if quiet else writer.name
        ended = "quiet" if quiet else "steps" if steps is not None else "max_steps"
        record = {**opened, **timed.ending(ended)}
        _compare(earlier, str(record["digest"]))
        folder = writer.finish(record, scorecard_of(model, record))
    write_report(folder)
    return Run(folder, stored=False, model=model, interventions=planned)


def scorecard_of(model: Model, record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each of the model's targets with the run's value; met only if the whole interval fits.

    Targets are stated for the model left to itself: of a run with interventions they have no value.
    """
    outcome = Outcome(record["agents"], record["steps"], record["parameters"], record["measures"])
    alone = not record.get("interventions")
    scored = model.score(outcome) if model.score and alone else {}
    return [
        {
            "name": target.name,
            **_held_against(scored.get(target.name, (None, None, None)), target.low, target.high),
            "role": target.role,
            "status": target.status,
            "source": target.source,
            "unit": target.unit,
            "condition": target.condition,
        }
        for target in model.targets
    ]


def _held_against(scored: tuple[Any, Any, Any], low: float, high: float) -> dict[str, Any]:
    value, least, most = scored
    met = None
    if least is not None and most is not None:
        inside, outside = low <= least and most <= high, most < low or high < least
        met = True if inside else False if outside else None
    ends = {"value": value, "low": least, "high": most}
    return {**ends, "target_low": low, "target_high": high, "met": met}


class _Timed:
    """Takes the steps of a simulation, keeps every row, and knows where the time went."""

    def __init__(
        self,
        simulation: Simulation,
        planned: Sequence[Intervention],
        writer: RunWriter,
        progress: Progress | None,
    ) -> None:
        self.simulation, self.planned = simulation, planned
        self.writer, self.progress = writer, progress
        self.seconds = 0.0

    def go(self, limit: int) -> None:
        """Steps until nothing can change, at most `limit`."""
        self._keep()
        while self.simulation.step < limit:
            started = perf_counter()
            moved = self.simulation.advance()
            self.seconds += perf_counter() - started
            if not moved:
                return
            self._keep()

    def ending(self, ended: str) -> dict[str, Any]:
        """What the record says once it is over."""
        simulation = self.simulation
        return {
            "steps": simulation.step,
            "ended": ended,
            "interventions": [
                {"change": str(one), **asdict(happened)}
                for one, happened in zip(self.planned, simulation.happened, strict=True)
            ],
            "digest": simulation.digest(),
            "seconds": self.seconds,
            "setup_seconds": simulation.setup_seconds,
            "compile_seconds": simulation.compile_seconds,
            "peak_memory_bytes": peak_memory(),
            "measures": simulation.measure_all(),
        }

    def _keep(self) -> None:
        started = perf_counter()
        measures = self.simulation.measure()
        self.seconds += perf_counter() - started
        self.writer.append([{"step": self.simulation.step, **_flat(measures)}])
        if self.progress is not None:
            self.progress(self.simulation.step, measures)


def _version() -> str:
    from importlib.metadata import version

    return version("ecumene")


def _keep_names(writer: RunWriter, model: Model) -> None:
    """Keep, for a network whose ids were renumbered, which agent has which id."""
    for name, network in model.networks.items():
        if isinstance(network, Explicit) and network.rows.names is not None:
            ids = np.asarray(network.rows.names)
            agents = np.arange(len(ids), dtype=np.int64)
            writer.keep(f"ids-{name}.parquet", {"agent": agents, "id": ids})


def _flat(measures: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in measures.items():
        if isinstance(value, Mapping):
            flat |= {f"{name}[{group}]": one for group, one in value.items()}
        else:
            flat[name] = value
    return flat


def _stored(store: Store, base: str, steps: int | None, model: Model) -> RunFolder | None:
    """The stored run that has these steps and watches what the model watches, if there is one."""
    whole = store.stored(base)
    found = whole if whole and (steps is None or whole.record["steps"] <= steps) else None
    limit = model.max_steps if steps is None else steps
    found = found or store.stored(f"{base}-at-{limit}")
    if found is None or set(found.record["measures"]) != set(model.measures):
        return None
    return found


def _compare(earlier: RunFolder | None, digest: str) -> None:
    """Raise `DigestError` if a stored run of the same name came out otherwise."""
    if earlier is not None and earlier.record["digest"] != digest:
        raise DigestError(
            f"computed again, {earlier.name} has digest {digest}, but the stored run has "
            f"{earlier.record['digest']}. One of them was made by other code or on a faulty "
            f"machine; the stored one is kept. Delete {earlier.path} to replace it."
        )


def _opening(
    model: Model, seed: int, lane: int, command: str | None, chosen: Plan, how: Mapping[str, Any]
) -> dict[str, Any]:
    """What the record says from the start."""
    backgrounds = [p.background for p in model.populations.values() if p.background]
    reads = {name for phase in chosen.rows for name in phase["reads"].split(", ")}
    return {
        "model": model.name,
        "preset": model.preset,
        "parameters": dict(model.parameters),
        "agents": model.agents,
        **({"populations": dict(chosen.populations)} if chosen.populations else {}),
        "step_unit": model.step_unit,
        "seed": seed,
        **({"lane": lane} if lane else {}),
        "stored": False,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": command,
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
        "machine": f"{platform.system()} {platform.machine()}, {_cores()} cores",
        **how,
    }


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
