"""What a run will take and what its size can answer, said before it starts."""

from __future__ import annotations

from collections.abc import Iterator

from ..engine import Model, Plan, memory
from .precision import agents_for_band, reach_of_share


def describe(plan: Plan, model: Model) -> str:
    """Memory, expected time, and how many agents the question needs, in a few lines."""
    needed = memory.readable_bytes(plan.memory_bytes)
    free = memory.readable_bytes(memory.available_memory())
    if model.lanes is not None:
        said = f"plan: {model.name}, {model.lanes.count:,} {model.lanes.name} over "
        said += f"{plan.inhabitants}; {needed} of memory, {free} are free"
        return "\n".join([said, *_solved(model)])
    lines = [
        f"plan: {model.name}, {plan.inhabitants}; {needed} of memory, {free} are free; "
        f"at most about {_duration(plan.seconds_expected)}, once compiled",
        f"  a share of {model.agents:,} independent agents is known to "
        f"±{reach_of_share(model.agents):.1g}",
    ]
    return "\n".join([*lines, *_solved(model), *_needs(model)])


def _solved(model: Model) -> Iterator[str]:
    """What was worked out from the people and ties."""
    for name in [n for n in model.parameters if n not in model.parameter_table]:
        if model.solve is not None:
            yield f"  worked out from the people and ties: {name} = {model.parameters[name]:.6g}"


def _needs(model: Model) -> Iterator[str]:
    """For each target whose spread the model knows: how many agents can decide it."""
    for target in model.targets:
        if target.name not in model.spread or not target.low < target.high:
            continue
        needed = agents_for_band(target.low, target.high, model.spread[target.name])
        rounded = _rounded_up(needed)
        enough = "enough" if model.agents >= needed else f"type `--agents {rounded:_}` to decide it"
        yield (
            f"  target `{target.name}` ({target.low:g} to {target.high:g}) "
            f"needs about {rounded:,} agents: {enough}"
        )


def _rounded_up(number: int) -> int:
    """To three digits, never below."""
    unit = 10 ** max(0, len(str(number)) - 3)
    return -(-number // unit) * unit


def _duration(seconds: float) -> str:
    if seconds < 1:
        return "a second"
    if seconds < 120:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 7200 else f"{seconds / 3600:.1f} hours"
