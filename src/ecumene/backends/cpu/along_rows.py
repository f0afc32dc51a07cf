"""Emitting along ties that lie one after another: those of a whole tile of agents as one list."""

from __future__ import annotations

import inspect
from functools import cache
from typing import Any

import numpy as np

from ...arrays import Column
from ...networks.ends import BITS, LOW
from ...networks.lowered import Listing
from ..program import Program
from ..ruled import Spreading
from .listing import AT_ONCE, LISTED, LOOPS
from .text import Writer

NUMBER, WHOM = f"int(ends[e] & unsigned({LOW}))", f"int(ends[e] >> unsigned({BITS}))"
SOON = 16  # So many agents before it is copied, a row is fetched into the cache.
ROOM = ("owners", "ends", "passing", "passed", "sendings")


def room(program: Program) -> dict[str, Column]:
    """A worker's room for so many ties, and for what is copied or written beyond them."""
    if not any(network.listing for network in program.networks.values()):
        return {}
    kinds: dict[str, Any] = {"owners": np.uint16, "passing": np.uint8, "passed": np.uint16}
    kinds["ends"] = np.uint64
    ties = {name: np.empty(LISTED + 64, kind) for name, kind in kinds.items()}
    return {**ties, "sendings": np.empty(LISTED, np.int64)}


@cache
def loops() -> str:
    """The loops that the lines below call."""
    return "\n\n".join(inspect.getsource(loop) for loop in LOOPS)


def listed(writer: Writer, spreading: Spreading, listing: Listing, sent: str) -> list[str]:
    """The lines that draw a tile's ties, from tie k of its first agent on, and list what passes.

    Every tie of the list has its end; its first is tie `begun` of agent
    `opening`. `sent` is what a tie gives; it passes where that is something. Between two lists the
    lines of `passed_on` go.
    """
    _, me = writer.me(spreading.reads)
    writer.have(loops())
    whose = bool(spreading.reads) or writer.program.rekeyed is not None
    kept = ["sendings[e] = payload", "passing[e] = payload != NOTHING"]
    return [
        "listed, opening, begun = 0, s, k",
        "while s < n:",
        *("    " + line for line in _fetched(listing)),
        *("    " + line for line in _copied(listing, whose)),
        "for e in range(listed):",
        "    e = sure(e)",
        *(["    i = sure(tile[sure(owners[e])])"] if whose else []),
        f"    number = {NUMBER}",
        f"    me = {me}",
        f"    payload = {sent}",
        *("    " + line for line in (kept if spreading.rule.carries else ["passing[e] = payload"])),
        "several = list_flags(passing, listed, passed)",
    ]


def _fetched(listing: Listing) -> list[str]:
    """The lines that fetch what a row that is soon to be copied will be read from.

    An agent is active but now and then, so that its row lies in no cache.
    """
    start, ends = f"net.{listing.start}", f"net.{listing.ends}"
    return [
        f"later = sure(place0 + tile[sure(min(s + {2 * SOON}, n - 1))])",
        f"ahead({start}, later)",
        f"soon = {start}[sure(place0 + tile[sure(min(s + {SOON}, n - 1))])]",
        f"ahead({ends}, soon)",
        f"ahead({ends}, soon + {AT_ONCE // 2})",
    ]


def _copied(listing: Listing, whose: bool) -> list[str]:
    """The lines that copy what is left of the row of agent s of the tile, if there is room for it.

    A row longer than a whole list is cut, and most are no longer than is copied first. So many ties
    are read before any of them is written, that the compiler may take them for one. Which agent is
    next must not wait for how long the row is: whether it fits is a branch that can be foretold.
    """
    start, ends = f"net.{listing.start}", f"net.{listing.ends}"
    some = [
        *(f"end_{a} = {ends}[sure(p + c + {a})]" for a in range(AT_ONCE)),
        *(f"ends[sure(listed + c + {a})] = end_{a}" for a in range(AT_ONCE)),
        *(f"owners[sure(listed + c + {a})] = s" for a in range(AT_ONCE) if whose),
    ]
    return [
        "i = sure(place0 + tile[sure(s)])",
        f"p = sure({start}[i] + k)",
        f"left = {start}[sure(i + 1)] - p",
        "taken = left",
        f"if left > {LISTED} - listed:",
        "    if listed > 0:",
        "        break",
        f"    taken = {LISTED}",
        f"if p + taken + {AT_ONCE} <= {ends}.shape[0]:",
        "    c = int(0)",
        *("    " + line for line in some),
        f"    for c in range({AT_ONCE}, taken, {AT_ONCE}):",
        *("        " + line for line in some),
        "else:",
        "    for c in range(taken):",
        f"        ends[sure(listed + c)] = {ends}[sure(p + c)]",
        *(["        owners[sure(listed + c)] = s"] if whose else []),
        "listed += taken",
        "if taken < left:",
        "    k += taken",
        "    break",
        "k = 0",
        "s += 1",
    ]


def arrives_straight(program: Program, spreading: Spreading) -> bool:
    """Whether what passes may arrive without having been in a bin, where there are none."""
    rule = spreading.rule
    listed = program.networks[rule.over].listing is not None
    plain = rule.combine == "any" and rule.receive is None and rule.into not in spreading.reads
    return listed and plain and not program.is_open


def straight_arguments(program: Program, spreading: Spreading) -> list[str]:
    """What that takes."""
    straight = arrives_straight(program, spreading)
    return [f"a_{spreading.rule.name}_{level}" for level in range(3)] if straight else []


def passed_on(program: Program, spreading: Spreading, bin: list[str]) -> list[str]:
    """The lines that put what passes into the only bin, or to agent `j` by the lines `bin`.

    Where there are no bins, it arrives: one shard and one thread have nobody to wait for.
    """
    rule, straight = spreading.rule, straight_arguments(program, spreading)
    arrive = [
        "if counts.shape[0] == 0:",
        "    for q in range(several):",
        "        e = sure(passed[sure(q)])",
        f"        put_low({', '.join(straight)}, {WHOM}, True)",
        "    several = 0",
    ]
    return [
        *(arrive if straight else []),
        "if counts.shape[0] == 1 and counts[0] + several <= capacity:",
        "    for q in range(several):",
        "        e, here = sure(passed[sure(q)]), sure(counts[0] + q)",
        f"        bin_place[here] = {WHOM}",
        *(["        bin_payload[here] = sendings[e]"] if rule.carries else []),
        *([f"        bin_number[here] = {NUMBER}"] if rule.names_tie else []),
        "    counts[0] += several",
        "    several = 0",
        "for q in range(several):",
        "    e = sure(passed[sure(q)])",
        f"    number = {NUMBER}",
        *(["    payload = sendings[e]"] if rule.carries else []),
        f"    j = {WHOM}",
        *("    " + line for line in bin),
    ]


def lifted(program: Program, spreading: Spreading) -> list[str]:
    """The lines that put the upper levels of what arrived straight right, in the end."""
    straight = straight_arguments(program, spreading)
    if not straight:
        return []
    whole = f"0, {straight[0]}.shape[0] << 6"
    return ["if counts.shape[0] == 0:", f"    lift({', '.join(straight)}, {whole})"]


def owner(listing: Listing) -> list[str]:
    """The lines that find whose tie stands at `e` of the list: agent `o` of the tile, its tie `k`.

    They are gone through only where a bin is full, so that nothing need be kept for them. The tile
    has an end, and so have they, whatever `opening` and `begun` say.
    """
    start = f"net.{listing.start}"
    degree = f"{start}[place0 + tile[o] + 1] - {start}[place0 + tile[o]]"
    return [
        "o, k = opening, begun + e",
        f"while o < n - 1 and k >= {degree}:",
        f"    k -= {degree}",
        "    o += 1",
    ]
