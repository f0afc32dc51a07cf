"""One shard's agents in the reference: their columns as lists, and what may be done to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from ...arrays import Column, Integers
from ...errors import RuleError
from ...population import NEVER, NOBODY, PRESENT, WHO, origin
from ..bonds import Bonds
from ..comm import Comm
from ..lasting import Lasting
from ..newcomers import Newcomers
from ..program import Part, Program
from ..records import record
from ..register import LEFT, STRAY, Register
from ..ruled import Acting, Bonding, Claiming, Entering, Facing, Spreading
from ..values import CAST, Seen, fits, plainly_seen
from ..words import overflow_text, stray_text
from . import bonding as slots
from . import passing, reading
from .claiming import Asked, ask, grant
from .facing import face
from .finding import Known, LetGo, unheard
from .holding import held, hold
from .life import Life
from .passing import Message
from .running import Call, act, plainly, seen


class Shard:
    """One shard's agents, and what may be done to them."""

    compile_seconds = 0.0
    turnover: dict[str, int]

    def __init__(self, program: Program, part: Part, threads: int = 1) -> None:
        """Give the part's agents their defaults."""
        del threads
        self.program, self.part = program, part
        self.columns: dict[str, list[Any]] = {
            name: [stored.default] * (part.last - part.first)
            for name, stored in program.stored.items()
        }
        for name in [name for name, stored in program.stored.items() if stored.drawn]:
            self.columns[name] = list(
                map(partial(program.first_wake, name), range(part.first, part.last))
            )
        self.raised: dict[str, set[int]] = defaultdict(set)  # pulses set for the next step
        self.arrived: dict[str, dict[int, tuple[int, int]]] = defaultdict(dict)
        self.altered: dict[str, set[int]] = defaultdict(set)
        self.call: Call = plainly  # `explain` listens in here, and there:
        self.let_go: LetGo = unheard
        self.faced: list[tuple[str, int, str, Any]] = []  # what encounters and meetings will write
        self._policies = program.plain_policies
        self._model = record("Model", {**program.parameters, **self._policies})
        self._tables = record("Tables", {k: v.tolist() for k, v in program.tables.items()})
        # What the environment is at this moment.
        first = program.environment_at_first
        self._values: dict[str, Any] = {name: plainly_seen(value) for name, value in first.items()}
        self.brought: dict[str, list[Any]] = {}  # What was looked up, and tallied by links.
        self.registers: dict[str, Known] = {}
        self._now: Any = None
        self.turnover = {}
        self.life = Life(self)
        self.nets = {
            name: slots.net_with_rows(self, lowered) for name, lowered in program.networks.items()
        }

    # -- what happens ---------------------------------------------------------------------------

    def ends(self, network: str, place: int) -> dict[int, int]:
        """By the numbers of an agent's ties: who is at their other ends."""
        net, arrays = self.program.networks[network], self.nets[network]
        ties = range(net.degree(arrays, place))
        return {net.tie(arrays, place, k): net.neighbour(arrays, place, k) for k in ties}

    def see(self, values: Mapping[str, Seen]) -> None:
        """Let the rules of the next phase see these environment values."""
        self._values |= {name: plainly_seen(value) for name, value in values.items()}
        self._now = None

    def look(self, values: Mapping[str, Column]) -> None:
        """Let the rules of the next phase read these of other agents."""
        self.brought |= {name: column.tolist() for name, column in values.items()}

    def know(self, of: str, register: Register) -> None:
        """Let agents of the open population `of` be found by this register from now on."""
        who, places = register.in_order()
        found = dict(zip(who.tolist(), places.tolist(), strict=True))
        self.registers[of] = Known(register.here.size, found)

    def loosen(self, link: str, step: int) -> None:
        """Let a link of the shard's agents that points to who is not there point to nobody."""
        of = self.program.brought.loose[link]
        for place in self.everyone():
            identity = self.columns[link][place - self.part.first]
            if identity == NOBODY:
                continue
            found = self.registers[of].place(identity)
            if found == STRAY:
                raise RuleError(stray_text(link, of, place, identity, step))
            if found == LEFT:
                self.write("", place, link, NOBODY, step, pulses=None)
                self.let_go(place, link, identity)

    def owe(self, name: str) -> tuple[Integers, Integers]:
        """A tally by link over the shard's agents, cell by cell: lower 32 bits, and the rest."""
        return reading.owe(self, name)

    def take(self, column: str, places: Integers, units: Integers, step: int, who: str) -> None:
        """Let agents of the shard have so many units less of a column of whole numbers."""
        for place, gone in zip(places.tolist(), units.tolist(), strict=True):
            left = self.columns[column][place - self.part.first] - gone
            self.write(who, place, column, left, step, pulses=None)

    def assign(self, places: Column, values: Mapping[str, Any], step: int, who: str) -> None:
        """Give the agents at `places` these values at the beginning of `step`."""
        for place in sorted(places.tolist()):
            if self.part.first <= place < self.part.last:
                for column, value in values.items():
                    self.write(who, place, column, value, step, pulses=self.columns)

    def set_parameters(self, parameters: Mapping[str, Any]) -> None:
        """Let rules read these parameters from now on."""
        self.program = replace(self.program, parameters=parameters)
        self._model = record("Model", {**parameters, **self._policies})

    def set_network(self, network: str, arrays: Mapping[str, Column]) -> None:
        """Let these arrays of a network be these from now on."""
        lists = {name: array.tolist() for name, array in arrays.items()}
        self.nets[network] = self.nets[network]._replace(**lists)

    def take_at_once(self, step: int, steps: int) -> int:
        """Never: every step goes the same plain way."""
        del step, steps
        return 0

    def emit(self, spreading: Spreading, step: int) -> tuple[list[list[Message]], bool]:
        """What the active agents pass on, by shard of the receiver; and whether that is all."""
        return passing.emit(self, spreading, step)

    def apply(
        self, spreading: Spreading, boxes: list[list[Message]], step: int, unseen: bool = False
    ) -> None:
        """Let what was passed on arrive, whatever its order; `unseen` or not, at once."""
        del unseen
        passing.apply(self, spreading, boxes, step)

    def pull(self, spreading: Spreading, step: int) -> None:
        """The same arrivals, asked for by each receiver; for a shard that holds everybody."""
        passing.pull(self, spreading, step)

    def arrivals(self, rule: str, places: Column) -> tuple[Integers, Column]:
        """Which of `places` anything came to by a tie rule in this step so far, and what,
        combined."""
        came = self.arrived[rule]
        found = [(at, came[p][1]) for at, p in enumerate(places.tolist()) if p in came]
        at, values = np.array(found, np.int64).reshape(-1, 2).T
        return at, values

    def renew(
        self, column: str, places: Column, known: Column, among: Integers
    ) -> tuple[Integers, Column]:
        """Bring `known`, of a stored column at `places`, up to date at the indices `among`."""
        now, before = self.values(column, places[among]), known[among]
        known[among] = now
        other = now != before
        return among[other], before[other]

    def act(self, group: tuple[Acting, ...], step: int) -> None:
        """Run the agent rules of one phase; all of them see the moment before it."""
        act(self, group, step)

    def face(self, facing: Facing, comm: Comm, step: int) -> None:
        """Work out what an encounter or meeting gives; all shards do so at the same time."""
        face(self, facing, comm, step)

    def settle(self, group: tuple[Facing, ...], step: int) -> None:
        """Write what the encounters and meetings of one phase gave."""
        del group
        for name, place, column, value in self.faced:
            self.write(name, place, column, value, step, pulses=None)
        self.faced.clear()

    def ask(
        self, claiming: Claiming, step: int, left: Sequence[int] | None
    ) -> tuple[list[list[Asked]], list[int]]:
        """What agents ask for, by the shard that decides on the cell; and how much of each."""
        del left
        return ask(self, claiming, step)

    def grant(
        self,
        claiming: Claiming,
        boxes: list[list[Asked]],
        left: Sequence[int] | Integers,
        size: int,
        first: int = 0,
    ) -> tuple[list[list[tuple[int, int]]], list[int], list[int | None]]:
        """Grant in order of priority, luck and identity, as far as each cell goes."""
        return grant(self, claiming, boxes, left, size, first)

    def receive(self, claiming: Claiming, replies: list[list[tuple[int, int]]]) -> None:
        """Let what was granted to the shard's agents be read."""
        for reply in replies:
            for place, units in reply:
                self.arrived[claiming.rule.name][place] = (0, units)

    def depart(self, rule: str) -> None:
        """Let those leave whom `rule` of this phase sent away."""
        self.life.depart(rule)

    def dismiss(self, places: Column, who: str) -> None:
        """Let agents leave at the beginning of a step; `who` says so."""
        mine = range(self.part.first, self.part.last)
        self.life.leaving = {place for place in places.tolist() if place in mine}
        self.life.depart(who)

    def bear(self, entering: Entering, step: int, ranks: Column | None) -> Newcomers:
        """The newcomers that the shard's agents cause, or these ones of those from outside."""
        return self.life.bear(entering, step, ranks)

    def free(self) -> int:
        """How many places are free."""
        return self.columns[PRESENT].count(False)

    def admit(self, newcomers: Newcomers, step: int, who: str, given: bool) -> None:
        """Let newcomers take the first free places; `given` at the beginning of `step`."""
        self.life.admit(newcomers, step, who, given)

    def bond(self, bonding: Bonding, step: int) -> Bonds:
        """Whom the shard's agents ask for a tie, or part from; nobody twice, nor oneself."""
        return slots.bond(self, bonding, step)

    def room(self, network: str, places: Column) -> Column:
        """How many slots some of the shard's agents have free."""
        return slots.room(self, network, places)

    def tie_up(self, network: str, pairs: Bonds, step: int) -> None:
        """Tie pairs, in their order, at those of their ends that are the shard's."""
        slots.tie_up(self, network, pairs, step)

    def untie(self, network: str, pairs: Bonds) -> None:
        """Part pairs at those of their ends that are the shard's."""
        slots.untie(self, network, pairs)

    def end_step(self) -> None:
        """Let pulses that were set be seen, and forget what arrived."""
        for name, stored in self.program.stored.items():
            if stored.kind == "pulse":
                up = self.raised.pop(name, set())
                size = self.part.last - self.part.first
                self.columns[name] = [i + self.part.first in up for i in range(size)]
        self.arrived.clear()

    # -- what can be read off -------------------------------------------------------------------

    def up(self, column: str) -> Integers:
        """The places of the shard's agents who have the flag or pulse `column` up."""
        ups = [i for i, up in enumerate(self.columns[column]) if up]
        return np.array(ups, np.int64) + self.part.first

    def mostly_up(self, column: str, share: float) -> bool:
        """Whether more than `share` of the shard's places have the flag or pulse `column` up."""
        ups = self.columns[column]
        return sum(1 for up in ups if up) > int(share * len(ups))

    def idle(self, column: str) -> bool:
        """Whether nobody has the flag or pulse `column` up."""
        return not any(self.columns[column])

    def pending(self, rule: str) -> int:
        """How many agents a `changed` rule would run for."""
        return len(self.altered[rule])

    def sleeping(self, column: str, step: int) -> bool:
        """Whether anybody wakes, by the wake column `column`, in `step` or later."""
        return any(value != NEVER for value in self.columns[column])

    def tallies(self) -> list[int]:
        """Every tally's cells, one tally after another."""
        return reading.tallies(self)

    def group_sizes(self, group: str) -> list[int]:
        """How many agents have each code of the derived column `group`."""
        return reading.group_sizes(self, group)

    def degrees(self, network: str, places: Column) -> Column:
        """How many ties agents of this or any other shard have."""
        return reading.degrees(self, network, places)

    def digest(self) -> tuple[int, int]:
        """Two 64-bit sums over stored columns and agents of a hash of column, identity, value."""
        return reading.digest(self)

    def values(self, column: str, places: Column | None = None) -> Column:
        """A stored or derived column's values, of all the shard's agents or of `places`."""
        return reading.values(self, column, places)

    # -- kept and taken back --------------------------------------------------------------------

    def held(self, what: Lasting, first: int, last: int) -> Column:
        """The values of places first..last-1 of the shard's."""
        return held(self, what, first, last)

    def hold(self, what: Lasting, first: int, values: Column, step: int) -> None:
        """Take back the values of places from `first` on."""
        del step
        hold(self, what, first, values)

    def count_from(self, cells: list[int] | None) -> None:
        """Nothing: tallies are counted whenever they are asked for."""
        del cells

    # -- who is there ---------------------------------------------------------------------------

    def who(self, place: int) -> int:
        """The identity of the agent at `place`."""
        if not self.program.is_open:
            return place
        return self.columns[WHO][place - self.part.first]

    def everyone(self) -> Sequence[int]:
        """The places of all who are there."""
        if self.program.is_open:
            return self.where(PRESENT)
        return range(self.part.first, self.part.last)

    # -- what rules see -------------------------------------------------------------------------

    def is_here(self, place: int) -> bool:
        """Whether anybody is at `place`."""
        return not self.program.is_open or self.columns[PRESENT][place - self.part.first]

    def found(self, of: str, identity: int) -> int:
        """The place of an agent of another population; negative for who is not there."""
        return self.registers[of].place(identity) if of in self.registers else identity

    def where(self, column: str) -> list[int]:
        """The places of those who have a flag or pulse up."""
        return [p for p, up in enumerate(self.columns[column], self.part.first) if up]

    def me(self, place: int, reads: tuple[str, ...], **known: Any) -> Any:
        """What a rule sees of the agent at `place`."""
        return record("Me", {n: known[n] if n in known else self.seen(n, place) for n in reads})

    def globals_now(self, step: int) -> tuple[Any, Any]:
        """`env` and `model` as rules see them at this moment."""
        if self._now is None or self._now.step != step:
            self._now = record("Env", {"step": step, **self._values})
        return self._now, self._model

    def seen(self, name: str, place: int) -> Any:
        """What a rule reads by this name of the agent at `place`."""
        return seen(self, name, place)

    def derived(self, name: str, place: int) -> Any:
        """What a derived column says of who is at `place`."""
        if self.program.is_open:
            place = origin(self.who(place), self.program.people)
        return self.program.derived[name].function(place, self._tables)

    def write(self, rule: str, place: int, column: str, value: Any, step: int, pulses: Any) -> None:
        """Keep what a rule gave, if it fits; `pulses` are the columns if it is from outside."""
        stored = self.program.stored[column]
        if column == PRESENT:  # Whoever leaves is there until the end of the phase.
            self.life.leaving |= set[int]() if value else {place}
            return
        if stored.kind == "pulse":
            if pulses is not None:
                pulses[column][place - self.part.first] = bool(value)
            elif value:
                self.raised[column].add(place)
            return
        value, given = CAST[stored.kind](value), pulses is not None
        if not fits(stored, value, step, given) and not self._left(rule, place, column, value):
            raise RuleError(overflow_text(rule, place, column, value, stored, step, given))
        if value != self.columns[column][place - self.part.first]:
            for watcher in self.program.watchers(column):
                self.altered[watcher].add(place)
        self.columns[column][place - self.part.first] = value

    def _left(self, rule: str, place: int, column: str, value: Any) -> bool:
        """Whether a rule, other than that of the woken, leaves somebody's waking as it was."""
        woken = self.program.stored[column].kind == "wake" and rule != self.program.waked(column)
        return woken and value == self.columns[column][place - self.part.first]
