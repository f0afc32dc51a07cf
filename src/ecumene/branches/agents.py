"""Agent by agent: who is not the same in two runs, and from when.

Both runs are taken in lock step, from the last checkpoint that they have in common; whoever holds
another value of any stored column differs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..arrays import Column, Integers
from ..backends import steps_as
from ..engine import Simulation
from ..run import Task, usable
from ..store import Checkpoint, RunFolder

COLUMN = "column:"
SHOWN = 10


@dataclass(frozen=True)
class Differing:
    """Agents of one population who differ: at the end, ever, first in which step, and some of them.

    `who` are the first few with the step before which they first differed.
    """

    population: str
    agents: int
    at_end: int
    ever: int
    first_step: int | None
    who: tuple[tuple[int, int], ...]


def differing(a: Task, b: Task, folders: tuple[RunFolder, RunFolder]) -> list[Differing]:
    """Who differs between two runs of the same people, in each population."""
    checkpoint = _common(a, folders)
    # The same backend for both, so that values lie alike.
    one, other = _begun(a, checkpoint), _begun(replace(b, **a.how), checkpoint)
    first: dict[str, Integers] = {}
    at_end = _compare(one, other, first)
    moving = True
    while moving:
        steps = ((one, a.limit), (other, b.limit))
        moving = any([s.step < limit and s.advance() for s, limit in steps])
        if moving:
            at_end = _compare(one, other, first)
    return [_told(name, first[name], at_end[name]) for name in first]


def _begun(task: Task, checkpoint: Checkpoint | None) -> Simulation:
    return Simulation(
        task.model,
        seed=task.seed,
        lane=task.lane,
        interventions=task.interventions,
        state=checkpoint,
        **task.how,
    )


def _common(a: Task, folders: tuple[RunFolder, RunFolder]) -> Checkpoint | None:
    """A checkpoint of the past that both have, if one is a branch of the other."""
    for child, parent in (folders, folders[::-1]):
        branch = child.record.get("branch")
        if branch and branch["parent"] == parent.name:
            return usable(parent, a, branch["at"])
    return None


def _compare(one: Simulation, other: Simulation, first: dict[str, Integers]) -> dict[str, int]:
    """Note who differs now for the first time; how many differ now, by population."""
    step = max(one.step, other.step)
    now: dict[str, Column] = {}
    for mine, its in zip(one.blocks(), other.blocks(), strict=False):
        population, column, _ = mine.label.rpartition(COLUMN)
        if not column:
            continue
        end = mine.first + mine.values.size
        apart = now.setdefault(population, np.zeros(0, np.bool_))
        if apart.size < end:
            apart = now[population] = np.append(apart, np.zeros(end - apart.size, np.bool_))
        apart[mine.first : end] |= _unlike(mine.values, its.values)
    for population, apart in now.items():
        known = first.setdefault(population, np.full(apart.size, -1))
        known[apart & (known < 0)] = step
    return {population: int(np.count_nonzero(apart)) for population, apart in now.items()}


def _unlike(mine: Column, its: Column) -> Column:
    """Where two columns differ; only steps lie in two widths, when one run is further than the
    other."""
    if mine.dtype != its.dtype:
        wide = max(mine.dtype, its.dtype, key=lambda kind: kind.itemsize)
        mine, its = steps_as(mine, wide), steps_as(its, wide)
    return mine != its


def _told(population: str, first: Integers, at_end: int) -> Differing:
    ever = np.flatnonzero(first >= 0)
    order = ever[np.lexsort((ever, first[ever]))][:SHOWN]
    who = tuple((int(agent), int(first[agent])) for agent in order)
    begun = who[0][1] if who else None
    return Differing(population.rstrip("./:"), first.size, at_end, ever.size, begun, who)
