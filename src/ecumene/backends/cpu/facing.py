"""The kernels of encounters and meetings: whom each faces, what that shows, what follows.

A tile of agents at a time: `draw_RULE` works out whom they face, `show_RULE` gathers what those
show (2.5e7 reads a second where a rule asks by itself, 1.5e8 gathered), `face_RULE` runs the rule
into a log, and `settle_RULE` writes the log when all of the phase have seen the moment before it.
"""

from __future__ import annotations

from ...population import NEVER, WHO
from ...rules import DEGREE
from ..matching import all_meet
from ..partners import drawn_tie, is_leading, pair_key
from ..program import Program
from ..ruled import Facing
from .abreast import goes_abreast, write_abreast
from .acting import store, store_arguments
from .streaming import is_wrong
from .text import TILE, Writer
from .walking import degrees_in_stages, drawn_in_stages

MOST_STAGED = 64  # Ties of an agent up to which a tile is sorted by the drawn one.


def write_facing(writer: Writer, facing: Facing) -> None:
    """Add the kernels of one encounter or meeting."""
    rule = facing.rule
    if rule.kind == "encounter":
        _write_draw(writer, rule.name, rule.over)
    elif rule.within is not None:
        _write_groups(writer, rule.name, rule.within)
    _write_show(writer, facing)
    _write_face(writer, facing)
    waiting = logged(writer.program, facing)
    if goes_abreast(writer.program, facing, waiting):
        write_abreast(writer, facing, waiting)
    _write_settle(writer, facing)


def shown_arguments(facing: Facing) -> list[str]:
    """The names of a worker's room for what is shown."""
    return [f"o_{name}" for name in facing.shows]


def logged(program: Program, facing: Facing) -> tuple[str, ...]:
    """The columns that wait in the log; the others are written when the rule has run.

    Where everybody meets and the phase has no other rule, only those that others are shown.
    """
    alone = any(phase == (facing,) for phase in program.phases)
    if not (alone and all_meet(facing.rule, program.is_open)):
        return facing.rule.writes
    return tuple(column for column in facing.rule.writes if column in facing.shows)


def _write_draw(writer: Writer, rule: str, over: str) -> None:
    """Draw for places first..last-1 of the list; those who face somebody move up to `kept`."""
    network = writer.program.networks[over]
    net_arguments, net_lines = writer.net(over)
    if network.walk is not None:
        each = drawn_in_stages(writer, network.walk, _keep("i"))
    else:
        each = _staged(writer, over) if network.stages else _one_by_one(writer, over)
    body = [*net_lines, "facing = 0", *each, "return facing"]
    names = ["first", "last", "kept", "place", "wanted", "place0", "drawing"]
    names += ["which", "sorted_place", "located", "others", "firsts", *net_arguments]
    names += [*writer.who_arguments, *writer.luck_arguments]
    writer.add(f"draw_{rule}", names, body)


def _one_by_one(writer: Writer, over: str) -> list[str]:
    network = writer.program.networks[over]
    degree = writer.call(network.degree, "the network's degree")
    neighbour = writer.call(network.neighbour, "the network's neighbour")
    drawn, drawing = writer.call(drawn_tie, "luck"), writer.luck("drawing")
    return [
        "for s in range(first, last):",
        "    i = int(place[s])",
        f"    ties = {degree}(net, place0 + i)",
        "    if ties > 0:",
        f"        j = {neighbour}(net, place0 + i, {drawn}({drawing}, {writer.who}, ties))",
        *("        " + line for line in _keep("i")),
    ]


def _keep(place: str) -> list[str]:
    return [
        "if j >= 0:",
        f"    place[kept + facing] = {place}",
        "    wanted[facing] = j",
        "    facing += 1",
    ]


def _staged(writer: Writer, over: str) -> list[str]:
    """A tile at a time, sorted by which tie each draws, so that a tie's stages vectorise.

    `test_staged_draws_are_the_draws` holds them to what `_one_by_one` gives.
    """
    network = writer.program.networks[over]
    stages = network.stages
    assert stages is not None
    name = {
        stage: writer.call(getattr(stages, stage), f"the network's {stage}")
        for stage in ("row", "locate", "settle", "other", "settle_other")
    }
    degree = writer.call(network.degree, "the network's degree")
    drawn = writer.call(drawn_tie, "luck")
    drawing = writer.luck("drawing", "place0 + int(place[at + int(s)])")
    plain = _one_by_one(writer, over)
    return [
        f"ties = {degree}(net, place0)",
        f"if ties > {MOST_STAGED}:",
        *("    " + line for line in plain),
        "    return facing",
        f"for at in range(first, last if ties > 0 else first, {TILE}):",
        f"    n = min({TILE}, last - at)",
        "    for s in range(n):",
        "        s = unsigned(s)",
        *_whose(writer),
        f"        which[s] = {drawn}({drawing}, {_drawing(writer)}, ties)",
        "    for k in range(ties + 1):",
        "        firsts[k] = 0",
        "    for s in range(n):",
        "        firsts[which[s] + 1] += 1",
        "    for k in range(ties):",
        "        firsts[k + 1] += firsts[k]",
        "    for s in range(n):",
        "        k = which[s]",
        "        sorted_place[firsts[k]] = place[at + s]",
        "        firsts[k] += 1",
        "    start = 0",
        "    for k in range(ties):",
        "        end = firsts[k]",
        f"        row = {name['row']}(net, k)",
        "        for s in range(start, end):",
        "            s = unsigned(s)",
        f"            located[s] = {name['locate']}(net, row, place0 + sorted_place[s])",
        "        for s in range(start, end):",
        "            if located[s] >= net.agents:",
        f"                located[s] = {name['settle']}(net, row, located[s])",
        "        for s in range(start, end):",
        "            s = unsigned(s)",
        f"            others[s] = {name['other']}(net, row, located[s])",
        "        for s in range(start, end):",
        f"            j = {name['settle_other']}(net, row, located[s], others[s])",
        *("            " + line for line in _keep("sorted_place[s]")),
        "        start = end",
    ]


def _whose(writer: Writer) -> list[str]:
    return ["        i = int(place[at + int(s)])"] if writer.program.is_open else []


def _drawing(writer: Writer) -> str:
    """By which identity the agent listed at `at + s` draws its tie."""
    return writer.who if writer.program.is_open else "place0 + int(place[at + int(s)])"


def _write_groups(writer: Writer, rule: str, within: str) -> None:
    """The groups within which those listed meet."""
    arguments, expression = writer.value(within)
    tables = [f"t_{t}" for t in writer.program.tables]
    body = [
        f"tables = Tables({', '.join(tables)})",
        "for s in range(first, last):",
        "    i = int(place[s])",
        f"    group[s] = {expression}",
    ]
    names = ["first", "last", "place", "group", "place0", *tables, *arguments]
    writer.add(f"within_{rule}", names, body)


def _write_show(writer: Writer, facing: Facing) -> None:
    """What the agents `wanted` show, in the same order."""
    names, lines = ["first", "last", "wanted", "place0"], list[str]()
    head = [f"tables = Tables({', '.join(f't_{t}' for t in writer.program.tables)})"]
    for column in facing.shows:
        if facing.rule.kind == "encounter" and column == DEGREE:
            network = writer.program.networks[facing.rule.over]
            arguments, lines_before = writer.net(facing.rule.over)
            head = [*head, *lines_before]
            if network.walk is not None:
                head += degrees_in_stages(writer, network.walk, f"o_{column}")
                names += ["located", f"o_{column}", *arguments]
                continue
            degree = writer.call(network.degree, "the network's degree")
            expression = f"{degree}(net, place0 + int(i))"
        else:
            arguments, expression = writer.value(column)
        names += [f"o_{column}", *arguments]
        lines.append(f"    o_{column}[sure(s)] = {expression}")
    tables = [f"t_{t}" for t in writer.program.tables]
    if lines:
        each = ["for s in range(first, last):", "    i = sure(int(wanted[sure(s)]) - place0)"]
        lines = [*each, *lines]
    body = [*head, *(lines or ["return"])]
    writer.add(f"show_{facing.rule.name}", [*names, *tables], body)


def _write_face(writer: Writer, facing: Facing) -> None:
    """Run the rule for those listed from `kept` on, facing those `wanted`, into the log."""
    rule = facing.rule
    function = writer.call(rule.function, f"{rule.kind} `{rule.name}`")
    arguments, lines = writer.globals_of(facing.env)
    me_arguments, me = writer.me(facing.reads)
    other = ", ".join(f"o_{name}[s]" for name in facing.shows)
    body = [
        *lines,
        "for s in range(first, last):",
        *_each(writer, facing, "kept + s"),
        *("    " + line for line in _luck(writer, facing)),
        f"    other = {writer.shape(facing.shows)}({other})",
        f"    me = {me}",
        f"    result = {function}(me, other, env, model, key)",
        *("    " + line for line in _logged(writer, facing)),
    ]
    names = ["first", "last", "kept", *_listed(writer, facing), "wanted", "place0", "error"]
    names += ["luck", "pairing", "leading", *shown_arguments(facing), *arguments, *me_arguments]
    waiting = logged(writer.program, facing)
    names += [f"r_{column}" for column in waiting]
    names += [f"top_{c}" for c in waiting if writer.program.stored[c].kind == "step"]
    if len(waiting) < len(rule.writes):
        at_once = [c for c in rule.writes if c not in waiting]
        names += ["tallies", *store_arguments(writer, facing, at_once)]
    names += writer.who_arguments
    writer.add(f"face_{rule.name}", names, body)


def _each(writer: Writer, facing: Facing, at: str) -> list[str]:
    """The lines that name the local place `i` of entry `at`, and pass by who meets nobody."""
    if not all_meet(facing.rule, writer.program.is_open):
        return [f"    i = int(place[{at}])"]
    return [f"    i = sure({at})", "    if place0 + i == alone:", "        continue"]


def _listed(writer: Writer, facing: Facing) -> list[str]:
    """What those lines take."""
    return ["alone"] if all_meet(facing.rule, writer.program.is_open) else ["place"]


def _luck(writer: Writer, facing: Facing) -> list[str]:
    if facing.rule.kind == "encounter":
        return [f"key = fold({writer.luck()}, {writer.who})"]
    key = writer.call(pair_key, "luck")
    leads = writer.call(is_leading, "luck")
    if writer.program.is_open:
        return [
            f"who, its = {writer.who}, int(o_{WHO}[s])",
            f"key = {key}(pairing, who, its)",
            f"leads = {leads}(leading, key, who, its)",
        ]
    return [
        "j = int(wanted[s])",
        f"key = {key}(pairing, place0 + i, j)",
        f"leads = {leads}(leading, key, place0 + i, j)",
    ]


def _logged(writer: Writer, facing: Facing) -> list[str]:
    """The lines that check what the rule gave and keep it in the log, as narrow as the column.

    What need not wait they write at once.
    """
    lines: list[str] = []
    writes, waiting = facing.rule.writes, logged(writer.program, facing)
    for number, column in enumerate(writes):
        stored = writer.program.stored[column]
        value = f"result[{number}]" if len(writes) > 1 else "result"
        if column not in waiting:
            lines += store(writer, facing.rule.name, column, number, value, few=True)
            continue
        if stored.kind in ("flag", "pulse"):
            lines.append(f"r_{column}[kept + s] = bool({value})")
            continue
        cast = "float" if stored.kind == "float" else "int"
        kept = f"top_{column} if v == {NEVER} else v" if stored.kind == "step" else "v"
        lines += [
            f"v = {cast}({value})",
            f"if {is_wrong(stored, 'v')}:",
            "    if place0 + i < error[0]:",
            "        error[0] = place0 + i",
            f"        error[1] = {number}",
            f"        error[2] = {'0' if stored.kind == 'float' else 'v'}",
            "else:",
            f"    r_{column}[kept + s] = {kept}",
        ]
    return lines


def _write_settle(writer: Writer, facing: Facing) -> None:
    """Write what the log holds for those listed from first to last-1."""
    lines: list[str] = []
    waiting = logged(writer.program, facing)
    if not waiting:
        return
    for number, column in enumerate(facing.rule.writes):
        if column not in waiting:
            continue
        kind = writer.program.stored[column].kind
        value = f"r_{column}[s]"
        if kind == "step":
            value = f"step_value({value}, top_{column})"
        lines += store(writer, facing.rule.name, column, number, value)
    arguments, head = writer.globals_of(facing.env)
    body = [*head, "for s in range(first, last):", *_each(writer, facing, "s")]
    names = ["first", "last", *_listed(writer, facing), "place0", "tallies", "error"]
    names += [f"r_{column}" for column in waiting]
    names += [*arguments, *store_arguments(writer, facing, waiting)]
    writer.add(f"settle_{facing.rule.name}", names, [*body, *("    " + line for line in lines)])
