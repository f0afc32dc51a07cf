"""The kernels of tie rules: emit into bins, apply a bin, or pull."""

from __future__ import annotations

from ..program import Spreading
from .text import Writer

BINS = ["counts", "capacity", "bin_place", "bin_payload", "bin_number"]


def write_spreading(writer: Writer, spreading: Spreading) -> None:
    """Add the kernels `emit_RULE`, `apply_RULE` and `pull_RULE`."""
    _write_emit(writer, spreading)
    _write_apply(writer, spreading)
    _write_pull(writer, spreading)


def _write_emit(writer: Writer, spreading: Spreading) -> None:
    """Draw and emit the active agents' ties from a cursor (place, tie), until done or a bin is full.

    Receivers are binned by block: block `place >> shift` of the shard that holds them.
    """
    rule = spreading.rule
    active = [f"c_{rule.active}_{level}" for level in range(3)]
    global_arguments, lines = writer.globals_of()
    net_arguments, net_lines = writer.net(rule.over)
    me_arguments, me = writer.me(spreading.reads)
    network = writer.program.networks[rule.over]
    degree = writer.call(network.degree, "the network's degree")
    neighbour = writer.call(network.neighbour, "the network's neighbour")
    tie = writer.call(network.tie, "the network's tie")
    send = writer.call(rule.send, f"rule `{rule.name}`")
    payload = ["bin_payload[e] = payload"] if rule.carries else []
    number = ["bin_number[e] = number"] if rule.names_tie else []
    body = [
        *lines,
        *net_lines,
        "at = cursor[0]",
        "k = cursor[1]",
        "while at < last:",
        f"    n, after = gather({', '.join(active)}, at, last, tile)",
        "    for s in range(n):",
        "        i = tile[s]",
        f"        me = {me}",
        f"        ties = {degree}(net, place0 + i)",
        "        while k < ties:",
        f"            number = {tie}(net, place0 + i, k)",
        f"            payload = {send}(me, Tie(number), env, model, fold(luck, number))",
        f"            if {_passes(rule.carries)}:",
        f"                j = {neighbour}(net, place0 + i, k)",
        "                if j >= 0:",
        "                    shard = j // shard_size if shard_size <= j else 0",
        "                    j -= shard * shard_size",
        "                    b = shard * shard_blocks + (j >> shift)",
        "                    if counts[b] == capacity:",
        "                        cursor[0] = i",
        "                        cursor[1] = k",
        "                        return False",
        "                    e = b * capacity + counts[b]",
        "                    bin_place[e] = j - ((j >> shift) << shift)",
        *("                    " + line for line in [*payload, *number]),
        "                    counts[b] += 1",
        "            k += 1",
        "        k = 0",
        "    at = after",
        "cursor[0] = last",
        "cursor[1] = 0",
        "return True",
    ]
    arguments = ["cursor", "last", "tile", "luck", "shard_size", "shard_blocks", "shift", *BINS]
    arguments += [*active, *global_arguments, *net_arguments, *me_arguments]
    writer.add(f"emit_{rule.name}", arguments, body)


def _write_apply(writer: Writer, spreading: Spreading) -> None:
    """Let one worker's bins for blocks first..last-1 arrive; bin `b` stands at `b + bin0`."""
    rule = spreading.rule
    arguments, lines = writer.globals_of()
    extra, arrive = _arrive(writer, spreading)
    body = [
        *lines,
        "for b in range(first, last):",
        "    start = (b + bin0) * capacity",
        "    for e in range(start, start + counts[b + bin0]):",
        "        i = (b << shift) + int(bin_place[e])",
        f"        payload = {'bin_payload[e]' if rule.carries else '1'}",
        f"        number = {'bin_number[e]' if rule.names_tie else '0'}",
        *("        " + line for line in arrive),
    ]
    names = ["first", "last", "bin0", "shift", "luck", *BINS, *arguments, *extra]
    writer.add(f"apply_{rule.name}", names, body)


def _write_pull(writer: Writer, spreading: Spreading) -> None:
    """Let receivers first..last-1 ask all who may reach them; for a shard that holds everybody."""
    rule = spreading.rule
    network = writer.program.networks[rule.over]
    global_arguments, lines = writer.globals_of()
    net_arguments, net_lines = writer.net(rule.over)
    me_arguments, me = writer.me(spreading.reads)
    extra, arrive = _arrive(writer, spreading)
    send = writer.call(rule.send, f"rule `{rule.name}`")
    degree = writer.call(network.reverse_degree, "the network's degree")
    neighbour = writer.call(network.reverse_neighbour, "the network's neighbour")
    tie = writer.call(network.reverse_tie, "the network's tie")
    body = [
        *lines,
        *net_lines,
        "for receiver in range(first, last):",
        f"    for k in range({degree}(net, receiver)):",
        f"        i = {neighbour}(net, receiver, k)",
        f"        if i >= 0 and has(c_{rule.active}_0, i):",
        f"            number = {tie}(net, receiver, k)",
        f"            me = {me}",
        f"            payload = {send}(me, Tie(number), env, model, fold(luck, number))",
        f"            if {_passes(rule.carries)}:",
        "                i = receiver",
        *("                " + line for line in arrive),
    ]
    names = ["first", "last", "luck", f"c_{rule.active}_0"]
    writer.add(
        f"pull_{rule.name}", [*names, *global_arguments, *net_arguments, *me_arguments, *extra], body
    )


def _passes(carries: bool) -> str:
    return "payload != NOTHING" if carries else "payload"


def _arrive(writer: Writer, spreading: Spreading) -> tuple[list[str], list[str]]:
    """Arguments and lines that let `payload` of tie `number` arrive at local place `i`."""
    rule = spreading.rule
    bits = [f"a_{rule.name}_{level}" for level in range(3)]
    put = f"put({', '.join(bits)}, i)"
    arguments, lines = list(bits), _combine(rule.combine, rule.name, put)
    if rule.combine != "any":
        arguments.append(f"acc_{rule.name}")
    if rule.combine == "pick":
        arguments.append(f"low_{rule.name}")
    if rule.receive is None:
        return arguments, lines
    receive = writer.call(rule.receive, f"the receiving part of rule `{rule.name}`")
    me_arguments, me = writer.me(spreading.receiver_reads)
    call = f"{receive}({me}, Tie(number), payload, env, model, fold(fold(luck, number), 1))"
    return [*arguments, *me_arguments], [
        f"received = {call}",
        f"if {_passes(rule.carries).replace('payload', 'received')}:",
        f"    payload = {'received' if rule.carries else '1'}",
        *("    " + line for line in lines),
    ]


def _combine(combine: str, name: str, put: str) -> list[str]:
    here, kept = f"has(a_{name}_0, i)", f"acc_{name}[i]"
    if combine == "any":
        return [put]
    if combine in ("count", "sum"):
        return [f"if {here}:", f"    {kept} += payload", "else:", f"    {kept} = payload", f"    {put}"]
    if combine in ("min", "max"):
        return [
            f"if {here}:",
            f"    {kept} = {combine}({kept}, payload)",
            "else:",
            f"    {kept} = payload",
            f"    {put}",
        ]
    low = f"low_{name}[i]"
    return [
        "draw = fold(fold(luck, number), 2)",
        f"if not {here}:",
        f"    {low} = draw",
        f"    {kept} = payload",
        f"    {put}",
        f"elif draw < {low} or (draw == {low} and payload < {kept}):",
        f"    {low} = draw",
        f"    {kept} = payload",
    ]


