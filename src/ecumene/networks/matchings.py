"""Matchings: a random regular graph that costs no memory.

Each of `degree` matchings pairs all agents at random: agent i's partner in matching k is
p^-1(p(i) xor 1) under that matching's keyed permutation p. Both ends see the same tie number, so a
tie draws once, whichever way it is used. With an odd number of agents one agent has no partner in
a matching. Nobody is tied to itself; two matchings may pair the same two agents (parallel ties,
each with its own number), as often as in a random graph.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import ModelError
from ..random import fold
from .lowered import Lowered, Stages
from .permutation import ROUNDS, Keys, backward_once, forward_once, keys_at, round_keys, side_of


@dataclass(frozen=True)
class Matchings:
    """A random graph in which every agent has `degree` ties."""

    degree: int

    @property
    def notices(self) -> tuple[str, ...]:
        """Nothing to notice."""
        return ()

    def lowered(self, agents: int, key: int) -> Lowered:
        """The matchings among agents 0..agents-1 that `key` draws."""
        side = side_of(agents)
        numbers = {"agents": agents, "side": side, "per_side": 1.0 / side, "ties": self.degree}
        keys = [k for m in range(self.degree) for k in round_keys(fold(key, m))]
        arrays = {"keys": np.array(keys or [0], np.int64)}
        ties = self.degree * (agents // 2) * 2
        looks = (degree, neighbour, tie)
        stages = Stages(row, locate, settle, number, other, settle_other, permuted=True)
        return Lowered(
            "matchings",
            numbers,
            arrays,
            *looks,
            *looks,
            ties=ties,
            stages=stages,
            reverse_stages=stages,
            most=self.degree,
        )

    def identity(self) -> Mapping[str, Any]:
        """What determines it."""
        return {"kind": "matchings", "degree": self.degree, "rounds": ROUNDS}


def matchings(degree: int) -> Matchings:
    """A random graph in which every agent has `degree` ties, computed and never stored."""
    if not 0 <= degree <= 100_000:
        raise ModelError(f"matchings({degree}): type a degree from 0 to 100,000.")
    return Matchings(degree)


def degree(net: Any, i: int) -> int:
    """How many ties agent `i` may have."""
    return net.ties


def neighbour(net: Any, i: int, k: int) -> int:
    """Who agent `i` is tied to in matching `k`, or -1 for the odd one out."""
    keys = row(net, k)
    position = settle(net, keys, locate(net, keys, i))
    return settle_other(net, keys, position, other(net, keys, position))


def tie(net: Any, i: int, k: int) -> int:
    """The number of agent `i`'s tie in matching `k`, the same from both ends."""
    keys = row(net, k)
    return number(net, k, settle(net, keys, locate(net, keys, i)))


def row(net: Any, k: int) -> Keys:
    """The round keys of matching `k`."""
    return keys_at(net.keys, k)


def locate(net: Any, row: Keys, i: int) -> int:
    """Where agent `i` stands in the matching, perhaps still beyond its end."""
    return forward_once(i, net.side, net.per_side, row)


def settle(net: Any, row: Keys, position: int) -> int:
    """The position, walked on until it is inside."""
    while position >= net.agents:
        position = forward_once(position, net.side, net.per_side, row)
    return position


def number(net: Any, k: int, position: int) -> int:
    """The number of the tie at `position` of matching `k`."""
    return k * ((net.agents + 1) >> 1) + (position >> 1)


def other(net: Any, row: Keys, position: int) -> int:
    """Who stands beside `position`, perhaps still a number beyond the agents'."""
    return backward_once(position ^ 1, net.side, net.per_side, row)


def settle_other(net: Any, row: Keys, position: int, agent: int) -> int:
    """The agent beside `position`, walked on until it is one; -1 if nobody stands there."""
    if position ^ 1 >= net.agents:
        return -1
    while agent >= net.agents:
        agent = backward_once(agent, net.side, net.per_side, row)
    return agent
