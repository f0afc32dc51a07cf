"""Stubs: the ends of ties, numbered end to end in the order of degree classes.

Agents of one degree stand in one class, side by side; an agent's stubs follow one another. A table
of classes, with guides to it, says whose a stub is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import Column
from ..errors import ModelError
from ..population.apportion import starts
from .classes import class_of, guide_of
from .degrees import Classes

MOST_STUBS = 1 << 50  # Numbers below it are exact as floats, too.


@dataclass(frozen=True)
class StubTable:
    """Arrays and shifts as `net` names them; how many stubs there are, and the largest degree."""

    arrays: dict[str, Column]
    shifts: dict[str, int]
    stubs: int
    largest: int


def stub_table(classes: Classes, prefix: str = "") -> StubTable:
    """The table of classes; every name begins with `prefix`."""
    degrees, counts = classes
    if float((degrees.astype(np.float64) * counts).sum()) > MOST_STUBS:
        raise ModelError(
            f"{counts.sum():,} agents of these degrees have more than {MOST_STUBS:,} ties; give "
            "lower degrees."
        )
    first_place, first_stub = starts(counts), starts(degrees * counts)
    place_guide, place_shift = guide_of(first_place)
    stub_guide, stub_shift = guide_of(first_stub)
    arrays = {
        "degrees": degrees,
        "first_place": first_place,
        "first_stub": first_stub,
        "place_guide": place_guide,
        "stub_guide": stub_guide,
    }
    shifts = {"place_shift": place_shift, "stub_shift": stub_shift}
    return StubTable(
        {prefix + name: array for name, array in arrays.items()},
        {prefix + name: shift for name, shift in shifts.items()},
        int(first_stub[-1]),
        int(degrees[-1]),
    )


def first_stub_of(
    first_place: Any, first_stub: Any, degrees: Any, guide: Any, shift: int, place: int
) -> int:
    """The first stub of the agent at `place`."""
    c = class_of(first_place, guide, shift, place)
    return int(first_stub[c]) + (place - int(first_place[c])) * int(degrees[c])


def place_of(
    first_place: Any, first_stub: Any, degrees: Any, guide: Any, shift: int, stub: int
) -> int:
    """The place of the agent whose stub it is."""
    c = class_of(first_stub, guide, shift, stub)
    return int(first_place[c]) + (stub - int(first_stub[c])) // int(degrees[c])


def leaving_from(net: Any, stub: int) -> int:
    """Of a directed network, the place of the agent whose out-stub it is."""
    return place_of(
        net.out_first_place,
        net.out_first_stub,
        net.out_degrees,
        net.out_stub_guide,
        net.out_stub_shift,
        stub,
    )


def first_arriving(net: Any, place: int) -> int:
    """Of a directed network, the first in-stub of the agent at `place`."""
    return first_stub_of(
        net.in_first_place,
        net.in_first_stub,
        net.in_degrees,
        net.in_place_guide,
        net.in_place_shift,
        place,
    )
