"""One shard's agents on the CPU: arrays, bins, and the calls that move them.

Work is cut into as many runs of blocks as there are threads; each block of receivers is written
by one worker only. No locks, no atomics: a bin belongs to a worker while it is filled and to a
block's worker while it is emptied.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from time import perf_counter
from typing import Any

import numpy as np

from ...arrays import Column, Integers
from ...errors import RuleError
from ...networks.permutation import first_places
from ...population import NEVER
from ...random import MASK
from ..program import Acting, Part, Program, Spreading
from ..words import column_key, dividing, overflow_text, value_word
from .bins import Bins, block_shift
from .module import call, generated
from .storage import Bits, fresh, widened
from .text import TILE

INLINE = 1 << 14  # Places or ties below which handing over to threads costs more than the work.


class Shard:
    """One shard's agents, and what may be done to them."""

    def __init__(self, program: Program, part: Part, threads: int = 1) -> None:
        """Allocate the part's columns and sets, and compile."""
        self.program, self.part, self.threads = program, part, max(1, threads)
        self.size = part.last - part.first
        self.shift = block_shift(part.size, part.count)
        self.pool = ThreadPoolExecutor(self.threads) if self.threads > 1 else None
        self.columns: dict[str, Column | Bits] = {
            name: fresh(stored, self.size) for name, stored in program.stored.items()
        }
        self.raised = self._bits(n for n, s in program.stored.items() if s.kind == "pulse")
        rules = [s for phase in program.phases for s in phase]
        self.arrived = self._bits(s.rule.name for s in rules if isinstance(s, Spreading))
        changed = [a for a in rules if isinstance(a, Acting) and a.rule.on.kind == "changed"]
        self.altered = self._bits(a.rule.name for a in changed)
        self.altering = self._bits(a.rule.name for a in changed)
        self.accumulated = self._accumulators(rules)
        self.bins = Bins(self.part, self.shift, self.threads, program)
        self.module, self.kernels = generated(program)
        self.cells = [0] * sum(program.groups)
        self._fixed = self._fixed_names()
        started = perf_counter()
        self._warm()
        self.compile_seconds = perf_counter() - started

    # -- what happens ---------------------------------------------------------------------------

    def begin(self, places: Integers, values: Mapping[str, Any]) -> None:
        """Give the agents at `places` their starting values; pulses are up in the first step."""
        mine = places[(places >= self.part.first) & (places < self.part.last)] - self.part.first
        for name, value in values.items():
            stored, column = self.program.stored[name], self.columns[name]
            if isinstance(column, Bits):
                if value:
                    self.module.put_all(*column.levels, mine)
            else:
                high = stored.ahead if stored.kind == "step" else stored.high
                never = stored.kind == "step" and value == NEVER
                bounded = stored.kind in ("step", "int") and not never
                if mine.size and ((bounded and not stored.low <= value <= high) or value != value):
                    place = int(mine.min()) + self.part.first
                    text = overflow_text("start", place, name, value, stored.low, high, stored.kind)
                    raise RuleError(text)
                column[mine] = np.iinfo(column.dtype).max if never else value
            for watcher in self.program.watchers(name):
                if value != stored.default:
                    self.module.put_all(*self.altered[watcher].levels, mine)

    def emit(self, spreading: Spreading, step: int) -> tuple[list[Any], bool]:
        """What the active agents pass on, by shard of the receiver; and whether that is all.

        When a bin is full the rest waits; calling again goes on from there, and gives nothing once
        all is passed on.
        """
        names, kernel = self._names(step), self.kernels[f"emit_{spreading.rule.name}"]
        names["luck"] = np.uint64(self.program.streams(step)[spreading.rule.name])
        cursors = self.bins.cursors(spreading.rule.name, self._runs(self.size))

        def work(worker: int) -> bool:
            last, cursor = cursors[worker]
            own = {**names, **self.bins.of(worker), "cursor": cursor, "last": last}
            own |= scratch()
            return bool(call(self.module, kernel, own))

        self.bins.reset()
        with dividing(spreading.rule.name, step):
            done = all(self._each(work, range(len(cursors)), self._few(spreading.rule.active)))
        return self.bins.outboxes(len(cursors)), done

    def apply(self, spreading: Spreading, boxes: list[Any], step: int) -> None:
        """Let what was passed on arrive, whatever its order."""
        names, kernel = self._names(step), self.kernels[f"apply_{spreading.rule.name}"]
        names["luck"] = np.uint64(self.program.streams(step)[spreading.rule.name])
        messages = [box for shard in boxes for box in shard]
        few = sum(int(b["counts"][b["bin0"] :].sum()) for b in messages) < INLINE

        def work(run: tuple[int, int]) -> None:
            for box in messages:
                call(self.module, kernel, {**names, **box, "first": run[0], "last": run[1]})

        with dividing(spreading.rule.name, step):
            self._each(work, self._runs(self.bins.blocks, 1 if few else self.threads), few)

    def pull(self, spreading: Spreading, step: int) -> None:
        """The same arrivals, asked for by each receiver; for a shard that holds everybody."""
        names, kernel = self._names(step), self.kernels[f"pull_{spreading.rule.name}"]
        names["luck"] = np.uint64(self.program.streams(step)[spreading.rule.name])

        def work(run: tuple[int, int]) -> None:
            call(self.module, kernel, {**names, "first": run[0], "last": run[1]})

        with dividing(spreading.rule.name, step):
            self._each(work, self._runs(self.size), self.size < INLINE)

    def act(self, group: tuple[Acting, ...], step: int) -> None:
        """Run the agent rules of one phase; all of them see the moment before it."""
        self._widen(step)
        for name in [a.rule.name for a in group if a.rule.on.kind == "changed"]:
            self.altering[name], self.altered[name] = self.altered[name], self.altering[name]
        before = {f"s_{c}": self._copy(c) for acting in group for c in acting.snapshots}
        for acting in group:
            self._act(acting, step, before)

    def end_step(self) -> None:
        """Let pulses that were set be seen, and forget what arrived."""
        self.bins.forget()
        for name, raised in self.raised.items():
            now = self.columns[name]
            assert isinstance(now, Bits)
            self.module.empty(*now.levels)
            self.columns[name], self.raised[name] = raised, now
        for bits in self.arrived.values():
            self.module.empty(*bits.levels)

    # -- what can be read off -------------------------------------------------------------------

    def active(self, column: str) -> int:
        """How many agents have the flag or pulse `column` up."""
        bits = self.columns[column]
        assert isinstance(bits, Bits)
        return int(self.module.count(*bits.levels))

    def idle(self, column: str) -> bool:
        """Whether nobody has the flag or pulse `column` up."""
        bits = self.columns[column]
        assert isinstance(bits, Bits)
        if self.program.stored[column].kind == "pulse":
            return not bits.some
        return not bits.some or self.active(column) == 0

    def pending(self, rule: str) -> int:
        """How many agents a `changed` rule would run for."""
        return int(self.module.count(*self.altered[rule].levels))

    def tallies(self) -> list[int]:
        """What every tally's cells gained since the start, one tally after another."""
        return self.cells

    def group_sizes(self, group: str) -> list[int]:
        """How many agents have each code of the derived column `group`."""
        labels = self.program.derived[group].labels or ()
        kernel = self.kernels[f"groups_{group}"]

        def work(run: tuple[int, int]) -> Integers:
            sizes = np.zeros(len(labels), np.int64)
            own = {"first": run[0], "last": run[1], "place0": self.part.first, "sizes": sizes}
            call(self.module, kernel, {**self._fixed, **own})
            return sizes

        counted = self._each(work, self._runs(self.size), self.size < INLINE)
        return np.sum(counted, axis=0).tolist()

    def digest(self) -> tuple[int, int]:
        """Two 64-bit sums over stored columns and agents of a hash of column, identity, value."""
        low = high = 0
        for name in self.program.stored:
            for sums in self._each(
                lambda run, name=name: self._digest(name, run), self._runs(self.size), False
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
        call(self.module, self.kernels[f"values_{column}"], {**self._fixed, **own})
        return out

    # -- in detail ------------------------------------------------------------------------------

    def _act(self, acting: Acting, step: int, before: Mapping[str, Column]) -> None:
        rule, kernel = acting.rule, self.kernels[f"act_{acting.rule.name}"]
        luck = self.program.streams(step)[rule.name]
        names = {**self._names(step), **before, "luck": np.uint64(luck)}
        size, few = self.size, self.size < INLINE
        if rule.on.kind == "sample":
            drawn = np.array(
                first_places(luck, self.program.agents, self.program.sample_count(rule)), np.int64
            )
            names["drawn"] = drawn[(drawn >= self.part.first) & (drawn < self.part.last)]
            names["drawn"] -= self.part.first
            size = names["drawn"].size
        if rule.on.kind == "reached_by":
            few = few or not self.arrived[rule.on.of].some or self._small(self.arrived[rule.on.of])

        def work(run: tuple[int, int]) -> tuple[Integers, Integers]:
            tallies = np.zeros(max(1, len(self.cells)), np.int64)
            error = np.array([1 << 62, 0, 0], np.int64)
            own = {"first": run[0], "last": run[1], "tallies": tallies, "error": error}
            call(self.module, kernel, {**names, **own, **scratch()})
            return tallies, error

        runs = self._runs(size) if rule.on.kind != "sample" else [(0, size)]
        with dividing(rule.name, step):
            results = self._each(work, runs if not few else [(0, size)], few)
        for tallies, _ in results:
            self.cells = [a + int(b) for a, b in zip(self.cells, tallies, strict=False)]
        self._raise_first(acting, [error for _, error in results], step)
        if rule.on.kind == "changed":
            self.module.empty(*self.altering[rule.name].levels)

    def _raise_first(self, acting: Acting, errors: list[Integers], step: int) -> None:
        place, number, value = min((tuple(e.tolist()) for e in errors), default=(1 << 62, 0, 0))
        if place < 1 << 62:
            column = acting.rule.writes[number]
            stored = self.program.stored[column]
            high = step + stored.ahead if stored.kind == "step" else stored.high
            shown = float("nan") if stored.kind == "float" else value
            raise RuleError(
                overflow_text(acting.rule.name, place, column, shown, stored.low, high, stored.kind)
            )

    def _bits(self, names: Any) -> dict[str, Bits]:
        return {name: Bits.none(self.size) for name in names}

    def _accumulators(self, rules: list[Any]) -> dict[str, Column]:
        found: dict[str, Column] = {}
        for rule in [s.rule for s in rules if isinstance(s, Spreading)]:
            if rule.combine != "any":
                found[f"acc_{rule.name}"] = np.empty(
                    self.size, np.int32 if rule.combine == "count" else np.int64
                )
            if rule.combine == "pick":
                found[f"low_{rule.name}"] = np.empty(self.size, np.uint64)
        return found

    def _runs(self, size: int, count: int | None = None) -> list[tuple[int, int]]:
        """`size` places in `count` runs, cut at multiples of a block so that no word is shared."""
        count = count or self.threads
        unit = 1 << self.shift if size == self.size else 1
        blocks = -(-size // unit)
        cuts = [min(size, blocks * w // count * unit) for w in range(count + 1)]
        return [(a, b) for a, b in pairwise(cuts) if a < b] or [(0, 0)]

    def _each(self, work: Callable[[Any], Any], items: Any, inline: bool) -> list[Any]:
        if self.pool is None or inline:
            return [work(item) for item in items]
        return list(self.pool.map(work, items))

    def _few(self, column: str) -> bool:
        bits = self.columns[column]
        return isinstance(bits, Bits) and self._small(bits)

    def _small(self, bits: Bits) -> bool:
        """Whether a set is surely small: few of its middle words have members."""
        return int(np.count_nonzero(bits.levels[2])) < 8

    def _copy(self, column: str) -> Column:
        kept = self.columns[column]
        return kept.levels[0].copy() if isinstance(kept, Bits) else kept.copy()

    def _widen(self, step: int) -> None:
        for name, stored in self.program.stored.items():
            column = self.columns[name]
            if stored.kind == "step" and not isinstance(column, Bits):
                self.columns[name] = widened(column, stored, step)

    def _fixed_names(self) -> dict[str, Any]:
        names: dict[str, Any] = {"place0": self.part.first, "shard_size": self.part.size}
        names |= {"shard_blocks": self.bins.shard_blocks, "shift": self.shift}
        names |= {f"p_{name}": value for name, value in self.program.parameters.items()}
        names |= {f"t_{name}": table for name, table in self.program.tables.items()}
        for name, net in self.program.networks.items():
            fields = {**net.numbers, **net.arrays}
            names |= {f"n_{name}_{field}": value for field, value in fields.items()}
        return names | self.accumulated

    def _names(self, step: int) -> dict[str, Any]:
        """Every name that a kernel may ask for, as it stands in `step`."""
        names: dict[str, Any] = {**self._fixed, "step": step}
        for name, column in self.columns.items():
            if isinstance(column, Bits):
                names |= _levels(f"c_{name}", column)
            else:
                names[f"c_{name}"] = column
                if self.program.stored[name].kind == "step":
                    names[f"top_{name}"] = int(np.iinfo(column.dtype).max)
        for prefix, sets in [("u", self.raised), ("a", self.arrived), ("y", self.altered)]:
            for name, bits in sets.items():
                names |= _levels(f"{prefix}_{name}", bits)
        for name, bits in self.altering.items():
            names |= _levels(f"x_{name}", bits)
        return names

    def _digest(self, name: str, run: tuple[int, int]) -> Any:
        sums, column, stored = np.zeros(2, np.uint64), self.columns[name], self.program.stored[name]
        keys = [np.uint64(column_key(name, half)) for half in (0, 1)]
        if isinstance(column, Bits):
            if run[0] == 0:
                word = np.uint64(value_word(True))
                self.module.digest_bits(*column.levels, self.part.first, *keys, word, sums)
            return sums
        column, default, top = self._as_words(column, stored.kind, stored.default)
        never = np.int64(NEVER if stored.kind == "step" else 0)
        self.module.digest_column(column, *run, self.part.first, default, top, never, *keys, sums)
        return sums

    def _as_words(self, column: Column, kind: str, default: float) -> tuple[Column, Any, Any]:
        """The column with its default and the value that stands for NEVER, in one integer type."""
        if kind == "float":
            words = column.view(np.int64)
            return words, np.float64(default).view(np.int64), np.int64(np.iinfo(np.int64).min + 1)
        top = np.int64(np.iinfo(column.dtype).max) if kind == "step" else np.int64(1 << 62)
        return column, top if kind == "step" else np.int64(int(default)), top

    def _stored_values(self, column: str, places: Integers) -> Column:
        kept = self.columns[column]
        if isinstance(kept, Bits):
            shifts = (places & 63).astype(np.uint64)
            return (kept.levels[0][places >> 6] >> shifts & np.uint64(1)).astype(bool)
        values = kept[places]
        if self.program.stored[column].kind != "step":
            return values
        wide = values.astype(np.int64)
        wide[values == np.iinfo(kept.dtype).max] = NEVER
        return wide

    def _warm(self) -> None:
        """Call every kernel on nobody, so that compiling is over before time is taken."""
        names = self._names(0)
        tallies, error = np.zeros(max(1, len(self.cells)), np.int64), np.zeros(3, np.int64)
        names |= {"first": 0, "last": 0, "luck": np.uint64(0), "tallies": tallies, "error": error}
        names |= {**scratch(), "cursor": np.zeros(3, np.int64), "bin0": 0}
        names |= {"drawn": np.empty(0, np.int64)}
        names |= self.bins.of(0)
        before = {f"s_{c}": self._copy(c) for c in self._snapshots()}
        for name, kernel in self.kernels.items():
            if not name.startswith(("values_", "groups_")):  # compiled when first asked for
                call(self.module, kernel, {**names, **before})
        nobody = Bits.none(0).levels
        self.module.put_all(*nobody, np.empty(0, np.int64))
        self.module.count(*nobody)
        self.module.empty(*nobody)
        for name in self.program.stored:
            self._digest(name, (0, 0))

    def _snapshots(self) -> set[str]:
        rules = [s for phase in self.program.phases for s in phase if isinstance(s, Acting)]
        return {column for acting in rules for column in acting.snapshots}


def scratch() -> dict[str, Integers]:
    """A worker's room for one tile of agents: its places, and what is worked out about them."""
    names = ("tile", "located", "sent", "firing", "standing", "others")
    return {name: np.empty(TILE, np.int64) for name in names}


def _levels(name: str, bits: Bits) -> dict[str, Any]:
    return {f"{name}_{level}": words for level, words in enumerate(bits.levels)}
