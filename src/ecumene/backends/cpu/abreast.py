"""Meetings of everybody, several pairs abreast: a tile at a time, in loops that vectorise.

First whom each agent of a tile meets, what it reads and draws, then what the rule gives it, then
what of that is kept: a step of the processor's for eight agents, and no branch that luck misleads.
The rule itself is asked through functions that note what goes wrong (`noting`); a tile with a note
is left as it is, and the plain loop, `face_RULE`, runs it. `tests/backends/test_abreast.py` holds
all this to the reference.
"""

from __future__ import annotations

from ...population import NEVER
from ...rules import LEADS, draws
from ..matching import all_meet
from ..partners import is_leading, pair_key
from ..program import Program
from ..ruled import Facing
from .keeping import kept, one_along
from .noting import named, noting
from .noting_text import HELPERS, MOST_WRITTEN, NOTED
from .permuting import in_vectors, matching
from .storage import FLAGS
from .streaming import is_wrong, wakes_nobody
from .text import Writer

ABREAST = 1024  # Agents of a tile: what is worked out about them stays near the processor.
MOST_CUTS = 255  # Actions but one of a policy, up to which it is looked up abreast.


def goes_abreast(program: Program, facing: Facing, waiting: tuple[str, ...]) -> bool:
    """Whether those who meet are worked out several at a time; `waiting` columns go to the log.

    Not of few: compiling for it takes two seconds more.
    """
    if not all_meet(facing.rule, program.is_open) or program.agents < ABREAST:
        return False
    if len(facing.rule.writes) >= MOST_WRITTEN:
        return False
    own = {*program.stored, *program.derived, LEADS} >= {*facing.reads}
    few = all(int(fields["cuts"]) <= MOST_CUTS for fields in program.policies.values())
    at_once = [column for column in facing.rule.writes if column not in waiting]
    return own and few and all(wakes_nobody(program, column) for column in at_once)


def rooms(program: Program, facing: Facing) -> dict[str, str]:
    """A worker's arrays for one tile, each with the name of its elements' type."""
    kinds = {name: stored.kind for name, stored in program.stored.items()}
    kinds |= {name: derived.kind for name, derived in program.derived.items()}
    found = {f"m_{name}": TYPES.get(kinds.get(name, "bool"), "int64") for name in facing.reads}
    found |= {f"v_{c}": TYPES.get(kinds[c], "int64") for c in facing.rule.writes}
    return {**found, "pair": "uint64", "noted": "uint8"}  # `pair`: the keys of those who meet.


TYPES = {**dict.fromkeys(("flag", "pulse", "bool"), "uint8"), "float": "float64"}


def write_abreast(writer: Writer, facing: Facing, waiting: tuple[str, ...]) -> None:
    """Add the kernel `abreast_RULE`, which gives where the first tile with a note begins.

    It works out whom they meet and what those show, unless others were `asked` for that.
    """
    writer.have(HELPERS, in_vectors(writer.program.agents), matching(writer.call))
    arguments, lines = writer.globals_of(facing.env, known_cuts=True)
    worked = _worked(writer, facing)
    showing, shows = shown(writer, facing)
    reading, reads = _read(writer, facing)
    keeping, keeps = kept(writer, facing, waiting)
    body = [
        *lines,
        f"for begin in range(first, last, {ABREAST}):",
        f"    n = min({ABREAST}, last - begin)",
        "    at = kept + begin",
        "    base = begin if asked else 0",
        "    if not asked:",
        "        match(place0 + at, place0 + at + n, met, side, per_side, round_keys, wanted)",
        *("        " + line for line in shows),
        *("    " + line for line in [*reads, *worked, *keeps]),
        "return last",
    ]
    names = ["first", "last", "kept", "alone", "wanted", "place0", "pairing", "leading", "tallies"]
    names += ["asked", "met", "side", "per_side", "round_keys", *showing]
    names += [*rooms(writer.program, facing), *arguments, *reading, *keeping]
    writer.add(f"abreast_{facing.rule.name}", names, body)


def shown(writer: Writer, facing: Facing) -> tuple[list[str], list[str]]:
    """What those show whom a tile of agents meets.

    A loop for each column, so that as many touches of memory are under way as the processor can:
    three quarters of the time of one loop for all four of `trust` played again and again.
    """
    arguments, lines = list[str](), list[str]()
    for name in facing.shows:
        names, value = writer.value(name)
        arguments += [f"o_{name}", *names]
        lines += ["for s in range(n):", "    i = sure(int(wanted[sure(s)]) - place0)"]
        lines.append(f"    o_{name}[sure(s)] = {value}")
    return arguments, lines


def _read(writer: Writer, facing: Facing) -> tuple[list[str], list[str]]:
    """What each agent of a tile reads and draws; who is left over stands in for its neighbour."""
    key, leads = writer.call(pair_key, "luck"), writer.call(is_leading, "luck")
    arguments = list[str]()
    lines = [
        "lone = alone - place0 - at",
        "if lone == 0 and n == 1:",
        "    return begin",
    ]
    if LEADS in facing.reads or draws(facing.rule.function):
        lines += [
            "for s in range(n):",
            "    i, j = sure(place0 + at + s), int(wanted[sure(base + s)])",
            f"    key = {key}(pairing, i, j)",
            "    pair[sure(s)] = key",
        ]
    if LEADS in facing.reads:
        lines.append(f"    m_{LEADS}[sure(s)] = {leads}(leading, key, i, j)")
    for name in facing.reads:
        if name != LEADS:
            names, value = writer.value(name)
            arguments += names
            lines += _filled(writer, name, value)
    read = [*(f"m_{name}" for name in facing.reads), "pair"]
    lines += ["if 0 <= lone < n:", "    other = lone - 1 if lone > 0 else lone + 1"]
    lines += [f"    {name}[lone] = {name}[other]" for name in read]
    lines += [f"    o_{name}[base + lone] = o_{name}[base + other]" for name in facing.shows]
    tables = [f"t_{table}" for table in writer.program.tables]
    return [*arguments, *tables], lines


def _filled(writer: Writer, name: str, value: str) -> list[str]:
    """What each of a tile has of a column; asked once where all have the same."""
    each = ["for s in range(n):", "    i = sure(at + s)", f"    m_{name}[sure(s)] = {value}"]
    derived = writer.program.derived.get(name)
    if derived is None or derived.along is None:
        return each
    return [
        "i = at",
        f"if {one_along(writer, derived.along)}:",
        f"    one = {value}",
        "    for s in range(n):",
        f"        m_{name}[sure(s)] = one",
        "else:",
        *("    " + line for line in each),
    ]


def _worked(writer: Writer, facing: Facing) -> list[str]:
    """What the rule gives a tile of agents, and whether anything was noted."""
    rule, stored = facing.rule, writer.program.stored
    function = writer.call(rule.function, f"{rule.kind} `{rule.name}`")
    writer.blocks += [
        text
        for text in noting(writer.reach.definitions, writer.reach.modules, function)
        if text not in writer.blocks
    ]
    kinds = rooms(writer.program, facing)
    me = [_given(f"m_{name}", "s", kinds[f"m_{name}"]) for name in facing.reads]
    other = [_given(f"o_{name}", "base + s", _shown(writer, name)) for name in facing.shows]
    works = [
        f"me = {writer.shape(facing.reads)}({', '.join(me)})",
        f"other = {writer.shape(facing.shows)}({', '.join(other)})",
        f"result = {named(function)}(noted, s, me, other, env, model, read_apart(pair, s))",
    ]
    for number, column in enumerate(rule.writes):
        value = f"result[{number}]" if len(rule.writes) > 1 else "result"
        kind = stored[column].kind
        if kind in FLAGS:
            works.append(f"v = bool({value})")
        else:
            works.append(f"v = float({value}) + 0.0" if kind == "float" else f"v = int({value})")
            works.append(f"if {is_wrong(stored[column], 'v')}:")
            works.append(f"    write_apart(noted, s, 1, {NOTED})")
        kept = f"top_{column} if v == {NEVER} else v" if kind == "step" else "v"
        works.append(f"write_apart(v_{column}, s, {kept}, {NOTED + 1 + number})")
    return [
        "for s in range(n):",
        "    noted[sure(s)] = 0",
        "for s in range(n):",
        "    s = sure(s)",
        *("    " + line for line in works),
        "amiss = 0",
        "for s in range(n):",
        "    amiss += noted[sure(s)]",
        "if amiss != 0:",
        "    return begin",
    ]


def _given(array: str, at: str, kind: str) -> str:
    """What an agent is given out of an array, as rules see it."""
    read = f"read_apart({array}, {at})"
    if kind == "uint8":
        return f"({read} != 0)"
    return f"float({read})" if kind == "float64" else f"int({read})"


def _shown(writer: Writer, name: str) -> str:
    """The type of what another shows."""
    known = {**writer.program.derived, **writer.program.stored}
    return TYPES.get(known[name].kind, "int64")
