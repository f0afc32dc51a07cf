"""Values of few agents side by side, while all others have what everybody begins with.

In a column of a billion agents whoever is met is a line of memory of its own, and to wait for it
took half of a step of a thousand. Until anybody asks for a column, steps on rolls therefore give
each agent whom they meet a seat, and no line of a column is touched.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from ...arrays import Column, Integers
from ..program import Program
from ..ruled import Acting
from . import rolls
from .one_call import parts_of
from .roll_loops import COUNT, FULL, LIVE, SEATED
from .storage import FLAGS, fresh_values, whole_type

SEATS = ["seats", "seat_table"]
NOBODY = np.empty(0, np.int64)
VALUE = re.compile(r"\bc_(\w+)\[(?:i|unsigned\(i\))\]")


def columns(program: Program) -> list[str]:
    """The columns whose values may be at seats: numbers that rules write, and no sender reads."""
    acting = [part for part in parts_of(program) if isinstance(part, Acting)]
    written = {column for part in acting for column in part.rule.writes}
    sent = {column for part in rolls.spreadings(program) for column in part.reads}
    plain = [n for n, s in program.stored.items() if s.kind not in (*FLAGS, "wake")]
    return [name for name in plain if name in written - sent]


def at_seats(lines: list[str], program: Program) -> tuple[list[str], list[str], list[str]]:
    """Lines for agent `i` as lines for whoever may have a seat: what they take besides, lines
    before all of them, and the lines.
    """
    kept = set(columns(program))
    found = [name for name in VALUE.findall("\n".join(lines)) if name in kept]
    if not found:
        return [], [], lines
    names, first = [*SEATS], list[str]()
    for name in dict.fromkeys(found):
        names += [f"c_{name}", f"few_{name}"]
        first.append(f"k_{name} = few_{name} if seated else c_{name}")

    def kept_at(match: re.Match[str]) -> str:
        return f"k_{match[1]}[unsigned(m)]" if match[1] in kept else match[0]

    seat = "m = seat_of(seats, seat_table, i)"
    return names, first, [seat, *(VALUE.sub(kept_at, line) for line in lines)]


def fetched(lines: list[str], program: Program) -> list[str]:
    """Lines that fetch what is one's own, from columns or where a seat is looked up."""
    apart = [f"ahead(c_{name}, i)" for name in columns(program)]
    there = [line for line in lines if line in apart]
    if not there:
        return lines
    return [
        *(line for line in lines if line not in apart),
        "if seated:",
        "    ahead(seat_table, slot_for(seat_table, i))",
        "else:",
        *("    " + line for line in there),
    ]


def at_first(program: Program) -> tuple[list[str], list[str]]:
    """The lines by which those get a seat who may differ from what all began with; and what such
    lines take.
    """
    kept = columns(program)
    names = [*SEATS, "at_first", *(f"{of}_{column}" for column in kept for of in ("c", "few"))]
    return names, [
        "for s in range(at_first.shape[0]):",
        "    m = seat_of(seats, seat_table, at_first[s])",
        *(f"    few_{column}[m] = c_{column}[at_first[s]]" for column in kept),
    ]


class Seats:
    """The seats of a shard that holds everybody, and the names by which kernels find them."""

    def __init__(self, program: Program) -> None:
        """Make room; nobody is seated."""
        self._begun = {name: fresh_values(program.stored[name], 1) for name in columns(program)}
        self._room = rolls.MOST_SEATED + rolls.ROOM * len(rolls.spreadings(program))
        self._seats = np.full(SEATED + self._room, 0)  # Pages that are there, as in all of these.
        self._seats[FULL] = rolls.MOST_SEATED
        slots = 1 << (4 * self._room - 1).bit_length()
        self._table = np.full(slots, 0, whole_type(0, self._room))
        self._few = dict[str, Column]()

    def given(self, names: Mapping[str, Any]) -> dict[str, Any]:
        """What kernels take, with values of the types that columns have now."""
        for column, begun in self._begun.items():
            self._few[column] = np.full(self._room, begun, names[f"c_{column}"].dtype)
        few = {f"few_{column}": values for column, values in self._few.items()}
        return {"seats": self._seats, "seat_table": self._table, "at_first": NOBODY, **few}

    def take(self, state: rolls.StateOnCall) -> Integers:
        """Let everybody have a seat who is met, if those few are known who may differ from what
        all began with: who they are.
        """
        written = state.take_written()
        wider = any(self._few[name].dtype != one.dtype for name, one in self._begun.items())
        if written is None or wider:
            return NOBODY  # Where a column has become wider, it says "never" in another way.
        self._seats[LIVE] = 1
        return np.concatenate([NOBODY, *written])

    def lay_down(self, names: Mapping[str, Any]) -> None:
        """Let columns have what is at seats, and nobody sit there any more."""
        if self._seats[LIVE]:
            who = self._seats[SEATED : SEATED + self._seats[COUNT]]
            for column, values in self._few.items():
                names[f"c_{column}"][who] = values[: who.size]
            self._seats[COUNT] = self._seats[LIVE] = 0
