"""A step in which few are active, taken at once: the same kernels in the same order, and no more.

What a step of many asks on its way (how to cut it into runs, whom to hand them to, whether asking
costs less than telling) has one answer where hardly anybody is active, and working that out took
most of such a step. `test_a_step_of_few_is_the_step` holds it to the long way.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import add
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ...arrays import Integers
from ...errors import RuleError
from ...rules import draws
from ..ruled import Acting, Spreading
from ..words import dividing
from . import along_rows, one_call, passing
from .bins import SMALLEST_BLOCK
from .life import bits_of
from .module import call
from .one_call import ALL_DONE, NAME, NOBODY, NOT_FEW, STRAIGHT, OneCall
from .prepared import Prepared
from .roll_call import RollCall
from .roll_text import CALL
from .running import raise_first, run
from .storage import Bits
from .tallying import gathered, width
from .workers import INLINE

if TYPE_CHECKING:
    from .shard import Shard

PLACE = 32  # Bits of a place in a bin.
FEW = 1 << 11  # Agents active, or to be looked at, in a rule: more are worth asking how.

Given = dict[str, Any]  # What kernels take, by name.
Doing = Callable[[int], None]


class Part(NamedTuple):
    """What a rule does in a step, and what is left to do where one call of all stopped in it."""

    do: Doing
    go_on: Doing


class Course:
    """Whether a step of few has become one of many; apart, or the parts of a step would hold what
    holds them, and with it all of a shard until somebody looks for garbage.
    """

    many = False


class AtOnce:
    """Takes steps of few in a shard that holds everybody; in one block and thread, of many too."""

    def __init__(self, shard: Shard) -> None:
        """Make the room in which such steps work."""
        self.shard, self._course = shard, Course()
        self._state, self._module, self._size = shard.state, shard.module, shard.size
        self._room: Given = {**shard.rooms[0], "bin0": 0, "first": 0}
        self._room |= {"tallies": np.zeros(width(shard.program), np.int64)}
        self._room |= {"error": np.empty(3, np.int64), "cursor": np.empty(3, np.int64)}
        self._bins = 1 + (max(0, shard.size - 1) >> PLACE)
        self._alone = shard.bins.bins == 1 and shard.threads == 1  # Nothing to ask, of any number.
        self._one_bin = self._as_one_bin(shard)
        few = shard.size if self._alone else FEW
        self._most = min(few, shard.size // 2)  # Of more it may be cheaper to ask everybody.
        phases = shard.program.by_kind
        self._active = [part.rule.active for phase in phases for part in phase.spreading]
        self._parts: list[Part] = []
        self._prepared: list[Prepared] = []
        for phase in phases:
            self._parts += [self._spread(part) for part in phase.spreading]
            changed = [a.rule.name for a in phase.acting if a.rule.on.kind == "changed"]
            self._parts += [self._begin_changes(rule) for rule in changed]
            self._parts += [self._act(part) for part in phase.acting]
        self._given = {**self._room, **self._one_bin, "bins": self._bins}
        rolls = CALL in shard.kernels
        self.rolls = RollCall(shard, self._given, self._most) if rolls else None
        very_many = not rolls and shard.program.agents >= one_call.MANY
        self._one_call = self._in_one_call() if very_many else None
        if not rolls and self._one_call is None:
            self._look_up()

    def _as_one_bin(self, shard: Shard) -> Given:
        """The room of all bins as that of one; of two among more than four billion."""
        shift = min(PLACE, max(SMALLEST_BLOCK, shard.size.bit_length()))
        entries = self._room["bin_place"].size // self._bins
        counts = np.zeros(self._bins, np.int64)
        capacity = entries if self._alone else min(INLINE, entries)
        return {"shift": shift, "capacity": capacity, "counts": counts, "last": shard.size}

    def _look_up(self) -> None:
        """Find what kernels take in either turn of the pulses, so that no step has to."""
        for _ in range(2):
            for kernel in self._prepared:
                kernel.look_up()
            for pulse in self._state.raised:
                self._state.swap_pulse(pulse)

    def take(self, step: int, steps: int) -> int:
        """Take so many steps, or some of them, as long as few are active; how many were taken."""
        self._course.many = False
        if self.rolls is not None:
            return self._take_on_rolls(self.rolls, step)
        if self._one_call is None and steps > 1:
            started = perf_counter()
            self._one_call = self._in_one_call()
            self.shard.compile_seconds += perf_counter() - started
        if self._one_call is not None:
            return self._take_in_one_call(self._one_call, step, steps)
        if not self._are_few():
            return 0
        self._state.widen(step)
        self._do(self._parts, step)
        return 1

    def _in_one_call(self) -> OneCall | None:
        """What takes whole steps in one call, if that is possible."""
        if NAME not in self.shard.kernels:
            return None
        straight = {"shift": 0, "capacity": 0, "counts": np.zeros(0, np.int64), "bins": 0}
        mine = straight if self._alone else self._given
        given = {**self._given, **{new: mine[old] for old, new in STRAIGHT.items()}}
        return OneCall(self.shard, given, self._most)

    def _take_in_one_call(self, whole: OneCall, step: int, steps: int) -> int:
        self._room["error"][0] = NOBODY
        try:
            taken, stopped = whole(step, steps)
            _count(self.shard, self._room["tallies"])
            if stopped in (NOT_FEW, ALL_DONE):
                return taken
            self._parts[stopped].go_on(step + taken)
            self._do(self._parts[stopped + 1 :], step + taken)
        except RuleError as error:
            error.after = whole.taken
            raise
        return taken + 1

    def _take_on_rolls(self, rolls: RollCall, step: int) -> int:
        self._room["error"][0] = NOBODY
        stopped = rolls(step)
        if stopped == NOT_FEW:
            return 0
        _count(self.shard, self._room["tallies"])
        if stopped != ALL_DONE:
            if self._room["error"][0] != NOBODY:
                self._parts[stopped].go_on(step)
            self._do(self._parts[stopped:], step)
        return 1

    def _do(self, parts: list[Part], step: int) -> None:
        for part in parts:
            part.do(step)
        self.shard.end_step()

    def _are_few(self) -> bool:
        state, most, size = self._state, self._most, self._size
        sets = [bits_of(state, column) for column in self._active]
        sets += state.altered.values()
        if self._alone:  # `more` looks no further than it must where there may be many.
            more = self._module.more
            return not any([more(*bits.levels, most - 1, size) for bits in sets])
        return all([self._module.fewer(*bits.levels, most) for bits in sets])

    def _spread(self, spreading: Spreading) -> Part:
        """What active agents pass on arrives: in one bin, unless it is more than that holds."""
        shard, name, luck_of = self.shard, spreading.rule.name, self._luck(spreading)
        course = self._course
        straight = self._alone and along_rows.arrives_straight(shard.program, spreading)
        no_bins: Given = {"shift": 0, "capacity": 0, "counts": np.zeros(0, np.int64)}
        own: Given = {**self._room, **(no_bins if straight else self._one_bin), "last": shard.size}
        cursor, counts = own["cursor"], own["counts"]
        emit = self._prepare(f"emit_{name}", own)
        last = {**own, "last": self._bins}
        apply = None if straight else self._prepare(f"apply_{name}", last)

        def spread(step: int) -> None:
            luck = luck_of(step)
            cursor.fill(0)
            with dividing(name, step):
                if apply is None:
                    done = emit(step, luck)
                else:
                    counts.fill(0)
                    done = emit(step, luck)
                    apply(step, luck)
            if not done:
                go_on(step)

        def go_on(step: int) -> None:
            """A hub's ties: the rest in bins by block."""
            course.many, done, kernel = True, False, shard.kernels[f"emit_{name}"]
            rest: Given = {**own, **shard.bins.of(0), "shift": shard.shift}
            rest |= {"step": step, "luck": luck_of(step)}
            while not done:
                rest["counts"][:] = 0
                with dividing(name, step):
                    done = call(shard.module, kernel, shard.state.names, rest)
                passing.apply(shard, spreading, shard.bins.outboxes(1), step)

        return Part(spread, go_on)

    def _prepare(self, kernel: str, own: Given) -> Prepared:
        prepared = Prepared(self.shard, kernel, own)
        self._prepared.append(prepared)
        return prepared

    def _begin_changes(self, rule: str) -> Part:
        """Those whose changes were collected are whom `rule` runs for, and changes begin anew."""
        state = self.shard.state

        def begin(step: int) -> None:
            del step
            state.swap_changes(rule)

        return Part(begin, begin)

    def _act(self, acting: Acting) -> Part:
        """An agent rule runs for whom it is for, and what it gives is kept."""
        shard, rule, luck_of = self.shard, acting.rule, self._luck(acting)
        fewer, empty, course = shard.module.fewer, shard.module.empty, self._course
        act = self._prepare(f"act_{rule.name}", {**self._room, "last": shard.size})
        tallies, error = self._room["tallies"], self._room["error"]

        def act_for_all(step: int) -> None:
            if course.many and not fewer(*_members(shard, acting).levels, INLINE):
                run(shard, acting, step, {})
                return
            error[0] = NOBODY
            with dividing(rule.name, step):
                act(step, luck_of(step))
            _count(shard, tallies)
            refuse(step)
            if rule.on.kind == "changed":
                empty(*_members(shard, acting).levels)

        def refuse(step: int) -> None:
            if error[0] != NOBODY:
                raise_first(shard, acting, [error], step)

        return Part(act_for_all, refuse)

    def _luck(self, part: Acting | Spreading) -> Callable[[int], Any]:
        """What gives a rule's luck in a step; of one that draws nothing, it is not worked out."""
        luck, always = self.shard.program.luck, np.uint64(self.shard.program.luck(part, 0))
        if part.rule.luck == "once" or (isinstance(part, Acting) and not draws(part.rule.function)):
            return lambda step: always
        return lambda step: np.uint64(luck(part, step))


def _members(shard: Shard, acting: Acting) -> Bits:
    state, on = shard.state, acting.rule.on
    return state.altering[acting.rule.name] if on.kind == "changed" else state.arrived[on.of]


def _count(shard: Shard, tallies: Integers) -> None:
    """Add to the shard's tallies what agents' new values change."""
    shard.cells = list(map(add, shard.cells, gathered(shard.program, tallies)))
    tallies.fill(0)
