"""What a column's new value adds to the tallies: the lines of a kernel, and what they gathered.

A worker gathers changes in an array of 64-bit numbers, the cells of one tally after another. Where
a sum of changes could pass 2**63, its upper halves have cells of their own behind all others.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...arrays import Integers
from ..program import Program
from ..tally import Tally
from .text import Writer

HALF = 32  # Bits below the upper half of a change.


def width(program: Program) -> int:
    """How many numbers a worker gathers."""
    upper = sum(_upper_cells(program)) if program.any_wide else 0
    return max(1, sum(program.groups) + upper)


def gathered(program: Program, changes: Integers) -> list[int]:
    """The change of each tally's cells, exactly."""
    cells = changes.tolist()[: sum(program.groups)]
    if not program.any_wide:
        return cells
    for tally, first, upper in _layout(program):
        if program.wide(tally):
            for cell in range(program.cells(tally)):
                cells[first + cell] += int(changes[upper + cell]) << HALF
    return cells


def tallied(writer: Writer, column: str) -> tuple[list[str], list[str]]:
    """Arguments and lines for a `column` that took the value `v` in place of `old`."""
    arguments: list[str] = []
    lines: list[str] = []
    for tally, first, upper in _layout(writer.program):
        if column in (tally.column, tally.group):
            more, adds = _tallied(writer, tally, first, upper, column)
            arguments, lines = [*arguments, *more], [*lines, *adds]
    return arguments, lines


def _tallied(
    writer: Writer, tally: Tally, first: int, upper: int, column: str
) -> tuple[list[str], list[str]]:
    """The same for one tally."""
    names, here, there = _cells(writer, tally, first, column)
    before, now, more = _amounts(writer, tally, column)
    far = upper - first if writer.program.wide(tally) else 0
    if here == there:
        return [*names, *more], _add(here, f"{now} - {before}", far)
    return [*names, *more], [*_add(here, f"-{before}", far), *_add(there, now, far)]


def amounts(writer: Writer, column: str, group: str | None = None) -> list[tuple[str, str, str]]:
    """Of each tally of `column` by the derived `group`, or in one cell: which cell, where `g_GROUP`
    is the agent's group, and what `old` and `v` add to it. Of those that add up below 2**63.
    """
    return [
        (_cell(first, group), *_amounts(writer, tally, column)[:2])
        for tally, first, _ in _layout(writer.program)
        if tally.column == column and tally.group == group and not writer.program.wide(tally)
    ]


def _cell(first: int, group: str | None) -> str:
    return f"{first} + g_{group}" if group else str(first)


def others(writer: Writer, column: str, groups: Sequence[str]) -> tuple[list[str], list[str]]:
    """Arguments and lines for all that `amounts` leaves out, in one cell or by these groups."""
    arguments, lines = list[str](), list[str]()
    for tally, first, upper in _layout(writer.program):
        known = tally.group in (None, *groups) and not writer.program.wide(tally)
        if column in (tally.column, tally.group) and not known:
            more, adds = _tallied(writer, tally, first, upper, column)
            arguments, lines = [*arguments, *more], [*lines, *adds]
    return arguments, lines


def _layout(program: Program) -> list[tuple[Tally, int, int]]:
    """Each tally with its first cell, and the first of its upper halves if it has any."""
    found: list[tuple[Tally, int, int]] = []
    first, upper = 0, sum(program.groups)
    for tally, cells, more in zip(
        program.tallies, program.groups, _upper_cells(program), strict=True
    ):
        found.append((tally, first, upper))
        first, upper = first + cells, upper + more
    return found


def _upper_cells(program: Program) -> list[int]:
    return [program.cells(t) if program.wide(t) else 0 for t in program.tallies]


def _cells(writer: Writer, tally: Tally, first: int, column: str) -> tuple[list[str], str, str]:
    """Arguments, and the cell of local place `i` before and after the write."""
    if tally.group is None:
        return [], str(first), str(first)
    stored = writer.program.stored.get(tally.group)
    if stored is None:
        names, group = writer.derived(tally.group)
        cell = f"{first} + {group}"
        return names, cell, cell
    if tally.group == column:
        return [], f"old + {first - stored.low}", f"v + {first - stored.low}"
    names, value = writer.value(tally.group)
    cell = f"{value} + {first - stored.low}"
    return names, cell, cell


def _amounts(writer: Writer, tally: Tally, column: str) -> tuple[str, str, list[str]]:
    """What local place `i` adds before and after the write, and arguments for it."""
    names, values = (
        ([], ("old", "v")) if tally.column == column else _unchanged(writer, tally.column)
    )
    if tally.predicate is None:
        before, now = (f"int({value})" for value in values)
    else:
        count = writer.call(tally.predicate, f"the predicate of a measure of `{tally.column}`")
        before, now = (f"int({count}({value}))" for value in values)
    return before, now, names


def _unchanged(writer: Writer, column: str) -> tuple[list[str], tuple[str, str]]:
    names, value = writer.value(column)
    return names, (value, value)


def _add(cell: str, amount: str, far: int) -> list[str]:
    if not far:
        return [f"tallies[{cell}] += {amount}"]
    return [
        f"change = {amount}",
        f"tallies[{cell}] += change & {(1 << HALF) - 1}",
        f"tallies[{cell} + {far}] += change >> {HALF}",
    ]
