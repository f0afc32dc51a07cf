"""What every kind of network must keep; hold your own against it.

from ecumene.testing import NetworkContract

class TestMyNetwork(NetworkContract):
    networks = [(my_network(4), 100), (my_network(1), 7)]
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from ..backends import net_of
from ..engine import Model, Simulation, sample_count, set_agents
from ..measures import share
from ..networks import Network
from ..networks.lowered import Lowered
from ..population import Population, flag, whole
from ..random import chance, fold
from ..rules import agent_rule, reached_by, tie_rule

Tie = tuple[int, int, int]


class NetworkContract:
    """Tests that pytest runs for each of `networks`: pairs of a network and a number of agents."""

    networks: ClassVar[Sequence[tuple[Network, int]]] = ()
    keys: ClassVar[Sequence[int]] = (0, 1, 0x9E3779B97F4A7C15)

    def test_there_is_something_to_hold(self) -> None:
        """A contract without networks would hold for nothing."""
        assert self.networks, "name some: networks = [(network, agents), ...]"

    def test_the_reverse_is_the_same_ties_looked_at_from_their_ends(self) -> None:
        """Who reaches whom, by which number: the same outwards and inwards, parallel ties too."""
        for lowered, agents in self._lowered():
            outwards = Counter((i, j, number) for i, j, number in ties_of(lowered, agents))
            inwards = Counter((j, i, number) for i, j, number in ties_of(lowered, agents, True))
            assert outwards == inwards, lowered.kind

    def test_ties_end_at_agents(self) -> None:
        """A neighbour is an agent's number, or -1 where there is no tie."""
        for lowered, agents in self._lowered():
            assert all(0 <= j < agents for _, j, _ in ties_of(lowered, agents)), lowered.kind

    def test_no_two_ties_share_a_number(self) -> None:
        """Ties of one number join the same two agents; their luck is one."""
        for lowered, agents in self._lowered():
            ends: dict[int, set[int]] = {}
            for i, j, number in ties_of(lowered, agents):
                assert ends.setdefault(number, {i, j}) == {i, j}, lowered.kind

    def test_ties_are_no_more_than_it_says(self) -> None:
        """`ties` is what the engine makes room for."""
        for lowered, agents in self._lowered():
            assert sum(1 for _ in ties_of(lowered, agents)) <= lowered.ties, lowered.kind

    def test_one_key_makes_one_network(self) -> None:
        """The same agents and key give the same ties."""
        for network, agents in self.networks:
            once, again = (list(ties_of(network.lowered(agents, 5), agents)) for _ in range(2))
            assert once == again

    def test_what_determines_it_can_stand_in_a_runs_name(self) -> None:
        """`identity()` is made of plain values."""
        for network, _ in self.networks:
            assert json.loads(json.dumps(network.identity())) is not None

    def test_pushed_and_pulled_threads_and_shards_agree(self) -> None:
        """The compiled backend, however it goes about it, gives what plain Python gives."""
        for network, agents in self.networks:
            model = gossip_over(network, agents)
            for step in range(1, 3):
                wanted = _digest(model, step, backend="reference", direction="push")
                for how in ({"direction": "push"}, {"direction": "pull"}, {"shards": 3}):
                    assert _digest(model, step, **how) == wanted, (network, how)

    def _lowered(self) -> Iterator[tuple[Lowered, int]]:
        for network, agents in self.networks:
            for key in self.keys:
                yield network.lowered(agents, key), agents


def ties_of(lowered: Lowered, agents: int, reverse: bool = False) -> Iterator[Tie]:
    """Every tie as (agent, other end, number), outwards or inwards, by its own functions."""
    net = net_of(lowered)
    degree, neighbour, tie = lowered.backwards if reverse else lowered.outwards
    for i in range(agents):
        for k in range(degree(net, i)):
            j = neighbour(net, i, k)
            if j >= 0:
                yield i, j, tie(net, i, k)


@tie_rule(over="ties", active="up", into="told", combine="sum", luck="each")
def tell(me: Any, tie: Any, env: Any, model: Any, key: int) -> int:
    """Tells a number that hangs on who tells, the tie and luck."""
    return me.heard % 7 + tie.number % 5 + 1 if chance(key, 0.7) else -(1 << 63)


@agent_rule(on=reached_by(tell), writes=("heard", "up"))
def listen(me: Any, env: Any, model: Any, key: int) -> tuple[int, bool]:
    """Keeps what was told, and tells others from now on."""
    return (me.heard * 3 + me.told) % 65_536, True


def raised(value: bool) -> bool:
    """Whether a flag is up."""
    return value


def gossip_over(network: Network, agents: int) -> Model:
    """A model in which what agents hold hangs on every tie used, and not on their order."""
    people = Population(agents, heard=whole(1, high=65_535), up=flag())
    return Model(
        populations={"people": people},
        networks={"ties": network},
        phases=[[tell], [listen]],
        start=[set_agents(sample_count(max(1, agents // 3)), up=True)],
        measures={"up": share("up", raised)},
        name="gossip",
    )


def _digest(model: Model, steps: int, **how: Any) -> str:
    simulation = Simulation(replace(model), seed=int(fold(1, steps) >> 40), **how)
    while simulation.step < steps and simulation.advance():
        pass
    return simulation.digest()
