"""Circles: disjoint groups in which everybody is tied to everybody else; no memory per agent.

Households, or the groups of about 150 that people know. Agents stand in an order of their own,
drawn by a keyed permutation, and are cut into ranges: first the circles of one size, then those of
the next. So who shares a circle has nothing to do with number or country. A tie is a pair of a
circle's members and draws once. There are neither self-ties nor parallel ties. Who is left over
when no circle can be filled forms one smaller circle.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import Integers
from ..errors import ModelError
from ..population.apportion import starts
from ..random import fold
from .classes import class_of, guide_of
from .lowered import Lowered
from .permutation import ROUNDS, backward, forward, keys_at, round_keys, side_of

MOST = 1_000_000  # the largest circle


@dataclass(frozen=True)
class Circles:
    """Groups of given sizes, with the share of the groups that have each."""

    shares: tuple[tuple[int, float], ...]

    @property
    def notices(self) -> tuple[str, ...]:
        """Nothing to notice."""
        return ()

    def lowered(self, agents: int, key: int) -> Lowered:
        """The circles of agents 0..agents-1 that `key` draws."""
        sizes, counts = self.classes(agents)
        first_place = starts(sizes * counts)
        first_pair = starts(sizes * (sizes - 1) // 2 * counts)
        guide, shift = guide_of(first_place)
        side = side_of(agents)
        numbers = {"agents": agents, "side": side, "per_side": 1.0 / side, "shift": shift}
        arrays = {
            "keys": np.array(round_keys(fold(key, 0)), np.int64),
            "sizes": sizes,
            "guide": guide,
            "first_place": first_place,
            "first_circle": starts(counts),
            "first_pair": first_pair,
        }
        looks = (degree, neighbour, tie)
        ties = 2 * int(first_pair[-1])
        return Lowered("circles", numbers, arrays, *looks, *looks, ties, group=circle)

    def classes(self, agents: int) -> tuple[Integers, Integers]:
        """Sizes, from the largest, and how many circles of each `agents` agents form."""
        people = sum(size * share for size, share in self.shares)
        found: list[tuple[int, int]] = []
        used, reached = 0, 0.0
        for size, share in reversed(self.shares):
            reached += size * share / people
            count = (min(agents, int(agents * reached + 0.5)) - used) // size
            found.append((size, count))
            used += size * count
        left = agents - used
        more = left // self.shares[0][0]  # what rounding left is filled into the smallest
        found[-1] = (found[-1][0], found[-1][1] + more)
        found.append((left - more * self.shares[0][0], 1))
        kept = [(size, count) for size, count in found if size and count]
        return np.array([s for s, _ in kept], np.int64), np.array([n for _, n in kept], np.int64)

    def identity(self) -> Mapping[str, Any]:
        """What determines it."""
        return {"kind": "circles", "sizes": [list(s) for s in self.shares], "rounds": ROUNDS}


def circles(size: int | Mapping[int, float]) -> Circles:
    """Disjoint groups, each of whose members is tied to all others, computed and never stored.

    `size` is that of every circle, or a mapping from size to the share of the circles that have it
    (as statistics of households give it: `{1: 0.3, 2: 0.35, 3: 0.2, 4: 0.15}`).
    """
    shares = size if isinstance(size, Mapping) else {size: 1.0}
    if not shares:
        raise ModelError("no size of circles is given; type one, or {1: 0.3, 2: 0.7}.")
    for each in shares:
        if not 1 <= each <= MOST or int(each) != each:
            raise ModelError(f"a circle of {each}; type whole sizes from 1 to {MOST:,}.")
    total = sum(shares.values())
    if min(shares.values()) < 0 or not abs(total - 1.0) < 1e-6:
        raise ModelError(
            f"the shares of the circles sum to {total:.6g}; give shares of 0 or more that sum to 1."
        )
    return Circles(tuple((int(s), float(shares[s])) for s in sorted(shares) if shares[s] > 0))


def degree(net: Any, i: int) -> int:
    """How many others are in agent `i`'s circle."""
    return int(net.sizes[class_of(net.first_place, net.guide, net.shift, place(net, i))]) - 1


def neighbour(net: Any, i: int, k: int) -> int:
    """The `k`-th other member of agent `i`'s circle."""
    at = place(net, i)
    c = class_of(net.first_place, net.guide, net.shift, at)
    within = (at - int(net.first_place[c])) % int(net.sizes[c])
    beside = at - within + k + (1 if k >= within else 0)
    return backward(beside, net.agents, net.side, net.per_side, keys_at(net.keys, 0))


def tie(net: Any, i: int, k: int) -> int:
    """The number of the pair of agent `i` and the `k`-th other member of its circle."""
    at = place(net, i)
    c = class_of(net.first_place, net.guide, net.shift, at)
    size = int(net.sizes[c])
    before, within = (at - int(net.first_place[c])) // size, (at - int(net.first_place[c])) % size
    low, high = (k, within) if k < within else (within, k + 1)
    pairs = before * (size * (size - 1) // 2)
    return int(net.first_pair[c]) + pairs + high * (high - 1) // 2 + low


def circle(net: Any, i: int) -> int:
    """The number of agent `i`'s circle, from 0."""
    at = place(net, i)
    c = class_of(net.first_place, net.guide, net.shift, at)
    return int(net.first_circle[c]) + (at - int(net.first_place[c])) // int(net.sizes[c])


def place(net: Any, i: int) -> int:
    """Where agent `i` stands in the order of the circles."""
    return forward(i, net.agents, net.side, net.per_side, keys_at(net.keys, 0))
