"""Rules for the members of a set, where many of those next to each other are in it.

One by one, a member takes some fifty operations, many of which wait for each other; worked out for
everybody in vectors of bytes, a rule takes one or two a place. So where members stand close
together a rule is worked out for all places of a tile, as one for everyone is (`streaming`): where
somebody is in the set, what the rule gives is kept, and elsewhere what was there. That is done for
rules that could be asked of anybody and of which it is plain to see that all they give fits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ...arrays import Column
from ...population import NEVER, Stored
from ...rules import Bounds, draws, gives_a_step, holds_for_anybody, returned
from ..program import Program
from ..ruled import Acting
from .fetching import of_stream
from .payloads import bounds_of
from .storage import FLAGS
from .streaming import from_bytes, kept_flags, writes_plainly
from .tallying import amounts
from .text import STREAM, Kernel, Writer

LEAST = 1 << 15  # Agents below which compiling it takes more time than it saves.
CLOSE, CLOSE_DRAWING = 5, 3  # A member among `1 << 5` places on average, or where each draws.
SETS = ("reached_by", "changed")
ROOMS = ("crowded_", "seen_")  # Begin the names of a worker's bytes for a tile.
TOP = re.compile(r"\btop_(\w+)")
STEP = re.compile(r"\bstep_value\((\w+)\[i\], top_(\w+)\)")


def crowd_of(
    writer: Writer, acting: Acting, names: list[str], works: list[str], member: str
) -> tuple[list[str], list[str]]:
    """Arguments, and lines that run a rule for the members among the next places from `at` on,
    where these are close, and go on. None for other rules.

    `works` give the `result` of local place `i` and take `names`; `member` are the set's words.
    """
    rule = acting.rule
    if not _crowds(writer.program, acting):
        return [], []
    rooms, lines = _at_once(writer, acting, works, member)
    taken = list(dict.fromkeys(["luck", "tallies", *names, member, *rooms]))
    given = ", ".join(taken)
    text = "\n".join("    " + line for line in lines)
    writer.have(f"@jit\ndef crowd_{rule.name}(begin, end, {given}):\n{text}\n")
    close = CLOSE_DRAWING if draws(rule.function) else CLOSE
    return rooms, [
        f"end = min((at | {STREAM - 1}) + 1, last)",
        f"if count_run({member}, at, end) << {close} > end - at:",
        f"    crowd_{rule.name}(at, end, {given})",
        "    at = end",
        "    continue",
    ]


def room(kernels: Mapping[str, Kernel]) -> dict[str, Column]:
    """A worker's room for a tile's flags, as bytes: those that are looked up, or given."""
    names = {n for name in kernels if name.startswith("act_") for n in kernels[name].arguments}
    return {n: np.empty(STREAM, np.uint8) for n in sorted(names) if n.startswith(ROOMS)}


def _crowds(program: Program, acting: Acting) -> bool:
    """Whether a rule runs for a set's members, could be asked of anybody, and gives what fits."""
    rule = acting.rule
    if program.agents < LEAST or program.is_open or rule.on.kind not in SETS:
        return False
    if rule.on.kind == "reached_by" and program.claims(rule.on.of):
        return False
    known = all(name in program.stored or name in program.arrivals for name in acting.reads)
    if not known or not writes_plainly(program, rule) or not holds_for_anybody(rule.function):
        return False
    counted = [t for t in program.tallies if t.column in rule.writes]
    few = all(t.predicate and _is_0_or_1(t.predicate) for t in counted)
    return few and all(_fits(program, acting, number) for number in range(len(rule.writes)))


def _is_0_or_1(predicate: Callable[..., Any]) -> bool:
    """Whether a measure counts an agent once at most."""
    return returned(predicate, {}, along_ties=False) == (0, 1)


def _fits(program: Program, acting: Acting, number: int) -> bool:
    """Whether all fits that the rule gives the column that it writes as number so much."""
    rule = acting.rule
    stored = program.stored[rule.writes[number]]
    part = number if len(rule.writes) > 1 else None
    if stored.kind in FLAGS:
        return True
    if stored.kind == "step":
        return gives_a_step(rule.function, part, _steps_within(program, stored))
    bounds = None
    if stored.kind == "int":
        known = bounds_of(program, acting.reads) | _counted(program, acting)
        bounds = returned(rule.function, known, along_ties=False, part=part)
    return bounds is not None and stored.low <= bounds[0] and bounds[1] <= stored.high


def _counted(program: Program, acting: Acting) -> dict[str, Bounds]:
    """Between which numbers lies what a rule reads of how many reached its agent."""
    found: dict[str, Bounds] = {}
    for name in acting.reads:
        spreading = program.arrivals.get(name)
        most = spreading and program.networks[spreading.rule.over].most
        if spreading and most is not None and spreading.rule.combine == "count":
            found[name] = 0, most
    return found


def _steps_within(program: Program, stored: Stored) -> list[str]:
    """The columns whose steps lie no further ahead than those of another may."""
    steps = {name: other for name, other in program.stored.items() if other.kind == "step"}
    return [name for name, other in steps.items() if other.ahead <= stored.ahead]


def _at_once(
    writer: Writer, acting: Acting, works: list[str], member: str
) -> tuple[list[str], list[str]]:
    """A worker's rooms, and lines that run for the members of places `begin` to `end` - 1."""
    rooms, work, keep = list[str](), list[str](), list[str]()
    sums = list[str]()
    for number, column in enumerate(acting.rule.writes):
        result = f"result[{number}]" if len(acting.rule.writes) > 1 else "result"
        if writer.program.stored[column].kind in FLAGS:
            rooms.append(f"crowded_{number}")
            work.append(f"{rooms[-1]}[sure(s)] = {_flag(writer, column, result, member)}")
            keep += kept_flags(writer, column, rooms[-1])
        else:
            work += _number(writer, column, result, member)
            sums += [cell for cell, _, _ in amounts(writer, column)]
    works, tops = _narrow([*works, *work])
    each, flags = from_bytes([line.replace("place0 + i", "who") for line in works])
    return [*rooms, *(f"seen_{words}" for words in flags)], [
        *tops,
        *writer.globals_of(acting.env)[1],
        "at = begin >> 6 << 6",
        "n = end - at",
        *(f"spread_bits({words}, at, n, seen_{words})" for words in flags),
        "for s in range(begin - at):",  # those of the first word who were run for before
        f"    seen_{member}[s] = 0",
        *of_stream(each),
        *(f"gained_{cell} = short(0)" for cell in sums),
        "start = place0 + at",
        "for who in range(start, start + n):",
        "    s = sure(who - start)",
        "    i = sure(who - place0)",
        *("    " + line for line in each),
        *(f"tallies[{cell}] += int(gained_{cell})" for cell in sums),
        *keep,
    ]


def _narrow(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines with what stands for `NEVER` as narrow as the columns, and those that make it so:
    else steps would be compared in 64 bits.
    """
    arrays = {m[1]: f"c_{m[1]}" for line in lines for m in TOP.finditer(line)}
    arrays |= {m[2]: m[1] for line in lines for m in STEP.finditer(line)}
    tops = [f"last_{name} = {array}.dtype.type(top_{name})" for name, array in arrays.items()]
    # The present step fits each of them.
    tops += [f"step = int({array}.dtype.type(step))" for array in [*arrays.values()][:1]]
    return [TOP.sub(r"last_\1", line) for line in lines], tops


def _flag(writer: Writer, column: str, result: str, member: str) -> str:
    """The byte of a flag, or whether a pulse is raised."""
    before = "False"
    if writer.program.stored[column].kind == "flag":
        before = f"has(c_{column}_0, i)"
    return f"bool({result}) if has({member}, i) else {before}"


def _number(writer: Writer, column: str, result: str, member: str) -> list[str]:
    """The lines that keep a number as narrow as it stands there, and count what that changes."""
    place, value = f"c_{column}[i]", writer.value(column)[1]
    counted = amounts(writer, column)
    is_step = writer.program.stored[column].kind == "step"
    kept = f"top_{column} if v == {NEVER} else v" if is_step else "v"
    # Counted in 16 bits: no more than one for each of a tile.
    adds = [
        f"gained_{cell} = short(gained_{cell} + {now} - {before})" for cell, before, now in counted
    ]
    return [
        *([f"old = {value}"] if counted else []),
        f"v = int({result})",
        f"{place} = ({kept}) if has({member}, i) else {place}",
        *([f"v = {value}", *adds] if counted else []),
    ]
