"""A step in which few are active, taken at once: the same kernels in the same order, and no more.

What a step of many asks on its way (how to cut it into runs, whom to hand them to, whether asking
costs less than telling) has one answer where hardly anybody is active, and working that out took
three quarters of such a step. `test_a_step_of_few_is_the_step` holds it to the long way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from ..program import Program
from ..ruled import Acting, Ruled, Spreading
from ..words import dividing
from . import passing
from .running import raise_first, run
from .state import levels_of
from .storage import Bits
from .tallying import gathered, width
from .workers import INLINE

if TYPE_CHECKING:
    from .shard import Shard

PLACE = 32  # Bits of a place in a bin.
FEW = 1 << 11  # Agents active, or to be looked at, in a rule: more are worth asking how.
NOBODY = 1 << 62  # The agent for whom something went wrong, where nothing did.

Given = dict[str, Any]  # What kernels take, by name.
Part = Callable[[Given, int], None]  # Does in a step what a rule does.


class AtOnce:
    """Takes steps of few in a shard that holds everybody."""

    def __init__(self, shard: Shard) -> None:
        """Make the room in which such steps work."""
        self.shard = shard
        self._room: Given = {**shard.rooms[0], "bin0": 0, "first": 0}
        self._room |= {"tallies": np.zeros(width(shard.program), np.int64)}
        self._room |= {"error": np.empty(3, np.int64), "cursor": np.empty(3, np.int64)}
        phases = shard.program.by_kind
        spreading = [part for phase in phases for part in phase.spreading]
        self._active = [part.rule.active for part in spreading]
        self._bins = 1 + (max(0, shard.size - 1) >> PLACE)
        self._one_bin = self._as_one_bin(shard)
        self._most = min(FEW, shard.size // 2)  # Of more it may be cheaper to ask everybody.
        self._parts: list[Part] = []
        for phase in phases:
            self._parts += [self._spread(part) for part in phase.spreading]
            changed = [a.rule.name for a in phase.acting if a.rule.on.kind == "changed"]
            self._parts += [self._begin_changes(rule) for rule in changed]
            self._parts += [self._act(part) for part in phase.acting]

    def _as_one_bin(self, shard: Shard) -> Given:
        """The room of all bins as that of one; of two among more than four billion."""
        shift = min(PLACE, max(1, shard.size - 1).bit_length())
        entries = self._room["bin_place"].size // self._bins
        counts = np.zeros(self._bins, np.int64)
        capacity = min(INLINE, entries)
        return {"shift": shift, "capacity": capacity, "counts": counts, "last": shard.size}

    def take(self, step: int) -> bool:
        """Take `step` if few are active; False, and nothing done, if not."""
        if not self._are_few():
            return False
        state = self.shard.state
        state.widen(step)
        given = {**state.names, **self._room, "step": step, "many": False}
        for part in self._parts:
            part(given, step)
        self.shard.end_step()
        return True

    def _are_few(self) -> bool:
        state, fewer = self.shard.state, self.shard.module.fewer
        sets = [state.columns[column] for column in self._active] + [*state.altered.values()]
        return all(isinstance(s, Bits) and fewer(*s.levels, self._most) for s in sets)

    def _spread(self, spreading: Spreading) -> Part:
        """What active agents pass on arrives: in one bin, unless it is more than that holds."""
        shard, name = self.shard, spreading.rule.name
        emit, apply = self._kernel(f"emit_{name}"), self._kernel(f"apply_{name}")

        def spread(given: Given, step: int) -> None:
            given["luck"] = np.uint64(shard.program.luck(spreading, step))
            given["cursor"][:] = 0
            given |= self._one_bin
            given["counts"][:] = 0
            with dividing(name, step):
                done = emit(given)
                given["last"] = self._bins
                apply(given)
            while not done:  # a hub's ties: the rest in bins by block
                given["many"] = True
                given |= {**shard.bins.of(0), "shift": shard.shift, "last": shard.size}
                given["counts"][:] = 0
                with dividing(name, step):
                    done = emit(given)
                passing.apply(shard, spreading, shard.bins.outboxes(1), step)

        return spread

    def _begin_changes(self, rule: str) -> Part:
        """Those whose changes were collected are whom `rule` runs for, and changes begin anew."""
        names = (*levels_of(f"x_{rule}"), *levels_of(f"y_{rule}"))

        def begin(given: Given, step: int) -> None:
            del step
            state = self.shard.state
            state.swap_changes(rule)
            given |= {name: state.names[name] for name in names}

        return begin

    def _act(self, acting: Acting) -> Part:
        """An agent rule runs for whom it is for, and what it gives is kept."""
        shard, rule = self.shard, acting.rule
        act, fewer, empty = self._kernel(f"act_{rule.name}"), shard.module.fewer, shard.module.empty

        def run_all(given: Given, step: int) -> None:
            members = self._members(acting)
            if given["many"] and not fewer(*members.levels, INLINE):
                run(shard, acting, step, {})
                return
            given["luck"] = np.uint64(shard.program.luck(acting, step))
            given["last"], given["tallies"][:], given["error"][0] = shard.size, 0, NOBODY
            with dividing(rule.name, step):
                act(given)
            changes = gathered(shard.program, given["tallies"])
            shard.cells = [a + b for a, b in zip(shard.cells, changes, strict=True)]
            if given["error"][0] != NOBODY:
                raise_first(shard, acting, [given["error"]], step)
            if rule.on.kind == "changed":
                empty(*members.levels)

        return run_all

    def _members(self, acting: Acting) -> Bits:
        state, on = self.shard.state, acting.rule.on
        return state.altering[acting.rule.name] if on.kind == "changed" else state.arrived[on.of]

    def _kernel(self, name: str) -> Callable[[Given], Any]:
        function, values = getattr(self.shard.module, name), self.shard.kernels[name].values
        return lambda given: function(*values(given))


def is_possible(program: Program) -> bool:
    """Whether what a program does in a step follows from who is active, and from nothing else."""
    apart = program.is_open or program.by_copresence or program.brought
    return not apart and all(_is_plain(program, p) for phase in program.phases for p in phase)


def _is_plain(program: Program, part: Ruled) -> bool:
    if part.env or not isinstance(part, Spreading | Acting):
        return False
    if isinstance(part, Spreading):
        return True
    on = part.rule.on
    reached = on.kind == "reached_by" and not program.claims(on.of)
    return not part.snapshots and (reached or on.kind == "changed")
