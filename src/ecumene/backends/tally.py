"""Sums over agents: of values, or of what a predicate says of them, in all or by group."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..population import PRESENT, Derived, Stored


@dataclass(frozen=True)
class Tally:
    """A sum over agents, kept up to date from writes.

    It adds `predicate(value)`, or the value itself, of `column`; by the codes of the derived
    column `group`, or the values of the stored one, when there is one.
    """

    column: str
    predicate: Callable[..., Any] | None = None
    group: str | None = None
    of: str = ""  # The population, the model's first where it is empty.

    def amount(self, value: int | float | bool) -> int:
        """What an agent with this value adds."""
        return int(self.predicate(value) if self.predicate else value)


def holds(value: int | float | bool) -> bool:
    """Whether a value is neither 0 nor false."""
    return bool(value)


def counts(value: int | float | bool) -> bool:
    """True of every value: so agents are counted."""
    return True


def size_of(group: str, of: str = "") -> Tally:
    """How many agents have each value of a stored column."""
    return Tally(group, counts, group, of)


def cells_in(tally: Tally, stored: Mapping[str, Stored], derived: Mapping[str, Derived]) -> int:
    """How many cells a tally over agents with these columns has."""
    if tally.group is None:
        return 1
    if tally.group in stored:
        return stored[tally.group].high - stored[tally.group].low + 1
    return len(derived[tally.group].labels or ())


def present_of(group: str | None = None, of: str = "") -> Tally:
    """How many agents are there, of an open population; by the codes of a derived column."""
    return Tally(PRESENT, counts, group, of)
