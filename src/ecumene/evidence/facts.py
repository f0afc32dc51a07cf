"""The checkable claims of the source articles, each with how far it was checked.

Never present a claim beyond its status.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from .reading import closed, rows

KINDS = (
    "anecdote", "claim", "count", "date", "duration", "event", "evidence", "forecast", "magnitude",
    "opinion", "parameter", "structure", "target",
)  # fmt: skip
STATUSES = (
    "verified", "partly verified", "computed", "plausible", "not checked", "not applicable",
    "open", "contested", "doubtful", "contradicted",
)  # fmt: skip


@dataclass(frozen=True)
class Fact:
    """One claim: what it says, where it stands (`quote`, `line`), and its status."""

    id: str
    article: int
    world: int
    claim: str
    number: str  # as claimed: ">10", "2 -> 40", "2022-11-30"
    unit: str
    year: str
    quote: str
    line: int
    kind: str
    status: str
    note: str


@cache
def facts() -> tuple[Fact, ...]:
    """All claims, in the order of the articles."""
    return tuple(_fact(row) for row in rows("facts"))


def _fact(row: Mapping[str, str]) -> Fact:
    where = f"facts.csv, {row['id']}"
    return Fact(
        id=row["id"],
        article=int(row["article"]),
        world=int(row["world"]),
        claim=row["claim"],
        number=row["number"],
        unit=row["unit"],
        year=row["year"],
        quote=row["quote"],
        line=int(row["line"]),
        kind=closed("kind of fact", row["kind"], KINDS, where),
        status=closed("status", row["status"], STATUSES, where),
        note=row["note"],
    )
