"""An agent's own luck drawn anew: only its draws are others, so most of the past is shared.

Until the step in which the agent first may draw, all these worlds are one, which is computed once;
where it never does, they are one to the end. A world that comes back to where the one with the old
luck stood, and in which the agent draws no more, ends as that one does. Where a draw's time goes
into setting up all those to whom nothing happens, lanes take the rest: they keep nobody else.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from ..engine import Drawing, State
from .ending import Ending, ending
from .in_lanes import LANE, WORTH, lanes_can, own_lane_endings
from .past import Past
from .worlds import Asked, World

PILOT = 3  # Draws after which it is known what one takes.


def own_endings(
    asked: Asked, world: World, draws: int, made: Callable[[], None] = lambda: None
) -> list[Ending]:
    """How the agent's life ends in `world` under each of `draws` lucks of its own.

    `made` is called for each run, of which there are at most `draws` and two more. The first few
    draws tell what one takes, and so whether lanes take less.
    """
    steps, last, seconds = _steps(asked, world)
    made()
    if not steps:
        return [last] * draws
    past = Past(frozenset(steps[:1]), len(asked.interventions) + len(world.changes), steps[-1])
    state = _state(asked, world, past, steps)
    made()
    found: list[Ending] = []
    began = perf_counter()
    for draw in range(1, draws + 1):
        found.append(_drawn(asked, world, draw, state, past, steps[-1], last))
        made()
        if draw == PILOT:
            each, rest = (perf_counter() - began) / draw, range(draw + 1, draws + 1)
            worth = each * len(rest) >= WORTH and each > LANE * seconds
            if worth and lanes_can(asked, [world]):
                return found + own_lane_endings(asked, world, rest)
    return found


def _steps(asked: Asked, world: World) -> tuple[list[int], Ending, float]:
    """The steps in which the agent may draw, under the luck it has; how it ends then; and how many
    seconds passed in the steps."""
    simulation = asked.simulation(world)
    drawing, began = Drawing(simulation, asked.agent, asked.of), perf_counter()
    while simulation.step < asked.steps and simulation.advance():
        pass
    return drawing.steps, ending(asked, simulation), perf_counter() - began


def _state(asked: Asked, world: World, past: Past, steps: list[int]) -> State | None:
    """Where all these worlds stand before the first of `steps`; marks of the one with the old luck
    are left in `past`, from the last of them on."""
    simulation = asked.simulation(world)
    past.note(simulation)
    while simulation.step < asked.steps and simulation.advance():
        past.note(simulation)
    return past.states.get(steps[0])


def _drawn(
    asked: Asked,
    world: World,
    draw: int,
    state: State | None,
    past: Past,
    until: int,
    last: Ending,
) -> Ending:
    """One more luck; `last` is how the life ends under the old one, which draws `until` a step."""
    simulation = asked.simulation(world, draw=draw, state=state)
    while simulation.step < asked.steps and simulation.advance():
        if simulation.step > until and past.met(simulation):
            return last
    return ending(asked, simulation)
