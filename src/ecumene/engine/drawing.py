"""In which steps an agent may draw luck: worlds in which it draws another are the same until then.

A step counts unless it is known that none of the agent's draws is looked at in it, so that it may
count for nothing, and never the other way round.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..arrays import Column
from ..backends import Acting, Claiming, Entering, Facing, Ruled, Seen, Spreading
from ..rules import Activity, draws
from .members import Member
from .senders import Senders
from .simulation import Simulation


class Drawing:
    """Notes the steps in which an agent may draw, while a simulation of one shard goes on."""

    def __init__(self, simulation: Simulation, agent: int, of: str = "") -> None:
        """Listen from now on."""
        self.steps: list[int] = []
        self._simulation, self._agent = simulation, agent
        self._of = simulation.model.named(of)
        self._place = np.array([agent], np.int64)
        self._shard = simulation.only_shard(self._of)
        self._program = simulation.people(self._of).program
        self._senders = Senders(simulation, self._of)
        self._always = False
        self._up: set[str] = set()  # flags by which it is called
        self._wakes: set[str] = set()
        self._changes: set[str] = set()  # rules for whom a column of theirs changed
        self._callers: set[str] = set()  # tie rules that call whom they reach
        self._sends: list[Spreading] = []
        self._takes: list[Spreading] = []
        for phase in self._program.phases:
            for part in phase:
                self._sort(part)
        simulation.listener = self

    # -- what the simulation tells --------------------------------------------------------------

    def moment(self, values: Mapping[str, Seen]) -> None:
        """A phase begins."""
        del values
        if self._noted():
            return
        step = self._simulation.step
        if (
            self._always
            or any(self._shard.pending(rule) for rule in self._changes)
            or any(self._value(flag) for flag in self._up)
            or any(self._value(column) <= step for column in self._wakes)
        ):
            self.steps.append(step)

    def arrived(self, member: Member, part: Spreading, step: int) -> None:
        """What a tie rule passes on has arrived; nothing of its phase is written yet."""
        if member.shard is not self._shard or self._noted():
            return
        name = part.rule.name
        if (
            (name in self._callers and self._shard.arrivals(name, self._place)[0].size)
            or (part in self._sends and self._value(part.rule.active))
            or (part in self._takes and self._senders.may_come(part, self._agent))
        ):
            self.steps.append(step)

    def assigned(self, of: str) -> None:
        """Agents are given values from outside the rules: the next phase begins with them."""

    def rewired(self, network: str, arrays: Mapping[str, Column]) -> None:
        """Some arrays of a network are others from now on."""
        self._senders.rewired(network, arrays)

    # -- in detail ------------------------------------------------------------------------------

    def _noted(self) -> bool:
        return bool(self.steps) and self.steps[-1] == self._simulation.step

    def _value(self, column: str) -> int:
        return self._simulation.values(column, self._place, self._of)[0].item()

    def _sort(self, part: Ruled) -> None:
        """When a rule may draw for the agent."""
        if isinstance(part, Spreading):
            if draws(part.rule.send):
                self._sends.append(part)
            if part.rule.receive is not None and draws(part.rule.receive):
                self._takes.append(part)
        elif (
            (isinstance(part, Acting | Entering) and draws(part.rule.function))
            or (isinstance(part, Facing) and part.rule.kind == "encounter")  # whom it meets
            or isinstance(part, Claiming)  # where it stands among equals
        ):
            self._called(part.rule.on, part.rule.name)
        # What two draw who meet is the pair's; ties that form, and the environment, draw their own.

    def _called(self, on: Activity, rule: str) -> None:
        if on.kind == "reached_by" and not self._program.claims(on.of):
            self._callers.add(on.of)
        elif on.kind == "flagged":
            self._up.add(on.of)
        elif on.kind == "changed":
            self._changes.add(rule)
        elif on.kind == "awake":
            self._wakes.add(on.of)
            self._callers |= {on.also} if on.also else set()
        elif on.kind != "outside":
            self._always = True
