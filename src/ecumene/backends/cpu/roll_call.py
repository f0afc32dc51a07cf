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
from .one_call import ALL_DONE, NOT_FEW, ON_NOBODY, address_of, parts_of
from .payloads import arrival_type
from .roll_loops import BASE, BASES, COUNT, FIRST
from .roll_text import CALL, DOWN, UP

if TYPE_CHECKING:
    from .shard import Shard

SPARE = 1  # Where what is not wanted on a full roll is written all the same.


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
        bases = [shard.program.base(part) for part in self._parts]
        self._given: dict[str, Any] = {
            **given,
            "capacity": self._room,
            "rolls": self._rolls,
            "roll_tables": np.zeros((len(self._names), slots), np.int64),
            "turn": np.zeros(1, np.int64),
            "bases": np.array(bases, np.uint64),
            "doing": np.zeros(1, np.int64),
            "size": shard.size,
            "room": self._room,
            "most": min(most, self._room),
            **self._combined(slots),
        }
        self.hold = False
        self._find()
        self._lay_down(shard.state.names)

    def __call__(self, step: int) -> int:
        """Take `step`: `NOT_FEW`, `ALL_DONE`, or the number of the rule in which it stopped: with
        nothing of that rule done, and nothing on rolls any more.
        """
        self._state.widen(step)
        if not self.hold and not self._take_up():
            return NOT_FEW
        try:
            stopped = getattr(self._shard.module, CALL)(step, *self._fixed)
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
        if not self.hold or f"c_{column}" not in self._names:
            return None
        roll = self._rolls[self._names.index(f"c_{column}") + self._given["turn"][0]]
        return roll[FIRST : FIRST + roll[COUNT]]

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
        shard, state = self._shard, self._state
        if state.retyped != self._found_at:
            self._find()
        given = {**state.names, **self._given}
        if not getattr(shard.module, UP)(*shard.kernels[UP].values(given)):
            return False
        self._fixed = shard.kernels[CALL].values({**given, "step": 0})[1:]
        state.put_away(self._lay_down)
        self.hold = True
        return True

    def _find(self) -> None:
        """Find the kernels for types as they are now, and compile what calls them."""
        self._found_at = self._state.retyped
        shard, given = self._shard, {**self._state.names, **self._given, **ON_NOBODY}
        kernels = [f"emit_{part.rule.name}" for part in rolls.spreadings(shard.program)]
        found = [address_of(shard, kernel, given) for kernel in kernels]
        self._given["addresses"] = np.array(found, np.int64)
        given |= {"addresses": self._given["addresses"], "most": 0}
        for kernel in (UP, CALL):  # No set has fewer than none.
            getattr(shard.module, kernel)(*shard.kernels[kernel].values(given))

    def _lay_down(self, names: Mapping[str, Any]) -> None:
        self.hold = False
        shard = self._shard
        getattr(shard.module, DOWN)(*shard.kernels[DOWN].values({**names, **self._given}))
