"""What a run will take and what its size can answer, said before it starts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..engine.memory import available_memory, readable_bytes
from .precision import agents_for_band, reach_of_share


def describe(plan: Any, model: Any) -> str:
    """Memory, expected time, and how many agents the question needs, in a few lines."""
    memory = f"{readable_bytes(plan.memory_bytes)} of {readable_bytes(available_memory())} free"
    lines = [
        f"plan: {model.name}, {model.agents:,} agents; memory {memory}; "
        f"about {_duration(plan.seconds_expected)}",
        f"  a share counted over {model.agents:,} independent agents is known to "
        f"±{reach_of_share(model.agents):.1g}",
    ]
    return "\n".join([*lines, *_needs(model)])


def _needs(model: Any) -> Iterable[str]:
    """For each target whose spread the model knows: how many agents its band needs."""
    for target in model.targets:
        if target.name not in model.spread or not target.low < target.high:
            continue
        needed = agents_for_band(target.low, target.high, model.spread[target.name])
        enough = "enough" if model.agents >= needed else f"type `--agents {needed}` or more"
        yield f"  {target.name} needs about {needed:,} agents for its target: {enough}"


def _duration(seconds: float) -> str:
    if seconds < 1:
        return "a second"
    if seconds < 120:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 7200 else f"{seconds / 3600:.1f} hours"
