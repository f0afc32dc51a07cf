"""Alternative worlds: the run's own, and those that differ from it by one stated change.

A world that begins to differ at a later step goes on from the run's state there, so that the past
they share is computed once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..backends import Rekeyed, name_number
from ..engine import Intervention, Model, Simulation, State, at, set_parameter
from ..errors import ParameterError, unknown
from ..random import fold
from .life import Life, live
from .past import Past


@dataclass(frozen=True)
class World:
    """A name, and what is changed in it beyond what was changed in the run.

    `values` are those of parameters, where nothing else is changed.
    """

    name: str
    changes: tuple[Intervention, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def begins(self) -> int:
        """The step at which it begins to differ."""
        return min((one.moment.first for one in self.changes), default=0)

    def is_over(self, simulation: Simulation) -> bool:
        """Whether nothing is left of its changes but what they did: the rules are the run's."""
        happened = simulation.happened[len(simulation.happened) - len(self.changes) :]
        return all(
            not one.moment.ahead(simulation.step, has.times > 0, _unknown)
            and (one.moment.lasts or not one.change.parameters)
            for one, has in zip(self.changes, happened, strict=True)
        )


def _unknown(measure: str) -> None:
    del measure


OWN = World("the run")


@dataclass(frozen=True)
class Asked:
    """A run and an agent of it: what all worlds have in common."""

    model: Model
    seed: int
    lane: int
    steps: int
    interventions: tuple[Intervention, ...]
    agent: int
    of: str
    how: Mapping[str, Any]

    def simulation(
        self, world: World, lane: int = 0, draw: int = 0, state: State | None = None
    ) -> Simulation:
        """The world in another lane's luck, or where the agent draws another luck of its own."""
        return Simulation(
            self.model,
            seed=self.seed,
            lane=self.lane + lane,
            interventions=(*self.interventions, *world.changes),
            state=state,
            rekeyed=self.own_luck(draw) if draw else None,
            **self.how,
        )

    def own_luck(self, draw: int) -> Rekeyed:
        """The agent with another luck of its own, by its number."""
        return Rekeyed(self.agent, fold(name_number("lives:own luck"), draw), self.of)

    def past(self, worlds: Sequence[World]) -> Past:
        """Where the run's own world leaves what these will need of it."""
        begins = frozenset(world.begins for world in worlds)
        return Past(begins, len(self.interventions), min(begins, default=self.steps))


def worlds_of(
    model: Model, vary: Mapping[str, Sequence[Any]], do: Sequence[Intervention], step: int
) -> list[World]:
    """A world for each value of each parameter that varies from `step` on, and for each change.

    Raises `ParameterError` for a parameter that there is not, or that no rule reads.
    """
    found = [World(str(change), (change,)) for change in do]
    for name, values in vary.items():
        if name not in model.parameters:
            raise ParameterError(unknown("parameter", name, model.parameters))
        for value in values:
            change = at(step, set_parameter(**{name: value})).checked(model)
            found.append(World(f"{name} = {value}", (change,), {name: value}))
    return found


def live_all(asked: Asked, worlds: Sequence[World]) -> list[Life]:
    """The agent's life in the run, and in each of the worlds."""
    past = asked.past(worlds)
    simulation = asked.simulation(OWN)
    past.note(simulation)
    own = live(simulation, asked.agent, asked.of, asked.steps, past.note)
    return [own, *(_branch(asked, world, own, past) for world in worlds)]


def _branch(asked: Asked, world: World, own: Life, past: Past) -> Life:
    """The life in a world: the run's until it begins to differ, and again once that died out."""
    if not past.reached(world.begins):  # the run had ended before: nothing could differ
        return own
    simulation = asked.simulation(world, state=past.states.get(world.begins))

    def died_out(now: Simulation) -> bool:
        return world.is_over(now) and past.met(now)

    rest = live(simulation, asked.agent, asked.of, asked.steps, died_out)
    before = tuple(event for event in own.events if event.step < world.begins)
    if rest.steps == own.steps or not died_out(simulation):
        return replace(rest, first=own.first, events=before + rest.events)
    after = tuple(event for event in own.events if event.step >= rest.steps)
    return replace(own, events=before + rest.events + after)
