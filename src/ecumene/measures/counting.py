"""Measures that are kept up to date from writes: counts, totals, shares and means; also by group.

Sums are whole numbers, so no order of agents, threads or shards can change them; a share or a
mean is one division at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

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

    @property
    def tallies(self) -> tuple[Tally, ...]:
        """The one tally that it reads."""
        return (self.tally,)

    def value(self, view: View) -> Number | Grouped:
        """The number now; by group, a mapping from label to number (None where nobody is)."""
        cells, group = view.tally(self.tally), self.tally.group
        if self.kind not in SUMS:
            sizes = view.group_sizes(group) if group else [view.agents]
            return _labelled(view, group, [_ratio(c, s) for c, s in zip(cells, sizes, strict=True)])
        return _labelled(view, group, cells)

    def grouped(self, group: str) -> Counted | None:
        """A share of all agents as shares by group; other kinds stay as they are."""
        if self.kind != "share" or self.tally.group is not None:
            return None
        return replace(self, tally=replace(self.tally, group=group))


def count(
    column: str, predicate: Callable[..., bool] | None = None, *, by: str | None = None
) -> Counted:
    """How many agents' `column` satisfies `predicate`; without one, how many are not 0 or false."""
    return Counted("count", Tally(column, predicate or holds, by))


def total(column: str, *, by: str | None = None) -> Counted:
    """The sum of a stored column of whole numbers or flags, exactly."""
    return Counted("total", Tally(column, None, by))


def share(column: str, predicate: Callable[..., bool], *, by: str | None = None) -> Counted:
    """Which part of the agents' `column` satisfies `predicate`."""
    return Counted("share", Tally(column, predicate, by))


def mean(column: str, *, by: str | None = None) -> Counted:
    """The mean of a stored column of whole numbers or flags."""
    return Counted("mean", Tally(column, None, by))


def _ratio(amount: int, size: int) -> float | None:
    return amount / size if size else None


def _labelled(view: View, group: str | None, values: Sequence[Any]) -> Any:
    if group is None:
        return values[0]
    return dict(zip(view.labels(group), values, strict=True))
