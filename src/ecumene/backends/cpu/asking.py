"""The kernels of claims: what agents ask for, and what each gets."""

from __future__ import annotations

from ..program import Program
from ..register import STRAY
from ..ruled import Claiming
from ..words import CLAIM_ORDER
from .acting import ascending, in_order, loop
from .sifting import sifted, sifts
from .tallying import HALF
from .text import Writer

# Where one cell is asked for, a worker's room is for those who may get some of it.
FOREMOST = ("most", "among", "sums", "bar", "bar_luck", "wanted")


def write_claiming(writer: Writer, claiming: Claiming) -> None:
    """Add the kernel `ask_RULE(first, last, ...)`, which gives how many asked."""
    rule = claiming.rule
    function = writer.call(rule.function, f"rule `{rule.name}`")
    arguments, lines = writer.globals_of(claiming.env)
    rising = in_order(rule)
    me_arguments, me = writer.me(claiming.reads, rising=rising)
    begins, seeks = ascending(writer.program, claiming.reads) if rising else ([], [])
    register, cell, wrong, asked = _cell(writer, claiming)
    works = [
        *seeks,
        f"me = {me}",
        f"result = {function}(me, env, model, fold({writer.luck()}, {writer.who}))",
    ]
    one_cell = on_one_cell(writer.program, claiming)
    each = [
        *works,
        f"cell = {cell}",
        "units = int(result[1])",
        f"if units < 0 or (units > 0 and {wrong}):",
        "    if place0 + i < error[0]:",
        "        error[0] = place0 + i",
        "        error[1] = int(result[0])",
        "        error[2] = units",
        f"elif units > 0{asked}:",
        *("    " + line for line in _counted(claiming)),
        "    upside_down = ~int(result[2])",
        *("    " + line for line in _kept(writer, one_cell)),
    ]
    loop_arguments, looped = loop(writer.program, rule, each)
    if one_cell and sifts(writer.program, claiming):
        loop_arguments, looped = sifted(writer, claiming, works, each)
    names = ["first", "last", "luck", "error", "asked", "lucks", *arguments, *me_arguments]
    names += [*writer.who_arguments, *register, *FOREMOST, *loop_arguments]
    body = [*lines, *begins, "k, low, high = 0, int(0), int(0)", *looped]
    body += ["wanted[0], wanted[1] = low, high", "return k"]
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


def _counted(claiming: Claiming) -> list[str]:
    """The lines that add up what is asked for, in halves so that nothing wraps, if it is told."""
    if not claiming.rule.asked:
        return []
    return [f"low += units & {(1 << HALF) - 1}", f"high += units >> {HALF}"]


def on_one_cell(program: Program, claiming: Claiming) -> bool:
    """Whether all ask the same cell, which gives what is left of it to whom it does not suffice."""
    alone = claiming.column is None and program.capacity_cells(claiming) == 1
    return alone and claiming.rule.partial


def _kept(writer: Writer, one_cell: bool) -> list[str]:
    """The lines that keep a claim in a worker's room, unless it surely gets nothing."""
    drawn = f"lot = fold(fold({writer.luck()}, {writer.who}), {CLAIM_ORDER})"
    keep = [
        "asked[k, 0] = place0 + i",
        "asked[k, 1] = cell",
        "asked[k, 2] = units",
        "asked[k, 3] = upside_down",
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
