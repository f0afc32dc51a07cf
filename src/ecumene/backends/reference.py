"""The oracle: plain Python, one agent at a time. Slow, and right by inspection."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from ..arrays import Column, Integers
from ..errors import RuleError
from ..networks.lowered import Lowered
from ..networks.permutation import first_places
from ..networks.slots import number_of
from ..population import NEVER, NOBODY, PRESENT, WHO, origin
from ..random import MASK, fold
from ..rules import DEGREE, LEADS, NOTHING, Parting
from .bonds import Bonds
from .comm import Comm
from .lasting import Lasting, as_array, plain_steps
from .lots import is_drawn
from .newcomers import Newcomers
from .partners import LEAD, NEIGHBOUR, PAIR, RANK, drawn_tie, is_leading, pair_key, paired
from .program import (
    Acting,
    Bonding,
    Claiming,
    Entering,
    Facing,
    ForAgents,
    Part,
    Program,
    Spreading,
    Tally,
)
from .records import net_of, record
from .reference_life import TYPES, Life
from .values import CAST, Seen, fits, plainly_seen
from .words import (
    CLAIM_ORDER,
    PICKS,
    RECEIVES,
    claim_text,
    column_key,
    dividing,
    nobody_text,
    overflow_text,
    value_word,
)

Message = tuple[int, int, int]  # place, payload, tie number
Asked = tuple[int, int, int, int, int]  # cell, minus priority, luck, place, units
Call = Callable[..., Any]


def plainly(
    part: Acting | Spreading | Facing | Claiming | Entering | Bonding,
    place: int,
    step: int,
    function: Call,
    *seen: Any,
) -> Any:
    """Call a rule's function for the agent at `place`."""
    del place
    with dividing(part.rule.name, step):
        return function(*seen)


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
        self.call: Call = plainly  # `explain` listens in here.
        self.faced: list[tuple[str, int, str, Any]] = []  # what encounters and meetings will write
        self._policies = program.plain_policies
        self._model = record("Model", {**program.parameters, **self._policies})
        self._tables = record("Tables", {k: v.tolist() for k, v in program.tables.items()})
        # What the environment is at this moment.
        first = program.environment_at_first
        self._values: dict[str, Any] = {name: plainly_seen(value) for name, value in first.items()}
        self._brought: dict[str, list[Any]] = {}  # What was looked up, and tallied by links.
        self._now: Any = None
        self.turnover = {}
        self.life = Life(self)
        self._nets = {name: self._net(lowered) for name, lowered in program.networks.items()}

    # -- what happens ---------------------------------------------------------------------------

    def ends(self, network: str, place: int) -> dict[int, int]:
        """By the numbers of an agent's ties: who is at their other ends."""
        net, arrays = self.program.networks[network], self._nets[network]
        ties = range(net.degree(arrays, place))
        return {net.tie(arrays, place, k): net.neighbour(arrays, place, k) for k in ties}

    def see(self, values: Mapping[str, Seen]) -> None:
        """Let the rules of the next phase see these environment values."""
        self._values |= {name: plainly_seen(value) for name, value in values.items()}
        self._now = None

    def look(self, values: Mapping[str, Column]) -> None:
        """Let the rules of the next phase read these of other agents."""
        self._brought |= {name: column.tolist() for name, column in values.items()}

    def owe(self, name: str) -> tuple[Integers, Integers]:
        """A tally by link over the shard's agents, cell by cell: lower 32 bits, and the rest."""
        linked = self.program.brought.owed[name]
        tally, sums = linked.tally, [0] * linked.cells
        pointing = self.columns[tally.group or ""]
        for value, cell in zip(self.columns[tally.column], pointing, strict=True):
            if cell != NOBODY:
                sums[cell] += tally.amount(value)
        halves = [[s & 0xFFFFFFFF for s in sums], [s >> 32 for s in sums]]
        return np.array(halves[0], np.int64), np.array(halves[1], np.int64)

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
        self._nets[network] = self._nets[network]._replace(**lists)

    def emit(self, spreading: Spreading, step: int) -> tuple[list[list[Message]], bool]:
        """What the active agents pass on, by shard of the receiver; and whether that is all."""
        rule, net = spreading.rule, self.program.networks[spreading.rule.over]
        boxes: list[list[Message]] = [[] for _ in range(self.part.count)]
        for place in self._where(rule.active):
            for k in range(net.degree(self._nets[rule.over], place)):
                number = net.tie(self._nets[rule.over], place, k)
                payload = self._sent(spreading, place, number, step)
                other = net.neighbour(self._nets[rule.over], place, k)
                if payload is not None and other >= 0:
                    boxes[other // self.part.size].append((other, payload, number))
        return boxes, True

    def apply(self, spreading: Spreading, boxes: list[list[Message]], step: int) -> None:
        """Let what was passed on arrive, whatever its order."""
        for box in boxes:
            for place, payload, number in box:
                if not self._is_here(place):
                    continue
                self._arrive(spreading, place, payload, number, step)

    def pull(self, spreading: Spreading, step: int) -> None:
        """The same arrivals, asked for by each receiver; for a shard that holds everybody."""
        rule, net = spreading.rule, self.program.networks[spreading.rule.over]
        active = set(self._where(rule.active))
        for place in self.everyone():
            for k in range(net.reverse_degree(self._nets[rule.over], place)):
                source = net.reverse_neighbour(self._nets[rule.over], place, k)
                if source in active:
                    number = net.reverse_tie(self._nets[rule.over], place, k)
                    payload = self._sent(spreading, source, number, step)
                    if payload is not None:
                        self._arrive(spreading, place, payload, number, step)

    def arrivals(self, rule: str, places: Column) -> tuple[Column, Column]:
        """Whether anything came by a tie rule in this step so far, and what, combined."""
        found = [self.arrived[rule].get(place) for place in places.tolist()]
        came = [one is not None for one in found]
        return np.array(came, np.bool_), np.array([one[1] if one else 0 for one in found], np.int64)

    def act(self, group: tuple[Acting, ...], step: int) -> None:
        """Run the agent rules of one phase; all of them see the moment before it."""
        writes: list[tuple[str, int, str, Any]] = []
        for acting in group:
            luck = self.program.luck(acting, step)
            for place in self.acting(acting, luck, step):
                key = self.program.own(luck, place)
                me, env = self.me(place, acting.reads), self._env(step)
                seen = (me, env, self._model, fold(key, self.who(place)))
                result = self.call(acting, place, step, acting.rule.function, *seen)
                values = result if len(acting.rule.writes) > 1 else (result,)
                for column, value in zip(acting.rule.writes, values, strict=True):
                    writes.append((acting.rule.name, place, column, value))
        for name, place, column, value in writes:
            self.write(name, place, column, value, step, pulses=None)

    def face(self, facing: Facing, comm: Comm, step: int) -> None:
        """Work out what an encounter or meeting gives; all shards do so at the same time."""
        rule, luck = facing.rule, self.program.luck(facing, step)
        acting = list(self.acting(facing, luck, step))
        others = self._met(rule, luck, acting, comm) if rule.kind == "meeting" else {}
        if rule.kind == "encounter":
            others = self._encountered(rule, luck, acting, comm)
        shown = self._shown(facing, sorted(set(others.values())), comm)
        for place, other in others.items():
            mine = self.who(place)
            key, role = fold(self.program.own(luck, place), mine), dict[str, bool]()
            if rule.kind == "meeting":
                its = shown[other].identity if self.program.is_open else other
                key = pair_key(fold(luck, PAIR), mine, its)
                role = {LEADS: is_leading(fold(luck, LEAD), key, mine, its)}
            me = self.me(place, facing.reads, **role)
            seen = (me, shown[other], self._env(step), self._model, key)
            result = self.call(facing, place, step, rule.function, *seen)
            values = result if len(rule.writes) > 1 else (result,)
            for column, value in zip(rule.writes, values, strict=True):
                self.faced.append((rule.name, place, column, value))

    def settle(self, group: tuple[Facing, ...], step: int) -> None:
        """Write what the encounters and meetings of one phase gave."""
        del group
        for name, place, column, value in self.faced:
            self.write(name, place, column, value, step, pulses=None)
        self.faced.clear()

    def ask(self, claiming: Claiming, step: int) -> list[list[Asked]]:
        """What agents ask for, by the shard that decides on the cell."""
        rule, key = claiming.rule, self.program.luck(claiming, step)
        cells = self.program.capacity_cells(claiming)
        boxes: list[list[Asked]] = [[] for _ in range(self.part.count)]
        for place in self.acting(claiming, key, step):
            luck = fold(self.program.own(key, place), self.who(place))
            seen = (self.me(place, claiming.reads), self._env(step), self._model, luck)
            result = self.call(claiming, place, step, rule.function, *seen)
            cell, units, priority = map(int, result)
            if units < 0 or (units > 0 and not 0 <= cell < cells):
                raise RuleError(claim_text(rule.name, place, cell, units, step))
            if units > 0:
                asked = (cell, -priority, fold(luck, CLAIM_ORDER), place, units)
                boxes[claiming.owner(cell, self.part.count)].append(asked)
        return boxes

    def grant(
        self,
        claiming: Claiming,
        boxes: list[list[Asked]],
        left: Sequence[int] | Integers,
        size: int,
        first: int = 0,
    ) -> tuple[list[list[tuple[int, int]]], list[int]]:
        """Grant in order of priority, luck and identity, as far as each cell goes."""
        rest = [max(0, int(units)) for units in left]
        replies: list[list[tuple[int, int]]] = [[] for _ in range(self.part.count)]
        for number, _, _, place, units in sorted(asked for box in boxes for asked in box):
            cell = number - first
            given = min(units, rest[cell]) if claiming.rule.partial or units <= rest[cell] else 0
            rest[cell] -= given
            if given:
                replies[place // size].append((place, given))
        return replies, [max(0, int(was)) - now for was, now in zip(left, rest, strict=True)]

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
        rule, key = bonding.rule, self.program.luck(bonding, step)
        found: list[tuple[int, int, int]] = []
        for place in self.acting(bonding, key, step):
            me, env = self.me(place, bonding.reads), self._env(step)
            if isinstance(rule, Parting):
                for other, number, since in self._bonds(rule.over, place):
                    seen = (me, _Bond(number, since, other), env, self._model, fold(key, number))
                    if self.call(bonding, place, step, rule.function, *seen):
                        found.append((place, other, 0))
                continue
            seen = (me, env, self._model, fold(key, place))
            other = int(self.call(bonding, place, step, rule.function, *seen))
            if not NOBODY <= other < self.program.agents:
                raise RuleError(nobody_text(rule.name, place, other, step))
            net = self._rows(rule.over)
            if other not in (NOBODY, place, *self._row(net, place)):
                luck = fold(fold(key, min(place, other)), max(place, other))
                found.append((place, other, luck))
        places, others = (np.array([f[n] for f in found], np.int64) for n in (0, 1))
        return Bonds(places, others, np.array([luck for _, _, luck in found], np.uint64))

    def room(self, network: str, places: Column) -> Column:
        """How many slots some of the shard's agents have free."""
        net = self._rows(network)
        return np.array(
            [self._row(net, place).count(NOBODY) for place in places.tolist()], np.int64
        )

    def tie_up(self, network: str, pairs: Bonds, step: int) -> None:
        """Tie pairs, in their order, at those of their ends that are the shard's."""
        net = self._rows(network)
        for place, other in self._own_ends(pairs):
            slot = (place - net.first) * net.slots + self._row(net, place).index(NOBODY)
            net.to[slot], net.since[slot] = other, step

    def untie(self, network: str, pairs: Bonds) -> None:
        """Part pairs at those of their ends that are the shard's."""
        net = self._rows(network)
        for place, other in self._own_ends(pairs):
            row = (place - net.first) * net.slots
            if other in net.to[row : row + net.slots]:  # both ends may have parted
                slot, end = net.to.index(other, row), row + net.slots
                net.to[slot:end] = [*net.to[slot + 1 : end], NOBODY]
                net.since[slot:end] = [*net.since[slot + 1 : end], 0]

    def end_step(self) -> None:
        """Let pulses that were set be seen, and forget what arrived."""
        for name, stored in self.program.stored.items():
            if stored.kind == "pulse":
                up = self.raised.pop(name, set())
                size = self.part.last - self.part.first
                self.columns[name] = [i + self.part.first in up for i in range(size)]
        self.arrived.clear()

    # -- what can be read off -------------------------------------------------------------------

    def active(self, column: str) -> int:
        """How many agents have the flag or pulse `column` up."""
        return sum(1 for up in self.columns[column] if up)

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
        return [cell for tally in self.program.tallies for cell in self._tally(tally)]

    def group_sizes(self, group: str) -> list[int]:
        """How many agents have each code of the derived column `group`."""
        cells = [0] * len(self.program.derived[group].labels or ())
        for place in self.everyone():
            cells[self._derived(group, place)] += 1
        return cells

    def degrees(self, network: str, places: Column) -> Column:
        """How many ties agents of this or any other shard have."""
        lowered, net = self.program.networks[network], self._nets[network]
        found = [lowered.degree(net, place) for place in places.tolist()]
        if lowered.has_gaps:
            found = [
                sum(lowered.neighbour(net, place, k) >= 0 for k in range(slots))
                for place, slots in zip(places.tolist(), found, strict=True)
            ]
        return np.array(found, np.int64)

    def digest(self) -> tuple[int, int]:
        """Two 64-bit sums over stored columns and agents of a hash of column, identity, value."""
        low, high = self.life.digest() if self.program.is_open else (0, 0)
        for name, stored in self.program.lasting.items():
            keys = [column_key(self.program.prefix + name, half) for half in (0, 1)]
            for place in self.everyone():
                value = self.columns[name][place - self.part.first]
                if value != stored.default:
                    word, who = value_word(value), self.who(place)
                    low += fold(fold(keys[0], who), word)
                    high += fold(fold(keys[1], who), word)
        for name in [name for name, network in self.program.networks.items() if network.slots]:
            keys = [column_key(f"ties:{self.program.prefix}{name}", half) for half in (0, 1)]
            net = self._rows(name)
            for place in range(self.part.first, self.part.last):
                for slot in range(
                    (place - net.first) * net.slots, (place + 1 - net.first) * net.slots
                ):
                    if net.to[slot] > place:  # each tie once, at its smaller end
                        number = number_of(place, net.to[slot], net.since[slot])
                        low, high = low + fold(keys[0], number), high + fold(keys[1], number)
        return low & MASK, high & MASK

    def values(self, column: str, places: Column | None = None) -> Column:
        """A stored or derived column's values, of all the shard's agents or of `places`."""
        all_places = range(self.part.first, self.part.last) if places is None else places.tolist()
        if column in self.columns:
            kept, kind = self.columns[column], self.program.stored[column].kind
            return np.array([kept[p - self.part.first] for p in all_places], TYPES[kind])
        return np.array([self._derived(column, p) for p in all_places])

    # -- kept and taken back --------------------------------------------------------------------

    def held(self, what: Lasting, first: int, last: int) -> Column:
        """The values of places first..last-1 of the shard's."""
        if what.family in ("to", "since"):
            values = self._slot(what)[first - self.part.first : last - self.part.first]
            return np.array(values, np.int64)
        if what.family == "altered":
            members = self.altered[what.name]
            return np.array([place in members for place in range(first, last)], np.bool_)
        values = self.columns[what.name][first - self.part.first : last - self.part.first]
        return as_array(self.program.stored[what.name], values)

    def hold(self, what: Lasting, first: int, values: Column, step: int) -> None:
        """Take back the values of places from `first` on."""
        del step
        if what.family in ("to", "since"):
            slots, begin = self._rows(what.slot[0]).slots, first - self.part.first
            every = getattr(self._rows(what.slot[0]), what.family)
            at = begin * slots + what.slot[1]
            every[at : at + values.size * slots : slots] = values.tolist()
            return
        if what.family == "altered":
            places = range(first, first + values.size)
            self.altered[what.name] -= set(places)
            self.altered[what.name] |= {p for p, is_in in zip(places, values, strict=True) if is_in}
            return
        steps = self.program.stored[what.name].holds_steps
        begin = first - self.part.first
        kept = plain_steps(values) if steps else values.tolist()
        self.columns[what.name][begin : begin + values.size] = kept

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
            return self._where(PRESENT)
        return range(self.part.first, self.part.last)

    # -- in detail ------------------------------------------------------------------------------

    def _is_here(self, place: int) -> bool:
        return not self.program.is_open or self.columns[PRESENT][place - self.part.first]

    def _net(self, lowered: Lowered) -> Any:
        """What a network's functions read, with rows of slots for the shard's agents."""
        net = net_of(lowered)
        if "whole" in lowered.parts:
            return net._replace(whole=self._net(lowered.parts["whole"]))
        if lowered.slots:
            size = (self.part.last - self.part.first) * lowered.slots
            return net._replace(first=self.part.first, to=[NOBODY] * size, since=[0] * size)
        return net

    def _rows(self, network: str) -> Any:
        """The fields of a network's rows of slots."""
        net = self._nets[network]
        return net.whole if "whole" in self.program.networks[network].parts else net

    def _row(self, net: Any, place: int) -> list[int]:
        row = (place - net.first) * net.slots
        return net.to[row : row + net.slots]

    def _slot(self, what: Lasting) -> list[int]:
        """What one slot of every agent holds."""
        network, number = what.slot
        net = self._rows(network)
        return getattr(net, what.family)[number :: net.slots]

    def _bonds(self, network: str, place: int) -> Iterator[tuple[int, int, int]]:
        """Of the agent's ties in slots: the other end, the number and since when."""
        lowered, net, rows = (
            self.program.networks[network],
            self._nets[network],
            self._rows(network),
        )
        for k in range(lowered.degree(net, place)):
            other = lowered.neighbour(net, place, k)
            if other >= 0:  # not away by an intervention
                since = rows.since[(place - rows.first) * rows.slots + k]
                yield other, lowered.tie(net, place, k), since

    def _own_ends(self, pairs: Bonds) -> Iterator[tuple[int, int]]:
        for one, two in zip(pairs.places.tolist(), pairs.others.tolist(), strict=True):
            for place, other in ((one, two), (two, one)):
                if self.part.first <= place < self.part.last:
                    yield place, other

    def _where(self, column: str) -> list[int]:
        return [p for p, up in enumerate(self.columns[column], self.part.first) if up]

    def _encountered(self, rule: Any, luck: int, acting: list[int], comm: Comm) -> dict[int, int]:
        """Whom each of those who act draws of its neighbours; nobody where the tie has no end."""
        net, found = self.program.networks[rule.over], dict[int, int]()
        for place in acting:
            degree = net.degree(self._nets[rule.over], place)
            if degree > 0:
                k = drawn_tie(
                    self.program.own(fold(luck, NEIGHBOUR), place), self.who(place), degree
                )
                other = net.neighbour(self._nets[rule.over], place, k)
                if other >= 0:
                    found[place] = other
        if not self.program.is_open:
            return found
        here = set[int]().union(*comm.alltoallv([self._where(PRESENT)] * comm.shards))
        return {place: other for place, other in found.items() if other in here}

    def _met(self, rule: Any, luck: int, acting: list[int], comm: Comm) -> dict[int, int]:
        """Whom each of those present here meets; every shard hears of everybody present."""
        mine = [(self._seen(rule.within, p) if rule.within else 0, self.who(p), p) for p in acting]
        groups: dict[int, list[int]] = defaultdict(list)
        place_of: dict[int, int] = {}
        for box in comm.alltoallv([mine] * comm.shards):
            for group, who, place in box:
                groups[group].append(who)
                place_of[who] = place
        pairs = [pair for present in groups.values() for pair in paired(fold(luck, RANK), present)]
        partner = dict(pairs) | {b: a for a, b in pairs}
        met = [(place, partner.get(self.who(place))) for place in acting]
        return {place: place_of[other] for place, other in met if other is not None}

    def _shown(self, facing: Facing, places: list[int], comm: Comm) -> dict[int, Any]:
        """What the agents at `places` show, asked of the shards that hold them."""
        size, shards = self.part.size, range(comm.shards)
        asked = comm.alltoallv([[p for p in places if p // size == s] for s in shards])
        told = [[(p, self._other(p, facing)) for p in box] for box in asked]
        return {place: shown for box in comm.alltoallv(told) for place, shown in box}

    def _other(self, place: int, facing: Facing) -> Any:
        known: dict[str, int] = {}
        if facing.rule.kind == "encounter" and DEGREE in facing.shows:
            over = facing.rule.over
            known[DEGREE] = self.program.networks[over].degree(self._nets[over], place)
        return self.me(place, facing.shows, **known)

    def acting(self, acting: ForAgents | Bonding, key: int, step: int) -> Iterator[int]:
        """The places of those that a rule runs for, in order."""
        on = acting.rule.on
        if on.kind == "reached_by":
            yield from sorted(self.arrived[on.of])
        elif on.kind == "changed":
            yield from sorted(self.altered.pop(acting.rule.name, set()))
        elif on.kind == "sample":
            count = self.program.sample_count(acting.rule)
            drawn = set(first_places(key, self.program.people, count))
            if self.program.is_open:
                share = float(self.program.parameters[on.of])
                drawn = {p for p in self.everyone() if is_drawn(self.who(p), key, share, drawn)}
            yield from (p for p in sorted(drawn) if self.part.first <= p < self.part.last)
        elif on.kind == "awake":
            awake = {p for p, v in enumerate(self.columns[on.of], self.part.first) if v == step}
            yield from sorted(awake | set(self.arrived.get(on.also, ())))
        elif on.kind == "flagged":
            yield from self._where(on.of)
        else:
            yield from self.everyone()

    def me(self, place: int, reads: tuple[str, ...], **known: Any) -> Any:
        """What a rule sees of the agent at `place`."""
        seen = {n: known[n] if n in known else self._seen(n, place) for n in reads}
        return record("Me", seen)

    def globals_now(self, step: int) -> tuple[Any, Any]:
        """`env` and `model` as rules see them at this moment."""
        return self._env(step), self._model

    def _env(self, step: int) -> Any:
        if self._now is None or self._now.step != step:
            self._now = record("Env", {"step": step, **self._values})
        return self._now

    def _seen(self, name: str, place: int) -> Any:
        if name in self.columns:
            return self.columns[name][place - self.part.first]
        look = self.program.brought.looks.get(name)
        if look is not None:
            pointed = self.columns[look.link][place - self.part.first]
            return (
                _NOTHING_SEEN.get(look.kind, 0)
                if pointed == NOBODY
                else self._brought[name][pointed]
            )
        if name in self.program.brought.linked:
            return self._brought[name][place - self.part.first]
        claiming = self.program.grants.get(name)
        if claiming is not None:
            return self.arrived[claiming.rule.name].get(place, (0, 0))[1]
        spreading = self.program.arrivals.get(name)
        if spreading is None:
            return self._derived(name, place)
        arrived = self.arrived[spreading.rule.name].get(place)
        if spreading.rule.combine == "any":
            return arrived is not None
        if arrived is None:
            return 0 if spreading.rule.combine in ("count", "sum") else NOTHING
        return arrived[1]

    def _derived(self, name: str, place: int) -> Any:
        if self.program.is_open:
            place = origin(self.who(place), self.program.people)
        return self.program.derived[name].function(place, self._tables)

    def _sent(self, spreading: Spreading, place: int, number: int, step: int) -> int | None:
        rule, key = spreading.rule, self.program.luck_of(spreading, step, place)
        me = self.me(place, spreading.reads)
        seen = (me, _Tie(number), self._env(step), self._model, fold(key, number))
        return _passed(rule, self.call(spreading, place, step, rule.send, *seen))

    def _arrive(
        self, spreading: Spreading, place: int, payload: int, number: int, step: int
    ) -> None:
        rule = spreading.rule
        luck = fold(self.program.luck(spreading, step), number)
        if rule.receive is not None:
            me = self.me(place, spreading.receiver_reads)
            tie = self._end(spreading, place, number)
            own = fold(self.program.luck_of(spreading, step, place), number)
            args = (me, tie, payload, self._env(step), self._model, fold(own, RECEIVES))
            received = _passed(rule, self.call(spreading, place, step, rule.receive, *args))
            if received is None:
                return
            payload = received
        box = self.arrived[rule.name]
        here = (fold(luck, PICKS), payload)
        box[place] = COMBINE[rule.combine](box[place], here) if place in box else here

    def _end(self, spreading: Spreading, place: int, number: int) -> Any:
        """A tie as it is seen from where it leads to."""
        if not spreading.in_degree:
            return _Tie(number)
        over = spreading.rule.over
        return _End(number, self.program.networks[over].reverse_degree(self._nets[over], place))

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

    def _tally(self, tally: Tally) -> list[int]:
        cells = [0] * self.program.cells(tally)
        values = self.columns[tally.column]
        for place in self.everyone():
            cells[self._cell(tally, place)] += tally.amount(values[place - self.part.first])
        return cells

    def _cell(self, tally: Tally, place: int) -> int:
        if tally.group is None:
            return 0
        stored = self.program.stored.get(tally.group)
        if stored is None:
            return self._derived(tally.group, place)
        return int(self.columns[tally.group][place - self.part.first]) - stored.low


# What a look-up gives where the link points to nobody.
_NOTHING_SEEN = {
    "float": 0.0,
    "flag": False,
    "pulse": False,
    "bool": False,
    "step": NEVER,
    "wake": NEVER,
}


class _Tie(NamedTuple):
    number: int


class _Bond(NamedTuple):
    number: int
    since: int
    other: int


class _End(NamedTuple):
    number: int
    in_degree: int


Arrived = tuple[int, int]
COMBINE: Mapping[str, Callable[[Arrived, Arrived], Arrived]] = {
    "any": lambda a, b: a,
    "count": lambda a, b: (0, a[1] + b[1]),
    "sum": lambda a, b: (0, a[1] + b[1]),
    "min": lambda a, b: (0, min(a[1], b[1])),
    "max": lambda a, b: (0, max(a[1], b[1])),
    "pick": min,  # The smallest luck; between equal lucks the smaller payload.
}


def _passed(rule: Any, result: Any) -> int | None:
    """The payload of what a part of a tie rule gave, or None when nothing passes."""
    if rule.carries:
        return None if result == NOTHING else int(result)
    return 1 if result else None
