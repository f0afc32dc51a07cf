"""Small worlds: a ring with a share of its ties replaced by ties to anybody; no memory.

As in Watts and Strogatz (1998), Nature 393, but tie by tie, so that nothing has to be stored: every
tie of the ring is there unless its own draw falls below `share`, and every tie of `degree` random
matchings is there if its own draw does. Raising `share` only takes away ties of the ring and only
adds random ones. An agent has twice `degree` slots; an empty one has the neighbour -1. Its number
of ties varies around `degree`, with variance 2 degree share (1 - share); Watts and Strogatz rewire
one end of a tie, so that theirs varies by half as much.

Both ends of a tie see one number, so it draws once. With an odd number of agents one of them is
without a partner in each matching. Nobody is tied to itself; a random tie may be parallel to
another one or to one of the ring, with its own number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import ModelError
from ..random import chance, fold
from .lowered import Lowered, Stages
from .permutation import ROUNDS, backward_once, forward_once, keys_at, round_keys, side_of

Row = tuple[int, int, int, int, int, int, int]


@dataclass(frozen=True)
class SmallWorld:
    """A ring of `degree` ties per agent, a `share` of them replaced by random ties."""

    degree: int
    share: float

    @property
    def notices(self) -> tuple[str, ...]:
        """Nothing to notice."""
        return ()

    def lowered(self, agents: int, key: int) -> Lowered:
        """The small world among agents 0..agents-1 that `key` draws."""
        if agents <= self.degree:
            raise ModelError(
                f"a small world of degree {self.degree} needs more than {self.degree} agents; "
                f"there are {agents:,}."
            )
        side = side_of(agents)
        numbers = {
            "agents": agents,
            "side": side,
            "per_side": 1.0 / side,
            "ties": self.degree,
            "half": self.degree // 2,
            "share": self.share,
        }
        keys = [k for m in range(1 + self.degree) for k in round_keys(fold(fold(key, 0), m))]
        arrays = {
            "keys": np.array(keys, np.int64),
            "luck": np.array([fold(key, 1)], np.uint64).view(np.int64),
        }
        looks = (degree, neighbour, tie)
        stages = Stages(row, locate, settle, number, other, settle_other)
        slots = 2 * self.degree * agents
        return Lowered("small world", numbers, arrays, *looks, *looks, slots, stages)

    def identity(self) -> Mapping[str, Any]:
        """What determines it."""
        return {"kind": "small world", "degree": self.degree, "share": self.share, "rounds": ROUNDS}


def small_world(degree: int, share: float) -> SmallWorld:
    """A ring on which everybody has `degree` ties, a `share` of them replaced by random ties.

    `degree` is even: half of the ties go to each side. `share` 0 is the ring, 1 a random graph.
    """
    if not 2 <= degree <= 100_000 or degree % 2:
        raise ModelError(f"small_world: a degree of {degree}; type an even one from 2 to 100,000.")
    if not 0.0 <= share <= 1.0:
        raise ModelError(f"small_world: a share of {share}; type 0 to 1.")
    return SmallWorld(int(degree), float(share))


def degree(net: Any, i: int) -> int:
    """How many slots everybody has: those of the ring, then those of the matchings."""
    return 2 * net.ties


def neighbour(net: Any, i: int, k: int) -> int:
    """Who is in slot `k` of agent `i`, or -1 where it is empty."""
    keys = row(net, k)
    position = settle(net, keys, locate(net, keys, i))
    if not there(net, k, number(net, k, position)):
        return -1
    return settle_other(net, keys, position, other(net, keys, position))


def tie(net: Any, i: int, k: int) -> int:
    """The number of the tie in slot `k` of agent `i`, the same from both ends."""
    keys = row(net, k)
    return number(net, k, settle(net, keys, locate(net, keys, i)))


def there(net: Any, k: int, number: int) -> bool:
    """Whether tie `number`, in slot `k`, is there."""
    return chance(fold(net.luck[0], number), net.share) == (k >= net.ties)


def row(net: Any, k: int) -> Row:
    """The slot, the steps along the ring (0 in a matching), and the round keys of the order."""
    across = k + 1 if k < net.half else net.half - 1 - k
    a, b, c, d, e = keys_at(net.keys, 0 if k < net.ties else 1 + k - net.ties)
    return k, across if k < net.ties else 0, a, b, c, d, e


def locate(net: Any, row: Row, i: int) -> int:
    """Where agent `i` stands, on the ring or in the matching, perhaps still beyond its end."""
    _, _, a, b, c, d, e = row
    return forward_once(i, net.side, net.per_side, (a, b, c, d, e))


def settle(net: Any, row: Row, position: int) -> int:
    """The position, walked on until it is inside."""
    _, _, a, b, c, d, e = row
    while position >= net.agents:
        position = forward_once(position, net.side, net.per_side, (a, b, c, d, e))
    return position


def number(net: Any, k: int, position: int) -> int:
    """The number of the tie: on the ring that of the end it points from, then the matchings'."""
    if k < net.half:
        return position * net.half + k
    if k < net.ties:
        behind = position - (k - net.half + 1)
        behind = behind + net.agents if behind < 0 else behind
        return behind * net.half + k - net.half
    matching = (k - net.ties) * ((net.agents + 1) >> 1)
    return net.agents * net.half + matching + (position >> 1)


def other(net: Any, row: Row, position: int) -> int:
    """Who is at the other end, perhaps still a number beyond the agents'."""
    _, _, a, b, c, d, e = row
    return backward_once(beside(net, row, position), net.side, net.per_side, (a, b, c, d, e))


def beside(net: Any, row: Row, position: int) -> int:
    """The position at the other end, on the ring or in the matching."""
    along = position + row[1]
    along = along + net.agents if along < 0 else along
    along = along - net.agents if along >= net.agents else along
    return position ^ 1 if row[1] == 0 else along


def settle_other(net: Any, row: Row, position: int, agent: int) -> int:
    """The agent at the other end, walked on until it is one; -1 where there is no tie."""
    k, across, a, b, c, d, e = row
    if across == 0 and position ^ 1 >= net.agents:
        return -1
    if not there(net, k, number(net, k, position)):
        return -1
    while agent >= net.agents:
        agent = backward_once(agent, net.side, net.per_side, (a, b, c, d, e))
    return agent
