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
from .lowered import Lowered
from .permutation import ROUNDS, backward, forward, round_keys, side_of


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
        return Lowered(
            "matchings", numbers, arrays, degree, neighbour, tie, degree, neighbour, tie, ties
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
    a = net.keys[4 * k]
    b = net.keys[4 * k + 1]
    c = net.keys[4 * k + 2]
    d = net.keys[4 * k + 3]
    p = forward(i, net.agents, net.side, net.per_side, a, b, c, d) ^ 1
    if p >= net.agents:
        return -1
    return backward(p, net.agents, net.side, net.per_side, a, b, c, d)


def tie(net: Any, i: int, k: int) -> int:
    """The number of agent `i`'s tie in matching `k`, the same from both ends."""
    a = net.keys[4 * k]
    b = net.keys[4 * k + 1]
    c = net.keys[4 * k + 2]
    d = net.keys[4 * k + 3]
    p = forward(i, net.agents, net.side, net.per_side, a, b, c, d)
    return k * ((net.agents + 1) >> 1) + (p >> 1)
