"""Steps of few among very many as one compiled call, in which sets are rolls.

Rolls hold from one such step to the next, so that nothing of the sets comes from memory; whoever
asks for the state has them laid down first (see `rolls`), and the next step takes them up again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ...arrays import Integers
from ..words import dividing
from . import rolls
from .life import bits_of
from .one_call import ALL_DONE, NOT_FEW, ON_NOBODY, address_of, parts_of
from .payloads import arrival_type
from .roll_loops import BASE, BASES, COUNT, FIRST, MOST
from .roll_text import CALL, DOWN, NEAR, UP
from .seats import Seats
from .state import levels_of

if TYPE_CHECKING:
    from .shard import Shard

SPARE = 1 + NEAR  # What is not wanted is written on a full roll, and what is near is read.


class RollCall:
    """The rolls of a shard that holds everybody, and the kernels of a step on them."""

    def __init__(self, shard: Shard, given: dict[str, Any], most: int) -> None:
        """Make room and compile; `given` is what kernels take of a worker."""
        self._shard, self._parts = shard, parts_of(shard.program)
        self._names = rolls.rows(shard.program)
        self._room = min(rolls.ROOM // given["bins"], given["capacity"])
        raising = [rolls.writers(shard.program, pulse) for pulse in rolls.pulses(shard.program)]
        most_members = rolls.ROOM * max([1, *raising])
        slots = 1 << (2 * most_members - 1).bit_length()
        self._rolls = np.zeros((len(self._names), FIRST + most_members + SPARE), np.int64)
        self._rolls[:, BASE] = BASES
        self._turn, self._let_go = np.zeros(1, np.int64), 0
        self._looked, self._in_turn = self._rolls.data, self._turn.data
        self._step = getattr(shard.module, CALL)
        self._seats = Seats(shard.program)
        bases = [shard.program.base(part) for part in self._parts]
        self._given: dict[str, Any] = {
            **given,
            "capacity": self._room,
            "rolls": self._rolls,
            "roll_tables": np.zeros((len(self._names), slots), np.int64),
            "turn": self._turn,
            "bases": np.array(bases, np.uint64),
            "doing": np.zeros(1, np.int64),
            "size": shard.size,
            "most": min(most, self._room),
            **self._combined(slots),
        }
        self._up = {pulse: 2 * p for p, pulse in enumerate(rolls.pulses(shard.program))}
        self.hold = False
        self._find()
        self._lay_down(shard.state.names)

    def __call__(self, step: int) -> int:
        """Take `step`: `NOT_FEW`, `ALL_DONE`, or the number of the rule in which it stopped: with
        nothing of that rule done, and nothing on rolls any more.
        """
        self._state.widen(step)
        if self._let_go >= MOST:
            self._begin_anew()
        if not self.hold and not self._take_up():
            return NOT_FEW
        self._let_go += 1
        try:
            stopped = self._step(step, *self._fixed)
        except (ZeroDivisionError, IndexError):
            with dividing(self._parts[self._given["doing"][0]].rule.name, step):
                raise
        if stopped != ALL_DONE:
            self._state.bring_back()
        return stopped

    def up(self, column: str) -> Integers | None:
        """The local places of those on the roll of a pulse that is up, in no order; None where
        there is no roll of it now.
        """
        row = self._up.get(column) if self.hold else None
        return None if row is None else _members(self._rolls[row + self._in_turn[0]])

    def some(self, column: str) -> bool | None:
        """Whether anybody is on the roll of a pulse that is up; None where there is none now."""
        row = self._up.get(column) if self.hold else None
        return None if row is None else self._looked[row + self._in_turn[0], COUNT] > 0

    @property
    def _state(self) -> rolls.StateOnCall:
        state = self._shard.state
        assert isinstance(state, rolls.StateOnCall)
        return state

    def _combined(self, slots: int) -> dict[str, Any]:
        """Room for what arrives at those on a roll."""
        program, found = self._shard.program, dict[str, Any]()
        for part in rolls.spreadings(program):
            name, combine = part.rule.name, part.rule.combine
            if combine != "any":
                found[f"acc_{name}_few"] = np.zeros(slots, arrival_type(program, part))
            if combine == "pick":
                found[f"low_{name}_few"] = np.zeros(slots, np.uint64)
        return found

    def _take_up(self) -> bool:
        """Let all pulses be on rolls, if few enough have each of them up."""
        shard, state, given = self._shard, self._state, self._given
        sets = [bits_of(state, pulse).levels for pulse in rolls.pulses(shard.program)]
        if not all(shard.module.fewer(*levels, given["most"]) for levels in sets):
            return False
        if state.retyped != self._found_at:
            self._find()
        self._call(UP, {**state.names, **given, "at_first": self._seats.take(state)})
        for levels in sets:
            shard.module.empty(*levels)
        self._fixed = shard.kernels[CALL].values({**state.names, **given, "step": 0})[1:]
        state.put_away(self._lay_down)
        self.hold = True
        return True

    def _lay_down(self, names: Mapping[str, Any]) -> None:
        """Let everything be in sets that is on rolls, also in the midst of a step."""
        self.hold = False
        self._seats.lay_down(names)
        if DOWN in self._shard.kernels:
            self._call(DOWN, {**names, **self._given})
        turn = int(self._turn[0])
        for row, of in enumerate(self._names):
            now = row + {"c": turn, "u": -turn, "a": 0}[of[0]]  # As in the kernels.
            self._shard.module.put_all(
                *[names[level] for level in levels_of(of)], _members(self._rolls[now])
            )
        self._rolls[:, COUNT] = 0
        self._rolls[:, BASE] += BASES

    def _begin_anew(self) -> None:
        """Bases cannot rise for ever: let them be low again, and no table tell of anybody."""
        self._state.bring_back()
        self._rolls[:, BASE], self._given["roll_tables"][:], self._let_go = BASES, 0, 0

    def _call(self, kernel: str, given: Mapping[str, Any]) -> None:
        getattr(self._shard.module, kernel)(*self._shard.kernels[kernel].values(given))

    def _find(self) -> None:
        """Find the kernels for types as they are now, and compile what calls them."""
        self._found_at = self._state.retyped
        self._given |= self._seats.given(self._state.names)
        shard, given = self._shard, {**self._state.names, **self._given, **ON_NOBODY}
        kernels = [f"emit_{part.rule.name}" for part in rolls.spreadings(shard.program)]
        found = [address_of(shard, kernel, given) for kernel in kernels]
        self._given["addresses"] = np.array(found, np.int64)
        given |= {"addresses": self._given["addresses"], "most": 0}
        self._call(UP, given)
        self._call(CALL, given)  # No roll has fewer than none.


def _members(roll: Integers) -> Integers:
    return roll[FIRST : FIRST + roll[COUNT]]
