"""What a written value becomes, and whether it fits: the same for agents and environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from ..arrays import Column
from ..population import NEVER, Stored

Value = int | float | bool


class Group(NamedTuple):
    """The members of groups low..high, in order of group and identity, with sums of weights.

    Group g's stand from `starts[g - low]` to `starts[g - low + 1]`; `sums` adds up within a group.
    """

    low: int
    high: int
    starts: Any
    members: Any
    sums: Any

    @classmethod
    def empty(cls, low: int) -> Group:
        """No group."""
        return cls(low, low - 1, *(np.zeros(1, np.int64) for _ in range(3)))

    def plain(self) -> Group:
        """The same in lists of Python's numbers."""
        rest = (self.starts.tolist(), self.members.tolist(), self.sums.tolist())
        return Group(self.low, self.high, *rest)


Values = Value | tuple[Value, ...]
Seen = Values | Column | Group  # What a rule may find behind `env`.
KINDS = {"float": np.float64, "flag": np.bool_, "pulse": np.bool_, "bool": np.bool_}


def nobodys(kind: str) -> Column:
    """No agent's values of a column of that kind, as arrays of them are handed to rules."""
    return np.zeros(0, KINDS.get(kind, np.int64))


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


def plainly_seen(value: Seen) -> Any:
    """What a rule finds behind `env`, in Python's own numbers."""
    if isinstance(value, Group):
        return value.plain()
    return tuple(value.tolist()) if isinstance(value, np.ndarray) else value
