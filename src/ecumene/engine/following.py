"""Following chosen agents: what they had after every step, and what reached them in it.

A follower looks only at its agents, so it costs the same whether there are a thousand others or a
billion; it changes nothing. Each of them lies elsewhere in memory, so that looking is what costs:
of a column, after a step, it looks only at those for whom a rule may have written it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from ..arrays import Column, Integers
from ..backends import Seen, Spreading
from ..errors import ParameterError
from .members import Member
from .occasions import occasions
from .senders import Senders
from .simulation import Simulation


@dataclass(frozen=True)
class Changed:
    """A stored column of an agent that became another in a step."""

    step: int
    agent: int
    column: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Reached:
    """Something that came to an agent by a tie rule in a step.

    `value` is what came, combined: true for `any`, a number otherwise. `senders` are those whose
    ties passed it on, where they were asked for.
    """

    step: int
    agent: int
    rule: str
    value: Any
    senders: tuple[int, ...] = ()


Event = Changed | Reached
NOBODY: Integers = np.empty(0, np.int64)


class Following:
    """Notes what happens to `agents` of a population while a simulation goes on.

    Reads: `first` (their columns at the beginning) and `events`, in order of time. The simulation
    has one shard; `senders` also tells, in plain Python, whose ties something came along.
    Raises `ParameterError` for an agent that there is not.
    """

    def __init__(
        self,
        simulation: Simulation,
        agents: Sequence[int] | Integers,
        of: str = "",
        senders: Senders | None = None,
    ) -> None:
        """Look at them as they are now, and listen from now on."""
        self.simulation, self.of = simulation, simulation.model.named(of)
        self.agents: Integers = np.array(agents, np.int64)
        size = simulation.size(self.of)
        if self.agents.size and not (self.agents.min() >= 0 and self.agents.max() < size):
            raise ParameterError(f"no agent {agents}; there are agents 0 to {size - 1:,}.")
        program = simulation.people(self.of).program
        self.columns = tuple(program.stored)
        programs = {name: one.program for name, one in simulation.inhabitants.items()}
        found = occasions(programs, self.of)
        self._meant = dict(enumerate(dict.fromkeys(found.values())))  # each occasion once
        numbers = {occasion: number for number, occasion in self._meant.items()}
        self._occasions = {name: numbers[occasion] for name, occasion in found.items()}
        self._rules = {
            part.rule.name: part
            for phase in program.phases
            for part in phase
            if isinstance(part, Spreading)
        }
        self._senders = senders
        self._events: list[Event] = []
        self._noted: list[Callable[[], list[Event]]] = []
        self._shard = simulation.only_shard(self.of)
        self._all: Integers = np.arange(self.agents.size)
        self._came: dict[str, Integers] = {}  # to whom of them tie rules brought something
        self._stood = self._standing()  # where all this was looked at last
        self._doubted = True  # whether anything may have changed since, of anybody
        self.first = self._look()
        self._now = {name: values.copy() for name, values in self.first.items()}
        self._warm()
        simulation.listener = self

    def advance(self) -> bool:
        """Take the simulation one step further; False, and no step, when nothing can change."""
        if not self.simulation.advance():
            return False
        self._note(self.simulation.step - 1)
        return True

    @property
    def events(self) -> list[Event]:
        """What happened to them so far; put together when asked for, not while time passes."""
        for noted in self._noted:
            self._events += noted()
        self._noted.clear()
        return self._events

    # -- what the simulation tells --------------------------------------------------------------

    def moment(self, values: Mapping[str, Seen]) -> None:
        """A phase begins, and its rules see these environment values."""
        if self._senders is not None:
            self._senders.see(values)

    def arrived(self, member: Member, part: Spreading, step: int) -> None:
        """What a tie rule passes on in a step has arrived."""
        name = part.rule.name
        if self._rules.get(name) is not part:
            return
        at, values = member.shard.arrivals(name, self.agents)
        if at.size == 0:
            return
        self._came[name] = at
        them, many = self._senders, self.agents[at].tolist() if self._senders else []
        senders = [them.of(part, agent, step) for agent in many] if them else None
        self._noted.append(partial(self._reached, step, part, at, values, senders))

    def assigned(self, of: str) -> None:
        """Agents of a population are given values from outside the rules."""
        self._doubted = self._doubted or of == self.of

    def rewired(self, network: str, arrays: Mapping[str, Column]) -> None:
        """Some arrays of a network are others from now on."""
        if self._senders is not None:
            self._senders.rewired(network, arrays)

    # -- in detail ------------------------------------------------------------------------------

    def _warm(self) -> None:
        """Ask once for what is asked in every step: compiling is over before time passes."""
        for name in self._rules:
            self._shard.arrivals(name, self.agents)
        self._note(self.simulation.step)  # of everybody

    def _look(self) -> dict[str, Column]:
        return {name: self.simulation.values(name, self.agents, self.of) for name in self.columns}

    def _note(self, step: int) -> None:
        (stood, turned), (_, now) = self._stood, self._standing()
        if self._doubted or stood != step or turned != now:
            meant = dict.fromkeys(self._meant, self._all)
        else:
            meant = {number: self._those(number, step) for number in self._meant}
        for name, number in self._occasions.items():
            some, known = meant[number], self._now[name]
            if some.size:
                at, before = self._shard.renew(name, self.agents, known, some)
                if at.size:
                    self._noted.append(partial(self._changed, step, name, at, before, known[at]))
        self._came.clear()
        self._stood, self._doubted = self._standing(), False

    def _those(self, number: int, step: int) -> Integers:
        """Whom of them an occasion means in `step`, which is over."""
        occasion = self._meant[number]
        if occasion.everybody:
            return self._all
        came = [self._came[rule] for rule in occasion.arrived if rule in self._came]
        if len(came) < 2 and not occasion.up and not occasion.woken:
            return came[0] if came else NOBODY
        some = np.zeros(self.agents.size, np.bool_)
        for at in came:
            some[at] = True
        for column in occasion.up:
            some |= self._now[column]
        for column in occasion.woken:
            some |= self._now[column] == step
        return some.nonzero()[0]

    def _standing(self) -> tuple[int, int]:
        """The step, and how many entered and left so far."""
        return self.simulation.step, sum(self._shard.turnover.values())

    def _changed(
        self, step: int, column: str, at: Integers, before: Column, after: Column
    ) -> list[Event]:
        """A column's changes in a step, agent by agent."""
        each = zip(self.agents[at].tolist(), before.tolist(), after.tolist(), strict=True)
        return [Changed(step, agent, column, *values) for agent, *values in each]

    def _reached(
        self,
        step: int,
        part: Spreading,
        at: Integers,
        came: Column,
        senders: list[tuple[int, ...]] | None,
    ) -> list[Event]:
        """What came by a rule in a step, agent by agent: of `any`, that it came."""
        agents, name = self.agents[at].tolist(), part.rule.name
        values = [True] * at.size if part.rule.combine == "any" else came.tolist()
        each = zip(agents, values, senders or [()] * at.size, strict=True)
        return [Reached(step, agent, name, value, them) for agent, value, them in each]

    def last(self) -> dict[str, Column]:
        """What they have now, by column."""
        return {name: values.copy() for name, values in self._now.items()}
