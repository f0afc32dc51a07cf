"""A program: a model lowered to what a backend needs, and nothing it could misread.

It names columns, rules and luck, but not where or how they run: every backend gets the same one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from ..arrays import Column, Integers
from ..networks.lowered import Lowered
from ..networks.permutation import drawn_places
from ..population import LIFE, NEVER, PRESENT, Derived, Stored
from ..random import fold, integer
from .brought import Brought
from .newcomers import BEGINS, NEWCOMER
from .phases import Phase, sorted_by_kind
from .records import record
from .ruled import Acting, Claiming, Entering, ForAgents, Ruled, Sampled, Spreading
from .tally import Tally, cells_in
from .values import Group, Seen, Values, nobodys, started
from .words import name_number

Fields = Mapping[str, int | Column]
LANES = name_number("lanes")  # The stream from which lanes other than 0 take their luck.


@dataclass(frozen=True)
class Rekeyed:
    """One agent whose rules, and ties as far as it decides on them, draw another luck."""

    place: int
    luck: int
    of: str = ""  # Of several populations, whose agent it is.


@dataclass(frozen=True)
class Start:
    """Values that some agents begin with: `count` of them, drawn by `stream`."""

    count: int
    values: Mapping[str, int | float | bool]
    stream: int
    places: tuple[int, ...] = ()  # The agents, where they are named and not drawn.


@dataclass(frozen=True)
class Program:
    """Everything that determines the numbers of one population, except how many steps it runs.

    Of several populations each has a program; `prefix` keeps the luck and the digest of one apart
    from another's, `others` are the values that its rules read of them, as they begin.
    """

    agents: int
    seed_key: int
    stored: Mapping[str, Stored]
    derived: Mapping[str, Derived]
    tables: Mapping[str, Column]
    networks: Mapping[str, Lowered]
    parameters: Mapping[str, int | float | bool]
    phases: tuple[tuple[Ruled, ...], ...]
    start: tuple[Start, ...]
    tallies: tuple[Tally, ...]
    lane: int = 0
    rekeyed: Rekeyed | None = None
    environment: Mapping[str, Stored] = field(default_factory=dict[str, Stored])
    environment_tallies: Mapping[str, Tally] = field(default_factory=dict[str, Tally])
    prefix: str = ""
    others: Mapping[str, Values] = field(default_factory=dict[str, Values])
    # What rules read of each policy, as `model.NAME`.
    policies: Mapping[str, Fields] = field(default_factory=dict[str, Fields])
    first_holders: int = 0  # Of an open population: `agents` are then its places.
    brought: Brought = field(default_factory=Brought)
    grants_others: bool = False  # Whether another population claims what this one has.

    @property
    def is_open(self) -> bool:
        """Whether agents enter and leave."""
        return self.first_holders > 0

    @property
    def people(self) -> int:
        """How many agents there are at first, who stand at the first places."""
        return self.first_holders or self.agents

    @property
    def lasting(self) -> Mapping[str, Stored]:
        """The stored columns without those that say who is there."""
        return {name: stored for name, stored in self.stored.items() if name not in LIFE}

    @property
    def held(self) -> tuple[str, ...]:
        """The columns of whole numbers, of which the ledger says what comes and goes."""
        return tuple(name for name, stored in self.lasting.items() if stored.kind == "int")

    def at_first(self, column: str) -> int | float | bool:
        """What first holders have of a column, starts apart."""
        return True if self.is_open and column == PRESENT else self.stored[column].default

    @cached_property
    def plain_policies(self) -> Mapping[str, Any]:
        """What plain Python reads of each policy: its numbers, arrays as lists."""
        return {name: _plain(fields) for name, fields in self.policies.items()}

    @cached_property
    def by_copresence(self) -> bool:
        """Whether any network ties those who are together at a moment."""
        return any(net.by for net in self.networks.values())

    @cached_property
    def by_kind(self) -> tuple[Phase, ...]:
        """The phases, their rules by kind."""
        return tuple(sorted_by_kind(phase) for phase in self.phases)

    @cached_property
    def arrivals(self) -> Mapping[str, Spreading]:
        """The arrival columns, by name."""
        return {s.rule.into: s for phase in self.phases for s in phase if isinstance(s, Spreading)}

    @cached_property
    def grants(self) -> Mapping[str, Claiming | Entering]:
        """The arrival columns of claims, and of entries for who causes newcomers, by name."""
        parts = [part for phase in self.phases for part in phase]
        found = [part for part in parts if isinstance(part, Claiming | Entering)]
        return {part.rule.into: part for part in found if part.rule.into}

    def claims(self, rule: str) -> bool:
        """Whether `rule` brings its agents something that is kept as a list of them."""
        return any(part.rule.name == rule for part in self.grants.values())

    def capacity_cells(self, claiming: Claiming) -> int:
        """How many cells its capacity has, at least one."""
        if claiming.column is not None:
            return claiming.column.cells
        return max(1, self.environment[claiming.rule.capacity].cells)

    @cached_property
    def groups(self) -> tuple[int, ...]:
        """How many cells each tally has."""
        return tuple(self.cells(t) for t in self.tallies)

    def cells(self, tally: Tally) -> int:
        """How many cells a tally has."""
        return cells_in(tally, self.stored, self.derived)

    def cells_of(self, tally: Tally) -> range:
        """Where a tally's cells stand among those of all."""
        at = self.tallies.index(tally)
        first = sum(self.groups[:at])
        return range(first, first + self.groups[at])

    @cached_property
    def any_wide(self) -> bool:
        """Whether any tally is."""
        return any(self.wide(tally) for tally in self.tallies)

    def wide(self, tally: Tally) -> bool:
        """Whether its sum, or a change of it, could pass 2**63."""
        stored = self.stored[tally.column]
        reach = max(abs(stored.low), abs(stored.high), stored.high - stored.low)
        sums = tally.predicate is None and stored.kind == "int"
        return sums and self.agents * reach >= 1 << 63

    @property
    def environment_at_first(self) -> Mapping[str, Seen]:
        """The environment values and tallies before anything is known of them."""
        declared = {name: started(stored) for name, stored in self.environment.items()}
        tallied = {
            name: (0,) * self.cells(tally) if tally.group else 0
            for name, tally in self.environment_tallies.items()
        }
        anybody = {name: nobodys(look.kind) for name, look in self.brought.anybody.items()}
        groups = {name: Group.empty(g.low) for name, g in self.brought.groups.items()}
        return {**declared, **tallied, **self.others, **anybody, **groups}

    @property
    def environment_has_cells(self) -> bool:
        """Whether a rule may pick a cell of the environment by its number."""
        return any(
            isinstance(value, tuple | np.ndarray) and not isinstance(value, Group)
            for value in self.environment_at_first.values()
        )

    @cached_property
    def lane_key(self) -> int:
        """Where the luck of rules and starts begins; networks keep to `seed_key` in every lane."""
        return lane_key_of(self.seed_key, self.lane)

    def luck(self, part: Ruled, step: int) -> int:
        """The luck of a rule in `step`: drawn once for life, or anew each step."""
        each = step + 1 if part.rule.luck == "each" else 0
        return _stream(self.lane_key, part.stream, each)

    def base(self, part: Ruled) -> int:
        """Where the luck of a rule begins in every step."""
        return _folded(self.lane_key, part.stream)

    def births(self, part: Entering, step: int) -> tuple[int, int]:
        """What tells newcomers of `step` apart, and what they begin by: anew in each step."""
        key = _stream(self.lane_key, part.stream, step + 1)
        return fold(key, NEWCOMER), fold(key, BEGINS)

    def luck_of(self, part: Ruled, step: int, place: int) -> int:
        """The luck of a rule in `step` as the agent at `place` draws it."""
        return self.own(self.luck(part, step), place)

    def own(self, luck: int, place: int) -> int:
        """A luck as the agent at `place` draws it: its own, where it is re-keyed."""
        rekeyed = self.rekeyed
        return fold(luck, rekeyed.luck) if rekeyed and rekeyed.place == place else luck

    def starters(self, start: Start) -> Integers:
        """The agents of a start: those it names, or those that luck draws."""
        if start.places:
            return np.array(start.places, np.int64)
        return drawn_places(fold(fold(self.lane_key, start.stream), 0), self.people, start.count)

    def first_wake(self, column: str, place: int) -> int:
        """The step in which the agent at `place` wakes first, where those are drawn by luck."""
        stored = self.stored[column]
        return stored.low + integer(
            fold(self.wake_luck(column), place), stored.high - stored.low + 1
        )

    def wakes(self, column: str, identity: int, since: int) -> int:
        """When a newcomer wakes first; its steps are told from `since`, the first of its life."""
        stored = self.stored[column]
        if stored.drawn:
            first = self.first_wake(column, identity)
        elif stored.default == NEVER:
            return NEVER
        else:
            first = int(stored.default)
        return since + min(first, stored.ahead - 1)

    def wake_luck(self, column: str) -> int:
        """The luck of a wake column's first steps."""
        return fold(fold(self.lane_key, name_number(f"wake:{self.prefix}{column}")), 0)

    def waked(self, column: str) -> str | None:
        """The rule that runs for agents who wake by `column`, if there is one."""
        acting = [a.rule for phase in self.phases for a in phase if isinstance(a, Acting)]
        mine = [r.name for r in acting if r.on.kind == "awake" and r.on.of == column]
        return mine[0] if mine else None

    def watchers(self, column: str) -> list[str]:
        """The rules that run for agents whose `column` changed."""
        return [
            a.rule.name
            for phase in self.phases
            for a in phase
            if isinstance(a, ForAgents) and a.rule.on.kind == "changed" and a.rule.on.of == column
        ]

    def sample_count(self, rule: Sampled) -> int:
        """How many agents, of those there are at first, a sampled rule runs for in a step."""
        return int(float(self.parameters[rule.on.of]) * self.people)


def _plain(fields: Fields) -> Any:
    plain = {n: v.tolist() if isinstance(v, np.ndarray) else v for n, v in fields.items()}
    return record("Policy", plain)


@lru_cache(maxsize=256)
def lane_key_of(seed_key: int, lane: int) -> int:
    """Where the luck of a lane begins: lane 0 has the seed's own."""
    return fold(fold(seed_key, LANES), lane) if lane else seed_key


@lru_cache(maxsize=256)
def _stream(key: int, stream: int, each: int) -> int:
    """Asked for several times in a step; a fold in plain Python is a microsecond."""
    return fold(_folded(key, stream), each)


@lru_cache(maxsize=256)
def _folded(key: int, stream: int) -> int:
    return fold(key, stream)


@dataclass(frozen=True)
class Part:
    """One shard's part of the agents: places `first` up to `last`, of shards of equal `size`."""

    number: int
    count: int
    agents: int

    @property
    def size(self) -> int:
        """The places of every shard but perhaps the last ones."""
        return -(-self.agents // self.count)

    @property
    def first(self) -> int:
        """The shard's first place."""
        return min(self.number * self.size, self.agents)

    @property
    def last(self) -> int:
        """One past the shard's last place."""
        return min(self.first + self.size, self.agents)
