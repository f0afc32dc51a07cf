"""The scorecard: values held against human ones, counted over held-out rows only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import words

Row = Mapping[str, Any]
WIDTH = 160  # of the small picture in each row, in its own units
VERDICTS = {True: "met", False: "missed", None: "cannot tell"}


@dataclass(frozen=True)
class Line:
    """One row of the table, in words, with its picture's positions."""

    name: str
    value: str
    interval: str
    target: str
    role: str
    status: str
    verdict: str
    source: str
    picture: Mapping[str, float] | None


def is_held_out(row: Row) -> bool:
    """Whether the model was not made or fitted with this target in sight."""
    return str(row.get("role", "")).lower().replace("_", "-").startswith("held")


def counted(record: Mapping[str, Any]) -> str:
    """The headline of a run's record."""
    return count(record.get("scorecard") or [], bool(record.get("interventions")))


def count(rows: Sequence[Row], changed: bool = False) -> str:
    """The headline: how many held-out targets were met, in one sentence.

    Of a run `changed` from outside none has a value, since they are stated for the model alone.
    """
    held = [row for row in rows if is_held_out(row)]
    if not rows:
        return "No targets: nothing in this run was held against human data."
    if changed:
        return (
            "No target is scored: they are stated for the model left to itself, and this run was "
            "changed from outside."
        )
    if not held:
        return (
            "No held-out rows: every target below was known when the model was made or fitted, "
            "so none of them tests it."
        )
    found = Counter(verdict(row) for row in held)
    parts = [f"{found[v]} {v}" for v in VERDICTS.values() if found[v]]
    others = len(rows) - len(held)
    rest = f" Not held out, so not counted: {others}." if others else ""
    return f"Of {words.times(len(held), 'held-out target')}: {', '.join(parts)}.{rest}"


def verdict(row: Row) -> str:
    """`met`, `missed` or `cannot tell`."""
    met = row.get("met")
    return VERDICTS[met if isinstance(met, bool) else None]


def lines(rows: Sequence[Row]) -> list[Line]:
    """The table, held-out rows first."""
    return [_line(row) for row in sorted(rows, key=lambda r: not is_held_out(r))]


def _line(row: Row) -> Line:
    """One row in words."""
    name = str(row.get("name", ""))
    return Line(
        name=words.name(name),
        value=words.quantity(name, row.get("value")),
        interval=_between(name, row.get("low"), row.get("high")),
        target=_between(name, row.get("target_low"), row.get("target_high")),
        role=words.text(row.get("role")).replace("_", "-"),
        status=words.text(row.get("status")),
        verdict=verdict(row),
        source=words.text(row.get("source")),
        picture=_picture(row),
    )


def _between(name: str, low: object, high: object) -> str:
    """`a to b`, one number when both are the same, or that there is none."""
    if low is None and high is None:
        return "none"
    if low is None or high is None:
        side = "at most" if low is None else "at least"
        return f"{side} {words.quantity(name, high if low is None else low)}"
    first, last = words.quantity(name, low), words.quantity(name, high)
    return first if first == last else f"{first} to {last}"


def _picture(row: Row) -> Mapping[str, float] | None:
    """Where target band, interval and value stand between 0 and WIDTH."""
    names = ("value", "low", "high", "target_low", "target_high")
    given = {n: float(row[n]) for n in names if isinstance(row.get(n), int | float)}
    if not {"value", "target_low", "target_high"} <= given.keys():
        return None
    least, most = min(given.values()), max(given.values())
    if least == most:
        return None
    room = (most - least) * 0.15
    scale = WIDTH / (most - least + 2 * room)
    return {n: round((v - least + room) * scale, 2) for n, v in given.items()}
