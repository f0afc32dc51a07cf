"""What became of one agent: its background, and its columns step by step, computed once more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..engine import Simulation
from ..errors import ParameterError
from ..population import NEVER
from .result import Run


@dataclass(frozen=True)
class Life:
    """An agent's derived columns, and its stored ones before the first step and after each."""

    agent: int
    background: Mapping[str, Any]
    moments: tuple[Mapping[str, Any], ...]

    def lines(self, step_unit: str) -> list[str]:
        """The life in words: who it is, how it began, and every change."""
        lines = [f"{name}: {value}" for name, value in self.background.items()]
        before: Mapping[str, Any] = {}
        for step, now in enumerate(self.moments):
            new = [f"{n} {_word(v)}" for n, v in now.items() if v != before.get(n)]
            if new:
                when = "in the beginning" if step == 0 else f"after {step_unit} {step}"
                lines.append(f"{when}: {', '.join(new)}")
            before = now
        return lines


def life_of(run: Run, agent: int) -> Life:
    """The life of `agent` in a run; raises `ParameterError` where there is no such agent."""
    model = run.model
    if not 0 <= agent < model.agents:
        raise ParameterError(f"no agent {agent:,}; there are agents 0 to {model.agents - 1:,}.")
    simulation, place = started_again(run), np.array([agent], np.int64)

    def now() -> dict[str, Any]:
        stored = model.population.stored
        return {name: simulation.values(name, place)[0].item() for name in stored}

    background = {
        name: _labelled(column.labels, simulation.values(name, place)[0].item())
        for name, column in model.population.derived.items()
    }
    moments = [now()]
    for _ in range(int(run.record["steps"])):
        simulation.advance()
        moments.append(now())
    return Life(agent, background, tuple(moments))


def started_again(run: Run) -> Simulation:
    """The run's simulation before its first step."""
    return Simulation(
        run.model,
        seed=int(run.record["seed"]),
        lane=int(run.record.get("lane", 0)),
        interventions=run.interventions,
        backend=str(run.record.get("backend", "cpu")),
    )


def _labelled(labels: Any, value: Any) -> Any:
    return labels[int(value)] if labels else value


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "never" if value == NEVER and not isinstance(value, float) else str(value)
