"""Text for networks whose ties a tile of agents follows in stages (see `networks.lowered.Walk`)."""

from __future__ import annotations

from collections.abc import Callable

from ...networks.lowered import Walk
from ..partners import drawn_tie
from .text import TILE, Writer


def drawn_in_stages(writer: Writer, walk: Walk, keep: list[str]) -> list[str]:
    """Draw a tie for each of the list and follow it; `keep` are lines for those who have one.

    `test_walked_draws_are_the_draws` holds them to what is drawn one agent after another.
    """
    drawn, drawing = writer.call(drawn_tie, "luck"), writer.luck("drawing")
    look = _named(writer, walk)
    return [
        f"for at in range(first, last, {TILE}):",
        f"    n = min({TILE}, last - at)",
        *_stages(writer, walk.stand, "n", "place0 + int(place[at + int(s)])"),
        "    held = 0",
        "    for s in range(n):",
        "        i = int(place[at + s])",
        f"        row = {look['row']}(net, located[s])",
        f"        ties = {look['ties']}(net, row)",
        "        if ties > 0:",
        f"            k = {drawn}({drawing}, {writer.who}, ties)",
        f"            located[held] = {look['end']}(net, row, located[s], k)",
        "            sorted_place[held] = i",
        "            held += 1",
        *_stages(writer, walk.follow, "held"),
        "    for s in range(held):",
        "        i = int(sorted_place[s])",
        "        j = located[s] if located[s] != place0 + i else -1",
        *("        " + line for line in keep),
    ]


def degrees_in_stages(writer: Writer, walk: Walk, into: str) -> list[str]:
    """Write how many ties each of `wanted` has into the array `into`."""
    look = _named(writer, walk)
    return [
        f"for at in range(first, last, {TILE}):",
        f"    n = min({TILE}, last - at)",
        *_stages(writer, walk.stand, "n", "int(wanted[at + int(s)])"),
        "    for s in range(n):",
        f"        {into}[at + s] = {look['ties']}(net, {look['row']}(net, located[s]))",
    ]


def _named(writer: Writer, walk: Walk) -> dict[str, str]:
    names = ("row", "ties", "end")
    return {name: writer.call(getattr(walk, name), f"the network's {name}") for name in names}


def _stages(
    writer: Writer, stages: tuple[Callable[..., int], ...], count: str, first: str = "located[s]"
) -> list[str]:
    """A loop for each stage, over `located`; the first one takes the number `first`."""
    lines: list[str] = []
    for stage in stages:
        name = writer.call(stage, "the network's stages")
        lines += [
            f"    for s in range({count}):",
            "        s = unsigned(s)",
            f"        located[s] = {name}(net, {first})",
        ]
        first = "located[s]"
    return lines
