"""Lattices: a ring, or a torus of two dimensions, that costs no memory.

Everybody has the same neighbourhood, wrapped around at the edges. Agents are laid on the lattice by
a keyed permutation, or, `ordered`, agent i is at position i (row by row). A tie belongs to the end
from which it points forwards: to the right, or down. Both ends see its number, so it draws once.
The sides are long enough that there are neither self-ties nor parallel ties.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isqrt
from typing import Any

import numpy as np

from ..errors import ModelError, unknown
from ..random import fold
from .lowered import Lowered, Stages
from .permutation import (
    ROUNDS,
    backward_once,
    forward_once,
    halves,
    keys_at,
    round_keys,
    side_of,
)

FARTHEST = 50_000, 150  # reach of a ring and of a torus: about 100,000 ties
Offsets = tuple[tuple[int, int], ...]
Row = tuple[int, int, int, int, int, int, int]


@dataclass(frozen=True)
class Lattice:
    """A ring or torus; `sides` are (rows, columns), or None for the nearest to a square."""

    dimensions: int
    neighbourhood: str
    reach: int
    sides: tuple[int, int] | None
    ordered: bool

    @property
    def notices(self) -> tuple[str, ...]:
        """Nothing to notice."""
        return ()

    def lowered(self, agents: int, key: int) -> Lowered:
        """The lattice of agents 0..agents-1 as `key` lays them on it."""
        rows, columns = self._sides(agents)
        offsets = forwards(self.dimensions, self.neighbourhood, self.reach)
        side, half = side_of(agents), len(offsets)
        numbers = {
            "agents": agents,
            "side": side,
            "per_side": 1.0 / side,
            "rows": rows,
            "columns": columns,
            "per_column": 1.0 / columns,
            "half": half,
        }
        both = [*offsets, *((-down, -across) for down, across in offsets)]
        arrays = {
            "keys": np.array(round_keys(fold(key, 0)), np.int64),
            "down": np.array([down for down, _ in both], np.int64),
            "across": np.array([across for _, across in both], np.int64),
        }
        looks = (degree, neighbour, tie)
        stages = Stages(row, locate, settle, number, other, settle_other)
        if self.ordered:
            looks = (degree, ordered_neighbour, number_at)
            stages = Stages(row, ordered_locate, ordered_settle, number, beside, ordered_last)
        return Lowered("lattice", numbers, arrays, *looks, *looks, 2 * half * agents, stages)

    def _sides(self, agents: int) -> tuple[int, int]:
        sides = self.sides or ((1, agents) if self.dimensions == 1 else nearest_square(agents))
        least = 2 * self.reach + 1
        if sides[0] * sides[1] != agents:
            raise ModelError(
                f"a lattice of {sides[0]:,} x {sides[1]:,} has {sides[0] * sides[1]:,} places and "
                f"the population {agents:,} agents; make them equal."
            )
        shortest = min(sides[2 - self.dimensions :])
        if shortest < least:
            raise ModelError(
                f"a lattice with a side of {shortest:,} is too small for a reach of {self.reach}: "
                f"neighbourhoods would meet themselves. Let each side be {least} or more."
            )
        return sides

    def identity(self) -> Mapping[str, Any]:
        """What determines it."""
        return {
            "kind": "lattice",
            "dimensions": self.dimensions,
            "neighbourhood": self.neighbourhood,
            "reach": self.reach,
            "sides": list(self.sides) if self.sides else None,
            "ordered": self.ordered,
            "rounds": ROUNDS,
        }


def lattice(
    dimensions: int,
    neighbourhood: str = "moore",
    reach: int = 1,
    sides: tuple[int, int] | None = None,
    ordered: bool = False,
) -> Lattice:
    """A ring (`dimensions=1`) or a torus (2), computed and never stored.

    On a ring everybody is tied to the `reach` next agents on each side. On a torus the
    neighbourhood is `"moore"` (all within `reach` rows and columns: 8 for a reach of 1) or
    `"von_neumann"` (all within `reach` moves: 4). `sides` are rows and columns, else the two
    nearest to a square whose product is the number of agents. Agents lie in an order of their own;
    `ordered=True` puts agent i at position i, row by row.
    """
    if dimensions not in (1, 2):
        raise ModelError(f"a lattice of {dimensions} dimensions; type 1 (a ring) or 2 (a torus).")
    if neighbourhood not in NEIGHBOURHOODS:
        raise ModelError(unknown("neighbourhood", neighbourhood, NEIGHBOURHOODS))
    farthest = FARTHEST[dimensions - 1]
    if not 1 <= reach <= farthest:
        raise ModelError(f"a lattice with a reach of {reach:,}; type 1 to {farthest:,}.")
    if sides is not None and (dimensions == 1 or len(sides) != 2):
        raise ModelError("sides are for a torus: rows and columns, such as sides=(100, 200).")
    return Lattice(int(dimensions), neighbourhood, int(reach), sides, bool(ordered))


def forwards(dimensions: int, neighbourhood: str, reach: int) -> Offsets:
    """Rows down and columns across to the neighbours that an agent's own ties point to."""
    if dimensions == 1:
        return tuple((0, across) for across in range(1, reach + 1))
    near = NEIGHBOURHOODS[neighbourhood]
    return tuple(
        (down, across)
        for down in range(reach + 1)
        for across in range(-reach, reach + 1)
        if (down, across) > (0, 0) and near(down, abs(across)) <= reach
    )


NEIGHBOURHOODS = {"moore": max, "von_neumann": lambda down, across: down + across}


def nearest_square(agents: int) -> tuple[int, int]:
    """Rows and columns, the former not more, as alike as the divisors of `agents` allow."""
    rows = next(r for r in range(isqrt(agents), 0, -1) if agents % r == 0)
    if agents > 2 * rows * rows:
        side = isqrt(agents)
        raise ModelError(
            f"{agents:,} agents make no lattice near to a square ({rows:,} x {agents // rows:,} is "
            f"the nearest); take {side * side:,} = {side:,} x {side:,}, or give sides=(rows, "
            "columns)."
        )
    return rows, agents // rows


def degree(net: Any, i: int) -> int:
    """How many neighbours everybody has."""
    return 2 * net.half


def neighbour(net: Any, i: int, k: int) -> int:
    """The agent `k` steps through the neighbourhood of agent `i`."""
    keys = row(net, k)
    position = settle(net, keys, locate(net, keys, i))
    return settle_other(net, keys, position, other(net, keys, position))


def tie(net: Any, i: int, k: int) -> int:
    """The number of agent `i`'s tie `k`, the same from both ends."""
    keys = row(net, k)
    return number(net, k, settle(net, keys, locate(net, keys, i)))


def row(net: Any, k: int) -> Row:
    """The way to neighbour `k`, and the round keys of the order of the agents."""
    a, b, c, d, e = keys_at(net.keys, 0)
    return net.down[k], net.across[k], a, b, c, d, e


def locate(net: Any, row: Row, i: int) -> int:
    """Where agent `i` is, perhaps still beyond the end."""
    _, _, a, b, c, d, e = row
    return forward_once(i, net.side, net.per_side, (a, b, c, d, e))


def settle(net: Any, row: Row, position: int) -> int:
    """The position, walked on until it is inside."""
    _, _, a, b, c, d, e = row
    while position >= net.agents:
        position = forward_once(position, net.side, net.per_side, (a, b, c, d, e))
    return position


def number(net: Any, k: int, position: int) -> int:
    """The number of tie `k` of whoever is at `position`: that of the end it points from."""
    behind = beside(net, row(net, k), position)
    return position * net.half + k if k < net.half else behind * net.half + k - net.half


def other(net: Any, row: Row, position: int) -> int:
    """Who is at the other end, perhaps still a number beyond the agents'."""
    _, _, a, b, c, d, e = row
    there = beside(net, row, position)
    return backward_once(there, net.side, net.per_side, (a, b, c, d, e))


def settle_other(net: Any, row: Row, position: int, agent: int) -> int:
    """The agent at the other end, walked on until it is one."""
    _, _, a, b, c, d, e = row
    while agent >= net.agents:
        agent = backward_once(agent, net.side, net.per_side, (a, b, c, d, e))
    return agent


def beside(net: Any, row: Row, position: int) -> int:
    """The position a step away, wrapped around at the edges."""
    down, across = halves(position, net.columns, net.per_column)
    down, across = down + row[0], across + row[1]
    down = down + net.rows if down < 0 else down
    down = down - net.rows if down >= net.rows else down
    across = across + net.columns if across < 0 else across
    across = across - net.columns if across >= net.columns else across
    return down * net.columns + across


def ordered_neighbour(net: Any, i: int, k: int) -> int:
    """The agent `k` steps through the neighbourhood of agent `i`, who is at position `i`."""
    return beside(net, row(net, k), i)


def number_at(net: Any, i: int, k: int) -> int:
    """The number of tie `k` of agent `i`, who is at position `i`."""
    return number(net, k, i)


def ordered_locate(net: Any, row: Row, i: int) -> int:
    """Agent `i` is at position `i`."""
    return i


def ordered_settle(net: Any, row: Row, position: int) -> int:
    """A position is one at once."""
    return position


def ordered_last(net: Any, row: Row, position: int, agent: int) -> int:
    """A position is its agent's number."""
    return agent
