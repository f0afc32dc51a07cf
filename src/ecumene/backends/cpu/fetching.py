"""Lines that bring into the cache what the lines after them read and write of scattered agents.

Each agent's place in every array is a line of memory of its own where few of very many are met,
and waiting for one after another is most of what a small step among a billion takes.
"""

from __future__ import annotations

import re

APART = 1024  # Places between agents, on average, from which on they are fetched.
VALUE = re.compile(r"\b((?:c|acc|low)_\w+)\[(?:i|unsigned\(i\))\]")
BIT = re.compile(r"\bhas\((\w+_0), i\)")
PUT = re.compile(r"\bput(?:_if)?\((\w+)_0, \w+_1, \w+_2, i\b")


def fetches(lines: list[str]) -> list[str]:
    """The lines that fetch all that `lines` look up or put at local place `i`."""
    text = "\n".join(lines)
    found = [f"ahead({array}, i)" for array in VALUE.findall(text)]
    found += [f"ahead({bits}, i >> 6)" for bits in BIT.findall(text)]
    for bits in PUT.findall(text):
        found += [f"ahead({bits}_0, i >> 6)", f"ahead({bits}_1, i >> 12)"]
    return list(dict.fromkeys(found))


def of_tile(lines: list[str]) -> list[str]:
    """The same for the `n` agents of a tile, where they are far apart."""
    some = fetches(lines)
    if not some:
        return []
    return [
        f"if n > 0 and tile[n - 1] - tile[0] > {APART} * n:",
        "    for s in range(n):",
        "        i = tile[s]",
        *("        " + line for line in some),
    ]


def of_bins(lines: list[str]) -> list[str]:
    """The same for the messages of blocks first..last-1, where they are far apart."""
    some = fetches(lines)
    return [
        "messages = 0",
        "for b in range(first, last):",
        "    messages += counts[b + bin0]",
        f"if (last - first) << shift > {APART} * messages:",
        "    for b in range(first, last):",
        "        start = (b + bin0) * capacity",
        "        for e in range(start, start + counts[b + bin0]):",
        "            i = (b << shift) + int(bin_place[e])",
        *("            " + line for line in some),
    ]
