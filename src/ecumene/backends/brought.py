"""What rules read of agents that are not their own, and claim of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .register import register_bytes

if TYPE_CHECKING:
    from .program import Tally


@dataclass(frozen=True)
class Capacity:
    """A capacity that is a column: each of the `cells` agents of population `of` has its own."""

    of: str
    column: str
    cells: int  # Of an open population its places; a claim then names identities all the same.
    is_open: bool = False


@dataclass(frozen=True)
class Look:
    """What a link shows: a column of those it points to, in population `of`."""

    link: str
    column: str
    of: str
    kind: str  # that of a stored or derived column, or "link"
    agents: int = 0  # How many that population has.


@dataclass(frozen=True)
class Linked:
    """A tally of population `of` by a link to population `to`, whose rules read their own cell."""

    tally: Tally
    of: str
    to: str
    cells: int


@dataclass(frozen=True)
class Grouping:
    """The members of population `of` by a column of whole numbers, with a column of weights."""

    of: str
    by: str
    weight: str | None
    low: int
    high: int
    agents: int = 0
    is_open: bool = False


@dataclass(frozen=True)
class Brought:
    """What one population's rules read of agents that are not theirs; all is known by name."""

    looks: Mapping[str, Look] = field(default_factory=dict[str, Look])  # me.LINK_COLUMN
    linked: Mapping[str, Linked] = field(default_factory=dict[str, Linked])  # me.TALLY
    owed: Mapping[str, Linked] = field(default_factory=dict[str, Linked])  # to another population
    anybody: Mapping[str, Look] = field(default_factory=dict[str, Look])  # env.NAME[identity]
    groups: Mapping[str, Grouping] = field(default_factory=dict[str, Grouping])  # env.NAME
    # The links that point to agents who enter and leave, with their population.
    loose: Mapping[str, str] = field(default_factory=dict[str, str])
    # Every open population in which agents are looked up by identity, with its places.
    registers: Mapping[str, int] = field(default_factory=dict[str, int])

    @property
    def bytes(self) -> int:
        """What every shard holds of it in a phase that reads all of it."""
        copies = {
            (k.of, k.column): k.agents for k in (*self.looks.values(), *self.anybody.values())
        }
        groups = sum(3 * grouping.agents for grouping in self.groups.values())
        tallies = sum(2 * linked.cells for linked in self.owed.values())
        registers = sum(register_bytes(places) for places in self.registers.values())
        return 8 * (sum(copies.values()) + groups + tallies) + registers

    def cost(self, name: str) -> str:
        """What it takes to read `name`, in words; empty where it is the agents' own."""
        look = self.looks.get(name) or self.anybody.get(name)
        if look is not None:
            return f"a copy of {look.of}.{look.column}"
        if name in self.linked:
            return f"a pass over all {self.linked[name].of}"
        grouping = self.groups.get(name)
        return f"sorting {grouping.of} by {grouping.by}" if grouping is not None else ""

    def loosening(self, writes: Sequence[str]) -> str:
        """What it takes to let no link that a rule writes point to who is gone, in words."""
        links = [name for name in writes if name in self.loose]
        return f"a pass over all {' and '.join(links)} links" if links else ""

    def __bool__(self) -> bool:
        """Whether there is anything to bring."""
        return bool(self.looks or self.linked or self.anybody or self.groups)

    @property
    def env(self) -> tuple[str, ...]:
        """The names that rules read behind `env`."""
        return (*self.anybody, *self.groups)

    def __contains__(self, name: str) -> bool:
        """Whether rules read something of that name of others."""
        return name in self.looks or name in self.linked or name in self.env

    def source(self, name: str) -> str:
        """The agent's own column through which it reads `name`."""
        return self.looks[name].link if name in self.looks else name
