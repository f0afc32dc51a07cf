"""Starts: whether what they set, and whom they name, is there."""

from __future__ import annotations

from ..errors import ModelError, unknown
from .model import Model, Sample


def check_start(model: Model) -> None:
    """Raise `ModelError` unless a start sets columns, and draws or names agents, that are there."""
    for start in model.start:
        for column in start.values:
            if column not in model.population.own:
                known = model.population.own
                raise ModelError(f"the start sets {unknown('stored column', column, known)}")
        _check_named(model, start.agents)
        if not 0 <= start.agents.count <= model.agents:
            raise ModelError(
                f"the start draws {start.agents.count:,} agents of {model.agents:,}; let it draw "
                f"0 to {model.agents:,} (in `cascade`: `--set seeds={min(1, model.agents)}`)."
            )


def _check_named(model: Model, sample: Sample) -> None:
    named = sample.agents
    if len(set(named)) < len(named) or any(not 0 <= a < model.agents for a in named):
        raise ModelError(
            f"the start names the agents {', '.join(map(str, named[:5]))}; name each once, from 0 "
            f"to {model.agents - 1}."
        )
