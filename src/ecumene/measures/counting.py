"""Measures that are kept up to date from writes: counts, totals, shares and means; also by group.

Sums are whole numbers, so no order of agents, threads or shards can change them; a share or a
mean is one division at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from ..backends import Tally, holds
from ..engine import SUMS, View

Number = int | float | None
Grouped = Mapping[str, Number]


@dataclass(frozen=True)
class Counted:
    """A count, total, share or mean; `kind` says which."""

    kind: str
    tally: Tally
    every: int = 1
    columns: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    unit: float = 1.0  # what counts as 1 in a mean

    @property
    def tallies(self) -> tuple[Tally, ...]:
        """The one tally that it reads."""
        return (self.tally,)

    @property
    def of(self) -> str:
        """The population that it is of, the model's first where it is empty."""
        return self.tally.of

    def value(self, view: View) -> Number | Grouped:
        """The number now; by group, a mapping from label to number (None where nobody is)."""
        cells, group = view.tally(self.tally), self.tally.group
        if self.kind not in SUMS:
            sizes = view.group_sizes(group, self.of) if group else [view.size(self.of)]
            cells = [_ratio(c, s, self.unit) for c, s in zip(cells, sizes, strict=True)]
        return dict(zip(view.labels(group, self.of), cells, strict=True)) if group else cells[0]

    def grouped(self, group: str) -> Counted | None:
        """A share of all agents as shares by group; other kinds stay as they are."""
        if self.kind != "share" or self.tally.group is not None:
            return None
        return replace(self, tally=replace(self.tally, group=group))


def count(
    column: str,
    predicate: Callable[..., bool] | None = None,
    *,
    by: str | None = None,
    of: str = "",
) -> Counted:
    """How many agents' `column` satisfies `predicate`; without one, how many are not 0 or false.

    They are those of the population `of`, or of the model's first.
    """
    return Counted("count", Tally(column, predicate or holds, by, of))


def total(column: str, *, by: str | None = None, of: str = "") -> Counted:
    """The sum of a stored column of whole numbers or flags, exactly."""
    return Counted("total", Tally(column, None, by, of))


def share(
    column: str, predicate: Callable[..., bool], *, by: str | None = None, of: str = ""
) -> Counted:
    """Which part of the agents' `column` satisfies `predicate`."""
    return Counted("share", Tally(column, predicate, by, of))


def mean(column: str, *, by: str | None = None, of: str = "", unit: float = 1.0) -> Counted:
    """The mean of a stored column of whole numbers or flags; `unit` is what counts as 1."""
    return Counted("mean", Tally(column, None, by, of), unit=unit)


def _ratio(amount: int, size: int, unit: float) -> float | None:
    return amount / size / unit if size else None
