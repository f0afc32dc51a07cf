"""Luck drawn anew as lanes of one call, where the model can run in them.

A lane keeps sums and no agents, so the agent is made a group of its own: what it holds in the end
is then a sum over one. That changes nobody's luck, so the numbers are those of whole runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..arrays import Integers
from ..backends import Rekeyed, check_sparse
from ..engine import Model, lowered, run_lanes
from ..errors import ModelError
from ..measures import Counted, count, total
from ..population import Background, Derived, Stored, happened
from .ending import Ending, outcome_of
from .worlds import OWN, Asked, World

WORTH = 10.0  # Seconds of whole runs below which compiling for lanes costs more than they save.
# What an agent whom something happens to costs in a lane, in units of what it does in a whole run:
# 6.3 in a cascade that reaches half of a million. A whole run also sets up all the others.
LANE = 8.0
CHOSEN = "lives_chosen"  # The derived column that tells the agent from the others.


def lanes_can(asked: Asked, worlds: Sequence[World]) -> bool:
    """Whether lanes give what whole runs of these worlds would."""
    if asked.how["backend"] != "cpu" or asked.interventions:
        return False
    if not all(world.begins == 0 and len(world.values) == len(world.changes) for world in worlds):
        return False
    stored = asked.model.population.stored
    if any(one.kind == "float" for one in stored.values()):  # lanes add up whole numbers
        return False
    try:
        check_sparse(lowered(_watching(asked), asked.seed))
    except ModelError:
        return False
    return True


def lane_endings(asked: Asked, worlds: Sequence[World], draws: int) -> list[list[Ending]]:
    """By world, the run's own first, how the agent's life ends in lanes 1 to `draws`."""
    numbers, nobody = asked.lane + np.arange(1, draws + 1), [None] * draws
    return [_endings(asked, world, numbers, nobody) for world in (OWN, *worlds)]


def own_lane_endings(asked: Asked, world: World, draws: Sequence[int]) -> list[Ending]:
    """How the agent's life ends in `world` under each of these lucks of its own."""
    numbers = np.full(len(draws), asked.lane, np.int64)
    return _endings(asked, world, numbers, [asked.own_luck(draw) for draw in draws])


def _endings(
    asked: Asked, world: World, numbers: Integers, rekeyed: Sequence[Rekeyed | None]
) -> list[Ending]:
    """How it ends in lanes of these numbers; both kinds of luck go by the same compiled loops."""
    model = _watching(asked)
    outcomes = _outcomes(model)
    found = run_lanes(
        model,
        numbers,
        seed=asked.seed,
        vary={name: np.full(numbers.size, value) for name, value in world.values.items()},
        rekeyed=rekeyed,
        keep=[f"lives_{column}" for column in outcomes.values()],
        max_steps=asked.steps,
        threads=asked.how["threads"],
    )
    sums = {
        outcome: found[f"lives_{column}[chosen]"].tolist() for outcome, column in outcomes.items()
    }
    return [{n: float(v[lane]) for n, v in sums.items()} for lane in range(numbers.size)]


def _watching(asked: Asked) -> Model:
    """The model with a measure of each of the agent's columns, and no other."""
    model = asked.model
    population = model.population
    old = population.background or Background("people", population.size, {}, {})
    chosen = Derived(_is_chosen, "int", labels=("others", "chosen"))
    people = replace(
        old,
        derived={**old.derived, CHOSEN: chosen},
        tables={**old.tables, CHOSEN: np.array([asked.agent], np.int64)},
    )
    stored = population.stored
    return replace(
        model,
        populations={asked.of: population.over(people)},
        measures={f"lives_{n}": _sum(n, stored[n]) for n in _outcomes(model).values()},
    )


def _outcomes(model: Model) -> dict[str, str]:
    """The columns by what is told of them in the end."""
    stored = model.population.stored
    return {name: column for column, one in stored.items() if (name := outcome_of(column, one))}


def _sum(name: str, stored: Stored) -> Counted:
    """What the agent holds of a column, as a sum over the group that it is."""
    if stored.kind == "step":
        return count(name, happened, by=CHOSEN)
    return total(name, by=CHOSEN)


def _is_chosen(identity: int, tables: Any) -> int:
    return 1 if identity == tables.lives_chosen[0] else 0
