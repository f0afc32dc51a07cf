"""Measures of the environment: its values, as they are between steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..backends import Tally
from ..engine import View
from ..population import NEVER

Number = int | float | bool | None


@dataclass(frozen=True)
class EnvironmentValue:
    """An environment value; cell by cell when it has cells."""

    environment: tuple[str, ...]
    every: int = 1
    columns: tuple[str, ...] = ()
    tallies: tuple[Tally, ...] = ()
    of: str = ""  # It is nobody's.

    def value(self, view: View) -> Number | Mapping[str, Number]:
        """The value now, or a mapping from the cell's number to its value; None for `NEVER`."""
        now = view.environment[self.environment[0]]
        if isinstance(now, tuple):
            return {str(cell): _shown(one) for cell, one in enumerate(now)}
        return _shown(now)

    def grouped(self, group: str) -> None:
        """Nothing by group."""


def value(name: str) -> EnvironmentValue:
    """The environment value `name`; of a value with cells, every cell."""
    return EnvironmentValue((name,))


def _shown(number: float) -> Number:
    return None if number == NEVER else number
