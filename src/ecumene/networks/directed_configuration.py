"""Directed configuration models: out-stubs to in-stubs by one permutation.

Out-degrees and in-degrees have a table of classes and an order of the agents each, so that an
agent's two degrees are independent. Out-stub s goes to in-stub p(s); p^-1 answers who reaches an
agent. The number of a tie is its out-stub: it draws once, in its one direction. i -> j and j -> i
are two ties. Where one side has more stubs than the other, those left over lead nowhere (-1), and
so do ties of an agent to itself; parallel ties are kept, each with its own number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import ModelError
from ..random import fold
from .classes import class_of
from .degrees import Degrees
from .lowered import Lowered
from .permutation import ROUNDS, backward, forward, keys_at, round_keys, side_of
from .stubs import StubTable, first_arriving, first_stub_of, leaving_from, place_of, stub_table

APART = 0.01  # the share of the ties by which the sums of out- and in-degrees may differ


@dataclass(frozen=True)
class DirectedConfiguration:
    """A random directed graph with given out- and in-degrees."""

    out_degrees: Degrees
    in_degrees: Degrees

    @property
    def notices(self) -> tuple[str, ...]:
        """Nothing to notice."""
        return ()

    def lowered(self, agents: int, key: int) -> Lowered:
        """The graph among agents 0..agents-1 that `key` draws; `ModelError` where sums differ."""
        outward = stub_table(self.out_degrees.classes(agents), "out_")
        in_classes = self.in_degrees.summing(agents, outward.stubs)
        inward = stub_table(in_classes, "in_")
        check_sums(outward, inward, agents)
        stubs = max(outward.stubs, inward.stubs)
        side, stub_side = side_of(agents), side_of(max(1, stubs))
        numbers = {
            "agents": agents,
            "side": side,
            "per_side": 1.0 / side,
            "stubs": stubs,
            "out_stubs": outward.stubs,
            "in_stubs": inward.stubs,
            "stub_side": stub_side,
            "per_stub_side": 1.0 / stub_side,
            **outward.shifts,
            **inward.shifts,
        }
        keys = [k for m in range(3) for k in round_keys(fold(key, m))]
        arrays = {"keys": np.array(keys, np.int64), **outward.arrays, **inward.arrays}
        return Lowered(
            "directed configuration",
            numbers,
            arrays,
            degree,
            neighbour,
            tie,
            reverse_degree,
            reverse_neighbour,
            reverse_tie,
            outward.stubs,
            in_degrees=in_classes,
        )

    def identity(self) -> Mapping[str, Any]:
        """What determines it."""
        return {
            "kind": "directed configuration",
            "out_degrees": self.out_degrees.identity(),
            "in_degrees": self.in_degrees.identity(),
            "rounds": ROUNDS,
        }


def check_sums(outward: StubTable, inward: StubTable, agents: int, groups: int = 1) -> None:
    """The sums may differ by what rounding to whole agents does in each group, and no more."""
    out, into = outward.stubs, inward.stubs
    if abs(out - into) > max(
        APART * max(out, into), groups * outward.largest, groups * inward.largest
    ):
        raise ModelError(
            f"the out-degrees sum to {out:,} ({out / agents:.4g} an agent) and the in-degrees to "
            f"{into:,} ({into / agents:.4g}); give degrees of one mean: every tie goes out once "
            "and comes in once."
        )


def degree(net: Any, i: int) -> int:
    """How many ties go out from agent `i`."""
    place = forward(i, net.agents, net.side, net.per_side, keys_at(net.keys, 0))
    c = class_of(net.out_first_place, net.out_place_guide, net.out_place_shift, place)
    return int(net.out_degrees[c])


def neighbour(net: Any, i: int, k: int) -> int:
    """Who agent `i` reaches by its out-stub `k`; -1 for nobody, or itself."""
    position = forward(
        tie(net, i, k), net.stubs, net.stub_side, net.per_stub_side, keys_at(net.keys, 2)
    )
    if position >= net.in_stubs:
        return -1
    place = place_of(
        net.in_first_place,
        net.in_first_stub,
        net.in_degrees,
        net.in_stub_guide,
        net.in_stub_shift,
        position,
    )
    other = backward(place, net.agents, net.side, net.per_side, keys_at(net.keys, 1))
    return other if other != i else -1


def tie(net: Any, i: int, k: int) -> int:
    """The number of agent `i`'s out-stub `k`."""
    place = forward(i, net.agents, net.side, net.per_side, keys_at(net.keys, 0))
    first = first_stub_of(
        net.out_first_place,
        net.out_first_stub,
        net.out_degrees,
        net.out_place_guide,
        net.out_place_shift,
        place,
    )
    return first + k


def reverse_degree(net: Any, i: int) -> int:
    """How many ties come in to agent `i`."""
    place = forward(i, net.agents, net.side, net.per_side, keys_at(net.keys, 1))
    c = class_of(net.in_first_place, net.in_place_guide, net.in_place_shift, place)
    return int(net.in_degrees[c])


def reverse_neighbour(net: Any, i: int, k: int) -> int:
    """Who reaches agent `i` at its in-stub `k`; -1 for nobody, or itself."""
    stub = reverse_tie(net, i, k)
    if stub >= net.out_stubs:
        return -1
    place = leaving_from(net, stub)
    other = backward(place, net.agents, net.side, net.per_side, keys_at(net.keys, 0))
    return other if other != i else -1


def reverse_tie(net: Any, i: int, k: int) -> int:
    """The out-stub that comes in at agent `i`'s in-stub `k`."""
    place = forward(i, net.agents, net.side, net.per_side, keys_at(net.keys, 1))
    first = first_arriving(net, place)
    return backward(first + k, net.stubs, net.stub_side, net.per_stub_side, keys_at(net.keys, 2))
