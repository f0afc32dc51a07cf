"""For whom a stored column may become another in a step, read off the rules that write it.

Who follows agents need not look at every column of all of them after every step: where the rule
that writes a column runs for those reached by a tie rule, nobody else has another value of it. A
reason counts unless it is known that it does not; what comes from outside the rules (interventions,
who enters and leaves) is not in here, and whoever uses this looks at everybody after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..backends import Acting, Claiming, Facing, Program
from ..rules import Activity


@dataclass(frozen=True)
class Occasion:
    """Those for whom something may happen in a step.

    `everybody`; or those to whom one of the tie rules `arrived` brought something in it, who had
    one of the flags or pulses `up` before it, or who wake in it by one of the columns `woken`.
    """

    everybody: bool = False
    arrived: frozenset[str] = frozenset()
    up: frozenset[str] = frozenset()
    woken: frozenset[str] = frozenset()

    def __or__(self, other: Occasion) -> Occasion:
        """Those of either."""
        if self.everybody or other.everybody:
            return EVERYBODY
        return Occasion(
            False, self.arrived | other.arrived, self.up | other.up, self.woken | other.woken
        )


NOBODY, EVERYBODY = Occasion(), Occasion(everybody=True)


def occasions(programs: Mapping[str, Program], of: str) -> dict[str, Occasion]:
    """For whom each stored column of population `of` may become another, by column."""
    program = programs[of]
    claimed = {
        part.column.column
        for one in programs.values()
        for part in _parts(one)
        if isinstance(part, Claiming) and part.column is not None and part.column.of == of
    }
    from_elsewhere = claimed | {*program.brought.loose}  # a link lets go of whoever leaves
    return {
        name: EVERYBODY if name in from_elsewhere else _written(program, name, frozenset())
        for name in program.stored
    }


def _written(program: Program, column: str, met: frozenset[str]) -> Occasion:
    """For whom rules may write `column`; those of the columns `met` are counted already."""
    found = NOBODY
    if program.stored[column].kind == "pulse":  # it falls by itself
        found = Occasion(up=frozenset([column]))
    for part in _parts(program):
        if isinstance(part, Acting | Facing) and column in part.rule.writes:
            found |= _called(program, part.rule.on, met | {column})
    return found


def _called(program: Program, on: Activity, met: frozenset[str]) -> Occasion:
    """For whom a rule may run."""
    if on.kind == "reached_by" and not program.claims(on.of):
        return Occasion(arrived=frozenset([on.of]))
    if on.kind == "awake":  # no rule lets an agent wake in the step in which it runs
        return Occasion(arrived=frozenset([on.also] if on.also else []), woken=frozenset([on.of]))
    if on.kind == "flagged":
        found = Occasion(up=frozenset([on.of]))
        raised = program.stored[on.of].kind == "flag" and on.of not in met  # earlier in the step
        return found | _written(program, on.of, met) if raised else found
    return EVERYBODY


def _parts(program: Program) -> Iterable[object]:
    return (part for phase in program.phases for part in phase)
