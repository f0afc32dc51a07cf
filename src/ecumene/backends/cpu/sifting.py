"""Claims on one cell, sifted a word of 64 agents at a time in a loop that vectorises.

Whether a claim may still get anything is worked out for all 64 at once, also for those who do not
ask; one by one only those are gone through who pass. That takes a rule that cannot fail and has no
loop, so that it may be asked of those whom it is not for; and where few of a word ask, they are
gone through at once. `test_sifted_claims_are_the_claims` holds it to the plain loop.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from ...rules import Reach
from ..program import Program
from ..ruled import Claiming
from .streaming import HAS
from .tallying import HALF
from .text import Writer

FEW = 8  # Of 64 agents; below, asking all of them costs more than those few.
MAY_FAIL = (ast.For, ast.While, ast.comprehension, ast.Subscript, ast.Pow)
DIVIDES = (ast.Div, ast.FloorDiv, ast.Mod)


def sifts(program: Program, claiming: Claiming) -> bool:
    """Whether a rule's claims may be sifted: it is for a set, reads columns, and cannot fail."""
    rule = claiming.rule
    if program.is_open or rule.on.kind not in ("everyone", "flagged"):
        return False
    plain = (*program.stored, "identity")
    return all(name in plain for name in claiming.reads) and cannot_fail(rule.function)


def cannot_fail(function: Callable[..., Any]) -> bool:
    """Whether a rule, and all that it reaches, neither loops, nor divides, nor picks a cell."""
    reach = Reach()
    reach.add(function, f"`{function.__name__}`")
    parts = [part for text in reach.definitions for part in ast.walk(ast.parse(text))]
    joins = (part.op for part in parts if isinstance(part, ast.BinOp | ast.AugAssign))
    divides = any(isinstance(join, DIVIDES) for join in joins)
    return not divides and not any(isinstance(part, MAY_FAIL) for part in parts)


def sifted(
    writer: Writer, claiming: Claiming, works: list[str], each: list[str]
) -> tuple[list[str], list[str]]:
    """Arguments and lines: `each` for local place `i` of those that `works` lets pass.

    `works` give the `result` of the rule; what those ask for who do not pass is counted here.
    """
    flags = list(dict.fromkeys(found[1] for line in works for found in HAS.finditer(line)))
    bit = r"((at_\1 >> unsigned(s)) & unsigned(1) != unsigned(0))"
    works = [HAS.sub(bit, line) for line in works]
    everyone = claiming.rule.on.kind == "everyone"
    levels = [] if everyone else [f"x_{claiming.rule.name}_{level}" for level in range(3)]
    return [*levels, *flags], [
        "at = first",
        "while at < last:",
        "    base = (at >> 6) << 6",
        f"    word = unsigned(FULL){'' if everyone else f' & {levels[0]}[base >> 6]'}",
        "    word &= unsigned(FULL) << unsigned(at - base)",
        "    if last - base < 64:",
        "        word &= (unsigned(1) << unsigned(last - base)) - unsigned(1)",
        *([] if everyone else _next(levels)),
        f"    if ones(word) >= {FEW} and last - base >= 64:",
        "        most_behind, passing = bar[0], unsigned(0)",
        *(f"        at_{flag} = {flag}[base >> 6]" for flag in flags),
        "        for s in range(64):",
        "            i = sure(base + s)",
        *("            " + line for line in works),
        "            units, upside_down = int(result[1]), ~int(result[2])",
        "            before = int(units < 0) | int(upside_down <= most_behind)",
        "            passes = int(units != 0) & (before | int(int(result[0]) != 0))",
        "            asks = int((word >> unsigned(s)) & unsigned(1))",
        "            passing |= unsigned(asks & passes) << unsigned(s)",
        *("            " + line for line in _counted(claiming)),
        "        word = passing",
        "    while word != unsigned(0):",
        "        i = sure(base + trailing_zeros(word))",
        "        word &= word - unsigned(1)",
        *("        " + line for line in each),
        "    at = base + 64",
    ]


def _next(levels: list[str]) -> list[str]:
    """The lines that pass by words in which nobody asks."""
    return [
        "    if word == unsigned(0):",
        f"        at = next_word({levels[1]}, {levels[2]}, (base >> 6) + 1)",
        "        at = last if at < 0 else at << 6",
        "        continue",
    ]


def _counted(claiming: Claiming) -> list[str]:
    """The lines that add up what those ask for who do not pass, if that is told."""
    if not claiming.rule.asked:
        return []
    return [
        f"low += (units & {(1 << HALF) - 1}) * (asks & ~passes)",
        f"high += (units >> {HALF}) * (asks & ~passes)",
    ]
