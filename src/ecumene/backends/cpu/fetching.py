"""Lines that bring into the cache what the lines after them read and write of scattered agents.

Each agent's place in every array is a line of memory of its own where few of very many are met,
and waiting for one after another is most of what a small step among a billion takes.
"""

from __future__ import annotations

import re

SOON = 16  # So many agents before it is met, an agent is fetched;
APART = 64  # where there are so many places between agents, on average.
LINE, PAGE = 64, 4096  # Bytes; the processor's own fetching ahead begins anew in every page.
FAR = 1024  # From so many on, bins have few messages each, and those of all are fetched at first.
VALUE = re.compile(r"\b((?:c|acc|low)_\w+)\[(?:i|unsigned\(i\))\]")
BIT = re.compile(r"\bhas\((\w+_0), i\)")
PUT = re.compile(r"\bput(?:_\w+)?\((\w+)_0, \w+_1, \w+_2, i\b")


def fetches(lines: list[str], i: str = "i") -> list[str]:
    """The lines that fetch for local place `i` all that `lines` look up or put there."""
    text = "\n".join(lines)
    found = [f"ahead({array}, {i})" for array in VALUE.findall(text)]
    found += [f"ahead({bits}, {i} >> 6)" for bits in BIT.findall(text)]
    for bits in PUT.findall(text):
        found += [f"ahead({bits}_0, {i} >> 6)", f"ahead({bits}_1, {i} >> 12)"]
    return list(dict.fromkeys(found))


def of_tile(lines: list[str]) -> tuple[list[str], list[str]]:
    """The same for the `n` agents of a tile, where they are apart: lines before the loop over
    them, and lines in it.
    """
    some = _indent(fetches(lines, "soon"))
    if not some:
        return [], []
    first = [f"for s in range(min(n, {SOON})):", "    soon = tile[s]", *some]
    apart = f"apart = n > 0 and tile[n - 1] - tile[0] > {APART} * n"
    pages = [f"page_{array} = {PAGE} // {array}.itemsize" for array in _values(lines)]
    before = [apart, *pages, "if apart:", *_indent(first)]
    later = [f"ahead({array}, i + page_{array})" for array in _values(lines)]
    near = ["else:", *_indent(later)] if later else []
    return before, ["if apart:", f"    soon = tile[sure(min(s + {SOON}, n - 1))]", *some, *near]


def of_stream(lines: list[str]) -> list[str]:
    """The lines that fetch what is looked up a page after the tile of `n` from place `at` on."""
    return [
        line
        for array in _values(lines)
        for line in (
            f"for s in range(0, n, {LINE} // {array}.itemsize):",
            f"    far_ahead({array}, at + s + {PAGE} // {array}.itemsize)",
        )
    ]


def _values(lines: list[str]) -> list[str]:
    """The columns of which the lines look up agent `i`."""
    return list(dict.fromkeys(VALUE.findall("\n".join(lines))))


def of_bins(lines: list[str]) -> tuple[list[str], list[str], list[str]]:
    """The same for messages: lines before all blocks, lines before the messages `start` to `end`
    of block `b`, and lines for each of them.
    """
    some = _indent(fetches(lines, "soon"))
    if not some:
        return [], [], []
    place = "    soon = (b << shift) + int(bin_place[sure({})])"
    all_of_them = [
        "messages = 0",
        "for b in range(first, last):",
        "    messages += counts[b + bin0]",
        f"if (last - first) << shift > {FAR} * messages:",
        "    for b in range(first, last):",
        "        start = (b + bin0) * capacity",
        "        for e in range(start, start + counts[b + bin0]):",
        *_indent(_indent([place.format("e"), *some])),
    ]
    first = [f"for e in range(start, min(start + {SOON}, end)):", place.format("e"), *some]
    apart = f"apart = 1 << shift > {APART} * (end - start)"
    each = ["if apart:", place.format(f"min(e + {SOON}, end - 1)"), *some]
    return all_of_them, [apart, "if apart:", *_indent(first)], each


def _indent(lines: list[str]) -> list[str]:
    return ["    " + line for line in lines]
