"""Kernels that read off: a group's sizes, a derived column's values, how many ties agents have."""

from __future__ import annotations

from .text import Writer


def write_groups(writer: Writer) -> None:
    """Add `groups_COLUMN(first, last, ...)` and `values_COLUMN(first, last, ...)` per column."""
    tables = [f"t_{t}" for t in writer.program.tables]
    for name, derived in writer.program.derived.items():
        function = writer.call(derived.function, f"column `{name}`")
        head = [f"tables = Tables({', '.join(tables)})", "for s in range(first, last):"]
        writer.add(
            f"values_{name}",
            ["first", "last", "places", "out", *tables],
            [*head, f"    out[s] = {function}(places[s], tables)"],
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
        writer.add(f"degrees_{name}", ["places", "out", *arguments], [*lines, *loop])
