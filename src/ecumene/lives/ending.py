"""How a life ends, as numbers: what draws of luck are compared by."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..engine import Simulation
from ..population import NEVER, Stored
from .worlds import Asked

Ending = Mapping[str, float]


def ending(asked: Asked, simulation: Simulation) -> Ending:
    """The agent's columns now, as numbers."""
    place = np.array([asked.agent], np.int64)
    stored = simulation.people(asked.of).program.stored
    found: dict[str, float] = {}
    for name, column in stored.items():
        outcome = outcome_of(name, column)
        if outcome is not None:
            value = simulation.values(name, place, asked.of)[0].item()
            found[outcome] = float(value != NEVER if column.kind == "step" else value)
    return found


def outcome_of(name: str, column: Stored) -> str | None:
    """What is told of a column in the end: of a step, whether it came; of a pulse, which is gone,
    and of when it wakes next, nothing."""
    if column.kind in ("pulse", "wake"):
        return None
    return f"{name} came" if column.kind == "step" else name
