"""The text of a program's lanes: one function that takes lane after lane from start to end.

Rules stand in it as in the kernels of a shard; what they read lies at slot `i` of a small room,
and belongs to the agent `who`. Every part answers whether it went well.
"""

from __future__ import annotations

from ...networks.permutation import forward
from ...random import fold
from ...rules import NOTHING
from ..program import Program
from ..ruled import Acting, Spreading
from ..words import column_key, name_number, value_word
from . import common, exactly
from .lane_acting import write_group
from .lane_layout import TREE, Layout
from .lane_spreading import write_lane_spreading
from .storage import FLAGS
from .text import HEAD, OWN, WITHIN, Kernel, Writer
from .watching import write_groups

DONE, FULL, OVERFLOW, TREELESS = 0, 1, 2, 3  # How a lane ended.
OUT = ("steps", "low", "high", "status", "cells", "marks")
OUT_TREE = ("size", "depth", "breadth", "distances", "pairs", "generations")


def text_of_lanes(
    program: Program, tree: str | None
) -> tuple[tuple[str, ...], dict[str, Kernel], Layout]:
    """The text of the program's lanes in parts, what `run_lanes` takes, how a room is laid out."""
    writer = Writer(program)
    layout = Layout(program, tree is not None)
    writer.call(fold, "luck")  # first of all, as in the common part
    parts = [_fresh(layout), _begin(writer, layout)]
    for phase in program.phases:
        for part in phase:
            if isinstance(part, Spreading):
                parts.append(write_lane_spreading(writer, layout, part))
        group = [part for part in phase if isinstance(part, Acting)]
        parts += write_group(writer, layout, group)
    parts += [_end_step(layout), _quiet(layout), _digest(layout), _tree(tree), _marks()]
    _run_lanes(writer, layout)
    write_groups(writer)
    functions = writer.functions()[len(common.luck()) :]
    text = (
        HEAD,
        common.of_lanes(),
        *exactly.needed([*functions, *writer.blocks]),
        *([WITHIN] if any("@jit_within" in function for function in functions) else []),
        *([OWN] if program.rekeyed else []),
        f"NOTHING = int({NOTHING})",
        *writer.tuples(),
        f"Room = namedtuple('Room', {[f.name for f in layout.fields]!r})",
        f"Out = namedtuple('Out', {[*OUT, *OUT_TREE]!r})",
        f"Begin = namedtuple('Begin', {_begin_names(program)!r})",
        *functions,
        *parts,
        *writer.blocks,
    )
    return text, writer.kernels, layout


def begin_values(program: Program) -> dict[str, object]:
    """The starting values, under the names by which lanes take them."""
    return {
        f"b_{number}_{column}": value
        for number, start in enumerate(program.start)
        for column, value in start.values.items()
    }


def _begin_names(program: Program) -> list[str]:
    named = [name for k, _ in enumerate(program.start) for name in (f"count_{k}", f"who_{k}")]
    return ["agents", "side", "per_side", "starts", *named, *begin_values(program)]


def _function(name: str, arguments: str, body: list[str]) -> str:
    lines = "\n".join("    " + line for line in body)
    return f"@jit\ndef {name}({arguments}):\n{lines}\n"


def _fresh(layout: Layout) -> str:
    """`settle_in`: the agent's slot, a new one at the defaults if it has none; 0 when full."""
    defaults = [f"room.{field}[i] = {value}" for field, value in layout.defaults()]
    return _function("be_fresh", "room, i", defaults or ["pass"]) + _function(
        "settle_in",
        "room, agent",
        [
            "i = find(room.agent, room.table, room.n, agent)",
            "if i == 0:",
            "    i = enter(room.agent, room.table, room.n, agent)",
            "    if i != 0:",
            "        be_fresh(room, i)",
            "return i",
        ],
    )


def _begin(writer: Writer, layout: Layout) -> str:
    """Give the starting agents their values; pulses are up in the first step."""
    lines: list[str] = []
    walk = writer.call(forward, "the permutation") if writer.program.start else ""
    for k, start in enumerate(writer.program.start):
        keys = ", ".join(f"int(fold(draws, {j}) >> unsigned(32))" for j in range(5))
        given = "begin.starts.shape[0] > 0" if k == 0 else "False"
        lines += [
            f"draws = fold(fold(lane_key, unsigned({start.stream})), 0)",
            f"row = ({keys})",
            f"for s in range(begin.count_{k}):",
            f"    if {given}:",
            "        who = begin.starts[at]",
            f"    elif begin.who_{k}.shape[0] > 0:",
            f"        who = begin.who_{k}[s]",
            "    else:",
            f"        who = {walk}(s, begin.agents, begin.side, begin.per_side, row)",
            "    i = settle_in(room, who)",
            "    if i == 0:",
            "        return False",
        ]
        for column in start.values:
            lines += ["    " + line for line in _start(writer, layout, column, f"b_{k}_{column}")]
    return _function("start", "room, begin, tables, lane_key, at", [*lines, "return True"])


def _start(writer: Writer, layout: Layout, column: str, name: str) -> list[str]:
    """Keep a starting value."""
    stored, value = writer.program.stored[column], f"begin.{name}"
    if stored.kind == "pulse":
        put = layout.put("c", column)
        return [f"if {value}:", *("    " + line for line in put)]
    cast = {"flag": "bool", "float": "float"}.get(stored.kind, "int")
    zero = " + 0.0" if stored.kind == "float" else ""
    kept = [*layout.keep(column), *layout.changed(writer, column)]
    return [
        f"v = {cast}({value}){zero}",
        f"old = {layout.kept(column)}",
        "if v != old:",
        *("    " + line for line in kept),
    ]


def _end_step(layout: Layout) -> str:
    """Let pulses that were set be seen, and forget what arrived."""
    lines = ["n = room.n"]
    for name, stored in layout.program.stored.items():
        if stored.kind == "pulse":
            raised, up = layout.size("u", name), layout.size("c", name)
            lines += layout.empty("c", name)
            lines += [
                f"for s in range({raised}):",
                f"    i = room.ul_{name}[s]",
                f"    room.u_{name}[i] = 0",
                f"    room.c_{name}[i] = 1",
                f"    room.cl_{name}[s] = i",
                f"{up} = {raised}",
                f"{raised} = 0",
            ]
    for spreading in layout.spreadings:
        lines += layout.empty("a", spreading.rule.name)
    return _function("end_step", "room", [*lines, "return True"])


def _quiet(layout: Layout) -> str:
    """Whether nothing can change: nobody is active or flagged, and no change waits for a rule."""
    sizes = [layout.size("c", s.rule.active) for s in layout.spreadings]
    sizes += [layout.size("y", rule) for rule in layout.watching]
    sizes += [layout.size("c", column) for column in layout.flagged.values()]
    body = ["n = room.n", f"return {' and '.join(f'{s} == 0' for s in sizes) or 'True'}"]
    return _function("is_quiet", "room", body)


def _digest(layout: Layout) -> str:
    """The two sums over slots and columns of what is not at its default, and the step's part."""
    step = name_number("environment:step")
    lines = [
        f"low = fold(fold(unsigned({step}), 0), step)",
        f"high = fold(fold(unsigned({step}), 1), step)",
        "for i in range(1, room.n[SLOTS] + 1):",
        "    who = room.agent[i]",
    ]
    for name, stored in layout.program.stored.items():
        keys = [f"unsigned({column_key(name, half)})" for half in (0, 1)]
        if stored.kind in FLAGS:
            test, word = f"room.c_{name}[i] != 0", "unsigned(1)"
        else:
            field = f"room.{'w' if stored.kind == 'float' else 'c'}_{name}[i]"
            default = value_word(stored.default)
            test, word = f"unsigned({field}) != unsigned({default})", f"unsigned({field})"
        lines += [
            f"    if {test}:",
            f"        low += fold(fold({keys[0]}, who), {word})",
            f"        high += fold(fold({keys[1]}, who), {word})",
        ]
    return _function("digest", "room, step", [*lines, "return low, high"])


def _tree(tree: str | None) -> str:
    """Note what the lane's tree looks like; False if somebody's parent is not in it."""
    if tree is None:
        return _function("note_tree", "room, out, at, nobody, starters", ["return True"])
    arrays = ", ".join(f"room.{name}" for name in TREE)
    body = [
        f"size = grow_tree(room.agent, room.table, room.n, room.c_{tree}, nobody, starters, "
        f"{arrays})",
        "out.size[at] = size",
        "if size < 0:",
        "    room.error[0] = room.agent[-size]",
        f"    room.error[2] = room.c_{tree}[-size]",
        "    return False",
        "for d in range(min(out.generations.shape[0], size)):",
        "    out.generations[d, at] = room.level[d]",
        "if size > 0:",
        f"    found = weigh_tree(room.n, {arrays}, size)",
        "    out.depth[at], out.breadth[at], out.distances[at], out.pairs[at] = found",
        "return True",
    ]
    return _function("note_tree", "room, out, at, nobody, starters", body)


def _marks() -> str:
    """Note the step if a sum has come to what it is watched for: rows of cell, and how much."""
    body = [
        "for m in range(marked.shape[0]):",
        "    if out.marks[m, at] < 0 and room.cells[marked[m, 0]] >= marked[m, 1]:",
        "        out.marks[m, at] = step",
    ]
    return _function("note_marks", "room, out, at, marked, step", body)


def _run_lanes(writer: Writer, layout: Layout) -> None:
    program = writer.program
    parameters, tables = list(program.parameters), list(program.tables)
    nets: list[str] = []
    net_lines: list[str] = []
    for name in program.networks:
        names, lines = writer.net(name)
        nets += names
        net_lines += [line.replace("net =", f"net_{name} =") for line in lines]
    own = ["own_place", "own_luck"] if program.rekeyed else []
    outs = [f"out_{name}" for name in (*OUT, *OUT_TREE)]
    body = [
        f"room = Room({', '.join(f.name for f in layout.fields)})",
        f"out = Out({', '.join(outs)})",
        f"begin = Begin({', '.join(_begin_names(program))})",
        f"tables = Tables({', '.join(f't_{t}' for t in tables)})",
        *net_lines,
        "n = room.n",
        "forget(room.table, n)",
        "be_fresh(room, 0)",
        "for at in range(first, last):",
        "    lane = lanes[at]",
        "    lane_key = fold(lanes_key, lane) if lane != 0 else seed_key",
        *(f"    room.{one}[0] = {one}s[at]" for one in own),
        *(f"    {_parameter(p)}" for p in parameters),
        f"    model = Model({', '.join([*(f'v_{p}' for p in parameters), *writer.policies])})",
        "    for k in range(base.shape[0]):",
        "        room.cells[k] = base[k]",
        "    room.progress[0] = at",
        "    status = DONE",
        "    step = 0",
        "    if not start(room, begin, tables, lane_key, at):",
        "        status = FULL",
        "    starters = n[SLOTS]",
        "    note_marks(room, out, at, marked, step)",
        "    while status == DONE and step < most_steps and not is_quiet(room):",
        "        room.progress[2] = step",
        *("        " + line for line in _step(layout)),
        "        step += int(status == DONE)",
        "        note_marks(room, out, at, marked, step)",
        "    if status == DONE:",
        "        out.steps[at] = step",
        "        out.low[at], out.high[at] = digest(room, step)",
        "        for k in range(kept.shape[0]):",
        "            out.cells[k, at] = room.cells[kept[k]]",
        "        if not note_tree(room, out, at, nobody, starters):",
        "            status = TREELESS",
        "    out.status[at] = status",
        "    if status > FULL:",
        "        return at",
        "    forget(room.table, n)",
        "return -1",
    ]
    arguments = ["first", "last", "most_steps", "nobody", "lanes", "seed_key", "lanes_key", "base"]
    arguments += ["kept", "marked", *[f.name for f in layout.fields], *outs, *_begin_names(program)]
    arguments += [*(f"p_{p}" for p in parameters), *(f"t_{t}" for t in tables), *nets]
    arguments += [*writer.policy_arguments, *(f"{one}s" for one in own)]
    constants = f"DONE, FULL, OVERFLOW, TREELESS = {DONE}, {FULL}, {OVERFLOW}, {TREELESS}"
    writer.blocks.append(constants)
    writer.add("run_lanes", arguments, body)


def _parameter(name: str) -> str:
    """The line that takes a parameter's value in the lane: one for all lanes, or one for each.

    A line of its own, since a call of more than 30 arguments may hold no choice between two.
    """
    return f"v_{name} = p_{name}[at if p_{name}.shape[0] > 1 else 0]"


def _step(layout: Layout) -> list[str]:
    """The calls of one step; what follows a part that failed is left out."""
    lines: list[str] = []
    for number, (name, part) in enumerate(layout.order):
        if isinstance(part, Spreading):
            call = f"{name}(room, net_{part.rule.over}, model, tables, step, {_luck(part)})"
            lines += _part(number, call, "FULL")
        else:
            luck = f", {_luck(part)}" if name.startswith(("act_", "work_")) else ""
            lines += _part(number, f"{name}(room, model, tables, step{luck})", "OVERFLOW")
    return [*lines, "if status == DONE:", "    end_step(room)"]


def _part(number: int, call: str, failure: str) -> list[str]:
    return [
        "if status == DONE:",
        f"    room.progress[1] = {number}",
        f"    if not {call}:",
        f"        status = {failure}",
    ]


def _luck(part: Acting | Spreading) -> str:
    each = "step + 1" if part.rule.luck == "each" else "0"
    return f"fold(fold(lane_key, unsigned({part.stream})), {each})"
