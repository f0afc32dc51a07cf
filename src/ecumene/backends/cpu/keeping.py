"""What a tile of agents was given is kept, or waits in the log; and what it changes is counted.

A column after the other, in loops that vectorise. Where groups are ranges of agents, such as
countries, a tile has hardly ever two, and is counted as a whole.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..ruled import Facing
from .acting import store_arguments
from .storage import FLAGS
from .streaming import kept_flags, kept_numbers
from .tallying import amounts, others
from .text import Writer


def kept(writer: Writer, facing: Facing, waiting: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Arguments and lines for a tile of `n` from place `at` on, given `v_COLUMN`.

    Who is left over, `lone`, keeps what it had. `waiting` columns go to the log.
    """
    arguments, lines = list[str](), list[str]()
    for column in facing.rule.writes:
        kind = writer.program.stored[column].kind
        if column in waiting:
            value = f"v_{column}[sure(s)]" + (" != 0" if kind in FLAGS else "")
            lines += ["for s in range(n):", f"    r_{column}[sure(at + s)] = {value}"]
            arguments.append(f"r_{column}")
            continue
        names, old = writer.value(column) if kind != "pulse" else ([], "False")
        held = f"c_{column}[i]" if kind == "step" else old
        lines += ["if 0 <= lone < n:", "    i = at + lone", f"    v_{column}[lone] = {held}"]
        if kind != "pulse":
            counting, counts = _counted(writer, column, old)
            arguments, lines = [*arguments, *counting], [*lines, *counts]
        lines += (kept_flags if kind in FLAGS else kept_numbers)(writer, column, f"v_{column}")
        arguments += [*names, *store_arguments(writer, facing, [column])]
    return arguments, lines


def one_along(writer: Writer, along: Callable[..., Any]) -> str:
    """The test that a tile of `n` from place `at` on has one value of what its columns go along."""
    name = writer.call(along, "derived columns")
    return f"{name}(place0 + at, tables) == {name}(place0 + at + n - 1, tables)"


def _counted(writer: Writer, column: str, old: str) -> tuple[list[str], list[str]]:
    """What is counted of a column by group, before its values are kept."""
    now = _seen(f"v_{column}[sure(s)]", column, writer.program.stored[column].kind)
    each = ["for s in range(n):", "    i = sure(at + s)", f"    old, v = {old}, {now}"]
    arguments, lines = list[str](), list[str]()
    ranges = [group for group in _ranges(writer) if amounts(writer, column, group)]
    for group in ranges:
        names, value = writer.derived(group)
        arguments, lines = (
            [*arguments, *names],
            [*lines, *_by_range(writer, column, group, each, value)],
        )
    names, more = others(writer, column, ranges)
    if more:
        lines += [*each, *("    " + line for line in more)]
    return [*arguments, *names], lines


def _ranges(writer: Writer) -> list[str]:
    """The groups of tallies that are ranges of agents."""
    groups = dict.fromkeys(tally.group for tally in writer.program.tallies if tally.group)
    derived = writer.program.derived
    return [group for group in groups if group in derived and derived[group].along]


def _by_range(writer: Writer, column: str, group: str, each: list[str], value: str) -> list[str]:
    """What is counted of a column by a group that lies in ranges."""
    along = writer.program.derived[group].along
    assert along is not None
    counted = amounts(writer, column, group)
    return [
        "i = at",
        f"if {one_along(writer, along)}:",
        f"    g_{group} = {value}",
        *(f"    gained_{k} = int(0)" for k in range(len(counted))),
        *("    " + line for line in each),
        *(f"        gained_{k} += {now} - {old}" for k, (_, old, now) in enumerate(counted)),
        *(f"    tallies[{cell}] += gained_{k}" for k, (cell, _, _) in enumerate(counted)),
        "else:",
        *("    " + line for line in each),
        f"        g_{group} = {value}",
        *(f"        tallies[{cell}] += {now} - {old}" for cell, old, now in counted),
    ]


def _seen(value: str, column: str, kind: str) -> str:
    """A value as it is kept, as rules see it."""
    if kind in FLAGS:
        return f"{value} != 0"
    if kind == "step":
        return f"step_value({value}, top_{column})"
    return f"float({value})" if kind == "float" else f"int({value})"
