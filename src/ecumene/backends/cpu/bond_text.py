"""The kernels of proposals and partings: whom agents ask for ties, and which they give up."""

from __future__ import annotations

from ...networks.slots import number_of
from ...rules import Proposal
from ..ruled import Bonding
from ..words import slots_field
from .text import Writer


def write_bonding(writer: Writer, bonding: Bonding) -> None:
    """Add the kernel `bond_RULE(places, ...)` of a proposal or a parting."""
    rule = bonding.rule
    function = writer.call(rule.function, f"{type(rule).__name__.lower()} `{rule.name}`")
    arguments, lines = writer.globals_of(bonding.env)
    me_arguments, me = writer.me(bonding.reads)
    names = ["places", "luck", "whom", "lucks", *arguments, *me_arguments]
    if isinstance(rule, Proposal):
        each = [
            f"j = int({function}({me}, env, model, fold(luck, place0 + i)))",
            "whom[s] = j",
            "lucks[s] = fold(fold(luck, min(place0 + i, j)), max(place0 + i, j))",
        ]
        head = ["for s in range(places.shape[0]):", "    i = int(places[s])"]
        writer.add(f"bond_{rule.name}", names, [*lines, *head, *("    " + e for e in each)])
        return
    network = writer.program.networks[rule.over]
    net_arguments, net_lines = writer.net(rule.over)
    degree = writer.call(network.degree, "the network's degree")
    neighbour = writer.call(network.neighbour, "the network's neighbour")
    tie = writer.call(network.tie, "the network's tie")
    field = f"n_{slots_field(rule.over, network)}"
    since, slots = f"{field}_since", f"{field}_slots"
    body = [
        *lines,
        *net_lines,
        "for s in range(places.shape[0]):",
        "    i = int(places[s])",
        f"    me = {me}",
        f"    for k in range({degree}(net, place0 + i)):",
        f"        j = {neighbour}(net, place0 + i, k)",
        "        if j >= 0:  # not away by an intervention",
        f"            number = {tie}(net, place0 + i, k)",
        f"            e = i * {slots} + k",
        f"            bond = Bond(number, int({since}[e]), j)",
        f"            if {function}(me, bond, env, model, fold(luck, number)):",
        f"                whom[s * {slots} + k] = j",
    ]
    writer.add(f"bond_{rule.name}", [*names, since, slots, *net_arguments], body)


def write_digest(writer: Writer) -> None:
    """Add the kernel that adds up the ties in slots, each at its smaller end."""
    if not any(network.slots for network in writer.program.networks.values()):
        return
    number = writer.call(number_of, "a tie's number")
    body = [
        "for i in range(first, last):",
        "    for e in range(i * slots, (i + 1) * slots):",
        "        j = int(to[e])",
        "        if j > place0 + i:",
        f"            word = {number}(place0 + i, j, int(since[e]))",
        "            sums[0] += fold(low_key, word)",
        "            sums[1] += fold(high_key, word)",
    ]
    names = ["first", "last", "place0", "slots", "to", "since", "low_key", "high_key", "sums"]
    writer.add("digest_ties", names, body)


MEMBERS = '''\
@kernel
def members_of(l0, l1, l2, last, out):
    """List a set of places in order into `out`, which has room for exactly all of them."""
    if out.shape[0] > 0:
        gather(l0, l1, l2, 0, last, out)
'''
