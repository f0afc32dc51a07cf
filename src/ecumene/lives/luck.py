"""What is the decision's doing and what is luck's: the same worlds under other draws.

Two kinds of luck are drawn anew, each `draws` times: the agent's own (its rules, and its ties as
far as it decides on them, draw other numbers, and nobody else does), and the whole world's (lanes:
everybody but the people and ties themselves). Worlds are compared under the same draw, so what is
left between them is the change's effect.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..population import NEVER, Stored
from .worlds import OWN, Asked, World

KINDS = ("own", "world")


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


Told = Callable[[int], None]


def runs_of(worlds: Sequence[World], draws: int) -> int:
    """How many runs `drawn_anew` takes."""
    return len(KINDS) * draws * (1 + len(worlds))


def drawn_anew(asked: Asked, worlds: Sequence[World], draws: int, told: Told) -> list[Luck]:
    """Every outcome of every world under each kind of luck; `told` hears of each run made."""
    made = 0
    table: dict[tuple[str, str], list[Mapping[str, float]]] = {}
    for kind in KINDS:
        for draw in range(1, draws + 1):
            for world in (OWN, *worlds):
                ending = _ending(asked, world, kind == "world", draw)
                table.setdefault((kind, world.name), []).append(ending)
                told(made := made + 1)
    return [
        _compared(world.name, kind, outcome, table[kind, OWN.name], table[kind, world.name])
        for kind in KINDS
        for world in (OWN, *worlds)
        for outcome in table[kind, OWN.name][0]
    ]


def _ending(asked: Asked, world: World, everybody: bool, draw: int) -> Mapping[str, float]:
    """The agent's columns in the end, as numbers."""
    lane, own = (draw, 0) if everybody else (0, draw)
    simulation = asked.simulation(world, lane=lane, draw=own)
    while simulation.step < asked.steps and simulation.advance():
        pass
    place = np.array([asked.agent], np.int64)
    stored = simulation.people(asked.of).program.stored
    values = {name: simulation.values(name, place, asked.of)[0].item() for name in stored}
    return dict(one for name, value in values.items() for one in _numbers(name, value, stored))


def _numbers(name: str, value: Any, stored: Mapping[str, Stored]) -> Iterator[tuple[str, float]]:
    """A column as outcomes: of a step, whether it came; of a pulse, which is gone, nothing."""
    kind = stored[name].kind
    if kind == "step":
        yield f"{name} came", float(value != NEVER)
    elif kind not in ("pulse", "wake"):
        yield name, float(value)


def _compared(
    world: str,
    kind: str,
    outcome: str,
    run: Sequence[Mapping[str, float]],
    other: Sequence[Mapping[str, float]],
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
