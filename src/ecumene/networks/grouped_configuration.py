"""Directed configuration models in which most ties stay in the agent's own group.

Groups are ranges of agents, such as countries. In each group agents stand in two orders of their
own, so that out-degree, in-degree and number are independent; degree classes lie end to end, group
after group, and so do stubs. A permutation of each group's out-stubs says which of them stay: the
first `inside` share meets in-stubs of the same group, through a permutation of those; the others of
all groups meet through one more. All steps can be walked backwards, so who reaches an agent is
answered as quickly. The number of a tie is its out-stub. Stubs that one side has more than the
other lead nowhere (-1), and so do ties of an agent to itself; parallel ties are kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from ..arrays import Column, Integers
from ..errors import ModelError
from ..population.apportion import starts
from ..random import fold
from .classes import class_of, guide_of
from .degrees import Classes, Degrees
from .directed_configuration import check_sums
from .lowered import Lowered
from .permutation import ROUNDS, backward, forward, keys_at, round_keys, side_of
from .stubs import StubTable, first_arriving, first_stub_of, leaving_from, place_of, stub_table

OUT_ORDER, IN_ORDER, LEAVING, ARRIVING = range(4)  # Permutations of a group, by number.
PER_GROUP = 4


@dataclass(frozen=True)
class GroupedConfiguration:
    """A random directed graph with given degrees, `inside` of whose ties stay within a group."""

    out_degrees: Degrees
    in_degrees: Degrees
    groups: tuple[int, ...]  # How many agents each has; a group is a range of agents.
    inside: float

    @property
    def notices(self) -> tuple[str, ...]:
        """Nothing to notice."""
        return ()

    def lowered(self, agents: int, key: int) -> Lowered:
        """The graph among agents 0..agents-1 that `key` draws; `ModelError` where sums differ."""
        sizes = np.array([n for n in self.groups if n], np.int64)
        if int(sizes.sum()) != agents:
            raise ModelError(
                f"the groups have {int(sizes.sum()):,} agents and the population {agents:,}; make "
                "them equal."
            )
        outs, ins = _classes(self)
        outward, inward = _table(outs, "out_"), _table(ins, "in_")
        check_sums(outward, inward, agents, len(sizes))
        leaving, arriving = (np.array([int((d * c).sum()) for d, c in s]) for s in (outs, ins))
        kept = np.floor(self.inside * np.minimum(leaving, arriving) + 0.5).astype(np.int64)
        away_out, away_in = leaving - kept, arriving - kept
        numbers, arrays = _spans({"agents": sizes, "out": leaving, "in": arriving})
        for name, counts in (("away_out", away_out), ("away_in", away_in)):
            first = starts(counts)
            guide, numbers[f"{name}_shift"] = guide_of(first)
            arrays |= {f"{name}_first": first, f"{name}_guide": guide}
        away = max(1, int(away_out.sum()), int(away_in.sum()))
        side = side_of(away)
        numbers |= {"away": away, "away_side": side, "out_stubs": outward.stubs}
        numbers |= {"away_out": int(away_out.sum()), "away_in": int(away_in.sum())}
        groups = range(len(sizes))
        keys = [k for g in groups for m in range(PER_GROUP) for k in _keys(key, g, m)]
        arrays |= {"kept": kept, "keys": np.array(keys, np.int64)}
        arrays |= {"away_keys": np.array(round_keys(fold(key, 1)), np.int64)}
        return Lowered(
            "grouped configuration",
            {**numbers, "away_per_side": 1.0 / side, **outward.shifts, **inward.shifts},
            {**arrays, **outward.arrays, **inward.arrays},
            degree,
            neighbour,
            tie,
            reverse_degree,
            reverse_neighbour,
            reverse_tie,
            outward.stubs,
            in_degrees=(inward.arrays["in_degrees"], np.concatenate([c for _, c in ins])),
        )

    def identity(self) -> Mapping[str, Any]:
        """What determines it."""
        return {
            "kind": "grouped configuration",
            "out_degrees": self.out_degrees.identity(),
            "in_degrees": self.in_degrees.identity(),
            "groups": list(self.groups),
            "inside": self.inside,
            "rounds": ROUNDS,
        }


@lru_cache(maxsize=4)  # The same people and ties are drawn under several keys.
def _classes(network: GroupedConfiguration) -> tuple[list[Classes], list[Classes]]:
    """Out- and in-degrees, group by group."""
    sizes = [n for n in network.groups if n]
    outs = [_within(network.out_degrees.classes(n), n) for n in sizes]
    sums = [int((degrees * counts).sum()) for degrees, counts in outs]
    ins = [network.in_degrees.summing(n, ties) for n, ties in zip(sizes, sums, strict=True)]
    return outs, ins


def _within(classes: Classes, agents: int) -> Classes:
    """Nobody in a group has more ties than the group has agents."""
    degrees, counts = classes
    return np.minimum(degrees, agents), counts


def _table(groups: Sequence[Classes], prefix: str) -> StubTable:
    """The classes of all groups, one after another."""
    degrees = np.concatenate([d for d, _ in groups])
    counts = np.concatenate([c for _, c in groups])
    table = stub_table((degrees, counts), prefix)
    return StubTable(table.arrays, table.shifts, table.stubs, int(degrees.max()))


def _spans(spans: Mapping[str, Integers]) -> tuple[dict[str, int | float], dict[str, Column]]:
    """Where each group's part begins, with a guide to it, and the sides of its permutations."""
    numbers: dict[str, int | float] = {}
    arrays: dict[str, Column] = {}
    for name, counts in spans.items():
        first = starts(counts)
        guide, numbers[f"{name}_shift"] = guide_of(first)
        arrays |= {f"{name}_first": first, f"{name}_guide": guide}
        sides = np.array([side_of(max(1, n)) for n in counts.tolist()], np.int64)
        arrays |= {f"{name}_side": sides, f"{name}_per_side": 1.0 / sides}
    return numbers, arrays


def _keys(key: int, group: int, number: int) -> tuple[int, ...]:
    return round_keys(fold(fold(fold(key, 0), group), number))


def group_of(net: Any, i: int) -> int:
    """The group of agent `i`."""
    return class_of(net.agents_first, net.agents_guide, net.agents_shift, i)


def position(
    first: Any, sides: Any, per_sides: Any, keys: Any, g: int, number: int, one: int
) -> int:
    """Where `one` of the things of group `g` stands in the order `number` of that group."""
    start = int(first[g])
    size, side, per_side = int(first[g + 1]) - start, int(sides[g]), float(per_sides[g])
    return forward(one - start, size, side, per_side, keys_at(keys, PER_GROUP * g + number))


def thing_at(
    first: Any, sides: Any, per_sides: Any, keys: Any, g: int, number: int, at: int
) -> int:
    """Which of the things of group `g` stands at position `at` in its order `number`."""
    start = int(first[g])
    size, side, per_side = int(first[g + 1]) - start, int(sides[g]), float(per_sides[g])
    return start + backward(at, size, side, per_side, keys_at(keys, PER_GROUP * g + number))


def place_in(net: Any, i: int, number: int) -> int:
    """Where agent `i` stands in the order `number`, groups one after another."""
    g = group_of(net, i)
    at = position(net.agents_first, net.agents_side, net.agents_per_side, net.keys, g, number, i)
    return int(net.agents_first[g]) + at


def agent_at(net: Any, place: int, number: int) -> int:
    """Who stands at `place` in the order `number`."""
    g = group_of(net, place)
    at = place - int(net.agents_first[g])
    return thing_at(net.agents_first, net.agents_side, net.agents_per_side, net.keys, g, number, at)


def degree(net: Any, i: int) -> int:
    """How many ties go out from agent `i`."""
    place = place_in(net, i, OUT_ORDER)
    c = class_of(net.out_first_place, net.out_place_guide, net.out_place_shift, place)
    return int(net.out_degrees[c])


def tie(net: Any, i: int, k: int) -> int:
    """The number of agent `i`'s out-stub `k`."""
    place = place_in(net, i, OUT_ORDER)
    first = first_stub_of(
        net.out_first_place,
        net.out_first_stub,
        net.out_degrees,
        net.out_place_guide,
        net.out_place_shift,
        place,
    )
    return first + k


def neighbour(net: Any, i: int, k: int) -> int:
    """Who agent `i` reaches by its out-stub `k`; -1 for nobody, or itself."""
    stub = in_stub_of(net, tie(net, i, k))
    if stub < 0:
        return -1
    place = place_of(
        net.in_first_place,
        net.in_first_stub,
        net.in_degrees,
        net.in_stub_guide,
        net.in_stub_shift,
        stub,
    )
    other = agent_at(net, place, IN_ORDER)
    return other if other != i else -1


def in_stub_of(net: Any, stub: int) -> int:
    """The in-stub that an out-stub meets, or -1."""
    g = class_of(net.out_first, net.out_guide, net.out_shift, stub)
    at = position(net.out_first, net.out_side, net.out_per_side, net.keys, g, LEAVING, stub)
    if at >= net.kept[g]:
        away = int(net.away_out_first[g]) + at - int(net.kept[g])
        away = forward(away, net.away, net.away_side, net.away_per_side, keys_at(net.away_keys, 0))
        if away >= net.away_in:
            return -1
        g = class_of(net.away_in_first, net.away_in_guide, net.away_in_shift, away)
        at = int(net.kept[g]) + away - int(net.away_in_first[g])
    return thing_at(net.in_first, net.in_side, net.in_per_side, net.keys, g, ARRIVING, at)


def out_stub_of(net: Any, stub: int) -> int:
    """The out-stub that an in-stub meets, or -1."""
    g = class_of(net.in_first, net.in_guide, net.in_shift, stub)
    at = position(net.in_first, net.in_side, net.in_per_side, net.keys, g, ARRIVING, stub)
    if at >= net.kept[g]:
        away = int(net.away_in_first[g]) + at - int(net.kept[g])
        away = backward(away, net.away, net.away_side, net.away_per_side, keys_at(net.away_keys, 0))
        if away >= net.away_out:
            return -1
        g = class_of(net.away_out_first, net.away_out_guide, net.away_out_shift, away)
        at = int(net.kept[g]) + away - int(net.away_out_first[g])
    return thing_at(net.out_first, net.out_side, net.out_per_side, net.keys, g, LEAVING, at)


def reverse_degree(net: Any, i: int) -> int:
    """How many ties come in to agent `i`."""
    place = place_in(net, i, IN_ORDER)
    c = class_of(net.in_first_place, net.in_place_guide, net.in_place_shift, place)
    return int(net.in_degrees[c])


def reverse_tie(net: Any, i: int, k: int) -> int:
    """The out-stub that comes in at agent `i`'s in-stub `k`; one past them all for none."""
    place = place_in(net, i, IN_ORDER)
    first = first_arriving(net, place)
    stub = out_stub_of(net, first + k)
    return stub if stub >= 0 else net.out_stubs + first + k


def reverse_neighbour(net: Any, i: int, k: int) -> int:
    """Who reaches agent `i` at its in-stub `k`; -1 for nobody, or itself."""
    stub = reverse_tie(net, i, k)
    if stub >= net.out_stubs:
        return -1
    place = leaving_from(net, stub)
    other = agent_at(net, place, OUT_ORDER)
    return other if other != i else -1
