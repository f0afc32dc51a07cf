"""Changes by which agents enter an open population, or leave it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ..arrays import Integers
from ..backends import Newcomers, column_kind, newcomers_from_outside
from ..errors import InterventionError
from .choosing import People, Who, checked_of, chosen, codes_of
from .fitting import Values, fitting, resolved
from .for_group import ForAgents, ForGroup
from .model import Model
from .populations import alone
from .spelling import spelled_settings


@dataclass(frozen=True)
class Enter(ForAgents):
    """Lets `count` newcomers enter, from outside, with these values."""

    count: int
    settings: Values = field(default_factory=dict[str, Any])
    of: str = ""
    parameters: Values = field(default_factory=dict[str, Any], init=False)
    redraws = True

    @property
    def moves(self) -> bool:
        """Unless there are none."""
        return self.count > 0

    @property
    def stream(self) -> str:
        """One for each population: more newcomers are the same and others."""
        return f"intervention:enter:{self.of}"

    def checked(self, model: Model, first: int) -> Enter:
        """No more than there are places, with values in range."""
        of = checked_of(model, self.of)
        model = alone(model, of)
        _check_open(model, "enter")
        places = model.population.places
        if type(self.count) is not int or not 0 <= self.count <= places:
            raise InterventionError(
                f"{self.count!r} newcomers on {places:,} places; type a whole number from 0 to "
                f"{places:,}.",
                "count",
            )
        return Enter(self.count, fitting(model, self.settings, first), of)

    def values(self, step: int) -> Values:
        """Nothing of those who are there."""
        del step
        return {}

    def places(self, model: Model, people: People, key: int) -> Iterator[Integers]:
        """Nobody who is there."""
        del model, people, key
        return iter(())

    def turn(self, model: Model, people: Any, key: int, step: int, who: str) -> int:
        """Let them in; how many."""
        stored = model.population.stored
        values = {
            name: np.full(self.count, value, column_kind(stored[name].kind))
            for name, value in resolved(self.settings, step).items()
        }
        people.enter(Newcomers(newcomers_from_outside(key, self.count), values), step, who)
        return self.count

    def __str__(self) -> str:
        """As it is typed."""
        with_ = f" with {spelled_settings(self.settings)}" if self.settings else ""
        return f"enter {self.count}{f' {self.of}' if self.of else ''}{with_}"


@dataclass(frozen=True)
class Leave(ForGroup):
    """Lets the agents of a group leave."""

    who: Who = field(default_factory=Who)
    parameters: Values = field(default_factory=dict[str, Any], init=False)
    redraws = True

    @property
    def stream(self) -> str:
        """One for each population."""
        return f"intervention:leave:{self.of}"

    def checked(self, model: Model, first: int) -> Leave:
        """A group that there is, in a population that has a capacity."""
        del first
        of = checked_of(model, self.of)
        model = alone(model, of)
        _check_open(model, "leave")
        return Leave(replace(self.who, of=of).checked(model))

    def values(self, step: int) -> Values:
        """Nothing for those who stay."""
        del step
        return {}

    def places(self, model: Model, people: People, key: int) -> Iterator[Integers]:
        """Nobody gets anything."""
        del model, people, key
        return iter(())

    def turn(self, model: Model, people: Any, key: int, step: int, who: str) -> int:
        """Let them go; how many. All are chosen before the first one leaves."""
        del step
        gone = list(chosen(people, self.who, key, codes_of(model, self.who)))
        for places in gone:
            people.leave(places, who)
        return sum(places.size for places in gone)

    def __str__(self) -> str:
        """As it is typed."""
        return f"leave{self.who}"


def _check_open(model: Model, verb: str) -> None:
    """Raise `InterventionError` where nobody enters or leaves."""
    if not model.population.is_open:
        raise InterventionError(
            f"agents {verb} only where their population has a capacity; type "
            f"ec.Population(..., capacity={2 * model.agents}) in the model.",
            "change",
        )
