"""Slots: ties that rules form and dissolve while a model runs, up to so many for each agent.

Both ends of a tie know it. An agent's ties stand in its row in the order in which they were formed
(by luck among those of one step), without gaps; a shard holds the rows of its own agents. The
number of a tie is made of the identities of its two ends and the step in which it was formed: the
same from both ends, and another one when the same two are tied again later. There are neither
self-ties nor parallel ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import ModelError
from ..random import fold, natural
from .lowered import Lowered

MOST = 1000  # slots of an agent: a row is looked through for every change of it


@dataclass(frozen=True)
class Slots:
    """Up to `most` ties for each agent, none to begin with."""

    most: int

    @property
    def notices(self) -> tuple[str, ...]:
        """Nothing to notice."""
        return ()

    def lowered(self, agents: int, key: int) -> Lowered:
        """Empty rows; every shard puts those of its own agents in their place."""
        del key
        looks = (degree, neighbour, tie)
        numbers = {"agents": agents, "slots": self.most, "first": 0}
        arrays = {"to": np.empty(0, place_type(agents)), "since": np.empty(0, np.int32)}
        ties = self.most * agents
        return Lowered(
            "slots", numbers, arrays, *looks, *looks, ties, most=self.most, slots=self.most
        )

    def identity(self) -> Mapping[str, Any]:
        """What determines it, besides the rules."""
        return {"kind": "slots", "most": self.most}


def slots(most: int) -> Slots:
    """Ties that rules form and dissolve, at most `most` for each agent; none to begin with.

    A tie takes two places of 4 bytes at each end (8 and 4 from 2**31 agents on), used or not.
    """
    if not 1 <= most <= MOST or int(most) != most:
        raise ModelError(f"slots({most}): type a whole number of ties from 1 to {MOST:,}.")
    return Slots(int(most))


def place_type(agents: int) -> type[np.signedinteger[Any]]:
    """The type of the agents' numbers in rows."""
    return np.int32 if agents < 1 << 31 else np.int64


def slot_bytes(network: Lowered, agents: int) -> int:
    """What the rows of so many agents take."""
    return agents * network.slots * (np.dtype(place_type(agents)).itemsize + 4)


def degree(net: Any, i: int) -> int:
    """How many ties agent `i` has now."""
    row, k = (i - net.first) * net.slots, 0
    while k < net.slots and net.to[row + k] >= 0:
        k += 1
    return k


def neighbour(net: Any, i: int, k: int) -> int:
    """Who is at the other end of agent `i`'s `k`-th tie."""
    return int(net.to[(i - net.first) * net.slots + k])


def tie(net: Any, i: int, k: int) -> int:
    """The number of agent `i`'s `k`-th tie."""
    slot = (i - net.first) * net.slots + k
    return number_of(i, int(net.to[slot]), int(net.since[slot]))


def number_of(i: int, j: int, since: int) -> int:
    """The number of the tie that two agents formed in step `since`, the same from both ends."""
    return natural(fold(min(i, j), max(i, j)), since)
