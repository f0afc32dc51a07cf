"""Kernels that read off: a group's sizes, a derived column's values, how many ties agents have."""

from __future__ import annotations

from ...population import BORN, PRESENT, WHO
from ...random import integer
from ...rules import EnvironmentRule, TieRule
from ..lots import lot_of
from .text import Writer


def write_groups(writer: Writer) -> None:
    """Add `groups_COLUMN(first, last, ...)` and `values_COLUMN(first, last, ...)` per column."""
    tables = [f"t_{t}" for t in writer.program.tables]
    for name, derived in writer.program.derived.items():
        function = writer.call(derived.function, f"column `{name}`")
        head = [f"tables = Tables({', '.join(tables)})", "for s in range(first, last):"]
        names, each = list[str](), [f"    out[s] = {function}(places[s], tables)"]
        if writer.program.is_open:
            names, value = writer.derived(name)
            names = ["place0", *names]
            each = ["    i = places[s] - place0", f"    out[s] = {value}"]
        writer.add(
            f"values_{name}", ["first", "last", "places", "out", *names, *tables], [*head, *each]
        )
        if derived.labels:
            writer.add(
                f"groups_{name}",
                ["first", "last", "place0", "sizes", *tables],
                [*head, f"    sizes[{function}(place0 + s, tables)] += 1"],
            )


def write_degrees(writer: Writer) -> None:
    """Add `degrees_NETWORK(places, out, ...)` per network."""
    for name, network in writer.program.networks.items():
        arguments, lines = writer.net(name)
        degree = writer.call(network.degree, "the network's degree")
        loop = ["for s in range(places.shape[0]):", f"    out[s] = {degree}(net, places[s])"]
        if network.has_gaps:
            neighbour = writer.call(network.neighbour, "the network's neighbour")
            loop += [
                f"    for k in range({degree}(net, places[s])):",
                f"        out[s] -= {neighbour}(net, places[s], k) < 0",
            ]
        writer.add(f"degrees_{name}", ["places", "out", *arguments], [*lines, *loop])


def write_first_wakes(writer: Writer) -> None:
    """Add `first_wake_COLUMN(first, last, ...)` per wake column whose first steps are drawn."""
    for name, stored in writer.program.stored.items():
        if stored.drawn:
            draw = writer.call(integer, "luck")
            writer.add(
                f"first_wake_{name}",
                ["first", "last", "place0", "luck", "low", "span", f"c_{name}"],
                [
                    "for s in range(first, last):",
                    f"    c_{name}[s] = low + {draw}(fold(luck, place0 + s), span, 0)",
                ],
            )


def write_lots(writer: Writer) -> None:
    """Add `lots(last, ...)`, which lists the newcomers whom a sampled rule runs for: how many."""
    rules = [part.rule for phase in writer.program.phases for part in phase]
    acting = [r for r in rules if not isinstance(r, TieRule | EnvironmentRule)]
    sampled = any(rule.on.kind == "sample" for rule in acting)
    if not writer.program.is_open or not sampled:
        return
    levels = [f"c_{PRESENT}_{level}" for level in range(3)]
    body = [
        "n = 0",
        "at = 0",
        "while at < last:",
        f"    listed, at = gather({', '.join(levels)}, at, last, tile)",
        "    for s in range(listed):",
        f"        who = int(c_{WHO}[tile[s]])",
        f"        if who >= {BORN} and {writer.call(lot_of, 'luck')}(luck, who) < share:",
        "            out[n] = tile[s]",
        "            n += 1",
        "return n",
    ]
    writer.add("lots", ["last", "luck", "share", "out", "tile", *levels, f"c_{WHO}"], body)
