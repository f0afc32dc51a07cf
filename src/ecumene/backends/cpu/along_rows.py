"""Emitting along ties that lie one after another: those of a whole tile of agents as one list."""

from __future__ import annotations

import inspect
from functools import cache
from typing import Any

import numpy as np

from ...arrays import Column
from ...networks.lowered import Listing
from ..program import Program
from ..ruled import Spreading
from .listing import AT_ONCE, LISTED, LOOPS, WORD_OF
from .text import TILE, Writer

SOON = 32  # So many agents before it is copied, a row is fetched into the cache.
ROOM = ("owners", "offsets", "numbers", "passing", "passed", "sendings")


def room(program: Program) -> dict[str, Column]:
    """A worker's room for so many ties, and for what is copied or written beyond them."""
    numbers = [
        np.dtype(network.arrays[network.listing.number].dtype)
        for network in program.networks.values()
        if network.listing
    ]
    if not numbers:
        return {}
    kinds: dict[str, Any] = {"owners": np.uint16, "passing": np.uint8, "passed": np.uint16}
    kinds["numbers"] = max(numbers, key=lambda kind: kind.itemsize)
    ties = {name: np.empty(LISTED + 64, kind) for name, kind in kinds.items()}
    return {**ties, "offsets": np.empty(TILE, np.int64), "sendings": np.empty(LISTED, np.int64)}


@cache
def loops() -> str:
    """The loops that the lines below call, with what they need."""
    return "\n\n".join([WORD_OF, *(inspect.getsource(loop) for loop in LOOPS)])


def listed(writer: Writer, spreading: Spreading, listing: Listing, sent: str) -> list[str]:
    """The lines that draw a tile's ties, from tie k of its first agent on, and list what passes.

    Every tie of the list has its number and, as `owners` say, an agent of the tile; what an agent's
    `offsets` say leads from a place in the list to that of the tie. `sent` is what a tie gives; it
    passes where that is something. Between two lists the lines of `passed_on` go.
    """
    _, me = writer.me(spreading.reads)
    writer.have(loops())
    kept = ["sendings[e] = payload", "passing[e] = payload != NOTHING"]
    return [
        "listed = 0",
        f"while s < n and listed < {LISTED}:",
        *("    " + line for line in _fetched(listing)),
        *("    " + line for line in _copied(listing)),
        "for e in range(listed):",
        "    e = sure(e)",
        "    i = sure(tile[sure(owners[e])])",
        "    number = int(numbers[e])",
        f"    me = {me}",
        f"    payload = {sent}",
        *("    " + line for line in (kept if spreading.rule.carries else ["passing[e] = payload"])),
        "several = list_flags(passing, listed, passed)",
    ]


def _fetched(listing: Listing) -> list[str]:
    """The lines that fetch what a row that is soon to be copied will be read from.

    An agent is active but now and then, so that its row lies in no cache.
    """
    start, number = f"net.{listing.start}", f"net.{listing.number}"
    return [
        f"later = sure(place0 + tile[sure(min(s + {2 * SOON}, n - 1))])",
        f"ahead({start}, later)",
        f"soon = {start}[sure(place0 + tile[sure(min(s + {SOON}, n - 1))])]",
        f"ahead({number}, soon)",
        f"ahead({number}, soon + {AT_ONCE - 1})",
    ]


def _copied(listing: Listing) -> list[str]:
    """The lines that copy what is left of the row of agent s of the tile, as far as there is room.

    So many ties are read before any of them is written, that the compiler may take them for one.
    """
    start, number, end = (f"net.{name}" for name in (listing.start, listing.number, listing.end))
    places = range(AT_ONCE)
    return [
        "i = sure(place0 + tile[sure(s)])",
        f"p = sure({start}[i] + k)",
        f"left = {start}[sure(i + 1)] - p",
        f"taken = min(left, {LISTED} - listed)",
        f"ahead({end}, p)",
        f"ahead({end}, p + {AT_ONCE - 1})",
        "offsets[sure(s)] = p - listed",
        f"if p + taken + {AT_ONCE} <= {number}.shape[0]:",
        f"    for c in range(0, taken, {AT_ONCE}):",
        *(f"        number_{a} = {number}[sure(p + c + {a})]" for a in places),
        *(f"        numbers[sure(listed + c + {a})] = number_{a}" for a in places),
        *(f"        owners[sure(listed + c + {a})] = s" for a in places),
        "else:",
        "    for c in range(taken):",
        f"        numbers[sure(listed + c)] = {number}[sure(p + c)]",
        "        owners[sure(listed + c)] = s",
        "listed += taken",
        "k = k + taken if taken < left else 0",
        "s += 1 if taken == left else 0",
    ]


def passed_on(spreading: Spreading, listing: Listing, bin: list[str]) -> list[str]:
    """The lines that put what passes to agent `j` into bins, by the lines `bin`."""
    carried = ["payload = sendings[e]"] if spreading.rule.carries else []
    return [
        "for q in range(several):",
        "    e = sure(passed[sure(q)])",
        "    o = sure(owners[e])",
        "    p = sure(e + offsets[o])",
        "    number = int(numbers[e])",
        *("    " + line for line in carried),
        f"    j = int(net.{listing.end}[p])",
        *("    " + line for line in bin),
    ]


def at_tie(listing: Listing) -> tuple[str, str]:
    """Where emitting stands in those lines: the agent, and its tie."""
    return "tile[o]", f"p - net.{listing.start}[sure(place0 + tile[o])]"
