"""The text of the kernels that go block by block (see `block_by_block`), and for which rules."""

from __future__ import annotations

from itertools import pairwise

from ..program import Program
from ..ruled import Acting, Ruled, Spreading
from .one_call import ENTER, is_possible
from .text import Writer

MANY = 1 << 22  # Agents below which a set fits a core's cache as a whole.
NAME = "blocks_"
BOX = ["counts", "bin_place", "bin_payload", "bin_number"]  # What each worker has of its own.


def pairs(program: Program) -> dict[str, tuple[Spreading, Acting]]:
    """Tie rules and the rule for those that they reach, where nothing comes between the two and
    nobody else asks what arrived; by the name of the rule for agents.
    """
    if program.agents < MANY or not is_possible(program):
        return {}
    found = dict[str, tuple[Spreading, Acting]]()
    for before, after in pairwise(program.phases):
        match list(before), list(after):
            case [Spreading() as spreading], [Acting() as acting]:
                if _asked_by(program, spreading) == [acting]:
                    found[acting.rule.name] = spreading, acting
            case _:
                pass
    return found


def _asked_by(program: Program, spreading: Spreading) -> list[Ruled]:
    """The rules that run for those whom a tie rule reaches, or read what it brought."""
    name, brought = spreading.rule.name, spreading.rule.into
    parts = [part for phase in program.phases for part in phase]
    return [part for part in parts if brought in part.all_reads or _runs_for(part, name)]


def _runs_for(part: Ruled, name: str) -> bool:
    on = part.rule.on if isinstance(part, Acting) else None
    return on is not None and on.kind == "reached_by" and on.of == name


def write_blocks(writer: Writer) -> None:
    """Add the kernels `blocks_RULE(first, last, ...)` for blocks first..last-1 of a shard."""
    for spreading, acting in pairs(writer.program).values():
        arrives = writer.kernels[f"apply_{spreading.rule.name}"].arguments
        acts = writer.kernels[f"act_{acting.rule.name}"].arguments
        bits = [f"a_{spreading.rule.name}_{level}" for level in range(3)]
        apart = {"first": "b", "last": "b + 1", "bin0": "int(0)", "luck": "luck_before"}
        here = {"first": "begin", "last": "end"}
        lines = [
            "for b in range(first, last):",
            "    doing[0] = 0",
            "    for box in boxes:",
            f"        {', '.join(BOX)} = box",
            f"        enter(addresses[0], ({_given(arrives, apart)}), None)",
            "    doing[0] = 1",
            "    begin, end = b << shift, min((b + 1) << shift, size)",
            f"    enter(addresses[1], ({_given(acts, here)}), None)",
            f"    empty_run({', '.join(bits)}, begin, end)",
        ]
        taken = [name for name in arrives if name not in {*BOX, *apart}]
        taken += [name for name in acts if name not in here]
        names = ["addresses", "doing", "first", "last", "boxes", "shift", "size", "luck_before"]
        writer.have(ENTER)
        writer.add(f"{NAME}{acting.rule.name}", [*names, *taken, *bits], lines)


def _given(arguments: tuple[str, ...], known: dict[str, str]) -> str:
    return ", ".join(known.get(name, name) for name in arguments)
