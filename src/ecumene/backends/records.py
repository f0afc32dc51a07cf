"""Named tuples by the names of their fields: how plain Python hands a rule what it sees."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Mapping
from functools import cache
from typing import Any

from ..networks.lowered import Lowered


def record(kind: str, fields: Mapping[str, Any]) -> Any:
    """`fields` as attributes of a tuple."""
    return _shape(kind, tuple(fields))(*fields.values())


@cache
def _shape(kind: str, names: tuple[str, ...]) -> Any:
    return namedtuple(kind, names)  # pyright: ignore[reportUntypedNamedTuple]


def net_of(lowered: Lowered) -> Any:
    """The `net` that a network's functions read: its numbers, arrays as lists, and parts."""
    arrays = {name: array.tolist() for name, array in lowered.arrays.items()}
    parts = {name: net_of(part) for name, part in lowered.parts.items()}
    return record("Net", {**lowered.numbers, **arrays, **parts})
