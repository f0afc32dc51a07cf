"""A background: who the agents are before anything happens, as functions over small tables.

A background does not depend on a run's seed. Two runs over one background meet the same people.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from blake3 import blake3

from ..arrays import Column
from ..errors import ModelError, unknown
from .columns import Derived


@dataclass(frozen=True, eq=False)
class Background:
    """`size` people, their derived columns, and the tables those read."""

    name: str
    size: int
    derived: Mapping[str, Derived]
    tables: Mapping[str, Column]  # one-dimensional int64 or float64, read-only
    notes: tuple[str, ...] = ()  # what is imputed, missing or assumed: shown with every result
    # Columns whose values lie in ranges of agents, with the ranges' sizes, in order.
    ranges: Mapping[str, tuple[int, ...]] = field(default_factory=dict[str, tuple[int, ...]])

    def __post_init__(self) -> None:
        """Freeze the tables, as 64-bit whole numbers or floats."""
        object.__setattr__(self, "tables", {name: _frozen(t) for name, t in self.tables.items()})
        object.__setattr__(self, "derived", dict(self.derived))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the derived columns."""
        return tuple(self.derived)

    def noted(self, *notes: str) -> Background:
        """The same, with more that is shown with every result."""
        return replace(self, notes=(*self.notes, *notes))

    def plain_tables(self) -> Any:
        """The tables as a named tuple of lists: what the functions read in plain Python."""
        fields = namedtuple("Tables", list(self.tables))  # pyright: ignore[reportUntypedNamedTuple]
        return fields(*(table.tolist() for table in self.tables.values()))

    def values(self, column: str, identities: Iterable[int]) -> list[int | float | bool]:
        """What `column` holds for `identities`, one by one in plain Python."""
        if column not in self.derived:
            raise ModelError(f"the background {unknown('column', column, self.derived)}")
        tables, function = self.plain_tables(), self.derived[column].function
        return [function(identity, tables) for identity in identities]

    def digest(self) -> str:
        """64 hex digits that change when the size, a table, a column or a label does."""
        hasher = blake3(f"background {self.size}".encode())
        for name, column in sorted(self.derived.items()):
            hasher.update(f"\ncolumn {name} {column.kind} {column.labels!r}".encode())
        for name, table in sorted(self.tables.items()):
            little = table.astype(table.dtype.newbyteorder("<"), copy=False)
            hasher.update(f"\ntable {name} {little.dtype.str} {table.size}\n".encode())
            hasher.update(little.tobytes())
        return hasher.hexdigest()


def _frozen(table: Column) -> Column:
    kind = np.float64 if np.asarray(table).dtype.kind == "f" else np.int64
    frozen = np.array(table, dtype=kind).ravel()
    frozen.setflags(write=False)
    return frozen
