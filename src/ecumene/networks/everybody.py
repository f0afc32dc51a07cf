"""Everybody: each agent is tied to all others.

For encounters, which draw one of all, and for few agents. A tie is a pair of agents and draws once;
there are neither self-ties nor parallel ties. What reaches everybody at once (a mean field) is
counted by a tally, at a cost of one look per agent instead of one per pair.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .lowered import Lowered

MOST = 20_000  # agents over whom a tie rule may run: 4e8 ties, some seconds a step


@dataclass(frozen=True)
class Everybody:
    """A network in which all are tied to all."""

    @property
    def notices(self) -> tuple[str, ...]:
        """Nothing to notice."""
        return ()

    def lowered(self, agents: int, key: int) -> Lowered:
        """All pairs of agents 0..agents-1; `key` draws nothing."""
        del key
        looks = (degree, neighbour, tie)
        ties = agents * (agents - 1)
        too_many = (
            f"all of {agents:,} agents tied to all others are {agents:,} x {agents - 1:,} = "
            f"{ties:.1e} ties in one step; up to {MOST:,} agents may be. Count by a tally what "
            "reaches everybody, or let each agent meet one other by an encounter."
        )
        refusal = too_many if agents > MOST else None
        return Lowered("everybody", {"agents": agents}, {}, *looks, *looks, ties, refusal=refusal)

    def identity(self) -> Mapping[str, Any]:
        """What determines it."""
        return {"kind": "everybody"}


def everybody() -> Everybody:
    """A network in which each agent is tied to all others: for encounters and few agents.

    Tie rules may run over it for up to 20,000 agents.
    """
    return Everybody()


def degree(net: Any, i: int) -> int:
    """How many others there are."""
    return net.agents - 1


def neighbour(net: Any, i: int, k: int) -> int:
    """The `k`-th other agent."""
    return k + 1 if k >= i else k


def tie(net: Any, i: int, k: int) -> int:
    """The number of the pair, for up to 2**32 agents."""
    low, high = (k, i) if k < i else (i, k + 1)
    return high * (high - 1) // 2 + low
