"""Rules for everyone, a tile at a time, in loops that vectorise.

What a rule gives is worked out and checked for a whole tile before any of it is kept, so that a
rule may write the columns that it reads; it waits in the first-level cache, as narrow as it will be
kept, or in 16 bits. Flags are bytes within a tile, and words of 64 again when kept; tallies are
added up by tile. A tile in which something does not fit is left as it is and named in `error`.
`test_a_dense_rule_is_the_rule` holds all this to the plain loop.
"""

from __future__ import annotations

import re

from ...population import NEVER, Stored
from ...rules import AgentRule, Bounds, draws, returned
from ..program import Program
from ..ruled import Acting
from .fetching import of_stream
from .payloads import bounds_of
from .storage import FLAGS
from .tallying import amounts
from .text import STREAM, Writer

SHORT = 1 << 15  # Beyond all numbers of 16 bits.
HAS = re.compile(r"\bhas\((\w+), i\)")
ARRIVED = re.compile(r"\barrived\((\w+), (\w+), i, (-?\w+)\)")


def streams(program: Program, rule: AgentRule) -> bool:
    """Whether a rule runs for everyone, and writes plainly."""
    return rule.on.kind == "everyone" and not program.is_open and writes_plainly(program, rule)


def writes_plainly(program: Program, rule: AgentRule) -> bool:
    """Whether what a rule writes wakes nobody, and is counted in one cell."""
    plain = all(wakes_nobody(program, column) for column in rule.writes)
    counted = [t for t in program.tallies if {t.column, t.group} & {*rule.writes}]
    return plain and not any(t.group or program.wide(t) for t in counted)


def wakes_nobody(program: Program, column: str) -> bool:
    """Whether no rule runs, now or later, because of what is written into a column."""
    return program.stored[column].kind != "wake" and not program.watchers(column)


def streamed(writer: Writer, acting: Acting, works: list[str]) -> tuple[list[str], list[str]]:
    """Arguments and lines: everyone by tiles, where `works` gives the `result` of place `i`."""
    works, flags = from_bytes([line.replace("place0 + i", "who") for line in works])
    bounds = _bounds(writer.program, acting)
    short = _is_short(acting, bounds)
    begins = f"{'short' if short else 'given'}_{acting.rule.name}"
    given = [f"{begins}_{n}" for n in range(len(acting.rule.writes))]
    work, checks, keep = list[str](), list[str](), list[str]()
    for (column, value, test), room in zip(_values(writer, acting), given, strict=True):
        stored = writer.program.stored[column]
        sure_to_fit = bounds and stored.low <= bounds[0] and bounds[1] <= stored.high
        kept = f"top_{column} if v == {NEVER} else v" if stored.kind == "step" else "v"
        work.append(f"v = {f'short({value})' if short else value}")
        if test and not sure_to_fit and short:
            checks = _checked(room, test)
        elif test and not sure_to_fit:
            work.append(f"wrong |= {_noted(stored, test)}")
        work.append(f"{room}[sure(s)] = {kept}")
        keep += (kept_flags if stored.kind in FLAGS else kept_numbers)(writer, column, room)
    held = [f"c_{c}[i]" for c in acting.rule.writes if writer.program.stored[c].kind not in FLAGS]
    return [*given, *(f"seen_{words}" for words in flags)], [
        f"for at in range(first, last, {STREAM}):",
        f"    n = min({STREAM}, last - at)",
        *(f"    spread_bits({words}, at, n, seen_{words})" for words in flags),
        *("    " + line for line in of_stream([*works, *held])),
        "    wrong = 0",
        "    start = place0 + at",
        # Counted by identity: adding `place0` for each agent costs a tenth of a draw.
        "    for who in range(start, start + n):",
        "        s = sure(who - start)",
        "        i = sure(who - place0)",
        *("        " + line for line in [*works, *work]),
        *("    " + line for line in checks),
        "    if wrong != 0:",
        "        error[0] = place0 + at",
        "        return",
        *("    " + line for line in keep),
    ]


def _bounds(program: Program, acting: Acting) -> Bounds | None:
    """Between which whole numbers lies what the rule gives its only column, where that is known."""
    column, *others = acting.rule.writes
    if others or program.stored[column].kind in FLAGS or not bounds_of(program, (column,)):
        return None
    known = bounds_of(program, acting.reads)
    return returned(acting.rule.function, known, along_ties=False)


def _is_short(acting: Acting, bounds: Bounds | None) -> bool:
    """Whether what a rule gives without a draw, which has 64, has 16 bits, fits it or not.

    Then it waits in so many, and is checked once all of a tile is there: where what is worked out
    has one use alone, the compiler works it out in 16 bits, four times as many at a time.
    """
    short = bounds is not None and bounds[0] >= -SHORT and bounds[1] < SHORT
    return short and not draws(acting.rule.function)


def _checked(room: str, test: str) -> list[str]:
    """The lines that note in `wrong` whether any number of a tile cannot be kept."""
    return [
        "off = short(0)",
        "for s in range(n):",
        f"    v = int({room}[sure(s)])",
        f"    off = short(off | int({test}))",
        "wrong |= int(off)",
    ]


def _noted(stored: Stored, test: str) -> str:
    """What is not zero where `v` cannot be kept: one operation for a whole word."""
    room = stored.high - stored.low
    if stored.kind in ("float", "step") or room & (room + 1) != 0:
        return f"int({test})"
    return f"((v - {stored.low}) & {~room})"


def from_bytes(works: list[str]) -> tuple[list[str], list[str]]:
    """The lines with flags, and what arrived, read from a tile of bytes; and from which words."""
    found = [m[1] for line in works for m in [*HAS.finditer(line), *ARRIVED.finditer(line)]]
    lines = [
        ARRIVED.sub(
            r"(int(\2[i]) if seen_\1[sure(s)] != 0 else int(\3))",
            HAS.sub(r"(seen_\1[sure(s)] != 0)", line),
        )
        for line in works
    ]
    return lines, list(dict.fromkeys(found))


def kept_numbers(writer: Writer, column: str, room: str) -> list[str]:
    """The lines that keep a tile of a column's new values, and count what they change."""
    counted = amounts(writer, column)
    shown = f"c_{column}[sure(at + s)]", f"{room}[sure(s)]"
    kind = writer.program.stored[column].kind
    old, v = (
        f"step_value({one}, top_{column})"
        if kind == "step"
        else f"{'float' if kind == 'float' else 'int'}({one})"
        for one in shown
    )
    adds = [f"    gained_{k} += {now} - {before}" for k, (_, before, now) in enumerate(counted)]
    return [
        *(f"gained_{k} = int(0)" for k in range(len(counted))),
        "for s in range(n):",
        *([f"    old, v = {old}, {v}", *adds] if counted else []),
        f"    {shown[0]} = {shown[1]}",
        *(f"tallies[{cell}] += gained_{k}" for k, (cell, _, _) in enumerate(counted)),
    ]


def kept_flags(writer: Writer, column: str, room: str) -> list[str]:
    """The lines that put a tile of flags, or raise a tile of pulses, and count them."""
    is_pulse = writer.program.stored[column].kind == "pulse"
    levels = ", ".join(f"{'u' if is_pulse else 'c'}_{column}_{level}" for level in range(3))
    counted = [] if is_pulse else amounts(writer, column)
    return [
        f"more = put_bits({levels}, at, n, {room}, {is_pulse})",
        *(["old, v = False, True"] if counted else []),
        *(f"tallies[{cell}] += more * ({now} - {before})" for cell, before, now in counted),
    ]


def find(writer: Writer, acting: Acting, works: list[str]) -> list[str]:
    """Places first..last-1 again, until one is given what does not fit; writes only `error`."""
    notes = [
        line
        for number, (column, value, test) in enumerate(_values(writer, acting))
        if test
        for line in [
            f"v = {value}",
            f"if {test}:",
            "    error[0] = place0 + i",
            f"    error[1] = {number}",
            f"    error[2] = {0 if writer.program.stored[column].kind == 'float' else 'v'}",
            "    return",
        ]
    ]
    return ["for i in range(first, last):", *("    " + line for line in [*works, *notes])]


def _values(writer: Writer, acting: Acting) -> list[tuple[str, str, str]]:
    """Each column written, its value, and the test that `v`, the value, cannot be kept, if any."""
    found: list[tuple[str, str, str]] = []
    for number, column in enumerate(acting.rule.writes):
        stored = writer.program.stored[column]
        value = f"result[{number}]" if len(acting.rule.writes) > 1 else "result"
        if stored.kind in FLAGS:
            found.append((column, f"bool({value})", ""))
            continue
        value = f"float({value}) + 0.0" if stored.kind == "float" else f"int({value})"
        found.append((column, value, is_wrong(stored, "v")))
    return found


def is_wrong(stored: Stored, value: str) -> str:
    """The test that a value cannot be kept, without branches."""
    if stored.kind == "float":
        return f"{value} != {value}"
    if stored.kind == "step":
        return f"({value} != {NEVER}) & (({value} < 0) | ({value} > step + {stored.ahead}))"
    return f"({value} < {stored.low}) | ({value} > {stored.high})"
