"""All that can be seen of a run, to be compared with another that should be the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..arrays import Column
from ..engine import Model, Simulation


@dataclass(frozen=True)
class History:
    """A run's digest, measures and columns after each step, step 0 first."""

    digests: tuple[str, ...]
    measures: tuple[dict[str, Any], ...]
    columns: tuple[dict[str, Column], ...]

    def difference(self, other: History) -> str | None:
        """Where `other` first departs from this run, in words; None when it never does."""
        for step, (mine, its) in enumerate(zip(self.digests, other.digests, strict=False)):
            if mine != its:
                return f"step {step}: {self._told(step, other)}"
        if len(self.digests) != len(other.digests):
            return f"{len(self.digests) - 1} steps here and {len(other.digests) - 1} there"
        for step, (mine, its) in enumerate(zip(self.measures, other.measures, strict=True)):
            if mine != its:
                names = [name for name in mine if mine[name] != its.get(name)]
                return f"step {step}: the columns agree and the measure `{names[0]}` does not"
        return None

    def _told(self, step: int, other: History) -> str:
        for name, column in self.columns[step].items():
            there = other.columns[step][name]
            if column.size != there.size:
                return f"{column.size} agents here and {there.size} there"
            differing = (column != there).nonzero()[0]
            if differing.size:
                agent = int(differing[0])
                return (
                    f"`{name}` differs for {differing.size} agents; agent {agent} has "
                    f"{column[agent].item()} here and {there[agent].item()} there"
                )
        return "the digests differ and no stored column does"


def history(model: Model, steps: int, **how: Any) -> History:
    """Run `model` for up to `steps` steps and keep all that can be seen of it."""
    simulation = Simulation(model, **how)
    digests, measures, columns = (
        [simulation.digest()],
        [simulation.measure_all()],
        [_kept(simulation)],
    )
    while simulation.step < steps and simulation.advance():
        digests.append(simulation.digest())
        measures.append(simulation.measure_all())
        columns.append(_kept(simulation))
    return History(tuple(digests), tuple(measures), tuple(columns))


def _kept(simulation: Simulation) -> dict[str, Column]:
    first = simulation.model.first
    return {
        name if of == first else f"{of}.{name}": simulation.column(name, of)
        for of, one in simulation.inhabitants.items()
        for name in one.program.stored
    }
