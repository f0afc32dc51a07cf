"""Whose ties something came along: asked of the rule itself, in plain Python, for one receiver."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ..arrays import Column
from ..backends import Lasting, Part, Program, Seen, Spreading
from ..backends.reference import Shard
from ..backends.reference.passing import arrive, sent
from ..population import WHO
from .simulation import Simulation

MOST_TIES = 10_000  # Of an agent with more, nobody is asked who of them it was.
MOST_BYTES = 200_000_000  # Of a network with larger arrays, neither: plain Python cannot hold it.


class Senders:
    """Answers for one population of a simulation, at the moment when a rule's ties are tried."""

    def __init__(self, simulation: Simulation, of: str) -> None:
        """Take a simulation of one shard."""
        self.simulation, self.of_population = simulation, of
        program = simulation.people(of).program
        kept = {n: net for n, net in program.networks.items() if net.memory_bytes <= MOST_BYTES}
        self._kept = set(kept)
        self._look = _Looking(replace(program, networks=kept), simulation, of)

    def see(self, values: Mapping[str, Seen]) -> None:
        """Let rules see these environment values."""
        self._look.see(values)

    def rewired(self, network: str, arrays: Mapping[str, Column]) -> None:
        """Let these arrays of a network be these from now on."""
        if network in self._kept:
            self._look.set_network(network, arrays)

    def ends(self, network: str, agent: int, most: int) -> list[int]:
        """Whom the first `most` ties of an agent reach; nobody where a tie has no end."""
        return self._look.reached(network, agent, most) if network in self._kept else []

    def of(self, part: Spreading, agent: int, step: int) -> tuple[int, ...]:
        """The agents along whose ties something came to `agent`, each once, in order of ties."""
        if part.rule.over not in self._kept:
            return ()  # the network is too large for plain Python
        self._look.set_parameters(self.simulation.people(self.of_population).program.parameters)
        found = self._look.senders(part, agent, step)
        return tuple(dict.fromkeys(found))

    def may_come(self, part: Spreading, agent: int) -> bool:
        """Whether the rule is tried along any tie that leads to `agent`; yes, if nobody knows."""
        return part.rule.over not in self._kept or self._look.may_come(part, agent)


class _Looking(Shard):
    """The reference's shard over agents that are kept elsewhere: it holds nobody itself."""

    def __init__(self, program: Program, simulation: Simulation, of: str) -> None:
        super().__init__(program, Part(1, 1, program.agents))  # the part behind all agents: empty
        self.part = Part(0, 1, program.agents)
        self._simulation, self._of = simulation, of

    def reached(self, network: str, agent: int, most: int) -> list[int]:
        """Whom the agent's first ties reach."""
        net, fields = self.program.networks[network], self._around(network, agent)
        ties = range(min(most, net.degree(fields, agent)))
        return [end for k in ties if (end := net.neighbour(fields, agent, k)) >= 0]

    def senders(self, part: Spreading, agent: int, step: int) -> list[int]:
        """Who passes something on to `agent` in `step`."""
        ends = self._behind(part, agent)
        if ends is None:
            return []
        net, fields = self.program.networks[part.rule.over], self.nets[part.rule.over]
        active = self._up(part.rule.active, ends)
        return [
            source
            for k, source in enumerate(ends)
            if source in active
            and self._passes(part, source, agent, net.reverse_tie(fields, agent, k), step)
        ]

    def may_come(self, part: Spreading, agent: int) -> bool:
        """Whether any who could pass something on to `agent` is active."""
        ends = self._behind(part, agent)
        return ends is None or bool(self._up(part.rule.active, ends))

    def _behind(self, part: Spreading, agent: int) -> list[int] | None:
        """Whose ties lead to `agent`, tie by tie; None where they are too many."""
        net, fields = self.program.networks[part.rule.over], self._around(part.rule.over, agent)
        ties = net.reverse_degree(fields, agent)
        if ties > MOST_TIES:
            return None
        return [net.reverse_neighbour(fields, agent, k) for k in range(ties)]

    def _around(self, network: str, agent: int) -> Any:
        """What a network's functions read of an agent; of slots, whom it is tied to now."""
        slots = self.program.networks[network].slots
        if slots:
            people = self._simulation.people(self._of)
            row = {
                family: [
                    int(people.held(Lasting(family, f"{network}:{slot}"), agent, agent + 1)[0])
                    for slot in range(slots)
                ]
                for family in ("to", "since")
            }
            self.nets[network] = self.nets[network]._replace(first=agent, **row)
        return self.nets[network]

    def who(self, place: int) -> int:
        """The identity of the agent at `place`."""
        return int(self.seen(WHO, place)) if self.program.is_open else place

    def _up(self, flag: str, places: list[int]) -> set[int]:
        """Those of `places` whose flag is up; -1 stands for a tie without an end."""
        real = np.array(sorted({place for place in places if place >= 0}), np.int64)
        up = self._simulation.values(flag, real, self._of).astype(bool)
        return set(real[up].tolist())

    def _passes(self, part: Spreading, source: int, agent: int, number: int, step: int) -> bool:
        payload = sent(self, part, source, number, step)
        if payload is None:
            return False
        arrive(self, part, agent, payload, number, step)
        return self.arrived.pop(part.rule.name, None) is not None

    def seen(self, name: str, place: int) -> Any:
        """A column as the simulation has it at this moment, or what had arrived before."""
        places = np.array([place], np.int64)
        if name in self.program.stored:
            return self._simulation.values(name, places, self._of)[0].item()
        spreading = self.program.arrivals.get(name)
        if spreading is not None:
            shard = self._simulation.only_shard(self._of)
            at, values = shard.arrivals(spreading.rule.name, places)
            if at.size:
                self.arrived[spreading.rule.name][place] = (0, values[0].item())
        return super().seen(name, place)
