"""All lanes of a model that is run in lanes: its table, its measures, its digest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from blake3 import blake3

from ..arrays import Column, Integers
from .in_lanes import InLanes
from .lane_intervals import measured
from .lane_table import Lanes
from .lane_worlds import first_step, run_worlds
from .lanes import run_lanes
from .model import Model
from .plan import Plan

BYTES_A_LANE = 160  # What is kept of a lane while measures are worked out, about.
SHARED = ("network ", "background tables", "program")  # Parts of a plan that lanes share.


def table_of(parts: Sequence[Lanes], varied: Sequence[Mapping[str, Any]]) -> dict[str, Column]:
    """One table of the lanes of all networks: what was kept, and what differed between them."""
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0].names}
    which = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    own = {name: np.concatenate([np.asarray(v[name]) for v in varied]) for name in varied[0]}
    return {"network": which, **columns, **own}


def digest_of(table: Mapping[str, Column]) -> str:
    """32 hex digits over the lanes' digests, in their order."""
    hasher = blake3(b"lanes")
    for name in ("network", "lane", "digest_low", "digest_high"):
        hasher.update(table[name].astype("<u8").tobytes())
    return hasher.hexdigest()[:32]


@dataclass(frozen=True)
class Taken:
    """What came of all lanes: a row for each, and what was measured over them."""

    table: Mapping[str, Column]
    measures: Mapping[str, Any]
    intervals: Mapping[str, tuple[float, float]]
    curves: Mapping[str, Any]
    digest: str
    steps: int
    alone: int  # How many lanes became too large for many at once.


def take(model: Model, seed: int, **how: Any) -> Taken:
    """Run all lanes of a model that is run in lanes; `how` is as in `run_lanes`."""
    design = model.lanes
    assert design is not None
    found: list[Lanes] = []
    varied: list[Mapping[str, Any]] = []
    for own, numbers in zip(design.seeds(seed), design.parts(), strict=True):
        varied.append(design.varied(numbers, own))
        found.append(_some(model, design, numbers, own, varied[-1], how))
    table = table_of(found, varied)
    measures, intervals = measured(design.measures, table, [len(part) for part in found])
    return Taken(
        table=table,
        measures=measures,
        intervals=intervals,
        curves={name: curve(table) for name, curve in design.curves.items()},
        digest=digest_of(table),
        steps=int(table["steps"].max(initial=0)),
        alone=sum(len(part.alone) for part in found),
    )


def take_first(model: Model, seed: int, **how: Any) -> None:
    """Run the first lane only: then all is compiled, and laid out once."""
    design = model.lanes
    assert design is not None
    first = np.zeros(1, np.int64)
    if design.against is not None:
        first_step(model, seed, **how)
        return
    _some(model, design, first, seed, design.varied(first, seed), how)


def _some(
    model: Model,
    design: InLanes,
    numbers: Integers,
    seed: int,
    varied: Mapping[str, Any],
    how: Mapping[str, Any],
) -> Lanes:
    """Lanes of these numbers over the network of a seed."""
    watched = {n: m for n, m in model.measures.items() if design.watches(n)}
    model = replace(model, measures=watched)
    if design.against is not None:
        return run_worlds(model, numbers, design.against, seed=seed, varied=varied, **how)
    return run_lanes(
        model,
        numbers,
        seed=seed,
        vary={name: values for name, values in varied.items() if name in model.parameters},
        tree=design.tree,
        generations=design.generations,
        reaching=design.reaching,
        keep=design.keep,
        **how,
    )


def lane_alone(model: Model, number: int, seed: int) -> Model:
    """The model of one of its lanes: its own values of what differs between them."""
    design = model.lanes
    if design is None:
        return model
    own = {
        name: np.asarray(values)[0].item()
        for name, values in design.varied(np.array([number], np.int64), seed).items()
        if name in model.parameters
    }
    return replace(model, lanes=None, parameters={**model.parameters, **own})


def planned_in_lanes(plan: Plan, model: Model) -> Plan:
    """The plan of all lanes: they share people and networks, and keep of agents what they touch."""
    if model.lanes is None:
        return plan
    if model.lanes.against is not None:
        return plan  # They are run one after another, each whole.
    shared = {name: size for name, size in plan.memory.items() if name.startswith(SHARED)}
    return replace(plan, memory={**shared, "lanes": BYTES_A_LANE * model.lanes.count})
