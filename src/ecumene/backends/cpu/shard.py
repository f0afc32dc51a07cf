"""One shard's agents on the CPU: arrays, bins, and the calls that move them.

Work is cut into as many runs of blocks as there are threads; each block of receivers is written
by one worker only. No locks, no atomics: a bin belongs to a worker while it is filled and to a
block's worker while it is emptied.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from time import perf_counter
from typing import Any

import numpy as np

from ...arrays import Column, Integers
from ...errors import RuleError
from ...networks.permutation import drawn_places
from ...population import NEVER, PRESENT, Stored
from ...random import MASK
from ...rules import AgentRule, Claim, Encounter, Entry, Meeting
from ..bonds import Bonds
from ..comm import Comm
from ..lasting import Lasting
from ..newcomers import Newcomers
from ..program import Acting, Bonding, Claiming, Entering, Facing, Part, Program, Spreading, Tally
from ..values import Seen
from ..words import column_key, dividing, overflow_text, value_word
from . import bonding as bonding_cpu
from .assigning import assign, assign_each
from .bins import Bins, block_shift
from .calling import Calling
from .claiming import Asked, Granted, ask, nobody_asks, receive, settle, warm
from .entering import admit, bear, nobody_enters
from .holding import held, hold, recounted
from .life import bits_of, depart, digest_of_turnover, first_holders, forget, listed, those_present
from .module import call, generated
from .owing import OWED
from .rounds import Rounds
from .state import CALLED, State
from .storage import Bits
from .tallying import gathered, width
from .text import STREAM, TILE

# Kernels that are compiled when first asked for, and those that their rounds compile.
WHEN_ASKED = ("values_", "groups_", "degrees_", "first_wake_", "find_")
LATER = (*WHEN_ASKED, "bond_", "digest_ties", "draw_", "within_", "show_", "face_", "settle_")
INLINE = 1 << 14  # Places or ties below which handing over to threads costs more than the work.


class Shard:
    """One shard's agents, and what may be done to them."""

    def __init__(self, program: Program, part: Part, threads: int = 1) -> None:
        """Allocate the part's columns and sets, and compile."""
        self.program, self.part, self.threads = program, part, max(1, threads)
        self.turnover: dict[str, int] = {}
        self.size = part.last - part.first
        self.shift = block_shift(part.size, part.count)
        self.pool = ThreadPoolExecutor(self.threads) if self.threads > 1 else None
        self.bins = Bins(self.part, self.shift, self.threads, program)
        self.state = State(program, part, self.bins)
        if program.is_open:
            first_holders(self.state, part.first)
        self.module, self.kernels = generated(program)
        self.rows = bonding_cpu.Rows(self)
        self.calling = Calling(self.state, self.module, self.kernels, self._each_run)
        self.cells = [cell for tally in program.tallies for cell in self._at_default(tally)]
        self._scratch = [scratch() for _ in range(self.threads)]
        self._rooms = [{**self.bins.of(w), **s} for w, s in enumerate(self._scratch)]
        facing = [s for phase in program.phases for s in phase if isinstance(s, Facing)]
        self.rounds = {f.rule.name: Rounds(self, f, self._each, self._runs) for f in facing}
        started = perf_counter()
        self._warm()
        self.compile_seconds = perf_counter() - started
        self.calling.draw_first_wakes()

    # -- what happens ---------------------------------------------------------------------------

    def see(self, values: Mapping[str, Seen]) -> None:
        """Let the rules of the next phase see these environment values."""
        self.state.see(values)

    def look(self, values: Mapping[str, Column]) -> None:
        """Let the rules of the next phase read these of other agents."""
        self.state.names |= {f"l_{name}": column for name, column in values.items()}

    def owe(self, name: str) -> tuple[Integers, Integers]:
        """A tally by link over the shard's agents, cell by cell: lower 32 bits, and the rest."""
        linked, kernel = self.program.brought.owed[name], self.kernels[f"{OWED}{name}"]

        def work(run: tuple[int, int]) -> tuple[Integers, Integers]:
            low, high = (np.zeros(linked.cells, np.int64) for _ in range(2))
            own = {"first": run[0], "last": run[1], "owed_low": low, "owed_high": high}
            call(self.module, kernel, self.state.names, own)
            return low, high

        found = self._each(work, self._runs(self.size), self.size < INLINE)
        return sum(low for low, _ in found), sum(high for _, high in found)  # pyright: ignore

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
        self.state.names |= {f"p_{name}": value for name, value in parameters.items()}

    def set_network(self, network: str, arrays: Mapping[str, Column]) -> None:
        """Let these arrays of a network be these from now on."""
        self.state.names |= {f"n_{network}_{field}": array for field, array in arrays.items()}

    def emit(self, spreading: Spreading, step: int) -> tuple[list[Any], bool]:
        """What the active agents pass on, by shard of the receiver; and whether that is all.

        When a bin is full the rest waits; calling again goes on from there, and gives nothing once
        all is passed on.
        """
        kernel, luck = self.kernels[f"emit_{spreading.rule.name}"], self._luck(spreading, step)
        few = self._few(spreading.rule.active)
        runs = self._runs(self.size, 1 if few else self.threads)
        cursors = self.bins.cursors(spreading.rule.name, runs)

        def work(worker: int) -> bool:
            last, cursor = cursors[worker]
            own = {
                **self._rooms[worker],
                "cursor": cursor,
                "last": last,
                "shift": self.shift,
                **luck,
            }
            return bool(call(self.module, kernel, self.state.names, own))

        self.bins.reset()
        with dividing(spreading.rule.name, step):
            done = all(self._each(work, range(len(cursors)), few))
        return self.bins.outboxes(len(cursors)), done

    def apply(self, spreading: Spreading, boxes: list[Any], step: int) -> None:
        """Let what was passed on arrive, whatever its order."""
        kernel, luck = self.kernels[f"apply_{spreading.rule.name}"], self._luck(spreading, step)
        messages = [box for shard in boxes for box in shard]
        few = sum(int(b["counts"][b["bin0"] :].sum()) for b in messages) < INLINE

        def work(run: tuple[int, int]) -> None:
            for box in messages:
                own = {**box, **luck, "first": run[0], "last": run[1], "shift": self.shift}
                call(self.module, kernel, self.state.names, own)

        with dividing(spreading.rule.name, step):
            self._each(work, self._runs(self.bins.blocks, 1 if few else self.threads), few)

    def pull(self, spreading: Spreading, step: int) -> None:
        """The same arrivals, asked for by each receiver; for a shard that holds everybody."""
        kernel, luck = self.kernels[f"pull_{spreading.rule.name}"], self._luck(spreading, step)

        def work(job: tuple[int, tuple[int, int]]) -> None:
            worker, run = job
            own = {"first": run[0], "last": run[1], **self._scratch[worker], **luck}
            call(self.module, kernel, self.state.names, own)

        with dividing(spreading.rule.name, step):
            self._each(work, list(enumerate(self._runs(self.size))), self.size < INLINE)

    def arrivals(self, rule: str, places: Integers) -> tuple[Column, Column]:
        """Whether anything came by a tie rule in this step so far, and what, combined."""
        return self.state.arrivals(rule, places - self.part.first)

    def act(self, group: tuple[Acting, ...], step: int) -> None:
        """Run the agent rules of one phase; all of them see the moment before it."""
        self.state.widen(step)
        for name in [a.rule.name for a in group if a.rule.on.kind == "changed"]:
            self.state.swap_changes(name)
        for acting in [a for a in group if a.rule.on.kind in CALLED]:
            self.calling.call(acting, step)
        before: dict[str, Column] = {}
        for column in {c for acting in group for c in acting.snapshots}:
            before |= self.state.snapshot(column)
        for acting in group:
            self._act(acting, step, before)

    def face(self, facing: Facing, comm: Comm, step: int) -> None:
        """Work out what an encounter or meeting gives; all shards do so at the same time."""
        self.state.widen(step)
        if facing.rule.on.kind == "changed":
            self.state.swap_changes(facing.rule.name)
        errors = self.rounds[facing.rule.name].face(comm, step)
        self._raise_first(facing, errors, step)

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

    def ask(self, claiming: Claiming, step: int) -> list[Asked]:
        """What agents ask for, by the shard that decides on the cell."""
        return ask(self, claiming, step)

    def grant(
        self,
        claiming: Claiming,
        boxes: list[Asked],
        left: Sequence[int] | Integers,
        size: int,
        first: int = 0,
    ) -> tuple[list[Granted], list[int]]:
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
            self.module.empty(*self.state.swap_pulse(name).levels)
        for bits in self.state.arrived.values():
            self.module.empty(*bits.levels)
        self.state.forget_grants()

    # -- what can be read off -------------------------------------------------------------------

    def active(self, column: str) -> int:
        """How many agents have the flag or pulse `column` up."""
        bits = self.state.columns[column]
        assert isinstance(bits, Bits)
        return int(self.module.count(*bits.levels))

    def idle(self, column: str) -> bool:
        """Whether nobody has the flag or pulse `column` up."""
        bits = self.state.columns[column]
        assert isinstance(bits, Bits)
        if self.program.stored[column].kind == "pulse":
            return not bits.some
        return not bits.some or self.active(column) == 0

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
        labels = self.program.derived[group].labels or ()
        kernel = self.kernels[f"groups_{group}"]

        def work(run: tuple[int, int]) -> Integers:
            run = (run[0], max(run[0], min(run[1], self.calling.first_size)))
            sizes = np.zeros(len(labels), np.int64)
            own = {"first": run[0], "last": run[1], "place0": self.part.first, "sizes": sizes}
            call(self.module, kernel, self.state.names, own)
            return sizes

        counted = self._each(work, self._runs(self.size), self.size < INLINE)
        return np.sum(counted, axis=0).tolist()

    def everyone(self) -> Integers:
        """The places of all who are there."""
        if not self.program.is_open:
            return np.arange(self.part.first, self.part.last, dtype=np.int64)
        return listed(self, bits_of(self.state, PRESENT)) + self.part.first

    def degrees(self, network: str, places: Integers) -> Column:
        """How many ties agents of this or any other shard have."""
        out = np.empty(places.size, np.int64)
        own = {"places": places, "out": out}
        call(self.module, self.kernels[f"degrees_{network}"], self.state.names, own)
        return out

    def digest(self) -> tuple[int, int]:
        """Two 64-bit sums over stored columns and agents of a hash of column, identity, value."""
        low, high = digest_of_turnover(self) if self.program.is_open else (0, 0)
        for name in self.program.lasting:
            for sums in self._each(
                lambda run, name=name: self._digest(name, run), self._runs(self.size), False
            ):
                low, high = low + int(sums[0]), high + int(sums[1])
        for name in [n for n, network in self.program.networks.items() if network.slots]:
            for sums in self._each(
                lambda run, name=name: self.rows.digest(name, run), self._runs(self.size), False
            ):
                low, high = low + int(sums[0]), high + int(sums[1])
        return low & MASK, high & MASK

    def values(self, column: str, places: Integers | None = None) -> Column:
        """A stored or derived column's values, of all the shard's agents or of `places`."""
        if places is None:
            places = np.arange(self.part.first, self.part.last, dtype=np.int64)
        if column in self.program.stored:
            return self._stored_values(column, places - self.part.first)
        kinds = {"int": np.int64, "float": np.float64, "bool": np.bool_}
        out = np.empty(places.size, kinds[self.program.derived[column].kind])
        own = {"first": 0, "last": places.size, "places": places, "out": out}
        call(self.module, self.kernels[f"values_{column}"], self.state.names, own)
        return out

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

    # -- in detail ------------------------------------------------------------------------------

    def _act(self, acting: Acting, step: int, before: Mapping[str, Column]) -> None:
        rule, kernel = acting.rule, self.kernels[f"act_{acting.rule.name}"]
        mine: dict[str, Any] = {**before, **self._luck(acting, step)}
        streams = f"find_{rule.name}" in self.kernels
        whom, size, members = self.whom(rule, int(mine["luck"]))
        mine |= whom
        few = self.size < INLINE or (members is not None and self._small(members))

        def work(job: tuple[int, tuple[int, int]]) -> tuple[Integers, Integers]:
            worker, run = job
            tallies = np.zeros(width(self.program), np.int64)
            error = np.array([1 << 62, 0, 0], np.int64)
            own = {"first": run[0], "last": run[1], "tallies": tallies, "error": error, **mine}
            own |= self._given(acting) if streams else self._scratch[worker]
            call(self.module, kernel, self.state.names, own)
            if streams and error[0] < 1 << 62:  # a tile in which something does not fit
                first = int(error[0]) - self.part.first
                own |= {"first": first, "last": min(first + STREAM, run[1])}
                call(self.module, self.kernels[f"find_{rule.name}"], self.state.names, own)
            return tallies, error

        runs = [(0, size)] if few or self._listed(rule) else self._runs(size)
        with dividing(rule.name, step):
            results = self._each(work, list(enumerate(runs)), few)
        for tallies, _ in results:
            changes = gathered(self.program, tallies)
            self.cells = [a + b for a, b in zip(self.cells, changes, strict=True)]
        self._raise_first(acting, [error for _, error in results], step)
        if rule.on.kind == "changed":
            self.module.empty(*self.state.altering[rule.name].levels)
        if rule.on.kind in CALLED:
            self.module.empty(*self.state.called[rule.name].levels)

    def whom(
        self, rule: AgentRule | Claim | Entry, luck: int
    ) -> tuple[dict[str, Integers], int, Bits | None]:
        """Whom a rule runs for: arguments, so many places or entries of a list, a set if any."""
        if rule.on.kind == "sample":
            drawn = self.sampled(rule, luck)
            return {"drawn": drawn}, drawn.size, None
        if self._listed(rule):
            return {}, self.state.names[f"gp_{rule.on.of}"].size, None
        if rule.on.kind == "reached_by":
            return {}, self.size, self.state.arrived[rule.on.of]
        if rule.on.kind in CALLED:
            return {}, self.size, self.state.called[rule.name]
        if rule.on.kind == "everyone" and self.program.is_open:
            return {}, self.size, bits_of(self.state, PRESENT)
        changed = self.state.altering[rule.name] if rule.on.kind == "changed" else None
        return {}, self.size, changed

    def sampled(self, rule: AgentRule | Claim | Encounter | Meeting | Entry, luck: int) -> Integers:
        """The local places of those that a sampled rule runs for."""
        drawn = drawn_places(luck, self.program.people, self.program.sample_count(rule))
        drawn = drawn[(drawn >= self.part.first) & (drawn < self.part.last)] - self.part.first
        if not self.program.is_open:
            return drawn
        return those_present(self, drawn, luck, float(self.program.parameters[rule.on.of]))

    def _listed(self, rule: AgentRule | Claim | Entry) -> bool:
        """Whether it runs for a list of places, which one worker goes through."""
        return rule.on.kind == "sample" or self.program.claims(rule.on.of)

    def _given(self, acting: Acting) -> dict[str, Column]:
        """A worker's room for what a rule gives a tile of agents, until it is checked and kept."""
        kept = [self.state.columns[column] for column in acting.rule.writes]
        return {
            f"given_{acting.rule.name}_{number}": np.empty(STREAM, column.dtype)
            for number, column in enumerate(kept)
            if isinstance(column, np.ndarray)
        }

    def _raise_first(self, acting: Acting | Facing, errors: list[Integers], step: int) -> None:
        place, number, value = min((tuple(e.tolist()) for e in errors), default=(1 << 62, 0, 0))
        if place < 1 << 62:
            column = acting.rule.writes[number]
            stored = self.program.stored[column]
            shown = float("nan") if stored.kind == "float" else value
            raise RuleError(overflow_text(acting.rule.name, place, column, shown, stored, step))

    def _at_default(self, tally: Tally) -> list[int]:
        """A tally's cells while everybody is at the default; only what counts then is looked at."""
        each = tally.amount(self.program.at_first(tally.column))
        stored = self.program.stored.get(tally.group or "")
        cells = [0] * self.program.cells(tally)
        if stored is not None:
            cells[int(stored.default) - stored.low] = each * self.calling.first_size
        elif each:
            sizes = self.group_sizes(tally.group) if tally.group else [self.calling.first_size]
            cells = [each * n for n in sizes]
        return cells

    def _luck(self, part: Acting | Spreading, step: int) -> dict[str, Any]:
        """The step, and the rule's luck in it."""
        return {"step": step, "luck": np.uint64(self.program.luck(part, step))}

    def _runs(self, size: int, count: int | None = None) -> list[tuple[int, int]]:
        """`size` places in `count` runs, cut at multiples of a block so that no word is shared."""
        count = count or self.threads
        if count == 1:
            return [(0, size)]
        unit = 1 << self.shift if size == self.size else 1
        blocks = -(-size // unit)
        cuts = [min(size, blocks * w // count * unit) for w in range(count + 1)]
        return [(a, b) for a, b in pairwise(cuts) if a < b] or [(0, 0)]

    def _each(self, work: Callable[[Any], Any], items: Any, inline: bool) -> list[Any]:
        if self.pool is None or inline:
            return [work(item) for item in items]
        return list(self.pool.map(work, items))

    def _each_run(self, work: Callable[[tuple[int, int]], None], few: bool) -> None:
        self._each(work, self._runs(self.size), few or self.size < INLINE)

    def _few(self, column: str) -> bool:
        bits = self.state.columns[column]
        return isinstance(bits, Bits) and self._small(bits)

    def _small(self, bits: Bits) -> bool:
        """Whether a set has so few members that threads would cost more than the work."""
        return bool(self.module.fewer(*bits.levels, INLINE))

    def _digest(self, name: str, run: tuple[int, int]) -> Any:
        sums, column = np.zeros(2, np.uint64), self.state.columns[name]
        stored = self.program.stored[name]
        own = self.program.prefix + name
        keys = [np.uint64(column_key(own, half)) for half in (0, 1)]
        if self.program.is_open:
            return self._digest_present(name, keys, sums) if run[0] == 0 else sums
        if isinstance(column, Bits):
            if run[0] == 0:
                word = np.uint64(value_word(True))
                self.module.digest_bits(*column.levels, self.part.first, *keys, word, sums)
            return sums
        column, default, top = self._as_words(column, stored)
        never = np.int64(NEVER if stored.holds_steps else 0)
        self.module.digest_column(column, *run, self.part.first, default, top, never, *keys, sums)
        return sums

    def _digest_present(self, name: str, keys: list[Any], sums: Any) -> Any:
        """The same of an open population, by the identities of all who are there."""
        column, stored = self.state.columns[name], self.program.stored[name]
        who = self.state.who
        if isinstance(column, Bits):
            word = np.uint64(value_word(True))
            self.module.digest_flags(*column.levels, who, *keys, word, sums)
            return sums
        column, default, top = self._as_words(column, stored)
        never = np.int64(NEVER if stored.holds_steps else 0)
        present = bits_of(self.state, PRESENT).levels
        self.module.digest_present(column, *present, who, default, top, never, *keys, sums)
        return sums

    def _as_words(self, column: Column, stored: Stored) -> tuple[Column, Any, Any]:
        """The column with its default and the value that stands for NEVER, in one integer type."""
        if stored.kind == "float":
            words = column.view(np.int64)
            nobodys = np.int64(-1)  # the bits of a NaN
            return words, np.float64(stored.default).view(np.int64), nobodys
        top = np.int64(np.iinfo(column.dtype).max) if stored.holds_steps else np.int64(1 << 62)
        never = stored.holds_steps and stored.default == NEVER
        return column, top if never else np.int64(int(stored.default)), top

    def _stored_values(self, column: str, places: Integers) -> Column:
        kept = self.state.columns[column]
        if isinstance(kept, Bits):
            shifts = (places & 63).astype(np.uint64)
            return (kept.levels[0][places >> 6] >> shifts & np.uint64(1)).astype(bool)
        values = kept[places]
        if not self.program.stored[column].holds_steps:
            return values
        wide = values.astype(np.int64)
        wide[values == np.iinfo(kept.dtype).max] = NEVER
        return wide

    def _warm(self) -> None:
        """Call every kernel on nobody, so that compiling is over before time is taken."""
        tallies, error = np.zeros(width(self.program), np.int64), np.zeros(3, np.int64)
        own: dict[str, Any] = {"first": 0, "last": 0, "tallies": tallies, "error": error}
        own |= {"luck": np.uint64(0), "step": 0, "shift": self.shift, "bin0": 0}
        own |= {**self._scratch[0], **self.bins.of(0), "cursor": np.zeros(3, np.int64)}
        own |= {"drawn": np.empty(0, np.int64), **nobody_asks()}
        own |= {"out": np.empty(0, np.int64), "share": 0.0}
        own |= nobody_enters(self)
        own |= {"owed_low": tallies, "owed_high": tallies}
        for rounds in self.rounds.values():
            rounds.warm()
        for acting in self._rules():
            own |= self._given(acting)
            for column in acting.snapshots:
                own |= self.state.snapshot(column)
        for name, kernel in self.kernels.items():
            if not name.startswith(LATER):
                call(self.module, kernel, self.state.names, own)
        warm(self)
        bonding_cpu.warm(self)
        nobody = Bits.none(0).levels
        self.module.put_all(*nobody, np.empty(0, np.int64))
        self.module.count(*nobody)
        self.module.fewer(*nobody, INLINE)
        self.module.empty(*nobody)
        for name in self.program.stored:
            self._digest(name, (0, 0))
        self.calling.warm()

    def _rules(self) -> list[Acting]:
        return [s for phase in self.program.phases for s in phase if isinstance(s, Acting)]


def scratch() -> dict[str, Integers]:
    """A worker's room for one tile of agents: its places, and what is worked out about them."""
    names = ("tile", "located", "sent", "firing", "standing", "others")
    return {name: np.empty(TILE, np.int64) for name in names}
