"""The kernels of a step on rolls: all of it as one call, and how sets become rolls and back.

What arrives and what agents do with it are the lines that the kernels over sets have, with rolls in
place of sets: the rules, the checks and what follows from a new value are written once. What is at
home in one agent's columns is at its seat (see `seats`), or has to come from memory, a line each,
and is fetched as soon as it is known who is reached.
"""

from __future__ import annotations

import inspect
from functools import cache

from ..program import Program
from ..ruled import Acting, Spreading
from . import roll_loops
from .acting import stores, worked_out
from .arriving import arrive
from .fetching import fetches
from .one_call import ALL_DONE, ENTER, NOBODY, NOT_FEW, parts_of
from .roll_lines import at_slot, combined, over_rolls, taken_by, told
from .rolls import covers, pulses, rows, spreadings
from .seats import SEATS, at_first, at_seats, fetched
from .text import Writer

CALL, UP, DOWN = "roll_call", "roll_up", "roll_down"
BEGIN = "COUNT, BASE, FIRST = "
NEAR = 8  # So many agents before it acts, what is one's own comes from the second-level cache.
ROLLS = ["rolls", "roll_tables", "turn"]


@cache
def loops() -> str:
    """The loops over rolls, for the text of a module."""
    return BEGIN + inspect.getsource(roll_loops).split(BEGIN, 1)[1]


def write_roll_call(writer: Writer) -> None:
    """Add the kernels of a step on rolls, where a program has such steps."""
    if not covers(writer.program):
        return
    writer.have(loops(), ENTER)
    _write_call(writer)
    _write_up(writer)
    _write_down(writer)


def _write_call(writer: Writer) -> None:
    """The step, or why and where it stopped: with nothing done of that rule."""
    program = writer.program
    names = ["step", "most", "addresses", "bases", "doing", *ROLLS, *SEATS]
    lines = [*_rolls(program), "if seats[COUNT] > seats[FULL]:", f"    return {NOT_FEW}"]
    for pulse in dict.fromkeys(part.rule.active for part in spreadings(program)):
        lines += [f"if c_{pulse}_roll[COUNT] >= most:", f"    return {NOT_FEW}"]
    address = 0
    for number, part in enumerate(parts_of(program)):
        each = "step + 1" if part.rule.luck == "each" else "0"
        lines += [f"doing[0] = {number}", f"luck = fold(bases[{number}], unsigned({each}))"]
        if isinstance(part, Spreading):
            more, arguments = _spread(writer, number, part, address)
            address += 1
        else:
            more, arguments = _act(writer, number, part)
        lines, names = [*lines, *more], [*names, *arguments]
    ended = [f"c_{pulse}" for pulse in pulses(program)]
    ended += [f"a_{part.rule.name}" for part in spreadings(program)]
    lines += [f"let_go({of}_roll)" for of in ended]
    writer.add(CALL, names, [*lines, "turn[0] = 1 - turn[0]", f"return {ALL_DONE}"])


def _spread(
    writer: Writer, number: int, part: Spreading, address: int
) -> tuple[list[str], list[str]]:
    """The lines by which what active agents pass on arrives, and what they take."""
    kernel = writer.kernels[f"emit_{part.rule.name}"].arguments
    known = {"last": "size", "luck": "luck", "roll": f"c_{part.rule.active}_roll"}
    given = ", ".join(known.get(name, name) for name in kernel)
    name, arguments = _write_arriving(writer, part)
    taken = [*(name for name in kernel if name not in known), *arguments, "size", "bins"]
    return [
        "cursor[:] = 0",
        "counts[:] = 0",
        f"if not enter(addresses[{address}], ({given}), True):",
        f"    return {number}",
        f"{name}({', '.join(arguments)})",
    ], _outer(writer.program, taken)


def _act(writer: Writer, number: int, part: Acting) -> tuple[list[str], list[str]]:
    """The lines by which those who were reached act, and what they take."""
    name, arguments = _write_acting(writer, part)
    return [
        f"{name}({', '.join(arguments)})",
        f"if error[0] < {NOBODY}:",
        f"    return {number}",
    ], _outer(writer.program, arguments)


def _outer(program: Program, names: list[str]) -> list[str]:
    """Those of the names that the whole step does not make itself."""
    own = {f"{of}_{part}" for of in rows(program) for part in ("roll", "table")}
    return [name for name in names if name not in {*own, "luck"}]


def _write_arriving(writer: Writer, part: Spreading) -> tuple[str, list[str]]:
    """A function that lets the messages of all bins arrive on a roll."""
    rule, program = part.rule, writer.program
    arguments, lines = writer.globals_of(part.env)
    if part.in_degree:
        net_arguments, net_lines = writer.net(rule.over)
        arguments, lines = [*arguments, *net_arguments], [*lines, *net_lines]
    extra, arrived = arrive(writer, part)
    arrived = over_rolls(at_slot(rule.name, arrived), program)
    soon = [line for acting in _reached(program, rule.name) for line in _each(writer, acting)]
    first, beside = fetches(arrived), fetches(soon)
    more, begin, arrived = at_seats(arrived, program)
    own, place = f"a_{rule.name}", "i = (b << shift) + int(bin_place[e])"
    each = [
        place,
        *fetched(beside, program),
        f"payload = {'bin_payload[e]' if rule.carries else '1'}",
        f"number = {'bin_number[e]' if rule.names_tie else '0'}",
        f"slot = slot_of({own}_table, base, i)",
        *arrived,
    ]
    loops = [[place, *fetched(first, program)], each] if first else [each]
    names = ["bins", "shift", "luck", "counts", "capacity", "bin_place", "bin_payload"]
    names += ["bin_number", *arguments, *taken_by(program, extra)]
    names += [*SEATS, *more, *_columns(beside)]
    begin = ["seated = seats[LIVE] != 0", *begin, f"base, count = {own}_roll[BASE], 0"]
    body = [line for one in loops for line in _through_bins(one)]
    end = [f"{own}_roll[COUNT] = count"]
    return _function(writer, f"arrive_{rule.name}", names, [*lines, *begin, *body, *end])


def _through_bins(each: list[str]) -> list[str]:
    """The loop over all messages `e` of bins `b` around some lines."""
    return [
        "for b in range(bins):",
        "    for e in range(b * capacity, b * capacity + counts[b]):",
        "        e = unsigned(e)",
        *("        " + line for line in each),
    ]


def _columns(lines: list[str]) -> list[str]:
    """The arrays that such lines fetch of."""
    return [line.split("(")[1].split(",")[0] for line in lines]


def _write_acting(writer: Writer, part: Acting) -> tuple[str, list[str]]:
    """A function that lets those on a roll act."""
    names, lines, _ = worked_out(writer, part)
    own, each = f"a_{part.rule.on.of}_roll", _each(writer, part)
    soon = fetched(fetches(each), writer.program)
    more, begin, each = at_seats(each, writer.program)
    raised = [f"u_{pulse}" for pulse in pulses(writer.program) if pulse in part.rule.writes]
    body = [
        *lines,
        "seated = seats[LIVE] != 0",
        *begin,
        *(f"{of}_count = {of}_roll[COUNT]" for of in raised),
        f"for s in range({own}[COUNT]):",
        f"    i = {own}[unsigned(FIRST + s + {NEAR})]",
        *("    " + line for line in soon),
        f"    i = sure({own}[unsigned(FIRST + s)])",
        *("    " + line for line in each),
        *(f"{of}_roll[COUNT] = {of}_count" for of in raised),
    ]
    taken = ["luck", "tallies", "error", own, *SEATS, *taken_by(writer.program, names), *more]
    return _function(writer, f"on_roll_{part.rule.name}", taken, body)


def _each(writer: Writer, part: Acting) -> list[str]:
    """What an agent rule does with agent `i`, over rolls."""
    _, _, works = worked_out(writer, part)
    return over_rolls([*works, *stores(writer, part)], writer.program)


def _reached(program: Program, rule: str) -> list[Acting]:
    """The agent rules that run for those whom a tie rule reached."""
    acting = [part for part in parts_of(program) if isinstance(part, Acting)]
    return [part for part in acting if part.rule.on.of == rule]


def _function(
    writer: Writer, name: str, names: list[str], body: list[str]
) -> tuple[str, list[str]]:
    """Define a function that is compiled into the step; its name, and what it takes."""
    names = list(dict.fromkeys(names))
    lines = "\n".join("    " + line for line in body)
    writer.blocks.append(f"@jit\ndef {name}({', '.join(names)}):\n{lines}\n")
    return name, names


# -- sets and their rolls --------------------------------------------------------------------------


def _write_up(writer: Writer) -> None:
    """Let all who have a pulse up, who are few, be on its roll."""
    program = writer.program
    names, lines = at_first(program)
    for pulse in pulses(program):
        own = f"c_{pulse}"
        levels = [f"{own}_{level}" for level in range(3)]
        names += levels
        lines.append(f"take_up({', '.join(levels)}, {own}_roll)")
        lines += [f"tell({own}_roll, {own}_table)"] if told(program, pulse) else []
    tables = ["seat_table", *(f"a_{part.rule.name}_table" for part in spreadings(program))]
    lines.append(f"return {' + '.join(f'come({table})' for table in tables)}")
    writer.add(UP, [*ROLLS, *names], [*_rolls(program), *lines])


def _write_down(writer: Writer) -> None:
    """Let what arrived at those on rolls be where it is combined for all, if that is anywhere."""
    program, names, lines = writer.program, [*ROLLS], list[str]()
    for part in [part for part in spreadings(program) if combined(part)]:
        own, kept = f"a_{part.rule.name}", combined(part)
        names += [name for of in kept for name in (of, f"{of}_few")]
        lines += [
            f"for s in range({own}_roll[COUNT]):",
            f"    i = {own}_roll[FIRST + s]",
            f"    slot = slot_of({own}_table, {own}_roll[BASE], i)",
            *(f"    {of}[i] = {of}_few[slot]" for of in kept),
        ]
    if lines:
        writer.add(DOWN, names, [*_rolls(program), *lines])


def _rolls(program: Program) -> list[str]:
    """The lines that name every roll and its table."""
    names, lines = rows(program), list[str]()
    for row, name in enumerate(names):
        at = {"c": f"{row} + turn[0]", "u": f"{row} - turn[0]", "a": f"{row}"}[name[0]]
        lines += [f"{name}_roll = rolls[{at}]", f"{name}_table = roll_tables[{at}]"]
    return lines
