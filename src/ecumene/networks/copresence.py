"""Co-presence: agents who have the same value of a column now are tied to each other.

The column says where agents are: a bar, a shop, a room, or its default for nowhere. At the
beginning of each phase in which a rule goes over the network, those who are somewhere are sorted
by value and identity; a look along the network is then one or two reads. The number of a tie is
made of the identities of its two ends and the step: the same from both ends, and another one when
the same two meet again. There are neither self-ties nor parallel ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import Column, Integers
from ..errors import ModelError, RuleError
from .lowered import Lowered
from .slots import number_of, place_type

MOST = 1_000_000  # the largest number of agents at one place
SORTING = 24  # Bytes per agent that are taken while agents are sorted, and given back: about.


@dataclass(frozen=True)
class Copresence:
    """Ties among those who have one value of `column`, of whom there are at most `most`."""

    column: str
    most: int

    @property
    def notices(self) -> tuple[str, ...]:
        """Nothing to notice."""
        return ()

    def lowered(self, agents: int, key: int) -> Lowered:
        """Nobody is anywhere until agents are sorted for the first time; nothing hangs on luck."""
        del key
        looks, nobody = (degree, neighbour, tie), np.empty(0, np.int64)
        return Lowered(
            "copresence",
            {"agents": agents},
            sorted_by_place(nobody, nobody, agents, 0),
            *looks,
            *looks,
            ties=agents * (self.most - 1),
            most=self.most - 1,
            by=self.column,
        )

    def identity(self) -> Mapping[str, Any]:
        """What determines it, besides the column."""
        return {"kind": "copresence", "column": self.column, "most": self.most}


def copresence(column: str, most: int) -> Copresence:
    """Ties among the agents who have the same value of a stored column of whole numbers now.

    Who has the column's default is nowhere, and has no tie. More than `most` agents with one value
    raise `RuleError` in that step.
    """
    if not 2 <= most <= MOST or int(most) != most:
        raise ModelError(
            f"copresence(most={most}): type a whole number of agents from 2 to {MOST:,}."
        )
    return Copresence(column, int(most))


def sorted_by_place(agents: Integers, values: Column, size: int, step: int) -> Mapping[str, Column]:
    """The network's arrays in `step`, among `size` agents of whom `agents` have these `values`.

    `agents` ascend. `at` is where each agent of all stands among those sorted, or -1; of each of
    these, `begin` and `end` say where those with its value stand.
    """
    kind = place_type(size)
    order = np.argsort(values, kind="stable")
    here = values[order]
    cuts = np.flatnonzero(here[1:] != here[:-1]) + 1
    starts = np.concatenate([np.zeros(min(1, here.size), np.int64), cuts])
    ends = np.append(starts[1:], here.size) if here.size else starts
    members = agents[order].astype(kind)
    at = np.full(size, -1, kind)
    at[members] = np.arange(members.size)
    return {
        "at": at,
        "members": members,
        "begin": np.repeat(starts, ends - starts).astype(kind),
        "end": np.repeat(ends, ends - starts).astype(kind),
        "step": np.array([step], np.int64),
    }


def check_crowding(
    name: str, network: Lowered, values: Column, arrays: Mapping[str, Column], step: int
) -> None:
    """Raise `RuleError` where more agents have one value than were declared."""
    sizes = arrays["end"] - arrays["begin"]
    assert network.most is not None
    if sizes.max(initial=0) > network.most + 1:
        most = int(sizes.max())
        value = np.sort(values)[int(sizes.argmax())]
        raise RuleError(
            f"{most:,} agents have the {network.by} {value} in step {step}, and network `{name}` "
            f"is for at most {network.most + 1:,}; type "
            f'ec.copresence("{network.by}", most={most}), or let a claim hand out the seats.'
        )


def copresence_bytes(network: Lowered, agents: int) -> int:
    """What the sorted agents take, and the sorting, where all are somewhere."""
    return agents * (3 * np.dtype(place_type(agents)).itemsize + SORTING) if network.by else 0


def degree(net: Any, i: int) -> int:
    """How many others are where agent `i` is."""
    at = net.at[i]
    return int(net.end[at] - net.begin[at]) - 1 if at >= 0 else 0


def neighbour(net: Any, i: int, k: int) -> int:
    """The `k`-th other who is where agent `i` is, in order of identity."""
    at = net.at[i]
    beside = net.begin[at] + k
    return int(net.members[beside + 1 if beside >= at else beside])


def tie(net: Any, i: int, k: int) -> int:
    """The number of agent `i`'s tie to the `k`-th other."""
    return number_of(i, neighbour(net, i, k), net.step[0])
