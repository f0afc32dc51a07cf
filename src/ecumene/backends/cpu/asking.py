"""The kernels of claims: what agents ask for, and what each gets."""

from __future__ import annotations

from ..ruled import Claiming
from ..words import CLAIM_ORDER
from .acting import loop
from .text import Writer


def write_claiming(writer: Writer, claiming: Claiming) -> None:
    """Add the kernel `ask_RULE(first, last, ...)`, which gives how many asked."""
    rule = claiming.rule
    function = writer.call(rule.function, f"rule `{rule.name}`")
    arguments, lines = writer.globals_of(claiming.env)
    me_arguments, me = writer.me(claiming.reads)
    cells = writer.program.capacity_cells(claiming)
    each = [
        f"me = {me}",
        f"result = {function}(me, env, model, fold({writer.luck()}, {writer.who}))",
        "cell = int(result[0])",
        "units = int(result[1])",
        f"if units < 0 or (units > 0 and (cell < 0 or cell >= {cells})):",
        "    if place0 + i < error[0]:",
        "        error[0] = place0 + i",
        "        error[1] = cell",
        "        error[2] = units",
        "elif units > 0:",
        "    asked[0, k] = place0 + i",
        "    asked[1, k] = cell",
        "    asked[2, k] = units",
        "    asked[3, k] = ~int(result[2])",
        f"    lucks[k] = fold(fold({writer.luck()}, {writer.who}), {CLAIM_ORDER})",
        "    k += 1",
    ]
    loop_arguments, looped = loop(writer.program, rule, each)
    names = ["first", "last", "luck", "error", "asked", "lucks", *arguments, *me_arguments]
    names += writer.who_arguments
    writer.add(
        f"ask_{rule.name}", [*names, *loop_arguments], [*lines, "k = 0", *looped, "return k"]
    )


GRANTED = '''\
@jit
def granted_to(places, units, i):
    """The units of local place `i`, in a list sorted by place."""
    low = 0
    high = places.shape[0]
    while low < high:
        middle = (low + high) >> 1
        if places[middle] < i:
            low = middle + 1
        else:
            high = middle
    if low < places.shape[0] and places[low] == i:
        return units[low]
    return int(0)


@kernel
def grant(order, cells, units, rest, partial, granted):
    """Give each claim in `order` what it asks for, as far as the rest of its cell goes."""
    for s in range(order.shape[0]):
        e = order[s]
        left = rest[cells[e]]
        given = units[e]
        if given > left:
            given = left if partial else int(0)
        rest[cells[e]] = left - given
        granted[e] = given
'''
