"""Following chosen agents: what they had after every step, and what reached them in it.

A follower looks only at its agents, so it costs the same whether there are a thousand others or a
billion; it changes nothing.
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
        agents, came = self.agents[at], None if part.rule.combine == "any" else values
        senders = (
            [self._senders.of(part, a, step) for a in agents.tolist()] if self._senders else None
        )
        self._noted.append(partial(_reached, step, name, agents, came, senders))

    def rewired(self, network: str, arrays: Mapping[str, Column]) -> None:
        """Some arrays of a network are others from now on."""
        if self._senders is not None:
            self._senders.rewired(network, arrays)

    # -- in detail ------------------------------------------------------------------------------

    def _warm(self) -> None:
        """Ask once for what is asked in every step: compiling is over before time passes."""
        for name in self._rules:
            self._shard.arrivals(name, self.agents)
        self._note(self.simulation.step)

    def _look(self) -> dict[str, Column]:
        return {name: self.simulation.values(name, self.agents, self.of) for name in self.columns}

    def _note(self, step: int) -> None:
        for name, known in self._now.items():
            at = self._shard.unlike(name, self.agents, known)
            if at.size == 0:
                continue
            agents, before = self.agents[at], known[at]
            known[at] = after = self._shard.values(name, agents)
            self._noted.append(partial(_changed, step, name, agents, before, after))

    def last(self) -> dict[str, Column]:
        """What they have now, by column."""
        return {name: values.copy() for name, values in self._now.items()}


def _changed(
    step: int, column: str, agents: Integers, before: Column, after: Column
) -> list[Event]:
    """A column's changes in a step, agent by agent."""
    each = zip(agents.tolist(), before.tolist(), after.tolist(), strict=True)
    return [Changed(step, agent, column, *values) for agent, *values in each]


def _reached(
    step: int,
    rule: str,
    agents: Integers,
    came: Column | None,
    senders: list[tuple[int, ...]] | None,
) -> list[Event]:
    """What came by a rule in a step, agent by agent; without values where it only came or not."""
    values = [True] * agents.size if came is None else came.tolist()
    by = senders or [()] * agents.size
    each = zip(agents.tolist(), values, by, strict=True)
    return [Reached(step, agent, rule, value, them) for agent, value, them in each]
