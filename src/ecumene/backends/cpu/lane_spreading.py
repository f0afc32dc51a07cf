"""A lane's tie rules: the active pass on along their ties, and it arrives at once."""

from __future__ import annotations

from ...rules import TieRule
from ..ruled import Spreading
from ..words import PICKS, RECEIVES
from .lane_layout import Layout
from .text import Writer


def write_lane_spreading(writer: Writer, layout: Layout, spreading: Spreading) -> str:
    """The function `spread_RULE`; False when there is no room for one more agent."""
    rule, network = spreading.rule, writer.program.networks[spreading.rule.over]
    degree = writer.call(network.degree, "the network's degree")
    send = writer.call(rule.send, f"rule `{rule.name}`")
    tie, other = _looks(writer, spreading)
    own = writer.luck("luck", "source")
    sent = f"{send}(me, Tie(number), env, model, fold({own}, number))"
    passes = "payload != NOTHING" if rule.carries else "payload"
    lines = [
        "env = Env(step)",
        "n = room.n",
        *layout.rekeyed,
        f"for s in range({layout.size('c', rule.active)}):",
        f"    i = int(room.cl_{rule.active}[s])",
        "    source = room.agent[i]",
        "    who = source",
        f"    me = {layout.me(writer, spreading.reads)}",
        f"    for k in range({degree}(net, source)):",
        *("        " + line for line in tie),
        f"        payload = {f'int({sent})' if rule.carries else sent}",
        f"        if {passes}:",
        *("            " + line for line in other),
        "            if who >= 0:",
        *("                " + line for line in _arrive(writer, layout, spreading)),
        "return True",
    ]
    body = "\n".join("    " + line for line in lines)
    return f"@jit\ndef spread_{rule.name}(room, net, model, tables, step, luck):\n{body}\n"


def _looks(writer: Writer, spreading: Spreading) -> tuple[list[str], list[str]]:
    """The lines that give tie `k` of `source` its number, and those that say `who` is there."""
    network = writer.program.networks[spreading.rule.over]
    stages = network.stages
    if stages is None:
        neighbour = writer.call(network.neighbour, "the network's neighbour")
        tie = writer.call(network.tie, "the network's tie")
        return [f"number = {tie}(net, source, k)"], [f"who = {neighbour}(net, source, k)"]
    name = {
        stage: writer.call(getattr(stages, stage), f"the network's {stage}")
        for stage in ("row", "locate", "settle", "number", "other", "settle_other")
    }
    return [
        f"row = {name['row']}(net, k)",
        f"stands = {name['settle']}(net, row, {name['locate']}(net, row, source))",
        f"number = {name['number']}(net, k, stands)",
    ], [
        f"beside = {name['other']}(net, row, stands)",
        f"who = {name['settle_other']}(net, row, stands, beside)",
    ]


def _arrive(writer: Writer, layout: Layout, spreading: Spreading) -> list[str]:
    """Let `payload` of tie `number` arrive at the agent `who`."""
    rule = spreading.rule
    here = ["j = settle_in(room, who)", "if j == 0:", "    return False"]
    here += _combine(layout, rule, "payload" if rule.carries else "1")
    if rule.receive is None:
        return here
    receive = writer.call(rule.receive, f"the receiving part of rule `{rule.name}`")
    me = layout.me(writer, spreading.receiver_reads).replace("[i]", "[j]")
    given = "payload" if rule.carries else "1"
    here = [line.replace("payload", "received") for line in here]
    key = f"fold(fold({writer.luck('luck', 'who')}, number), {RECEIVES})"
    end = writer.end(spreading, "who")
    call = f"{receive}({me}, {end}, {given}, env, model, {key})"
    return [
        "j = find(room.agent, room.table, n, who)",
        f"received = {f'int({call})' if rule.carries else call}",
        f"if {'received != NOTHING' if rule.carries else 'received'}:",
        *("    " + line for line in here),
    ]


def _combine(layout: Layout, rule: TieRule, payload: str) -> list[str]:
    """Combine `payload` at slot `j`."""
    name, kept = rule.name, f"room.acc_{rule.name}[j]"
    put = [line.replace("[i]", "[j]").replace("= i", "= j") for line in layout.put("a", name)]
    if rule.combine == "any":
        return put
    first = [*put, f"    {kept} = {payload}"]
    if rule.combine in ("count", "sum"):
        return [*first, "else:", f"    {kept} += {payload}"]
    if rule.combine in ("min", "max"):
        return [*first, "else:", f"    {kept} = {rule.combine}({kept}, {payload})"]
    low = f"room.low_{name}[j]"
    return [
        f"draw = fold(fold(luck, number), {PICKS})",
        *first,
        f"    {low} = draw",
        f"elif draw < {low} or (draw == {low} and {payload} < {kept}):",
        f"    {low} = draw",
        f"    {kept} = {payload}",
    ]
