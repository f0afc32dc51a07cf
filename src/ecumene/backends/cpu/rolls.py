"""Which programs keep sets of few on rolls, and the state that stays behind meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any

import numpy as np

from ...arrays import Integers
from ..program import Part, Program
from ..ruled import Acting, Spreading
from . import one_call
from .bins import Bins
from .state import State

ROOM = 1 << 12  # Messages of a tie rule in a step that is taken on rolls; of more, sets are kept.
MOST_SEATED = 3 << 12  # Agents who sit before a step (see `seats`); their table has 128 KB.
NONE = -1  # Begins a roll that is none: the set is kept in words.
AWAY = ("columns", "names")


def covers(program: Program) -> bool:
    """Whether steps of few are taken on rolls: all that is active is a pulse, and who sends looks
    at nothing that stands on a roll.
    """
    if program.agents < one_call.MANY or not one_call.follows_arrivals(program):
        return False
    up, spreading = set(pulses(program)), spreadings(program)
    rolled = {*up, *program.arrivals}
    return all(p.rule.active in up and rolled.isdisjoint(p.reads) for p in spreading)


def spreadings(program: Program) -> list[Spreading]:
    """The rules along ties, in the order of a step."""
    return [part for part in one_call.parts_of(program) if isinstance(part, Spreading)]


def pulses(program: Program) -> list[str]:
    """The pulses, which are on rolls all of them or none."""
    return [name for name, stored in program.stored.items() if stored.kind == "pulse"]


def rows(program: Program) -> list[str]:
    """The sets in the order of their rolls; what is up and what is raised take turns in two."""
    pairs = [f"{way}_{pulse}" for pulse in pulses(program) for way in "cu"]
    return [*pairs, *(f"a_{part.rule.name}" for part in spreadings(program))]


def writers(program: Program, pulse: str) -> int:
    """How many rules raise it."""
    acting = [p for p in one_call.parts_of(program) if isinstance(p, Acting)]
    return sum(pulse in part.rule.writes for part in acting)


class StateOnCall(State):
    """A state whose pulses may be on rolls: `columns` and `names` are put away meanwhile.

    Whoever asks for them gets them back with the rolls laid down, so that nobody can overlook what
    is on a roll, and nobody else pays for the question.
    """

    def __init__(self, program: Program, part: Part, bins: Bins) -> None:
        """Allocate everything at its default."""
        self._lock = Lock()
        self._written: list[Integers] | None = []
        super().__init__(program, part, bins)
        self.names["roll"] = np.array([NONE])

    def written(self, mine: Integers | None) -> None:
        """Note whose values were written; of more than may sit, nobody's need be kept."""
        known = None if mine is None or self._written is None else [*self._written, mine]
        few = known is not None and sum(who.size for who in known) <= MOST_SEATED
        self._written = known if few else None

    def take_written(self) -> list[Integers] | None:
        """Who alone may differ from what everybody began with, if that is known and they are few;
        from now on it is not.
        """
        written, self._written = self._written, None
        return written

    def put_away(self, lay_down: Callable[[Mapping[str, Any]], None]) -> None:
        """From now on pulses are on rolls, until `lay_down` puts them under these names."""
        self._lay_down = lay_down
        self._away = self.columns, self.names
        del self.columns, self.names

    def bring_back(self) -> None:
        """Lay the rolls down, if any hold."""
        _ = self.columns

    def __getattr__(self, name: str) -> Any:
        """What was put away, brought back: by the first of those who ask at the same time."""
        if name not in AWAY:
            raise AttributeError(name)
        with self._lock:
            if name not in vars(self):
                columns, names = self._away
                self._lay_down(names)
                self.columns, self.names = columns, names
        return vars(self)[name]
