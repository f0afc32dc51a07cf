"""What a run begins with by its own luck: environment values and starts that differ by seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from ..backends import lane_key_of, name_number
from ..errors import ModelError, unknown
from ..random import fold
from .lower import SEED_KEY
from .model import Model

LUCK = name_number("model:begin")


def begun(model: Model, seed: int, lane: int) -> tuple[Model, Mapping[str, Any]]:
    """The model with the starts that its `begin` draws, and the environment values it draws.

    Raises `ModelError` for a value that is not declared, or with another number of cells.
    """
    if model.begin is None:
        return model, {}
    values, starts = model.begin(fold(fold(lane_key_of(fold(SEED_KEY, seed), lane), LUCK), 0))
    for name, value in values.items():
        if name not in model.environment:
            raise ModelError(f"begin draws {unknown('environment value', name, model.environment)}")
        cells = model.environment[name].cells
        given = len(cast("Sequence[Any]", value)) if isinstance(value, Sequence) else 0
        if given != cells:
            raise ModelError(
                f"begin draws {given} cells of the environment value `{name}`, which is declared "
                f"with {cells}; give it as many."
            )
    return replace(model, start=[*model.start, *starts]), values
