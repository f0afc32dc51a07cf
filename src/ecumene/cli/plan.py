"""What a run will take and what its size can answer, said before it starts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..engine.memory import available_memory, readable_bytes
from .precision import agents_for_share, reach_of_share


def describe(plan: Any, model: Any) -> str:
    """Memory, expected time, and how many agents the question needs, in a few lines."""
    memory = f"{readable_bytes(plan.memory_bytes)} of {readable_bytes(available_memory())} free"
    lines = [
        f"plan: {model.name}, {model.agents:,} agents; memory {memory}; "
        f"about {_duration(plan.seconds_expected)}",
        f"  a share counted over {model.agents:,} independent agents is known to "
        f"±{reach_of_share(model.agents):.1g}",
    ]
    return "\n".join([*lines, *_needs(model.targets, model.agents)])


def _needs(targets: Iterable[Any], agents: int) -> Iterable[str]:
    """For each target that is a share: how many agents its band needs at least."""
    for target in targets:
        if target.low is None or target.high is None or not 0 <= target.low < target.high <= 1:
            continue
        needed = agents_for_share(target.low, target.high)
        enough = "enough" if agents >= needed else f"type `--agents {needed}` or more"
        yield f"  {target.name} needs at least {needed:,} agents for its target: {enough}"


def _duration(seconds: float) -> str:
    if seconds < 1:
        return "a second"
    if seconds < 120:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 7200 else f"{seconds / 3600:.1f} hours"
