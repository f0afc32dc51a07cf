"""One agent's life in one world: who it is, whom it is tied to, what reached it, what it did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from ..backends import Spreading
from ..engine import Changed, Event, Following, Reached, Senders, Simulation
from ..population import NEVER, Stored

MOST_TIES = 100  # Of a hub, the first so many are named.


@dataclass(frozen=True)
class Life:
    """What an agent was and had, and every event of its life in order.

    `background` are its derived columns, `ties` by network whom it reaches (up to a hundred of
    `degree` in all), `first` and `last` its stored columns at the beginning and in the end;
    `pulses` are those of them that are up for one step only; `tells` says, of tie rules whose
    numbers say little by themselves, how what came reads.
    """

    agent: int
    steps: int
    background: Mapping[str, Any]
    degree: Mapping[str, int]
    ties: Mapping[str, tuple[int, ...]]
    first: Mapping[str, Any]
    last: Mapping[str, Any]
    events: tuple[Event, ...]
    pulses: frozenset[str] = frozenset()
    tells: Mapping[str, Callable[[int], Any]] = field(default_factory=dict[str, Any])

    def told(self, event: Reached) -> Any:
        """How what came reads: the number itself, what the rule makes of it, or None for nothing
        beyond that it came."""
        if event.value is True:
            return None
        tell = self.tells.get(event.rule)
        return event.value if tell is None else tell(event.value)

    @property
    def changes(self) -> tuple[Changed, ...]:
        """The events by which its columns changed."""
        return tuple(event for event in self.events if isinstance(event, Changed))

    def differs_from(self, other: Life) -> int | None:
        """The first step in which the two lives part, or None."""
        mine, theirs = [list(one.events) for one in (self, other)]
        for one, two in zip(mine, theirs, strict=False):
            if one != two:
                return min(one.step, two.step)
        longer = max(mine, theirs, key=len)
        return longer[min(len(mine), len(theirs))].step if len(mine) != len(theirs) else None

    def as_json(self) -> dict[str, Any]:
        """The same as plain data; a step that does not come is None."""
        return {
            "agent": self.agent,
            "steps": self.steps,
            "background": dict(self.background),
            "degree": dict(self.degree),
            "ties": {name: list(ends) for name, ends in self.ties.items()},
            "first": plain(self.first),
            "last": plain(self.last),
            "events": [self._event(event) for event in self.events],
        }

    def _event(self, event: Event) -> dict[str, Any]:
        """An event as plain data, whole: with what came also how it reads, where a rule says so."""
        fields = plain(asdict(event))
        if not isinstance(event, Reached):
            return {"kind": "changed", **fields}
        read = {"told": self.told(event)} if event.rule in self.tells else {}
        return {"kind": "reached", **fields, "senders": list(event.senders), **read}


Check = Callable[[Simulation], bool]


def live(
    simulation: Simulation, agent: int, of: str, steps: int, over: Check | None = None
) -> Life:
    """Follow an agent from where the simulation stands until `steps`, or nothing can change.

    `over` is asked after each step whether what is left needs no telling.
    """
    senders = Senders(simulation, of)
    following = Following(simulation, [agent], of, senders)
    while simulation.step < steps and following.advance():
        if over is not None and over(simulation):
            break
    return Life(
        agent,
        simulation.step,
        background(simulation, agent, of),
        *_ties(simulation, senders, agent, of),
        {name: values[0].item() for name, values in following.first.items()},
        {name: values[0].item() for name, values in following.last().items()},
        tuple(following.events),
        frozenset(name for name, s in _stored(simulation, of).items() if s.kind == "pulse"),
        _tells(simulation, of),
    )


def _stored(simulation: Simulation, of: str) -> Mapping[str, Stored]:
    return simulation.people(of).program.stored


def _tells(simulation: Simulation, of: str) -> dict[str, Callable[[int], Any]]:
    """The tie rules that say how what arrived reads."""
    phases = simulation.people(of).program.phases
    rules = [part.rule for phase in phases for part in phase if isinstance(part, Spreading)]
    return {rule.name: rule.tell for rule in rules if rule.tell is not None}


def background(simulation: Simulation, agent: int, of: str) -> dict[str, Any]:
    """An agent's derived columns, codes as the words they stand for."""
    people, place = simulation.people(of), np.array([agent], np.int64)
    found: dict[str, Any] = {}
    for name, column in people.program.derived.items():
        value = people.values(name, place)[0].item()
        found[name] = column.labels[value] if column.labels else value
    return found


def _ties(
    simulation: Simulation, senders: Senders, agent: int, of: str
) -> tuple[dict[str, int], dict[str, tuple[int, ...]]]:
    """How many ties an agent has in each network, and whom the first of them reach."""
    degree: dict[str, int] = {}
    ties: dict[str, tuple[int, ...]] = {}
    for name, network in simulation.people(of).program.networks.items():
        if network.by:  # Whom one is together with is of a moment only.
            continue
        place = np.array([agent], np.int64)
        degree[name] = int(simulation.degrees(name, place)[0])
        ties[name] = tuple(senders.ends(name, agent, MOST_TIES))
    return degree, ties


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as JSON has them."""
    return {name: None if value == NEVER else value for name, value in values.items()}
