"""A run in words: what its model answers, and what a change did to it under the same luck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import words

MOST = 12  # Groups that a change is told of: the others differ less.
Record = Mapping[str, Any]


def answers(record: Record) -> list[tuple[str, str]]:
    """Questions with their answers; of a branch also what its change did."""
    told = [(str(q), str(a)) for q, a in (record.get("answers") or {}).items()]
    return [*told, *changed(record)]


def changed(record: Record) -> list[tuple[str, str]]:
    """What a branch's change did to each measure that is one number."""
    pairs: Mapping[str, Sequence[float]] = record.get("against_parent") or {}
    about = record.get("branch") or {}
    said = [_difference(n, *pair) for n, pair in pairs.items() if "[" not in n]
    if not said:
        return []
    change = "; ".join(str(one) for one in about.get("changes", ()))
    return [(f"What did the change do ({change}), under the same luck?", " ".join(said))]


def groups(record: Record) -> list[tuple[str, str, str, str]]:
    """The groups that it changed most: name, in the parent, here, difference."""
    pairs: Mapping[str, Sequence[float]] = record.get("against_parent") or {}
    grouped = [(n, one, two) for n, (one, two) in pairs.items() if "[" in n and one != two]
    largest = sorted(grouped, key=lambda row: -abs(row[2] - row[1]))[:MOST]
    return [
        (words.name(n), words.number(one), words.number(two), _relative(one, two))
        for n, one, two in largest
    ]


def _difference(name: str, before: float, after: float) -> str:
    if before == after:
        return f"{words.name(name)}: {words.quantity(name, after)}, unchanged."
    how = f"{words.quantity(name, after)} instead of {words.quantity(name, before)}"
    relative = _relative(before, after)
    return f"{words.name(name)}: {how}{f' ({relative})' if relative else ''}."


def _relative(before: float, after: float) -> str:
    """The difference in per cent of what it was."""
    return f"{100.0 * (after / before - 1.0):+.1f} %" if before else ""
