"""What the engine asks of a network: three scalar functions over a few numbers and arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from ..arrays import Column, Integers

Looks = tuple[Callable[..., int], Callable[..., int], Callable[..., int]]


@dataclass(frozen=True)
class Stages:
    """A network of equal degrees, whose tie k of many agents at once is worked out in stages.

    Each stage is branch-free but the two that settle, so that a compiler can do eight at a time:
    `row(net, k)` is what all ties k share; `locate(net, row, i)` gives a position, `settle` its
    final value; `number(net, k, position)` the tie's number; `other(net, row, position)` the agent
    at the other end, `settle_other` its final value or -1. Together they equal `tie` and
    `neighbour` (tested). `permuted` says that `locate` is `forward_once` and `other` is
    `backward_once` of the position beside, both under `row` and the network's `side`: many numbers
    at once may go another way to the same places.
    """

    row: Callable[..., Any]
    locate: Callable[..., int]
    settle: Callable[..., int]
    number: Callable[..., int]
    other: Callable[..., int]
    settle_other: Callable[..., int]
    permuted: bool = False


@dataclass(frozen=True)
class Walk:
    """A network of any degrees, whose ties many agents follow at once, one stage after another.

    Each function of `stand` takes `(net, number)` and gives the next number: from an agent to where
    it stands. `row(net, standing)` is what all of its ties share, `ties(net, row)` how many it has,
    and `end(net, row, standing, k)` the number of its end of tie k; the functions of `follow` lead
    from there to the agent at the other end, oneself for nobody. A stage waits for memory or for a
    multiplication once for all agents instead of once for each. Together they equal `degree` and
    `neighbour` (tested).
    """

    stand: tuple[Callable[..., int], ...]
    row: Callable[..., int]
    ties: Callable[..., int]
    end: Callable[..., int]
    follow: tuple[Callable[..., int], ...]


@dataclass(frozen=True)
class Listing:
    """A network whose ties lie one after another, agent by agent: many agents' ties as one list.

    The fields name arrays of `net`. Agent `i`'s ties are at the places from `start[i]` up to but
    not including `start[i + 1]` of `ends` (see the module of that name). Together they equal
    `degree`, `tie` and `neighbour` (tested).
    """

    start: str
    ends: str


@dataclass(frozen=True)
class Lowered:
    """A network ready to run: `numbers` and `arrays` become the fields of the functions' `net`.

    `degree(net, i)`, `neighbour(net, i, k)` (-1 where there is no tie) and `tie(net, i, k)` look
    outwards; the `reverse_` ones look at who reaches `i`, with the same tie numbers. `ties` is how
    many slots all agents have together. Where agents are in groups, `group(net, i)` is the number
    of agent `i`'s. `refusal` says why no tie rule may run over it, if none may. `parts` are the
    networks that it is made of, as further fields of `net`.
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
    group: Callable[..., int] | None = None
    refusal: str | None = None
    parts: Mapping[str, Lowered] = field(default_factory=dict[str, "Lowered"])
    reverse_stages: Stages | None = None  # The same for who reaches an agent.
    # Degrees with how many agents are reached by so many ties, if they are known.
    in_degrees: tuple[Integers, Integers] | None = None
    most: int | None = None  # No agent is reached by more ties than that, if it is known.
    slots: int = 0  # How many ties an agent may keep of those that rules form, if they do.
    by: str = ""  # The column by whose present value agents are tied, if they are so.
    has_gaps: bool = False  # Whether who has how many ties is found by looking at every slot.
    walk: Walk | None = None
    listing: Listing | None = None

    @property
    def outwards(self) -> Looks:
        """Degree, neighbour and tie of whom `i` reaches."""
        return self.degree, self.neighbour, self.tie

    @property
    def backwards(self) -> Looks:
        """Degree, neighbour and tie of who reaches `i`; the same where ties go both ways."""
        return self.reverse_degree, self.reverse_neighbour, self.reverse_tie

    @property
    def memory_bytes(self) -> int:
        """What the network's arrays occupy."""
        own = sum({id(a): a.nbytes for a in self.arrays.values()}.values())
        return own + sum(part.memory_bytes for part in self.parts.values())


@runtime_checkable
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
