"""Measures of an open population: how many are there, and how many came and went since the start.

Those present are those of the first step, and who entered, without who left: `check_model` holds
every run to it.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..backends import Tally, holds
from ..engine import View
from ..population import PRESENT
from .counting import Counted


@dataclass(frozen=True)
class Turnover:
    """How many entered, or left, since the start: by one rule or intervention, or by all."""

    kind: str
    by: str = ""
    of: str = ""
    every: int = 1
    columns: tuple[str, ...] = ()
    tallies: tuple[Tally, ...] = ()
    environment: tuple[str, ...] = ()

    def value(self, view: View) -> int:
        """The number up to now."""
        return view.turnover(self.kind, self.by, self.of)

    def grouped(self, group: str) -> None:
        """Nothing by group."""


def present(*, by: str | None = None, of: str = "") -> Counted:
    """How many agents are there, of the population `of` or the model's first."""
    return Counted("count", Tally(PRESENT, holds, by, of))


def entered(by: str = "", *, holding: str = "", of: str = "") -> Turnover:
    """How many entered since the start: by the entry or intervention `by`, or in all.

    With `holding`, the name of a column of whole numbers: what they began with of it, in sum.
    """
    return Turnover(f"entered:{holding}" if holding else "entered", by, of)


def left(by: str = "", *, holding: str = "", of: str = "") -> Turnover:
    """How many left since the start: by the rule or intervention `by`, or in all.

    With `holding`, the name of a column of whole numbers: what they took along of it, in sum.
    """
    return Turnover(f"left:{holding}" if holding else "left", by, of)
