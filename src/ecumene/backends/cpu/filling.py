"""The lines that put what is passed on into bins: one message with care, or all of a batch.

A bin that may be full has to be asked about before every message. Most of the time no bin is
nearly full, and a batch for which there is surely room goes in without asking.
"""

# pyright: basic

from __future__ import annotations

import inspect
from collections.abc import Sequence
from functools import cache

from ...rules import TieRule
from .prelude import jit, sure

LATER = 16  # Messages behind the one that is put in: a line of places, two of what is wider.


@jit
def least_room(counts, capacity):
    """How many more messages every bin has room for."""
    most = 0
    for b in range(counts.shape[0]):
        most = max(most, counts[sure(b)])
    return capacity - most


@cache
def loops() -> str:
    """The loop that the lines of `all_or_each` call."""
    return inspect.getsource(least_room)


def each(
    rule: TieRule, place: str, tie: str, position: str, before: Sequence[str] = ()
) -> list[str]:
    """Put what goes to agent `j` into its bin; if that is full, note where to go on and stop.

    Where that is, the lines `before` work out.
    """
    return [
        "if j >= 0:",
        "    shard = j // shard_size if j >= shard_size else 0",
        "    j -= shard * shard_size",
        "    b = unsigned(shard * shard_blocks + (j >> shift))",
        "    here = counts[b]",
        "    if here == capacity:",
        *("        " + line for line in before),
        f"        cursor[0] = {place}",
        f"        cursor[1] = {tie}",
        f"        cursor[2] = {position}",
        "        return False",
        *("    " + line for line in _kept(rule)),
    ]


def all_or_each(rule: TieRule, taken: list[str]) -> list[str]:
    """Put messages q to `fired` - 1 of a batch into bins, where `taken` gives the q-th and its `j`.

    `spare` messages fit into whatever bin it may be; `absent` go to nobody. What goes to other
    shards is put in with care.
    """
    return [
        "spare -= fired",
        "if spare < 0:",
        "    spare = least_room(counts, capacity) - fired",
        "if spare >= 0 and absent == 0 and counts.shape[0] <= shard_blocks:",
        "    for q in range(q, fired):",
        *("        " + line for line in taken),
        "        b = unsigned(j >> shift)",
        "        here = counts[b]",
        *("        " + line for line in _kept(rule)),
        "    q = fired",
        "while q < fired:",
        *("    " + line for line in [*taken, *each(rule, "at", "k", "q")]),
        "    q += 1",
    ]


def _kept(rule: TieRule) -> list[str]:
    """The lines that put a message into bin `b` behind the others `here`.

    Bins are larger than caches: the line in which a later message of that bin will stand is
    fetched, or each line that is begun would stop the writing until it has come.
    """
    put = {"bin_place": "j - ((j >> shift) << shift)"}
    put |= {"bin_payload": "payload"} if rule.carries else {}
    put |= {"bin_number": "number"} if rule.names_tie else {}
    return [
        "e = b * unsigned(capacity) + unsigned(here)",
        *(f"{array}[e] = {value}" for array, value in put.items()),
        *(f"far_ahead({array}, e + unsigned({LATER}))" for array in put),
        "counts[b] = here + 1",
    ]
