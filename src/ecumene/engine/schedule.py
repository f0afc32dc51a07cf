"""Interventions on their way through time: which are due, and what they do to a simulation.

All moments of a step are looked at before any of its changes is made; then the changes are made in
the order of the list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ..arrays import Column, Integers
from ..backends import name_number
from ..random import fold
from .choosing import People
from .environment import Replicas
from .interventions import Intervention
from .model import Model
from .moments import measured
from .populations import alone
from .removing import Removed
from .setting import give
from .turnover import Enter, Leave


class World(Protocol):
    """What happening needs of a simulation."""

    step: int

    def people(self, of: str) -> People:
        """A population's agents."""
        ...

    def places(self, of: str = "") -> int:
        """How many places a population has."""
        ...

    @property
    def environment(self) -> Replicas:
        """The environment values."""
        ...

    def measured(self, name: str) -> Any:
        """A measure's value now."""
        ...

    def assign(self, places: Integers, values: Mapping[str, Any], who: str, of: str = "") -> None:
        """Give agents values at the beginning of this step."""
        ...

    def set_parameters(self, parameters: Mapping[str, Any]) -> None:
        """Let rules read these parameters from now on."""
        ...

    def set_network(self, network: str, arrays: Mapping[str, Column]) -> None:
        """Let these arrays of a network be these from now on."""
        ...


@dataclass
class Happened:
    """How often an intervention happened, when first and last, and to how many agents in all."""

    times: int = 0
    first: int | None = None
    last: int | None = None
    agents: int = 0


class Schedule:
    """The interventions of one simulation and what has become of them."""

    def __init__(self, interventions: Sequence[Intervention], model: Model, seed_key: int) -> None:
        """Take checked interventions."""
        self.interventions, self.model = tuple(interventions), model
        self.happened = [Happened() for _ in self.interventions]
        self._keys = _keys([one.change.stream for one in self.interventions], seed_key)
        self._base = dict(model.parameters)
        self._now = dict(model.parameters)
        self.removed = Removed([one.change for one in self.interventions])

    def waits(self, world: World) -> bool:
        """Whether a change that can set something going is still to come."""
        return bool(self.interventions) and any(
            one.change.moves
            and one.moment.ahead(world.step, bool(self.happened[n].times), self._value_of(world))
            for n, one in enumerate(self.interventions)
        )

    def begin_step(self, world: World) -> bool:
        """Make the changes that are due at the beginning of this step; whether there are any."""
        if not self.interventions:
            return False
        value_of = self._value_of(world)
        due = [
            n
            for n, one in enumerate(self.interventions)
            if one.moment.comes(world.step, bool(self.happened[n].times), value_of)
        ]
        for n in due:
            self._happen(n, world)
        self._settle_parameters(due, world)
        self._settle_ties(due, world)
        return bool(due)

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The parameters that rules read now."""
        return self._now

    @property
    def base_parameters(self) -> Mapping[str, Any]:
        """Those that they read once no change for a span of steps is in force."""
        return self._base

    def go_on(
        self,
        happened: Sequence[Mapping[str, Any]],
        base: Mapping[str, Any],
        now: Mapping[str, Any],
    ) -> None:
        """Go on from where another schedule stood; it may lack the last of the interventions."""
        for sofar, kept in zip(self.happened, happened, strict=False):
            sofar.times, sofar.agents = kept["times"], kept["agents"]
            sofar.first, sofar.last = kept["first"], kept["last"]
        self._base, self._now = dict(base), dict(now)

    def _value_of(self, world: World) -> Any:
        return lambda spelled: measured(self.model, world.measured, spelled)

    def _happen(self, n: int, world: World) -> None:
        one, sofar = self.interventions[n], self.happened[n]
        key = fold(self._keys[n], sofar.times if one.change.redraws else 0)
        values, of = one.change.values(world.step), one.change.of
        for places in one.change.places(alone(self.model, of), world.people(of), key):
            world.assign(places, values, str(one), of)
            sofar.agents += places.size
        if isinstance(one.change, Enter | Leave):
            home, people = alone(self.model, of), world.people(of)
            sofar.agents += one.change.turn(home, people, key, world.step, str(one))
        give(world.environment, one.change.environment(world.step))
        if n in self.removed.changes:
            one, people = alone(self.model, of), world.people(of)
            sofar.agents += self.removed.take(n, one, people, key)
        sofar.times, sofar.last = sofar.times + 1, world.step
        sofar.first = world.step if sofar.first is None else sofar.first

    def _settle_parameters(self, due: Sequence[int], world: World) -> None:
        """Parameters as last set, and over them those of the spans that this step lies in."""
        for n in due:
            if not self.interventions[n].moment.lasts:
                self._base |= self.interventions[n].change.parameters
        now = dict(self._base)
        for n in due:
            if self.interventions[n].moment.lasts:
                now |= self.interventions[n].change.parameters
        if now != self._now:
            world.set_parameters(now)
            self._now = now

    def _settle_ties(self, due: Sequence[int], world: World) -> None:
        """Give back the ties of spans that are over, and tell what is away."""
        moments = {n: self.interventions[n].moment for n in self.removed.changes}
        over = [n for n, m in moments.items() if m.lasts and n not in due]
        given = [self.removed.give_back(n) for n in over]
        if any(given) or any(n in moments for n in due):
            for network, arrays in self.removed.arrays(world.places):
                world.set_network(network, arrays)


def _keys(streams: Sequence[str], seed_key: int) -> list[int]:
    """The key of each change: of changes of one stream, each has its own."""
    earlier = [streams[:n].count(stream) for n, stream in enumerate(streams)]
    return [
        fold(fold(fold(seed_key, name_number(stream)), 0), count)
        for stream, count in zip(streams, earlier, strict=True)
    ]
