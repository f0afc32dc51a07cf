"""The kernels of claims: what agents ask for, and what each gets."""

from __future__ import annotations

from ..program import Program
from ..register import STRAY
from ..ruled import Claiming
from ..words import CLAIM_ORDER
from .acting import ascending, in_order, loop
from .text import Writer

# Where one cell is asked for, a worker's room is for those who may get some of it.
FOREMOST = ("most", "among", "sums", "bar", "bar_luck")


def write_claiming(writer: Writer, claiming: Claiming) -> None:
    """Add the kernel `ask_RULE(first, last, ...)`, which gives how many asked."""
    rule = claiming.rule
    function = writer.call(rule.function, f"rule `{rule.name}`")
    arguments, lines = writer.globals_of(claiming.env)
    rising = in_order(rule)
    me_arguments, me = writer.me(claiming.reads, rising=rising)
    begins, seeks = ascending(writer.program, claiming.reads) if rising else ([], [])
    register, cell, wrong, asked = _cell(writer, claiming)
    each = [
        *seeks,
        f"me = {me}",
        f"result = {function}(me, env, model, fold({writer.luck()}, {writer.who}))",
        f"cell = {cell}",
        "units = int(result[1])",
        f"if units < 0 or (units > 0 and {wrong}):",
        "    if place0 + i < error[0]:",
        "        error[0] = place0 + i",
        "        error[1] = int(result[0])",
        "        error[2] = units",
        f"elif units > 0{asked}:",
        "    upside_down = ~int(result[2])",
        *("    " + line for line in _kept(writer, on_one_cell(writer.program, claiming))),
    ]
    loop_arguments, looped = loop(writer.program, rule, each)
    names = ["first", "last", "luck", "error", "asked", "lucks", *arguments, *me_arguments]
    names += [*writer.who_arguments, *register, *FOREMOST, *loop_arguments]
    body = [*lines, *begins, "k = 0", *looped, "return k"]
    writer.add(f"ask_{rule.name}", names, body)


def _cell(writer: Writer, claiming: Claiming) -> tuple[list[str], str, str, str]:
    """The cell that is claimed, the test that there is none, and one that somebody is there.

    Arguments and three expressions; who left is asked for nothing.
    """
    if claiming.column is None or not claiming.column.is_open:
        cells = writer.program.capacity_cells(claiming)
        return [], "int(result[0])", f"(cell < 0 or cell >= {cells})", ""
    register, place = writer.found(claiming.column.of, "int(result[0])")
    return register, place, f"cell == int({STRAY})", " and cell >= 0"


def on_one_cell(program: Program, claiming: Claiming) -> bool:
    """Whether all ask the same cell, which gives what is left of it to whom it does not suffice."""
    alone = claiming.column is None and program.capacity_cells(claiming) == 1
    return alone and claiming.rule.partial


def _kept(writer: Writer, one_cell: bool) -> list[str]:
    """The lines that keep a claim in a worker's room, unless it surely gets nothing."""
    drawn = f"lot = fold(fold({writer.luck()}, {writer.who}), {CLAIM_ORDER})"
    keep = [
        "asked[0, k] = place0 + i",
        "asked[1, k] = cell",
        "asked[2, k] = units",
        "asked[3, k] = upside_down",
        "lucks[k] = lot",
        "k += 1",
    ]
    if not one_cell:
        return [drawn, *keep]
    full = "k = keep_foremost(asked, lucks, k, most, among, sums, bar, bar_luck)"
    return [
        "if upside_down <= bar[0]:",
        f"    {drawn}",
        "    if upside_down < bar[0] or lot <= bar_luck[0]:",
        "        if k == lucks.shape[0]:",
        f"            {full}",
        *("        " + line for line in keep),
    ]
