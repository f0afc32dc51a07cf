"""What is kept of many lanes: which measures, from which sums, and the columns they become."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from ..arrays import Column, Integers
from ..backends import LaneOut, Tally, Values
from ..errors import ModelError, ParameterError, unknown
from .memory import check_memory
from .model import Model

ALWAYS = ("steps", "digest")
TREE = ("size", "depth", "breadth", "virality")
Sizes = Callable[[str], list[int]]


class Kept:
    """The names of what is kept, and the tallies' cells that they need."""

    def __init__(
        self, model: Model, tallies: tuple[Tally, ...], tree: bool, keep: Iterable[str] | None
    ) -> None:
        """Choose `keep`, or all that there is; raises `ParameterError` for an unknown name."""
        self.model, self.tree = model, tree
        measures = {name: m for name, m in model.measures.items() if not m.columns}
        known = [*ALWAYS, *measures, *(TREE if tree else ())]
        self.names = known if keep is None else list(dict.fromkeys(keep))
        for name in self.names:
            if name not in known:
                raise ParameterError(unknown("result of lanes", name, known))
        self.measures = {name: m for name, m in measures.items() if name in self.names}
        self.tallies, self.rows, first = tallies, dict[Tally, slice](), 0
        self._first: dict[Tally, int] = {}  # Where each tally's cells begin, kept or not.
        cells: list[int] = []
        for tally in tallies:
            count = len(model.population.derived[tally.group].labels or ()) if tally.group else 1
            self._first[tally] = first
            if any(tally in m.tallies for m in self.measures.values()):
                self.rows[tally] = slice(len(cells), len(cells) + count)
                cells += range(first, first + count)
            first += count
        self.cells: Integers = np.array(cells, np.int64)

    def check_memory(self, lanes: int, generations: int) -> None:
        """Refuse results that do not fit into memory."""
        each = {"steps and digests": 36, "tallies": 8 * self.cells.size}
        each["measures"] = 8 * max(len(self.measures), self.cells.size)
        each["marks"] = 24
        each["trees"] = (52 + 8 * generations) if self.tree else 0
        parts = {name: size * lanes for name, size in each.items()}
        check_memory(sum(parts.values()), parts)

    def marks(self, reaching: Mapping[str, tuple[str, int]]) -> tuple[tuple[int, int], ...]:
        """Which cell is watched, for how much, for each of `reaching`."""
        return tuple(self._mark(name, *watched) for name, watched in reaching.items())

    def _mark(self, name: str, measure: str, least: int) -> tuple[int, int]:
        counted = {
            n: m.tallies[0]
            for n, m in self.model.measures.items()
            if len(m.tallies) == 1 and m.tallies[0].group is None
        }
        if measure not in counted:
            known = unknown("count or total that is not by group", measure, counted)
            raise ParameterError(f"reaching `{name}`: {known}")
        if name in (*self.names, *TREE, "lane") or name.startswith("generation_"):
            raise ParameterError(f"reaching `{name}`: that name is taken; choose another.")
        return self._first[counted[measure]], int(least)

    def columns(
        self, numbers: Integers, out: LaneOut, generations: int, sizes: Sizes
    ) -> dict[str, Column]:
        """The results by name; a measure by group becomes columns `name[group]`."""
        found: dict[str, Column] = {"lane": numbers}
        if "steps" in self.names:
            found["steps"] = out.steps
        if "digest" in self.names:
            found |= {"digest_low": out.low, "digest_high": out.high}
        view = _View(self, out, sizes)
        for name, measure in self.measures.items():
            found |= _flat(name, measure.value(view), numbers.size)
        for name in [name for name in TREE if name in self.names]:
            found[name] = virality(out) if name == "virality" else getattr(out, name)
        shown = range(generations)
        return {**found, **{f"generation_{g}": out.generations[g] for g in shown}}


def virality(out: LaneOut) -> Column:
    """The mean distance between all pairs of nodes; NaN where there is no pair."""
    pairs = out.pairs.astype(np.float64)
    return np.divide(out.distances, pairs, out=np.full(pairs.size, np.nan), where=pairs > 0)


class _View:
    """The lanes as measures see a run: each sum is an array with one number per lane."""

    def __init__(self, kept: Kept, out: LaneOut, sizes: Sizes) -> None:
        self._kept, self._out, self._sizes = kept, out, sizes
        self.agents = kept.model.agents
        self.environment: Mapping[str, Values] = {}  # A model that has one runs in no lanes.

    def tally(self, tally: Tally) -> Any:
        """The tally's cells, each an array."""
        return list(self._out.cells[self._kept.rows[tally]])

    def size(self, of: str = "") -> int:
        """How many agents there are, in every lane."""
        del of
        return self.agents

    def group_sizes(self, group: str, of: str = "") -> list[int]:
        """How many agents have each code of a derived column, in every lane."""
        del of
        return self._sizes(group)

    def turnover(self, kind: str, by: str, of: str = "") -> int:
        """Nobody enters or leaves in lanes."""
        del kind, by, of
        return 0

    def labels(self, group: str, of: str = "") -> tuple[str, ...]:
        """What the codes of a derived column stand for."""
        del of
        return self._kept.model.population.derived[group].labels or ()

    def neighbour(self, network: str, place: int, key: int) -> int:
        """Lanes are not walked."""
        raise ModelError(f"lanes watch no walks along `{network}`; run one lane alone to see them.")

    def column(self, name: str, of: str = "") -> Any:
        """Nothing is kept of single agents."""
        del of
        raise ModelError(f"lanes keep no agents' `{name}`; run one lane alone to see it.")

    def mean_degree(self, network: str) -> float:
        """Nothing is kept of single agents' ties."""
        raise ModelError(f"lanes do not count ties of `{network}`; run one lane alone for that.")


def _flat(name: str, value: Any, lanes: int) -> dict[str, Column]:
    if isinstance(value, Mapping):
        groups = {f"{name}[{group}]": one for group, one in value.items()}
        nobody = np.full(lanes, np.nan)
        return {n: nobody if one is None else one for n, one in groups.items()}
    return {name: value}
