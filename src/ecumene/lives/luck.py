"""What is the decision's doing and what is luck's: the same worlds under other draws.

Two kinds of luck are drawn anew, each `draws` times: the agent's own (its rules, and its ties as
far as it decides on them, draw other numbers, and nobody else does), and the whole world's (lanes:
everybody but the people and ties themselves). Worlds are compared under the same draw, so what is
left between them is the change's effect. Whatever two worlds have in common is computed once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np

from .ending import Ending
from .in_lanes import WORTH, lane_endings, lanes_can
from .own_luck import own_endings
from .world_luck import world_endings
from .worlds import OWN, Asked, World

KINDS = ("own", "world")
BASES = 2  # Runs of a world under the luck it has: where the agent draws, and what it leaves.


@dataclass(frozen=True)
class Luck:
    """How one outcome of one world compares with the run's world, under one kind of luck.

    `mean` and `run_mean` are over the draws; `effect` is the mean paired difference and
    `effect_sd` its standard deviation between draws; `luck_sd` is how far the outcome in the run's
    world differs between draws. `changed` is the share of draws in which the two worlds differ.
    """

    world: str
    kind: str
    outcome: str
    draws: int
    run_mean: float
    mean: float
    effect: float
    effect_sd: float
    luck_sd: float
    changed: float


@dataclass(frozen=True)
class Cost:
    """What drawing luck anew takes at most: whole runs, of so many seconds, and lanes in one call.

    Runs that share a past, or end as another does, cost less.
    """

    runs: int
    seconds: float
    lanes: int


Told = Callable[[int], None]


def cost_of(asked: Asked, worlds: Sequence[World], draws: int, seconds: float) -> Cost:
    """What `drawn_anew` takes, where a run takes so many seconds."""
    all_worlds = 1 + len(worlds)
    own, world = (draws + BASES) * all_worlds, draws * all_worlds
    if world * seconds >= WORTH and lanes_can(asked, worlds):
        return Cost(own, seconds, world)
    return Cost(own + world, seconds, 0)


def drawn_anew(
    asked: Asked, worlds: Sequence[World], draws: int, cost: Cost, told: Told
) -> list[Luck]:
    """Every outcome of every world under each kind of luck; `told` hears of each run made."""
    made = count(1)
    found: list[Luck] = []
    table: dict[tuple[str, str], Sequence[Ending]] = {}

    def one_more() -> None:
        told(next(made))

    for world in (OWN, *worlds):
        table["own", world.name] = own_endings(asked, world, draws, one_more)
    if cost.lanes:
        by_world = lane_endings(asked, worlds, draws)
    else:
        each = [world_endings(asked, worlds, draw, one_more) for draw in range(1, draws + 1)]
        by_world = list(zip(*each, strict=True))
    for world, endings in zip((OWN, *worlds), by_world, strict=True):
        table["world", world.name] = endings
    for kind in KINDS:
        run = table[kind, OWN.name]
        found += [
            _compared(world.name, kind, outcome, run, table[kind, world.name])
            for world in (OWN, *worlds)
            for outcome in run[0]
        ]
    return found


def _compared(
    world: str,
    kind: str,
    outcome: str,
    run: Sequence[Ending],
    other: Sequence[Ending],
) -> Luck:
    base, now = (np.array([one[outcome] for one in side]) for side in (run, other))
    gaps = now - base
    many = base.size > 1
    return Luck(
        world,
        kind,
        outcome,
        base.size,
        float(base.mean()),
        float(now.mean()),
        float(gaps.mean()),
        float(gaps.std(ddof=1)) if many else 0.0,
        float(base.std(ddof=1)) if many else 0.0,
        float((gaps != 0).mean()),
    )
