"""The kernels of entries: how many each agent causes, and with what each newcomer begins."""

from __future__ import annotations

from ...population import newcomer
from ..newcomers import OUTSIDE
from ..ruled import Entering
from .acting import loop
from .text import Writer


def write_entering(writer: Writer, entering: Entering) -> None:
    """Add `cause_RULE(first, last, ...)`, which gives how many cause some, and `begin_RULE`."""
    if not entering.rule.from_outside:
        _write_cause(writer, entering)
    _write_begin(writer, entering)


def _write_cause(writer: Writer, entering: Entering) -> None:
    rule = entering.rule
    function = writer.call(rule.function, f"entry `{rule.name}`")
    arguments, lines = writer.globals_of(entering.env)
    me_arguments, me = writer.me(entering.reads)
    each = [
        f"me = {me}",
        f"many = int({function}(me, env, model, fold({writer.luck()}, {writer.who})))",
        "if many < 0 and place0 + i < error[0]:",
        "    error[0] = place0 + i",
        "    error[1] = many",
        "if many > 0:",
        "    causes[k] = i",
        "    counts[k] = many",
        "    k += 1",
    ]
    loop_arguments, looped = loop(writer.program, rule, each)
    names = ["first", "last", "luck", "error", "causes", "counts", *arguments, *me_arguments]
    names += [*writer.who_arguments, *loop_arguments]
    writer.add(f"cause_{rule.name}", names, [*lines, "k = 0", *looped, "return k"])


def _write_begin(writer: Writer, entering: Entering) -> None:
    """Identities and first values of newcomers first..last-1."""
    rule = entering.rule
    arguments, lines = writer.globals_of(entering.env)
    me_arguments, me = writer.me(entering.begins_reads)
    outside = rule.from_outside
    told = writer.call(newcomer, "a newcomer's identity")
    cause = str(OUTSIDE) if outside else writer.who
    each = [] if outside else ["i = int(causes[s])"]
    each += [f"who = {told}(births, {cause}, int(ranks[s]))", "born[s] = who"]
    if rule.begins is not None:
        begins = writer.call(rule.begins, f"what newcomers of entry `{rule.name}` begin with")
        seen = "env, model, fold(beginning, who)"
        each += [] if outside else [f"me = {me}"]
        each += [f"result = {begins}({seen if outside else f'me, {seen}'})"]
    for number, column in enumerate(rule.writes):
        value = f"result[{number}]" if len(rule.writes) > 1 else "result"
        kind = entering.kinds[column]
        cast = {"float": "float", "flag": "bool", "pulse": "bool"}.get(kind, "int")
        each.append(f"v_{column}[s] = {cast}({value})")
    names = ["first", "last", "causes", "ranks", "births", "beginning", "born", *arguments]
    names += [*me_arguments, *writer.who_arguments, *(f"v_{column}" for column in rule.writes)]
    body = [*lines, "for s in range(first, last):", *("    " + line for line in each)]
    writer.add(f"begin_{rule.name}", names, body)
