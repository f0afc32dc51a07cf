"""A lane's agent rules: whom they run for, what they write, what that counts."""

from __future__ import annotations

from ...population import NEVER
from ..ruled import Acting
from .lane_layout import Layout
from .text import Writer


def write_group(writer: Writer, layout: Layout, group: list[Acting]) -> list[str]:
    """The functions of one phase's agent rules; all of them see the moment before it."""
    written: list[str] = []
    for name, acting in layout.calls(group):
        kind = name.split("_", 1)[0]
        write = {"take": _take, "act": _act, "work": _work, "keep": _keep}[kind]
        heading = ["n = room.n", *layout.rekeyed]
        lines = "\n".join("    " + line for line in [*heading, *write(writer, layout, acting)])
        luck = ", luck" if kind in ("act", "work") else ""
        written.append(f"@jit\ndef {name}(room, model, tables, step{luck}):\n{lines}\n")
    return written


def _take(writer: Writer, layout: Layout, acting: Acting) -> list[str]:
    """List whom the rule runs for: the flagged, or those changed so far, whom it then forgets."""
    del writer
    name = acting.rule.name
    flagged = acting.rule.on.kind == "flagged"
    prefix, source = ("c", acting.rule.on.of) if flagged else ("y", name)
    collected, taken = layout.size(prefix, source), layout.size("x", name)
    return [
        f"{taken} = {collected}",
        f"for s in range({collected}):",
        f"    room.xl_{name}[s] = room.{prefix}l_{source}[s]",
        *([] if flagged else layout.empty("y", name)),
        "return True",
    ]


def _act(writer: Writer, layout: Layout, acting: Acting) -> list[str]:
    """Work out and keep, agent by agent."""
    each = [*_result(writer, layout, acting)]
    for number, column in enumerate(acting.rule.writes):
        value = f"result[{number}]" if len(acting.rule.writes) > 1 else "result"
        each += _store(writer, layout, column, number, value)
    return _checked(_loop(layout, acting, each))


def _work(writer: Writer, layout: Layout, acting: Acting) -> list[str]:
    """Work out what the rule gives, and let it wait until all rules of the phase have seen."""
    each = _result(writer, layout, acting)
    for number, column in enumerate(acting.rule.writes):
        value = f"result[{number}]" if len(acting.rule.writes) > 1 else "result"
        kind = writer.program.stored[column].kind
        cast = {"float": "float", "flag": "bool", "pulse": "bool"}.get(kind, "int")
        each.append(f"room.given_{acting.rule.name}_{number}[s] = {cast}({value})")
    return [*_loop(layout, acting, each), "return True"]


def _keep(writer: Writer, layout: Layout, acting: Acting) -> list[str]:
    """Keep what was worked out."""
    each: list[str] = []
    for number, column in enumerate(acting.rule.writes):
        value = f"room.given_{acting.rule.name}_{number}[s]"
        each += _store(writer, layout, column, number, value)
    return _checked(_loop(layout, acting, each))


def _checked(loop: list[str]) -> list[str]:
    return [f"room.error[0] = {NEVER}", *loop, f"return room.error[0] == {NEVER}"]


def _result(writer: Writer, layout: Layout, acting: Acting) -> list[str]:
    function = writer.call(acting.rule.function, f"rule `{acting.rule.name}`")
    return [
        f"me = {layout.me(writer, acting.reads)}",
        f"result = {function}(me, env, model, fold({writer.luck('luck', 'who')}, who))",
    ]


def _loop(layout: Layout, acting: Acting, each: list[str]) -> list[str]:
    """The loop over whom the rule runs for, around the lines for slot `i`."""
    on = acting.rule.on
    prefix, name = ("a", on.of) if on.kind == "reached_by" else ("x", acting.rule.name)
    return [
        "env = Env(step)",
        f"for s in range({layout.size(prefix, name)}):",
        f"    i = int(room.{prefix}l_{name}[s])",
        "    who = room.agent[i]",
        *("    " + line for line in each),
    ]


def _store(writer: Writer, layout: Layout, column: str, number: int, value: str) -> list[str]:
    """The lines that check and keep what the rule gave for slot `i`."""
    stored = writer.program.stored[column]
    if stored.kind == "pulse":
        return [f"if {value}:", *_indent(layout.put("u", column))]
    cast = {"flag": "bool", "float": "float"}.get(stored.kind, "int")
    zero = " + 0.0" if stored.kind == "float" else ""
    kept = _indent([*layout.keep(column), *layout.changed(writer, column)])
    lines = [f"v = {cast}({value}){zero}", f"old = {layout.kept(column)}"]
    if stored.kind == "flag":
        return [*lines, "if v != old:", *kept]
    wrong = {
        "float": "v != v",
        "step": f"v != {NEVER} and (v < 0 or v > step + {stored.ahead})",
        "int": f"v < {stored.low} or v > {stored.high}",
    }[stored.kind]
    return [
        *lines,
        f"if {wrong}:",
        "    if who < room.error[0]:",
        "        room.error[0] = who",
        f"        room.error[1] = {number}",
        f"        room.error[2] = {'0' if stored.kind == 'float' else 'v'}",
        "elif v != old:",
        *kept,
    ]


def _indent(lines: list[str]) -> list[str]:
    return ["    " + line for line in lines]
