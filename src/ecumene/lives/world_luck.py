"""Everybody's luck drawn anew: each draw is another lane, in which the worlds share their past."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .ending import Ending, ending
from .past import Past
from .worlds import OWN, Asked, World


def world_endings(
    asked: Asked, worlds: Sequence[World], draw: int, made: Callable[[], None] = lambda: None
) -> list[Ending]:
    """How the agent's life ends in lane `draw`: in the run's own world, and in each of `worlds`.

    A world goes on from where it begins to differ, and only until its change has died out.
    """
    past = asked.past(worlds)
    simulation = asked.simulation(OWN, lane=draw)
    past.note(simulation)
    while simulation.step < asked.steps and simulation.advance():
        past.note(simulation)
    own = ending(asked, simulation)
    made()
    found = [own]
    for world in worlds:
        found.append(_branched(asked, world, draw, past, own))
        made()
    return found


def _branched(asked: Asked, world: World, draw: int, past: Past, own: Ending) -> Ending:
    if not past.reached(world.begins):
        return own
    state = past.states.get(world.begins)
    simulation = asked.simulation(world, lane=draw, state=state)
    while simulation.step < asked.steps and simulation.advance():
        if world.is_over(simulation) and past.met(simulation):
            return own
    return ending(asked, simulation)
