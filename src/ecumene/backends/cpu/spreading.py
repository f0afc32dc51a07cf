"""The kernels of tie rules: emit into bins, apply a bin, or pull."""

from __future__ import annotations

import re

from ...networks.lowered import Stages
from ...rules import TieRule
from ..ruled import Spreading
from . import along_rows, filling
from .arriving import BINS, arrive, here_arguments, if_here, passes, write_apply
from .permuting import in_vectors
from .roll_text import loops
from .rolls import covers
from .text import TILE, Writer

SCRATCH = ["located", "sent", "passing", "carried", "standing", "others", "lefts", "rights"]
SOON = 32  # So many receivers before it is asked, a neighbour is fetched into the cache.
OF_ONE = re.compile(r"\b(c_\w+)\[i\]")


def write_spreading(writer: Writer, spreading: Spreading) -> None:
    """Add the kernels `emit_RULE`, `apply_RULE` and `pull_RULE`."""
    _write_emit(writer, spreading)
    write_apply(writer, spreading)
    _write_pull(writer, spreading)


def _write_emit(writer: Writer, spreading: Spreading) -> None:
    """Draw and emit active agents' ties from a cursor until done, or until a bin is full.

    Receivers are binned by block: block `place >> shift` of the shard that holds them.
    """
    rule, network = spreading.rule, writer.program.networks[spreading.rule.over]
    active = [f"c_{rule.active}_{level}" for level in range(3)]
    listing, gather = [], "gather("
    if covers(writer.program):
        listing, gather = ["roll"], "called(roll, "
        writer.have(loops())
    global_arguments, lines = writer.globals_of(spreading.env)
    net_arguments, net_lines = writer.net(rule.over)
    me_arguments, _ = writer.me(spreading.reads)
    each, scratch = _tie_by_tie, []
    if network.stages:
        each, scratch = _staged, SCRATCH
    elif network.listing:
        each, scratch = _listed, [*along_rows.ROOM]
    body = [
        *lines,
        *net_lines,
        "at = cursor[0]",
        "k = cursor[1]",
        "q = cursor[2]",
        *(["spare = int(0)"] if network.stages else []),
        "while at < last:",
        f"    n, after = {gather}{', '.join(active)}, at, last, tile)",
        *("    " + line for line in each(writer, spreading)),
        "    at = after",
        *along_rows.lifted(writer.program, spreading),
        "cursor[0] = last",
        "cursor[1] = 0",
        "cursor[2] = 0",
        "return True",
    ]
    arguments = ["cursor", "last", "tile", "luck", "shard_size", "shard_blocks", "shift", *BINS]
    arguments += [*listing, *active, *scratch, *global_arguments, *net_arguments, *me_arguments]
    arguments += along_rows.straight_arguments(writer.program, spreading)
    writer.add(f"emit_{rule.name}", arguments, body)


def _tie_by_tie(writer: Writer, spreading: Spreading) -> list[str]:
    """One agent after another, each with all its ties; a hub may stop at any of them."""
    rule, network = spreading.rule, writer.program.networks[spreading.rule.over]
    _, me = writer.me(spreading.reads)
    degree = writer.call(network.degree, "the network's degree")
    neighbour = writer.call(network.neighbour, "the network's neighbour")
    tie = writer.call(network.tie, "the network's tie")
    send = writer.call(rule.send, f"rule `{rule.name}`")
    return [
        "for s in range(n):",
        "    i = tile[s]",
        f"    me = {me}",
        f"    ties = {degree}(net, place0 + i)",
        "    while k < ties:",
        f"        number = {tie}(net, place0 + i, k)",
        f"        payload = {_whole(writer, rule, send)}",
        f"        if {passes(rule.carries)}:",
        f"            j = {neighbour}(net, place0 + i, k)",
        *("            " + line for line in filling.each(rule, "i", "k", "0")),
        "        k += 1",
        "    k = 0",
    ]


def _staged(writer: Writer, spreading: Spreading) -> list[str]:
    """Tie k of a whole tile of agents at once, in short loops that vectorise.

    `test_staged_ties_are_the_ties` holds them to what `_tie_by_tie` gives.
    """
    rule, network = spreading.rule, writer.program.networks[spreading.rule.over]
    stages = network.stages
    assert stages is not None
    _, me = writer.me(spreading.reads)
    name = _stage_names(writer, stages)
    send = writer.call(rule.send, f"rule `{rule.name}`")
    writer.have(along_rows.loops(), filling.loops())
    writer.have(*([in_vectors(writer.program.agents)] if stages.permuted else []))
    taken = [
        *(["payload = carried[sure(q)]"] if rule.carries else []),
        *([f"number = {name['number']}(net, k, standing[sure(q)])"] if rule.names_tie else []),
        "j = others[sure(q)]",
    ]
    return [
        *_halved(writer, stages, "place0 + tile[unsigned(s)]"),
        f"ties = {writer.call(network.degree, 'the network')}(net, place0)",
        "while k < ties:",
        f"    row = {name['row']}(net, k)",
        *("    " + line for line in _located(writer, stages, "place0 + tile[s]")),
        "    for s in range(n):",
        "        s = unsigned(s)",
        "        i = tile[s]",
        f"        number = {name['number']}(net, k, located[s])",
        f"        me = {me}",
        f"        payload = {_whole(writer, rule, send)}",
        *(["        sent[s] = payload"] if rule.carries else []),
        f"        passing[s] = 1 if {passes(rule.carries)} else 0",
        "    fired = pick(passing, n, located, standing)",
        *(["    pick(passing, n, sent, carried)"] if rule.carries else []),
        *("    " + line for line in _others(writer, stages, "fired", "standing")),
        *("    " + line for line in filling.all_or_each(rule, taken)),
        "    q = 0",
        "    k += 1",
        "k = 0",
    ]


def _listed(writer: Writer, spreading: Spreading) -> list[str]:
    """The ties of a whole tile of agents as one list.

    `test_listed_ties_are_the_ties` holds them to what `_tie_by_tie` gives.
    """
    rule, listing = spreading.rule, writer.program.networks[spreading.rule.over].listing
    assert listing is not None
    sent = _whole(writer, rule, writer.call(rule.send, f"rule `{rule.name}`"))
    bin = filling.each(rule, "tile[o]", "k", "0", along_rows.owner(listing))
    return [
        "s = 0",
        "while s < n:",
        *("    " + line for line in along_rows.listed(writer, spreading, listing, sent)),
        *("    " + line for line in along_rows.passed_on(writer.program, spreading, bin)),
    ]


def _write_pull(writer: Writer, spreading: Spreading) -> None:
    """Let receivers first..last-1 ask all who may reach them; for a shard that holds everybody."""
    rule = spreading.rule
    network = writer.program.networks[rule.over]
    global_arguments, lines = writer.globals_of(spreading.env)
    net_arguments, net_lines = writer.net(rule.over)
    me_arguments, me = writer.me(spreading.reads)
    extra, arrived = arrive(writer, spreading)
    send = writer.call(rule.send, f"rule `{rule.name}`")
    ask = [
        f"if i >= 0 and has(c_{rule.active}_0, i):",
        f"    me = {me}",
        f"    payload = {_whole(writer, rule, send)}",
        f"    if {passes(rule.carries)}:",
        "        i = receiver",
        *("        " + line for line in if_here(writer, arrived)),
    ]
    soon = [f"ahead(c_{rule.active}_0, soon >> 6)"]
    soon += [f"ahead({column}, soon)" for column in dict.fromkeys(OF_ONE.findall(me))]
    if network.reverse_stages:
        loop = _asked_in_stages(writer, rule, ask, soon)
    else:
        loop = _asked_tie_by_tie(writer, rule, ask)
    names = ["first", "last", "luck", f"c_{rule.active}_0", *SCRATCH]
    writer.add(
        f"pull_{rule.name}",
        [*names, *global_arguments, *net_arguments, *me_arguments, *extra, *here_arguments(writer)],
        [*lines, *net_lines, *loop],
    )


def _whole(writer: Writer, rule: TieRule, send: str) -> str:
    """What is sent; a payload is cut to a whole number here, before it travels or is pulled."""
    sent = f"{send}(me, Tie(number), env, model, fold({writer.luck()}, number))"
    return f"int({sent})" if rule.carries else sent


def _asked_tie_by_tie(writer: Writer, rule: TieRule, ask: list[str]) -> list[str]:
    """One receiver after another, each along all its ties."""
    network = writer.program.networks[rule.over]
    degree = writer.call(network.reverse_degree, "the network's degree")
    neighbour = writer.call(network.reverse_neighbour, "the network's neighbour")
    tie = writer.call(network.reverse_tie, "the network's tie")
    return [
        "for receiver in range(first, last):",
        f"    for k in range({degree}(net, receiver)):",
        f"        i = {neighbour}(net, receiver, k)",
        f"        number = {tie}(net, receiver, k)",
        *("        " + line for line in ask),
    ]


def _asked_in_stages(writer: Writer, rule: TieRule, ask: list[str], soon: list[str]) -> list[str]:
    """Tie k of a whole tile of receivers at once, in short loops that vectorise.

    `soon` fetches what is read of neighbour `soon`: where there are many agents nearly every
    neighbour has to come from memory, and so more of them are on their way at a time.
    """
    network = writer.program.networks[rule.over]
    stages = network.reverse_stages
    assert stages is not None
    writer.have(*([in_vectors(writer.program.agents)] if stages.permuted else []))
    name = _stage_names(writer, stages)
    degree = writer.call(network.reverse_degree, "the network's degree")
    return [
        f"for at in range(first, last, {TILE}):",
        f"    n = min({TILE}, last - at)",
        *("    " + line for line in _halved(writer, stages, "at + int(s)")),
        f"    for k in range({degree}(net, at)):",
        f"        row = {name['row']}(net, k)",
        *("        " + line for line in _located(writer, stages, "at + int(s)")),
        *("        " + line for line in _others(writer, stages, "n", "located")),
        "        for s in range(n):",
        f"            soon = others[sure(min(s + {SOON}, n - 1))]",
        *("            " + line for line in soon),
        "            receiver = sure(at + s)",
        "            i = others[unsigned(s)]",
        f"            number = {name['number']}(net, k, located[s])",
        *("            " + line for line in ask),
    ]


def _halved(writer: Writer, stages: Stages, agents: str) -> list[str]:
    """The lines that divide a tile's agents for every permutation at once."""
    if not stages.permuted:
        return []
    return [
        "for s in range(n):",
        f"    others[unsigned(s)] = {agents}",
        "halve(others, n, net.side, net.per_side, lefts, rights)",
        # All stand beside somebody in a grid of as many cells as agents, if they are even.
        "full = net.side * net.side == net.agents and net.agents & 1 == 0",
    ]


def _located(writer: Writer, stages: Stages, agent: str) -> list[str]:
    """The lines that work out where each `agent` of a tile stands; few have to be walked on."""
    settle = writer.call(stages.settle, "the network's settle")
    beyond = [
        "beyond = 0",
        "for s in range(n):",
        "    beyond += int(located[unsigned(s)] >= net.agents)",
        "if beyond > 0:",
        "    for s in range(n):",
        "        if located[s] >= net.agents:",
        f"            located[s] = {settle}(net, row, located[s])",
    ]
    if stages.permuted:
        return ["send_forth(lefts, rights, n, net.side, row, located)", *_unless_full(beyond)]
    locate = writer.call(stages.locate, "the network's locate")
    each = ["for s in range(n):", "    s = unsigned(s)"]
    return [*each, f"    located[s] = {locate}(net, row, {agent})", *beyond]


def _others(writer: Writer, stages: Stages, count: str, positions: str) -> list[str]:
    """The lines that work out who stands beside so many positions: -1 where nobody does, and how
    many of them are `absent`.
    """
    each = [f"for f in range({count}):", "    f = unsigned(f)"]
    settle = writer.call(stages.settle_other, "the network's settle_other")
    settled = [*each, f"    others[f] = {settle}(net, row, {positions}[f], others[f])"]
    settled += ["    absent += int(others[f] < 0)"]
    if not stages.permuted:
        beside = writer.call(stages.other, "the network's other")
        first = [*each, f"    others[f] = {beside}(net, row, {positions}[f])"]
        return ["absent = int(0)", *first, *settled]
    return [
        "absent = int(0)",
        *each,
        f"    others[f] = {positions}[f] ^ 1",
        f"send_back(others, {count}, net.side, net.per_side, row)",
        *_unless_full(
            [
                "beyond = 0",
                *each,
                f"    beyond += int(max(others[f], {positions}[f] ^ 1) >= net.agents)",
                "if beyond > 0:",
                *("    " + line for line in settled),
            ]
        ),
    ]


def _unless_full(lines: list[str]) -> list[str]:
    """The lines, where a permutation may lead beyond all agents."""
    return ["if not full:", *("    " + line for line in lines)]


def _stage_names(writer: Writer, stages: Stages) -> dict[str, str]:
    return {
        stage: writer.call(getattr(stages, stage), f"the network's {stage}")
        for stage in ("row", "number")
    }
