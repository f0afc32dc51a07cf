"""Rules with what a backend needs to run them: what each reads, and its stream of luck."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..rules import (
    AgentRule,
    Claim,
    Encounter,
    Entry,
    EnvironmentRule,
    Meeting,
    Parting,
    Proposal,
    TieRule,
)
from .brought import Capacity


@dataclass(frozen=True)
class Acting:
    """An agent rule with what it reads and the 64-bit number of its stream of luck."""

    rule: AgentRule
    reads: tuple[str, ...]
    stream: int
    snapshots: tuple[str, ...] = ()  # Columns another rule of the phase writes: read as before it.
    env: tuple[str, ...] = ()  # Environment values and tallies that it reads.

    @property
    def all_reads(self) -> tuple[str, ...]:
        """Every column that it reads."""
        return self.reads


@dataclass(frozen=True)
class Spreading:
    """A tie rule with what its source and its receiver read, and its stream of luck."""

    rule: TieRule
    reads: tuple[str, ...]
    receiver_reads: tuple[str, ...]
    stream: int
    env: tuple[str, ...] = ()
    in_degree: bool = False  # The receiver looks at how many ties lead to it.

    @property
    def all_reads(self) -> tuple[str, ...]:
        """Every column that it reads, at either end."""
        return (*self.reads, *self.receiver_reads)


@dataclass(frozen=True)
class Governing:
    """An environment rule with the environment values it reads, and its stream of luck."""

    rule: EnvironmentRule
    env: tuple[str, ...]
    stream: int
    all_reads: tuple[str, ...] = ()  # It reads no column.


@dataclass(frozen=True)
class Claiming:
    """A claim with what it reads, and its stream of luck."""

    rule: Claim
    reads: tuple[str, ...]
    stream: int
    env: tuple[str, ...] = ()
    column: Capacity | None = None  # The capacity, where that is a column and no environment value.

    def owner(self, cell: Any, shards: int) -> Any:
        """The shard that decides on a cell."""
        return cell % shards if self.column is None else cell // -(-self.column.cells // shards)

    @property
    def all_reads(self) -> tuple[str, ...]:
        """Every column that it reads."""
        return self.reads


@dataclass(frozen=True)
class Bonding:
    """A proposal or a parting with what it reads, and its stream of luck."""

    rule: Proposal | Parting
    reads: tuple[str, ...]
    stream: int
    env: tuple[str, ...] = ()

    @property
    def all_reads(self) -> tuple[str, ...]:
        """Every column that it reads."""
        return self.reads


@dataclass(frozen=True)
class Facing:
    """An encounter or a meeting with what it reads of either agent, and its stream of luck."""

    rule: Encounter | Meeting
    reads: tuple[str, ...]
    shows: tuple[str, ...]  # Those of the rule's that it looks at.
    stream: int
    env: tuple[str, ...] = ()

    @property
    def all_reads(self) -> tuple[str, ...]:
        """Every column that it reads, of either agent."""
        within = self.rule.within if isinstance(self.rule, Meeting) else None
        return (*self.reads, *self.shows, *([within] if within else []))


Sampled = AgentRule | Claim | Encounter | Meeting | Entry | Proposal | Parting


@dataclass(frozen=True)
class Entering:
    """An entry with what counting and beginning read, and its stream of luck."""

    rule: Entry
    reads: tuple[str, ...]
    begins_reads: tuple[str, ...]
    stream: int
    env: tuple[str, ...] = ()
    kinds: Mapping[str, str] = field(default_factory=dict[str, str])  # Of the columns it writes.

    @property
    def all_reads(self) -> tuple[str, ...]:
        """Every column that it reads."""
        return (*self.reads, *self.begins_reads)


ForAgents = Acting | Facing | Claiming | Entering  # Each runs for the agents of its `on=`.
Ruled = Acting | Spreading | Facing | Governing | Claiming | Entering | Bonding
