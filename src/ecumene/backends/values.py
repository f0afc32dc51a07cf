"""What a written value becomes, and whether it fits: the same for agents and environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..population import NEVER, Stored

Value = int | float | bool
Values = Value | tuple[Value, ...]


def _real(value: Any) -> float:
    return float(value) + 0.0  # -0.0 becomes 0.0: equal numbers have one digest.


CAST: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("step", "wake", "int"), int),
    "float": _real,
    "flag": bool,
}


def started(stored: Stored) -> Values:
    """What an environment value begins with."""
    return stored.first or (stored.default,) * stored.cells if stored.cells else stored.default


def limits(stored: Stored, step: int, given: bool = False) -> tuple[int, int]:
    """The least and greatest value that may be written in `step`, NEVER apart.

    What is `given` comes from outside the rules at the beginning of the step.
    """
    if stored.kind == "step":
        return 0, step + stored.ahead
    if stored.kind == "wake":
        return step + (not given), step + stored.ahead
    return stored.low, stored.high


def fits(stored: Stored, value: Value, step: int, given: bool = False) -> bool:
    """Whether a value of the right type may be kept."""
    if stored.kind in ("flag", "pulse", "float"):
        return value == value
    low, high = limits(stored, step, given)
    return low <= value <= high or (stored.holds_steps and value == NEVER)
