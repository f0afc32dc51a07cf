"""What the engine asks of a network: three scalar functions over a few numbers and arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ..arrays import Column


@dataclass(frozen=True)
class Stages:
    """A network of equal degrees, whose tie k of many agents at once is worked out in stages.

    Each stage is branch-free but the two that settle, so that a compiler can do eight at a time:
    `row(net, k)` is what all ties k share; `locate(net, row, i)` gives a position, `settle` its
    final value; `number(net, k, position)` the tie's number; `other(net, row, position)` the agent
    at the other end, `settle_other` its final value or -1. Together they equal `tie` and
    `neighbour` (tested).
    """

    row: Callable[..., Any]
    locate: Callable[..., int]
    settle: Callable[..., int]
    number: Callable[..., int]
    other: Callable[..., int]
    settle_other: Callable[..., int]


@dataclass(frozen=True)
class Lowered:
    """A network ready to run: `numbers` and `arrays` become the fields of the functions' `net`.

    `degree(net, i)`, `neighbour(net, i, k)` (-1 where there is no tie) and `tie(net, i, k)` look
    outwards; the `reverse_` ones look at who reaches `i`, with the same tie numbers.
    """

    kind: str
    numbers: Mapping[str, int | float]
    arrays: Mapping[str, Column]
    degree: Callable[..., int]
    neighbour: Callable[..., int]
    tie: Callable[..., int]
    reverse_degree: Callable[..., int]
    reverse_neighbour: Callable[..., int]
    reverse_tie: Callable[..., int]
    ties: int
    stages: Stages | None = None

    @property
    def memory_bytes(self) -> int:
        """What the network's arrays occupy."""
        return sum({id(a): a.nbytes for a in self.arrays.values()}.values())


class Network(Protocol):
    """Anything that can be lowered for `agents` agents under a 64-bit `key`."""

    @property
    def notices(self) -> tuple[str, ...]:
        """What was dropped or renumbered when it was read."""
        ...

    def lowered(self, agents: int, key: int) -> Lowered:
        """The network among agents 0..agents-1 that `key` draws."""
        ...

    def identity(self) -> Mapping[str, Any]:
        """What determines it, besides the agents and the key: for a run's name."""
        ...
