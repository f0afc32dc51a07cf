"""The rows of the ready models' scorecards: human numbers that a model is held against.

`role` says what the number is to the model: put in (*input*), fitted (*calibrated*), neither
(*held-out*), or the equation's own value (*regression*). A number put in is never reported as
found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..errors import InputError
from .reading import closed, rows

ROLES = ("input", "calibrated", "held-out", "regression")
STATUSES = ("verified", "from a secondary page", "from memory", "computed", "claimed")


@dataclass(frozen=True)
class Target:
    """One number of the world: `low` to `high`, its role, and where it comes from."""

    model: str
    preset: str  # empty for the model without a preset
    name: str
    low: float
    high: float
    unit: str
    role: str
    status: str
    primary_source: str
    seen: str  # where it was read, when that was not the primary source itself
    condition: str

    @property
    def source(self) -> str:
        """The primary source and, where it was read in another place, that place."""
        seen = f" (seen: {self.seen})" if self.seen else ""
        return f"{self.primary_source or 'from memory'}{seen}"


def targets(model: str, preset: str | None = None) -> tuple[Target, ...]:
    """The targets of `model` under `preset` only: a row is never scored under another preset."""
    return tuple(t for t in _all() if t.model == model and t.preset == (preset or ""))


@cache
def _all() -> tuple[Target, ...]:
    return tuple(_target(row) for row in rows("targets"))


def _target(row: Mapping[str, str]) -> Target:
    where = f"targets.csv, {row['model']}: {row['name']}"
    fields: dict[str, Any] = {**row, "low": float(row["low"]), "high": float(row["high"])}
    target = Target(**fields)
    closed("role", target.role, ROLES, where)
    closed("status", target.status, STATUSES, where)
    if not target.low <= target.high:
        raise InputError(f"{where}: low {target.low} lies above high {target.high}.")
    if not target.primary_source and target.status != "from memory":
        raise InputError(f"{where}: no primary source, so its status must be `from memory`.")
    return target
