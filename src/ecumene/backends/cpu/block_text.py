"""The text of the kernels that go block by block (see `block_by_block`), and for which rules."""

from __future__ import annotations

from itertools import pairwise

from ..program import Program
from ..ruled import Acting, Ruled, Spreading
from .one_call import ENTER, is_possible, parts_of
from .roll_lines import combined
from .rolls import pulses, writers
from .state import levels_of
from .text import Writer

MANY = 1 << 22  # Agents below which a set fits a core's cache as a whole.
NAME = "blocks_"
BOX = ["counts", "bin_place", "bin_payload", "bin_number"]  # What each worker has of its own.
NEAR = "near_"  # Begins the names of the arrays for one block's arrivals alone.

BEGINNING_AT = '''\
@intrinsic
def beginning_at(context, array, first):
    """An array whose elements from `first` on are those of `array`; it has none before them."""
    def generate(context, builder, signature, arguments):
        array, first = arguments
        moved = context.make_array(signature.args[0])(context, builder, array)
        moved.data = builder.gep(moved.data, [builder.neg(first)])
        size = builder.add(builder.extract_value(moved.shape, 0), first)
        moved.shape = cgutils.pack_array(builder, [size])
        return moved._getvalue()

    return array(array, types.int64), generate
'''


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


def renewed(program: Program, acting: Acting) -> list[str]:
    """The pulses that only this rule raises, and whose being up nobody looks at from then on in a
    step: who had them up is forgotten block by block, and who gets them stands in the same set.
    """
    parts = parts_of(program)
    later = parts[parts.index(acting) :]
    seen = {column for part in later for column in part.all_reads}
    seen |= {part.rule.active for part in later if isinstance(part, Spreading)}
    mine = [name for name in pulses(program) if name in acting.rule.writes and name not in seen]
    return [name for name in mine if writers(program, name) == 1]


def arrivals(spreading: Spreading) -> list[str]:
    """The arrays that say to whom a tie rule brought anything, and what."""
    return [*levels_of(f"a_{spreading.rule.name}"), *combined(spreading)]


def write_blocks(writer: Writer) -> None:
    """Add the kernels `blocks_RULE(first, last, ...)` for blocks first..last-1 of a shard.

    Where nothing arrived in an earlier round they are told `near`: then one block's arrivals
    stand in arrays of their own that never leave the cache, emptied before each block.
    """
    for spreading, acting in pairs(writer.program).values():
        arrives = writer.kernels[f"apply_{spreading.rule.name}"].arguments
        acts = writer.kernels[f"act_{acting.rule.name}"].arguments
        brought = arrivals(spreading)
        far, near = brought[:3], [NEAR + name for name in brought]
        here = {name: f"here_{name}" for name in brought}
        apart = {"first": "b", "last": "b + 1", "bin0": "int(0)", "luck": "luck_before"}
        within = {"first": "begin", "last": "end"}
        lines = [
            "for b in range(first, last):",
            "    begin, end = b << shift, min((b + 1) << shift, size)",
            "    if near:",
            f"        empty_run({', '.join(near[:3])}, 0, 1 << shift)",
            *("        " + line for line in _beginning(near, here)),
            "    else:",
            *(f"        {here[name]} = {name}" for name in brought),
            "    doing[0] = 0",
            "    for box in boxes:",
            f"        {', '.join(BOX)} = box",
            f"        enter(addresses[0], ({_given(arrives, {**apart, **here})}), None)",
            "    doing[0] = 1",
            *("    " + line for line in _forgotten(renewed(writer.program, acting))),
            f"    enter(addresses[1], ({_given(acts, {**within, **here})}), None)",
            "    if not near:",
            f"        empty_run({', '.join(far)}, begin, end)",
        ]
        names = ["addresses", "doing", "near", "first", "last", "boxes", "shift", "size"]
        names += ["luck_before", *near, *brought]
        names += [name for name in arrives if name not in {*BOX, *apart}]
        names += [name for name in acts if name not in within]
        writer.have(ENTER, BEGINNING_AT)
        writer.add(f"{NAME}{acting.rule.name}", names, lines)


def _beginning(near: list[str], here: dict[str, str]) -> list[str]:
    """The lines by which the near arrays are known as those of everybody: what they hold of place
    `begin` comes first in them, or of its word in each level of a set.
    """
    shifts = [6, 12, 18, *(0 for _ in near[3:])]
    every = zip(here.values(), near, shifts, strict=True)
    return [f"{name} = beginning_at({array}, begin >> {bits})" for name, array, bits in every]


def _forgotten(pulses: list[str]) -> list[str]:
    """The lines by which nobody of a block has these pulses up."""
    return [f"empty_run({', '.join(levels_of(f'u_{pulse}'))}, begin, end)" for pulse in pulses]


def _given(arguments: tuple[str, ...], known: dict[str, str]) -> str:
    return ", ".join(known.get(name, name) for name in arguments)
