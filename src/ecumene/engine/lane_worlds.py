"""Worlds: whole runs of one model, one after another, each beside what it is held against.

For models that lanes cannot run, such as those with an environment or claims. A world is the run
made alone in that lane's luck, and what it is held against has the same luck and other parameters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ..arrays import Column, Integers
from ..errors import ParameterError, unknown
from ..random import MASK
from .lane_table import Lanes
from .model import Model
from .simulation import Simulation

OWN = ""  # The name of what is held against the others.


def run_worlds(
    model: Model,
    numbers: Integers,
    against: Mapping[str, Mapping[str, Any]],
    *,
    seed: int,
    varied: Mapping[str, Any],
    max_steps: int | None = None,
    **how: Any,
) -> Lanes:
    """A row for each of the lanes `numbers`: steps, digest, and the measures in the end.

    The digest is the sum of a world's and of those it is held against. `varied` gives parameters
    one value per lane. Raises `ParameterError` for a parameter that there is not.
    """
    for name in {name for changed in against.values() for name in changed}:
        if name not in model.parameters:
            raise ParameterError(unknown("parameter", name, model.parameters))
    limit = model.max_steps if max_steps is None else max_steps
    rows: list[dict[str, Any]] = []
    for at, number in enumerate(numbers.tolist()):
        own = {n: np.asarray(v)[at].item() for n, v in varied.items() if n in model.parameters}
        row = dict[str, Any](steps=0, digest_low=0, digest_high=0)
        for name, changed in {OWN: {}, **against}.items():
            other = replace(model, parameters={**model.parameters, **own, **changed})
            simulation = Simulation(other, seed=seed, lane=number, **how)
            _to_the_end(simulation, limit)
            _note(row, f"{name}:" if name else "", simulation)
        rows.append(row)
    columns = {name: _column([row[name] for row in rows], name) for name in rows[0]}
    return Lanes({"lane": numbers, **columns}, np.empty(0, np.int64))


def first_step(model: Model, seed: int, **how: Any) -> None:
    """One step of the first world: then all is compiled."""
    Simulation(model, seed=seed, **how).advance()


def _to_the_end(simulation: Simulation, limit: int) -> None:
    while simulation.step < limit and simulation.advance():
        pass


def _note(row: dict[str, Any], prefix: str, simulation: Simulation) -> None:
    """Add to a world's row what came of one of its runs."""
    digest = simulation.digest()
    row["steps"] = max(row["steps"], simulation.step)
    row["digest_low"] = (row["digest_low"] + int(digest[:16], 16)) & MASK
    row["digest_high"] = (row["digest_high"] + int(digest[16:], 16)) & MASK
    row |= {f"{prefix}{name}": one for name, one in _flat(simulation.measure_all())}


def _flat(measures: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Measures that are numbers, those by group as `name[group]`."""
    for name, value in measures.items():
        if isinstance(value, Mapping):
            yield from ((f"{name}[{group}]", one) for group, one in value.items())
        else:
            yield name, value


def _column(values: list[Any], name: str) -> Column:
    """One column; where there was no number there is none."""
    if name.startswith("digest_"):
        return np.array(values, np.uint64)
    return np.array([np.nan if value is None else value for value in values])
