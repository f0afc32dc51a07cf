"""Configuration models: random graphs of any degree distribution that cost no memory per agent.

Agents stand in an order of their own, drawn by a keyed permutation, so that an agent's degree has
nothing to do with its number or its country. In that order they have as many stubs as ties,
numbered end to end. A second permutation p, of all stubs, ties stub s to p^-1(p(s) xor 1).

Both ends of a tie see one number, so it draws once. With an odd number of stubs one is left
without a partner. A stub may meet another one of its own agent (a self-tie: the neighbour is -1,
nobody), and two agents may be tied more than once (parallel ties, each with its own number), as
often as in any configuration model (Newman 2018, Networks, chapter 12).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import ModelError
from ..random import fold
from .classes import class_of
from .configuration_walk import WALK
from .degrees import Degrees, degrees_of
from .directed_configuration import DirectedConfiguration
from .grouped_configuration import GroupedConfiguration
from .lowered import Lowered
from .permutation import ROUNDS, backward, forward, keys_at, round_keys, side_of
from .stubs import first_stub_of, place_of, stub_table


@dataclass(frozen=True)
class Configuration:
    """A random graph with given degrees."""

    degrees: Degrees

    @property
    def notices(self) -> tuple[str, ...]:
        """Nothing to notice."""
        return ()

    def lowered(self, agents: int, key: int) -> Lowered:
        """The graph among agents 0..agents-1 that `key` draws."""
        classes = self.degrees.classes(agents)
        table = stub_table(classes)
        side, stub_side = side_of(agents), side_of(max(1, table.stubs))
        numbers = {
            "agents": agents,
            "side": side,
            "per_side": 1.0 / side,
            "stubs": table.stubs,
            "stub_side": stub_side,
            "per_stub_side": 1.0 / stub_side,
            **table.shifts,
        }
        keys = [k for m in range(2) for k in round_keys(fold(key, m))]
        arrays = {"keys": np.array(keys, np.int64), **table.arrays}
        looks = (degree, neighbour, tie)
        return Lowered(
            "configuration",
            numbers,
            arrays,
            *looks,
            *looks,
            table.stubs,
            in_degrees=classes,
            walk=WALK,
        )

    def identity(self) -> Mapping[str, Any]:
        """What determines it."""
        return {"kind": "configuration", "degrees": self.degrees.identity(), "rounds": ROUNDS}


def configuration(
    degrees: Degrees | Mapping[int, float] | Sequence[tuple[int, int]],
    directed: bool = False,
    in_degrees: Degrees | Mapping[int, float] | Sequence[tuple[int, int]] | None = None,
    groups: Sequence[int] | None = None,
    inside: float = 0.0,
) -> Configuration | DirectedConfiguration | GroupedConfiguration:
    """A random graph in which agents have the given degrees, computed and never stored.

    `degrees` is a mapping from degree to share of the agents, `ec.power_law(...)`, or pairs
    (degree, number of agents). Directed, it holds for the ties that go out, and `in_degrees` (the
    same unless given) for those that come in; an agent's two are drawn independently. The degree
    is that of the drawing: parallel ties are kept, and ties to oneself reach nobody. Of an odd
    number of ends one stays free; directed, those that one side has more than the other.

    `groups` are the sizes of ranges of agents, such as `background.ranges["country"]`. Then the
    share `inside` of the ties stays within a group, and the others go where chance has it; degrees
    hold in each group, nobody's being larger than it. Only for directed ones.
    """
    out = degrees_of(degrees)
    if groups is not None or inside:
        into = out if in_degrees is None else degrees_of(in_degrees)
        return _grouped(out, into, directed, groups, inside)
    if directed:
        return DirectedConfiguration(out, out if in_degrees is None else degrees_of(in_degrees))
    if in_degrees is not None:
        raise ModelError(
            "in_degrees are given, but not directed=True; type both, or leave in_degrees out."
        )
    return Configuration(out)


def _grouped(
    out: Degrees, into: Degrees, directed: bool, groups: Sequence[int] | None, inside: float
) -> GroupedConfiguration:
    """A configuration by groups, checked."""
    if not directed:
        raise ModelError("groups are for directed configurations; type directed=True.")
    if not groups or min(groups) < 0:
        raise ModelError("inside= needs groups=: how many agents each has, in their order.")
    if not 0.0 <= inside <= 1.0:
        raise ModelError(f"inside={inside}; type the share of ties within a group, 0 to 1.")
    return GroupedConfiguration(out, into, tuple(int(n) for n in groups), float(inside))


def degree(net: Any, i: int) -> int:
    """How many stubs agent `i` has."""
    return int(
        net.degrees[class_of(net.first_place, net.place_guide, net.place_shift, place(net, i))]
    )


def neighbour(net: Any, i: int, k: int) -> int:
    """Who agent `i` is tied to by its stub `k`; -1 for nobody, or itself."""
    position = position_of(net, i, k) ^ 1
    if position >= net.stubs:
        return -1
    stub = backward(position, net.stubs, net.stub_side, net.per_stub_side, keys_at(net.keys, 1))
    there = place_of(
        net.first_place, net.first_stub, net.degrees, net.stub_guide, net.stub_shift, stub
    )
    other = backward(there, net.agents, net.side, net.per_side, keys_at(net.keys, 0))
    return other if other != i else -1


def tie(net: Any, i: int, k: int) -> int:
    """The number of the tie of agent `i`'s stub `k`, the same from both ends."""
    return position_of(net, i, k) >> 1


def place(net: Any, i: int) -> int:
    """Where agent `i` stands in the order of classes."""
    return forward(i, net.agents, net.side, net.per_side, keys_at(net.keys, 0))


def position_of(net: Any, i: int, k: int) -> int:
    """Where agent `i`'s stub `k` comes to stand among all stubs; two and two are tied."""
    first = first_stub_of(
        net.first_place,
        net.first_stub,
        net.degrees,
        net.place_guide,
        net.place_shift,
        place(net, i),
    )
    return forward(first + k, net.stubs, net.stub_side, net.per_stub_side, keys_at(net.keys, 1))
