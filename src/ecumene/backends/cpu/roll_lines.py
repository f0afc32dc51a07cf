"""Lines over sets as lines over rolls: what arrives, what agents look up, and whom they raise."""

from __future__ import annotations

import re

from ..program import Program
from ..ruled import Spreading
from .one_call import parts_of
from .rolls import rows, spreadings, writers

HAS = re.compile(r"\bhas\((\w+)_0, i\)")
RAISE = re.compile(r"\bput_if\((u_\w+)_0, \w+_1, \w+_2, i, ")
ARRIVED = re.compile(r"\barrived\((a_(\w+))_0, acc_\w+, i, ")


def at_slot(rule: str, lines: list[str]) -> list[str]:
    """The lines by which something arrives at `i`, whose slot is known."""
    roll, table = f"a_{rule}_roll", f"a_{rule}_table"
    putting = f"count = put_at({roll}, {table}, base, count, slot, i)"
    for old, new in (
        (f"put(a_{rule}_0, a_{rule}_1, a_{rule}_2, i)", putting),
        (f"has(a_{rule}_0, i)", f"({table}[slot] == base + i)"),
        (f"acc_{rule}[unsigned(i)]", f"acc_{rule}_few[slot]"),
        (f"low_{rule}[unsigned(i)]", f"low_{rule}_few[slot]"),
    ):
        lines = [line.replace(old, new) for line in lines]
    return lines


def over_rolls(lines: list[str], program: Program) -> list[str]:
    """Lines that look up, raise, and read what arrived, where all that is on rolls."""
    rolled = set(rows(program))

    def asked(match: re.Match[str]) -> str:
        own = match[1]
        return f"on_roll({own}_roll, {own}_table, i)" if own in rolled else match[0]

    def raised(match: re.Match[str]) -> str:
        own = match[1]
        if not told(program, own[2:]):
            return f"{own}_count = append_if({own}_roll, {own}_count, i, "
        return f"{own}_count = enroll_if({own}_roll, {own}_table, {own}_count, i, "

    def read(match: re.Match[str]) -> str:
        own, rule = match[1], match[2]
        return f"arrived_on_roll({own}_roll, {own}_table, acc_{rule}_few, i, "

    return [ARRIVED.sub(read, RAISE.sub(raised, HAS.sub(asked, line))) for line in lines]


def told(program: Program, pulse: str) -> bool:
    """Whether it matters in a step if somebody is on its roll already: else no table need tell."""
    reads = {name for part in parts_of(program) for name in part.all_reads}
    grouped = {tally.group for tally in program.tallies} | {t.column for t in program.tallies}
    return pulse in reads | grouped or writers(program, pulse) > 1


def taken_by(program: Program, names: list[str]) -> list[str]:
    """What such lines take in place of what the lines over sets take."""
    rolled = {f"{of}_{level}": of for of in rows(program) for level in range(3)}
    kept = {name for part in spreadings(program) for name in combined(part)}
    found: list[str] = []
    for name in names:
        if name in rolled:
            found += [f"{rolled[name]}_roll", f"{rolled[name]}_table"]
        else:
            found.append(f"{name}_few" if name in kept else name)
    return found


def combined(part: Spreading) -> list[str]:
    """The arrays in which is combined what a rule passes on."""
    name, combine = part.rule.name, part.rule.combine
    return [f"acc_{name}"] * (combine != "any") + [f"low_{name}"] * (combine == "pick")
