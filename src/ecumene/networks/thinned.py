"""Thinned: a network some of whose ties are taken away while a model runs.

What is taken away is no list of ties but a predicate over a tie's number and its two ends, asked
where a tie is tried: a computed network stays computed, and costs nothing per tie. A slot whose tie
is taken away leads to nobody (-1) from both its ends. Each removal has a share, nested in itself by
luck that hangs on the tie's number, and may be confined to ties at the members of a group, or
between two groups; a group is one bit per agent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import Column
from ..random import chance, fold
from .lowered import Looks, Lowered, Stages

ANY, AT, BETWEEN, LEAVING = 0, 1, 2, 3  # Which ties: all, those at, between, or leaving groups.
GROUPS = {ANY: 0, AT: 1, BETWEEN: 2, LEAVING: 1}  # How many groups each tells them by.


@dataclass(frozen=True)
class Removal:
    """Ties that are taken away: of those that `ends` names, a `share` drawn under `luck`.

    `members` are the groups as 64-bit words with one bit per agent. A share of 0 takes nothing.
    """

    ends: int
    share: float = 0.0
    luck: int = 0
    members: tuple[Column, ...] = ()


def thinned(network: Lowered, agents: int, removals: Sequence[Removal]) -> Lowered:
    """The network with room for these removals; `thinning` gives the arrays that put them in force.

    The stages of a network remain where no removal looks at who an agent is.
    """
    outwards, backwards = _looks(network.outwards), None
    if network.backwards != network.outwards:
        backwards = _looks(network.backwards)
    plain = all(removal.ends == ANY for removal in removals)
    return Lowered(
        network.kind,
        {"agents": agents, "removals": len(removals), "words": words_of(agents)},
        thinning(removals, agents),
        *outwards,
        *(backwards or outwards),
        ties=network.ties,
        stages=_stages(network.stages) if plain else None,
        group=_inner(network.group),
        refusal=network.refusal,
        parts={"whole": network},
        reverse_stages=_stages(network.reverse_stages) if plain else None,
        most=network.most,
        slots=network.slots,
        has_gaps=True,
    )


def thinning(removals: Sequence[Removal], agents: int) -> Mapping[str, Column]:
    """The arrays of a thinned network under these removals."""
    counts = np.array([GROUPS[removal.ends] for removal in removals], np.int64)
    empty = np.zeros(words_of(agents), np.int64)
    words = [
        removal.members[n].view(np.int64) if n < len(removal.members) else empty
        for removal in removals
        for n in range(GROUPS[removal.ends])
    ]
    return {
        "share": np.array([removal.share for removal in removals], np.float64),
        "luck": np.array([removal.luck for removal in removals], np.uint64).view(np.int64),
        "ends": np.array([removal.ends for removal in removals], np.int64),
        "first": np.cumsum(counts) - counts,
        "members": np.concatenate(words) if words else np.zeros(1, np.int64),
    }


def words_of(agents: int) -> int:
    """How many words hold one bit per agent."""
    return -(-agents // 64)


def is_member(net: Any, group: int, i: int) -> bool:
    """Whether agent `i` is in a group."""
    return (int(net.members[group * net.words + (i >> 6)]) >> (i & 63)) & 1 == 1


def concerns(net: Any, r: int, i: int, j: int) -> bool:
    """Whether removal `r` is for ties between the agents `i` and `j`."""
    ends, group = net.ends[r], net.first[r]
    if ends == ANY:
        return True
    one, two = is_member(net, group, i), is_member(net, group, j)
    if ends == AT:
        return one or two
    if ends == LEAVING:
        return one != two
    across = one and is_member(net, group + 1, j)
    return across or (two and is_member(net, group + 1, i))


def is_removed(net: Any, i: int, j: int, number: int) -> bool:
    """Whether the tie `number` between the agents `i` and `j` is taken away."""
    for r in range(net.removals):
        share = float(net.share[r])
        if share > 0.0 and concerns(net, r, i, j) and chance(fold(net.luck[r], number), share):
            return True
    return False


def _looks(looks: Looks) -> Looks:
    degree_of, neighbour_of, tie_of = looks

    def degree(net: Any, i: int) -> int:
        return degree_of(net.whole, i)

    def neighbour(net: Any, i: int, k: int) -> int:
        j = neighbour_of(net.whole, i, k)
        if j >= 0 and is_removed(net, i, j, tie_of(net.whole, i, k)):
            return -1
        return j

    def tie(net: Any, i: int, k: int) -> int:
        return tie_of(net.whole, i, k)

    return degree, neighbour, tie


def _stages(stages: Stages | None) -> Stages | None:
    """The same in stages: a tie is taken away in the last of them, by its number alone."""
    if stages is None:
        return None
    row_of, locate_of, settle_of = stages.row, stages.locate, stages.settle
    number_of, other_of, settle_other_of = stages.number, stages.other, stages.settle_other

    def row(net: Any, k: int) -> Any:
        return k, row_of(net.whole, k)

    def locate(net: Any, row: Any, i: int) -> int:
        return locate_of(net.whole, row[1], i)

    def settle(net: Any, row: Any, position: int) -> int:
        return settle_of(net.whole, row[1], position)

    def number(net: Any, k: int, position: int) -> int:
        return number_of(net.whole, k, position)

    def other(net: Any, row: Any, position: int) -> int:
        return other_of(net.whole, row[1], position)

    def settle_other(net: Any, row: Any, position: int, agent: int) -> int:
        if is_removed(net, 0, 0, number_of(net.whole, row[0], position)):
            return -1
        return settle_other_of(net.whole, row[1], position, agent)

    return Stages(row, locate, settle, number, other, settle_other)


def _inner(group_of: Callable[..., int] | None) -> Callable[..., int] | None:
    if group_of is None:
        return None

    def group(net: Any, i: int) -> int:
        return group_of(net.whole, i)

    return group
