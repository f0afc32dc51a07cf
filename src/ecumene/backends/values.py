"""What a written value becomes, and whether it fits: the same for agents and environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..population import NEVER, Stored

Value = int | float | bool
Values = Value | tuple[Value, ...]


def _real(value: Any) -> float:
    return float(value) + 0.0  # -0.0 becomes 0.0: equal numbers have one digest.


CAST: Mapping[str, Callable[[Any], Any]] = {"step": int, "int": int, "float": _real, "flag": bool}


def started(stored: Stored) -> Values:
    """What an environment value begins with."""
    return stored.first or (stored.default,) * stored.cells if stored.cells else stored.default


def highest(stored: Stored, step: int) -> int:
    """The greatest number that `stored` may be given in `step`."""
    return step + stored.ahead if stored.kind == "step" else stored.high


def fits(stored: Stored, value: Value, step: int) -> bool:
    """Whether a value of the right type may be kept."""
    if stored.kind == "int":
        return stored.low <= value <= stored.high
    if stored.kind == "step":
        return value == NEVER or 0 <= value <= highest(stored, step)
    return value == value
