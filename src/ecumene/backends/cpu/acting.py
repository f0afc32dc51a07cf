"""The kernels of agent rules: whom they run for, what they write, what that counts."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...population import NEVER, PRESENT, Stored
from ...rules import AgentRule, Claim, Entry
from ..program import Program
from ..ruled import Acting, Facing
from . import arriving
from .crowding import crowd_of
from .fetching import of_tile
from .storage import FLAGS
from .streaming import find, streamed, streams
from .tallying import tallied
from .text import Writer

# What raises pulses: their levels, and whether this agent's goes up.
RAISE = re.compile(r"\bput_if\((u_\w+_0, u_\w+_1, u_\w+_2), i, (.*)\)$")


def write_acting(writer: Writer, acting: Acting) -> None:
    """Add the kernel `act_RULE(first, last, ...)` for places first..last-1 of a shard."""
    rule = acting.rule
    names, lines, works = worked_out(writer, acting)
    more, crowd = crowd_of(writer, acting, names, works, levels_of_set(rule)[0])
    each = [*works, *stores(writer, acting)]
    loop_arguments, looped = loop(writer.program, rule, each, crowd)
    names = ["first", "last", "luck", "tallies", "error", *names, *more]
    if streams(writer.program, acting.rule):
        loop_arguments, looped = streamed(writer, acting, works)
        writer.add(f"find_{rule.name}", names, [*lines, *find(writer, acting, works)])
    names += loop_arguments
    writer.add(f"act_{rule.name}", names, [*lines, *looped])


def worked_out(writer: Writer, acting: Acting) -> tuple[list[str], list[str], list[str]]:
    """What the rule takes; lines before all; and those that give `result` at local place `i`."""
    rule, rising = acting.rule, in_order(acting.rule)
    function = writer.call(rule.function, f"rule `{rule.name}`")
    arguments, lines = writer.globals_of(acting.env)
    me_arguments, me = writer.me(acting.reads, acting.snapshots, rising)
    begins, seeks = ascending(writer.program, acting.reads) if rising else ([], [])
    given = f"result = {function}(me, env, model, fold({writer.luck()}, {writer.who}))"
    names = [*arguments, *me_arguments, *writer.who_arguments, *store_arguments(writer, acting)]
    return names, [*lines, *begins], [*seeks, f"me = {me}", given]


def loop(
    program: Program, rule: AgentRule | Claim | Entry, each: list[str], crowd: Sequence[str] = ()
) -> tuple[list[str], list[str]]:
    """The loop over whom the rule runs for, around the lines for local place `i`.

    Of a set, the lines `crowd` go before a tile of its members is listed.
    """
    if rule.on.kind == "everyone" and not program.is_open:
        return [], ["for i in range(first, last):", *_indent(each)]
    if rule.on.kind == "sample":
        return ["drawn"], ["for s in range(first, last):", "    i = sure(drawn[s])", *_indent(each)]
    if rule.on.kind == "reached_by" and program.claims(rule.on.of):
        listed = f"gp_{rule.on.of}"
        return [listed], [
            "for s in range(first, last):",
            f"    i = sure({listed}[s])",
            *_indent(each),
        ]
    levels = levels_of_set(rule)
    before, soon = of_tile(each)
    each = [*soon, *each]
    return ["tile", *levels], [
        "at = first",
        "while at < last:",
        *_indent(crowd),
        f"    n, at = gather({', '.join(levels)}, at, last, tile)",
        *_indent(before),
        *_indent(_raising(["for s in range(n):", "    i = sure(tile[s])", *_indent(each)])),
    ]


def levels_of_set(rule: AgentRule | Claim | Entry) -> list[str]:
    """The set of those whom a rule runs for, if it runs for one."""
    bits = f"a_{rule.on.of}" if rule.on.kind == "reached_by" else f"x_{rule.name}"
    bits = f"c_{PRESENT}" if rule.on.kind == "everyone" else bits
    return [f"{bits}_{level}" for level in range(3)]


def _raising(lines: list[str]) -> list[str]:
    """The lines of a tile's loop; where agents are crowded, upper levels of pulses go last."""
    raised = list(dict.fromkeys(m[1] for line in lines for m in RAISE.finditer(line)))
    if not raised:
        return lines
    lifts = [f"lift({levels}, lowest, highest)" for levels in raised]
    return [
        f"crowded = n > 0 and tile[n - 1] - tile[0] < n << {arriving.CROWDED}",
        *(RAISE.sub(r"put_low_if(\1, i, \2, crowded)", line) for line in lines),
        "if crowded:",
        "    lowest, highest = tile[0] >> 12 << 12, ((tile[n - 1] >> 12) + 1) << 12",
        *_indent(lifts),
    ]


def in_order(rule: AgentRule | Claim | Entry) -> bool:
    """Whether the loop meets agents in order of place."""
    return rule.on.kind != "sample"


def ascending(program: Program, reads: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """What claims brought, where a loop meets agents in order of place: looked up going along.

    Lines before the loop, and lines for each agent before its `Writer.me`. A search for each
    agent costs 30 ns among a million, as nobody can foretell its branches.
    """
    names = [program.grants[name].rule.name for name in reads if name in program.grants]
    begins = [f"at_{name} = int(0)" for name in names]
    return begins, [f"at_{name} = seek(gp_{name}, i, at_{name})" for name in names]


def stores(writer: Writer, acting: Acting) -> list[str]:
    """The lines that check and keep what the rule gave for local place `i`."""
    writes = acting.rule.writes
    lines: list[str] = []
    for number, column in enumerate(writes):
        value = f"result[{number}]" if len(writes) > 1 else "result"
        few = acting.rule.on.kind != "everyone"
        lines += store(writer, acting.rule.name, column, number, value, few)
    return lines


def store(
    writer: Writer, rule: str, column: str, number: int, value: str, few: bool = False
) -> list[str]:
    """The lines that check `value` and keep it in `column` of local place `i`.

    For `few` agents even an unchanged value is kept: a branch nobody can foretell costs more.
    """
    stored = writer.program.stored[column]
    if writer.program.is_open and column == PRESENT:
        return [f"put_if(leaving_0, leaving_1, leaving_2, i, not bool({value}))"]
    if stored.kind == "pulse":
        return [f"put_if(u_{column}_0, u_{column}_1, u_{column}_2, i, bool({value}))"]
    changed = _changes(writer, column)
    if stored.kind == "flag":
        return _kept_flag(column, value, changed)
    if stored.kind == "wake":
        return _kept_wake(column, value, stored, number, writer.program.waked(column) == rule)
    plain = not any(t.column == column and t.group for t in writer.program.tallies)
    other = "else:" if few and plain and not writer.program.watchers(column) else "elif v != old:"
    kept = "v" if stored.kind != "step" else f"top_{column} if v == {NEVER} else v"
    return [
        *_tested(column, value, stored),
        *_note(number, "0" if stored.kind == "float" else "int(v)"),
        other,
        f"    c_{column}[i] = {kept}",
        *_indent(changed),
    ]


def _kept_flag(column: str, value: str, changed: list[str]) -> list[str]:
    """The lines that keep a flag and do what follows from another one."""
    return [
        f"v = bool({value})",
        f"old = has(c_{column}_0, i)",
        "if v != old:",
        "    if v:",
        f"        put({', '.join(f'c_{column}_{level}' for level in range(3))}, i)",
        "    else:",
        f"        drop(c_{column}_0, i)",
        *_indent(changed),
    ]


def _kept_wake(
    column: str, value: str, stored: Stored, number: int, by_the_woken: bool
) -> list[str]:
    """The lines that keep when somebody wakes; other rules may leave one of this step as it was."""
    left = "" if by_the_woken else " and v != old"
    return [
        f"v = int({value})",
        f"old = step_value(c_{column}[i], top_{column})",
        f"if v != {NEVER} and (v <= step or v > step + {stored.ahead}){left}:",
        *_note(number, "int(v)"),
        "elif v != old:",
        f"    c_{column}[i] = top_{column} if v == {NEVER} else v",
        f"    wake_by(b_{column}_1, b_{column}_2, b_{column}_3, i, v)",
    ]


def _tested(column: str, value: str, stored: Stored) -> list[str]:
    """The value, the old one, and the test that the value cannot be kept."""
    if stored.kind == "float":
        return [f"v = float({value}) + 0.0", f"old = c_{column}[i]", "if v != v:"]
    if stored.kind == "step":
        return [
            f"v = int({value})",
            f"old = step_value(c_{column}[i], top_{column})",
            f"if v != {NEVER} and (v < 0 or v > step + {stored.ahead}):",
        ]
    return [
        f"v = int({value})",
        f"old = int(c_{column}[i])",
        f"if v < {stored.low} or v > {stored.high}:",
    ]


def _note(number: int, value: str) -> list[str]:
    """The lines that note the first place whose value cannot be kept."""
    return [
        "    if place0 + i < error[0]:",
        "        error[0] = place0 + i",
        f"        error[1] = {number}",
        f"        error[2] = {value}",
    ]


def _changes(writer: Writer, column: str) -> list[str]:
    """What else follows from a column's new value `v` in place of `old`."""
    _, lines = tallied(writer, column)
    for watcher in writer.program.watchers(column):
        lines.append(f"put(y_{watcher}_0, y_{watcher}_1, y_{watcher}_2, i)")
    return lines


def store_arguments(
    writer: Writer, acting: Acting | Facing, columns: Sequence[str] | None = None
) -> list[str]:
    """What those lines take, for these or for all columns that the rule writes."""
    names: list[str] = []
    for column in acting.rule.writes if columns is None else columns:
        stored = writer.program.stored[column]
        if writer.program.is_open and column == PRESENT:
            names += [f"leaving_{level}" for level in range(3)]
            continue
        prefix = "u" if stored.kind == "pulse" else "c"
        if stored.kind in FLAGS:
            names += [f"{prefix}_{column}_{level}" for level in range(3)]
        else:
            names.append(f"c_{column}")
        if stored.holds_steps:
            names.append(f"top_{column}")
        if stored.kind == "wake":
            names += [f"b_{column}_{level}" for level in (1, 2, 3)]
        names += tallied(writer, column)[0]
        for watcher in writer.program.watchers(column):
            names += [f"y_{watcher}_{level}" for level in range(3)]
    return names


def _indent(lines: Sequence[str]) -> list[str]:
    return ["    " + line for line in lines]
