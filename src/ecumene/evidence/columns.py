"""Where every column of the country tables comes from, and on what terms it may be passed on.

Left out of `countries.csv`, because their terms could not be seen and they were read from copies:
the Integrated Values Surveys of 2022 and the Pew survey of 2025 on trust.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from .reading import rows


@dataclass(frozen=True)
class Provenance:
    """Provider, licence and attribution of one column."""

    table: str
    column: str
    meaning: str
    unit: str
    provider: str
    year: str
    licence: str
    terms_seen: str  # whether the licence was seen, and where, or is from memory
    attribution: str


@cache
def columns() -> tuple[Provenance, ...]:
    """The provenance of every column of the country and region tables."""
    return tuple(Provenance(**row) for row in rows("columns"))
