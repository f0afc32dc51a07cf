"""What a caller above may hand in so that ties are read several times faster: compiled loops.

This layer compiles nothing. Whoever calls it says, for so many ties, which loops to take (those of
`loops`, as they stand or compiled) or None for NumPy alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

Loop = Callable[..., Any]


class Loops(Protocol):
    """The functions of `loops`, each under its own name."""

    scan: Loop
    scan_plain: Loop
    mark: Loop
    number_marked: Loop
    number_counted: Loop
    renumber: Loop
    count_ends: Loop
    begin_rows: Loop
    by_other: Loop
    by_row: Loop
    count_repeats: Loop
    mark_repeats: Loop
    begin_both: Loop
    put_upper: Loop
    put_lower: Loop
    put_back: Loop
    fill_forth: Loop
    fill_back: Loop


Choose = Callable[[int], Loops | None]


def numpy_alone(ties: int) -> None:
    """No loops, for any number of ties."""
    del ties
