"""Tallies by a link: what a shard's agents add for each of those they point to.

All agents are gone through when such a tally is read: some nanoseconds each.
"""

from __future__ import annotations

from .tallying import HALF
from .text import Writer

OWED = "owe_"  # and the tally's name: a kernel.


def write_owing(writer: Writer) -> None:
    """Add a kernel `owe_TALLY(first, last, low, high, ...)` for each tally by link."""
    for name, linked in writer.program.brought.owed.items():
        tally = linked.tally
        arguments, value = writer.value(tally.column)
        if tally.predicate is not None:
            role = f"the predicate of a tally of `{tally.column}`"
            value = f"{writer.call(tally.predicate, role)}({value})"
        pointing, identity = writer.value(tally.group or "")
        register, place = writer.found(linked.to, "identity")
        body = [
            "for i in range(first, last):",
            *_pointed(identity, place),
            f"        change = int({value})",
            f"        owed_low[j] += change & {(1 << HALF) - 1}",
            f"        owed_high[j] += change >> {HALF}",
        ]
        given = ["first", "last", "place0", "owed_low", "owed_high", *arguments, *pointing]
        given += register
        tables = [f"t_{t}" for t in writer.program.tables]
        head = [f"tables = Tables({', '.join(tables)})"]
        writer.add(f"{OWED}{name}", [*given, *tables], [*head, *body])


def _pointed(identity: str, place: str) -> list[str]:
    """The lines that go on with the place `j` of whom an agent points to, where it does."""
    if place == "identity":
        return [f"    j = {identity}", "    if j >= 0:"]
    return [f"    identity = {identity}", "    if identity >= 0:", f"        j = {place}"]
