"""One shard's agents on the CPU: arrays, bins, and the calls that move them.

Work is cut into runs of blocks, one for each thread or a few; each block of receivers is written
by one worker only. No locks, no atomics: a bin belongs to a worker while it is filled and to a
block's worker while it is emptied.
"""

from __future__ import annotations

import weakref
from collections.abc import Mapping, Sequence
from dataclasses import replace
from time import perf_counter
from typing import Any, cast

import numpy as np

from ...arrays import Column, Integers
from ...population import PRESENT
from ..bonds import Bonds
from ..comm import Comm
from ..lasting import Lasting
from ..matching import all_meet
from ..newcomers import Newcomers
from ..program import Part, Program
from ..register import Register
from ..ruled import Acting, Bonding, Claiming, Entering, Facing, Spreading
from ..values import Seen
from . import along_rows, crowding, noticing, passing, reading
from . import bonding as bonding_cpu
from .assigning import assign, assign_each
from .at_once import AtOnce
from .bins import Bins, block_shift
from .block_by_block import BlockByBlock
from .calling import Calling
from .claim_room import ClaimRoom
from .claiming import Asked, Granted, ask, receive, settle
from .digesting import digest
from .emptying import empty
from .entering import admit, bear
from .everybody import Everybody
from .holding import held, hold, recounted
from .life import bits_of, depart, first_holders, forget, listed
from .loosening import loosen
from .module import generated
from .one_call import is_possible
from .rolls import StateOnCall, covers
from .rounds import Rounds
from .running import raise_first, run
from .sixteen import SPARE
from .state import CALLED, State
from .storage import Bits
from .text import TILE
from .warming import warm
from .workers import Workers


class Shard:
    """One shard's agents, and what may be done to them."""

    def __init__(self, program: Program, part: Part, threads: int = 1) -> None:
        """Allocate the part's columns and sets, and compile."""
        self.program, self.part, self.threads = program, part, max(1, threads)
        self.turnover: dict[str, int] = {}
        self.size = part.last - part.first
        self.shift = block_shift(program, part.size, part.count)
        self.workers = Workers(self.threads, self.size, self.shift)
        self.bins = Bins(self.part, self.shift, self.threads, program)
        kind = StateOnCall if covers(program) else State
        self.state = kind(program, part, self.bins)
        if program.is_open:
            first_holders(self.state, part.first)
        self.module, self.kernels = generated(program)
        self.rows = bonding_cpu.Rows(loosely(self))
        self.calling = Calling(self.state, self.module, self.kernels, self.workers.each_run)
        self.cells = [cell for tally in program.tallies for cell in reading.at_default(self, tally)]
        self.claims = ClaimRoom()
        self.scratch = [
            {**scratch(program), **crowding.room(self.kernels)} for _ in range(self.threads)
        ]
        self.rooms = [{**self.bins.of(w), **s} for w, s in enumerate(self.scratch)]
        facing = [s for phase in program.phases for s in phase if isinstance(s, Facing)]
        self.rounds = {
            f.rule.name: (Everybody if all_meet(f.rule, program.is_open) else Rounds)(
                loosely(self), f, self.workers.each, self.workers.runs
            )
            for f in facing
        }
        self.pulls: set[str] = set()  # the rules whose `pull` is compiled
        started = perf_counter()
        warm(self)
        self._at_once = AtOnce(loosely(self)) if is_possible(program) else None
        self._blocks = BlockByBlock(loosely(self)) if part.count == 1 else None
        self._rolls = self._at_once and self._at_once.rolls
        self.compile_seconds = perf_counter() - started
        self.calling.draw_first_wakes()

    # -- what happens ---------------------------------------------------------------------------

    def see(self, values: Mapping[str, Seen]) -> None:
        """Let the rules of the next phase see these environment values."""
        self.state.see(values)

    def look(self, values: Mapping[str, Column]) -> None:
        """Let the rules of the next phase read these of other agents."""
        self.state.names |= {f"l_{name}": column for name, column in values.items()}

    def know(self, of: str, register: Register) -> None:
        """Let agents of the open population `of` be found by this register from now on."""
        self.state.know(of, register)

    def loosen(self, link: str, step: int) -> None:
        """Let a link of the shard's agents that points to who is not there point to nobody."""
        loosen(self, link, step)

    def owe(self, name: str) -> tuple[Integers, Integers]:
        """A tally by link over the shard's agents, cell by cell: lower 32 bits, and the rest."""
        return reading.owe(self, name)

    def take(self, column: str, places: Integers, units: Integers, step: int, who: str) -> None:
        """Let agents of the shard have so many units less of a column of whole numbers."""
        mine = places - self.part.first
        if mine.size:
            assign_each(self, mine, column, self.values(column, places) - units, step, who)

    def assign(self, places: Integers, values: Mapping[str, Any], step: int, who: str) -> None:
        """Give the agents at `places` these values at the beginning of `step`."""
        mine = places[(places >= self.part.first) & (places < self.part.last)] - self.part.first
        if mine.size:
            assign(self, mine, values, step, who)

    def set_parameters(self, parameters: Mapping[str, Any]) -> None:
        """Let rules read these parameters from now on."""
        self.program = replace(self.program, parameters=parameters)
        self.state.put({f"p_{name}": value for name, value in parameters.items()})

    def set_network(self, network: str, arrays: Mapping[str, Column]) -> None:
        """Let these arrays of a network be these from now on."""
        self.state.put({f"n_{network}_{field}": array for field, array in arrays.items()})

    def take_at_once(self, step: int, steps: int) -> int:
        """Take so many whole steps, or fewer, as long as few are active; how many were taken."""
        return 0 if self._at_once is None else self._at_once.take(step, steps)

    def emit(self, spreading: Spreading, step: int) -> tuple[list[Any], bool]:
        """What the active agents pass on, by shard of the receiver; and whether that is all."""
        return passing.emit(self, spreading, step)

    def apply(
        self, spreading: Spreading, boxes: list[Any], step: int, unseen: bool = False
    ) -> None:
        """Let what was passed on arrive, whatever its order; if it is all, and `unseen` until rules
        for agents run, it may wait for these.
        """
        if not (unseen and self._blocks and self._blocks.keep(spreading, boxes)):
            passing.apply(self, spreading, boxes, step)

    def pull(self, spreading: Spreading, step: int) -> None:
        """The same arrivals, asked for by each receiver; for a shard that holds everybody."""
        passing.pull(self, spreading, step)

    def arrivals(self, rule: str, places: Integers) -> tuple[Integers, Column]:
        """Which of `places` anything came to by a tie rule in this step so far, and what,
        combined."""
        return noticing.arrivals(self, rule, places)

    def renew(
        self, column: str, places: Integers, known: Column, among: Integers
    ) -> tuple[Integers, Column]:
        """Bring `known`, of a stored column at `places`, up to date at the indices `among`."""
        return noticing.renew(self, column, places, known, among)

    def act(self, group: tuple[Acting, ...], step: int) -> None:
        """Run the agent rules of one phase; all of them see the moment before it."""
        self.state.widen(step)
        self.state.written(None)
        for name in [a.rule.name for a in group if a.rule.on.kind == "changed"]:
            self.state.swap_changes(name)
        for acting in [a for a in group if a.rule.on.kind in CALLED]:
            self.calling.call(acting, step)
        before: dict[str, Column] = {}
        for column in {c for acting in group for c in acting.snapshots}:
            before |= self.state.snapshot(column)
        for acting in group:
            if not (self._blocks and self._blocks.act(acting, step)):
                run(self, acting, step, before)

    def face(self, facing: Facing, comm: Comm, step: int) -> None:
        """Work out what an encounter or meeting gives; all shards do so at the same time."""
        self.state.widen(step)
        if facing.rule.on.kind == "changed":
            self.state.swap_changes(facing.rule.name)
        errors = self.rounds[facing.rule.name].face(comm, step)
        raise_first(self, facing, errors, step)

    def settle(self, group: tuple[Facing, ...], step: int) -> None:
        """Write what the encounters and meetings of one phase gave."""
        for facing in group:
            self.rounds[facing.rule.name].settle(step)

    def depart(self, rule: str) -> None:
        """Let those leave whom `rule` of this phase sent away; their places are free."""
        depart(self, rule)

    def dismiss(self, places: Integers, who: str) -> None:
        """Let agents leave at the beginning of a step; `who` says so."""
        mine = places[(places >= self.part.first) & (places < self.part.last)] - self.part.first
        if mine.size:
            forget(self, mine, who)

    def bear(self, entering: Entering, step: int, ranks: Integers | None) -> Newcomers:
        """The newcomers that the shard's agents cause, or these ones of those from outside."""
        return bear(self, entering, step, ranks)

    def free(self) -> int:
        """How many places are free."""
        return int(self.module.count(*self.state.free.levels))

    def admit(self, newcomers: Newcomers, step: int, who: str, given: bool) -> None:
        """Let newcomers take the first free places; `given` at the beginning of `step`."""
        admit(self, newcomers, step, who, given)

    def ask(
        self, claiming: Claiming, step: int, left: Sequence[int] | None
    ) -> tuple[list[Asked], list[int]]:
        """What agents ask for, by the shard that decides on the cell; and how much of each."""
        return ask(self, claiming, step, left)

    def grant(
        self,
        claiming: Claiming,
        boxes: list[Asked],
        left: Sequence[int] | Integers,
        size: int,
        first: int = 0,
    ) -> tuple[list[Granted], list[int], list[int | None]]:
        """Grant in order of priority, luck and identity, as far as each cell goes."""
        del size
        return settle(self, claiming, boxes, left, first)

    def receive(self, claiming: Claiming, replies: list[Granted]) -> None:
        """Let what was granted to the shard's agents be read."""
        receive(self, claiming, replies)

    def bond(self, bonding: Bonding, step: int) -> Bonds:
        """Whom the shard's agents ask for a tie, or part from; nobody twice, nor oneself."""
        return bonding_cpu.bond(self, bonding, step)

    def room(self, network: str, places: Integers) -> Integers:
        """How many slots some of the shard's agents have free."""
        return self.rows.room(network, places)

    def tie_up(self, network: str, pairs: Bonds, step: int) -> None:
        """Tie pairs, in their order, at those of their ends that are the shard's."""
        self.rows.tie_up(network, pairs, step)

    def untie(self, network: str, pairs: Bonds) -> None:
        """Part pairs at those of their ends that are the shard's."""
        self.rows.untie(network, pairs)

    def end_step(self) -> None:
        """Let pulses that were set be seen, and forget what arrived."""
        self.bins.forget()
        for name in self.state.raised:
            empty(self, self.state.swap_pulse(name))
        for bits in self.state.arrived.values():
            empty(self, bits)
        self.state.forget_grants()

    # -- what can be read off -------------------------------------------------------------------

    def up(self, column: str) -> Integers:
        """The places of the shard's agents who have the flag or pulse `column` up."""
        on_roll = self._rolls and self._rolls.up(column)
        members = listed(self, bits_of(self.state, column)) if on_roll is None else np.sort(on_roll)
        return members + self.part.first

    def mostly_up(self, column: str, share: float) -> bool:
        """Whether more than `share` of the shard's places have the flag or pulse `column` up."""
        bits = self.state.columns[column]
        assert isinstance(bits, Bits)
        return bool(self.module.more(*bits.levels, int(share * self.size), self.size))

    def idle(self, column: str) -> bool:
        """Whether nobody has the flag or pulse `column` up."""
        some = self._rolls and self._rolls.some(column)
        if some is not None:
            return not some
        bits = self.state.columns[column]
        assert isinstance(bits, Bits)
        if self.program.stored[column].kind == "pulse":
            return bool(self.module.fewer(*bits.levels, 1))
        return not bits.some or int(self.module.count(*bits.levels)) == 0

    def pending(self, rule: str) -> int:
        """How many agents a `changed` rule would run for."""
        return int(self.module.count(*self.state.altered[rule].levels))

    def sleeping(self, column: str, step: int) -> bool:
        """Whether anybody wakes, by the wake column `column`, in `step` or later."""
        return self.calling.sleeping(column, step)

    def tallies(self) -> list[int]:
        """Every tally's cells, one tally after another; kept up to date from writes."""
        return self.cells

    def group_sizes(self, group: str) -> list[int]:
        """How many agents have each code of the derived column `group`, at first."""
        return reading.group_sizes(self, group)

    def everyone(self) -> Integers:
        """The places of all who are there."""
        if not self.program.is_open:
            return np.arange(self.part.first, self.part.last, dtype=np.int64)
        return listed(self, bits_of(self.state, PRESENT)) + self.part.first

    def degrees(self, network: str, places: Integers) -> Column:
        """How many ties agents of this or any other shard have."""
        return reading.degrees(self, network, places)

    def digest(self) -> tuple[int, int]:
        """Two 64-bit sums over stored columns and agents of a hash of column, identity, value."""
        return digest(self)

    def values(self, column: str, places: Integers | None = None) -> Column:
        """A stored or derived column's values, of all the shard's agents or of `places`."""
        return reading.values(self, column, places)

    # -- kept and taken back --------------------------------------------------------------------

    def held(self, what: Lasting, first: int, last: int) -> Column:
        """The values of places first..last-1 of the shard's, as they lie."""
        return held(self, what, first - self.part.first, last - self.part.first)

    def hold(self, what: Lasting, first: int, values: Column, step: int) -> None:
        """Take back the values of places from `first` on, at the beginning of `step`."""
        hold(self, what, first - self.part.first, values, step)

    def count_from(self, cells: list[int] | None) -> None:
        """Let the tallies go on from these cells, or from what the columns hold."""
        self.cells = recounted(self) if cells is None else cells


def loosely(shard: Shard) -> Shard:
    """The shard as its own parts hold it: else it and all that it holds would stay for a while, in
    a circle, where nobody has it any more.
    """
    return cast(Shard, weakref.proxy(shard))


def scratch(program: Program) -> dict[str, Column]:
    """A worker's room for one tile of agents: its places, and what is worked out about them."""
    names = ("tile", "located", "sent", "carried", "standing", "others")
    room: dict[str, Column] = {name: np.zeros(TILE + SPARE, np.int64) for name in names}
    room |= {name: np.zeros(TILE + SPARE, np.uint32) for name in ("lefts", "rights")}
    room |= {"tile": room["tile"][:TILE], "passing": np.zeros(TILE + SPARE, np.uint8)}
    return room | along_rows.room(program)
