"""People told several times over: one agent for each person and each of several things.

Agent `c * n + i` is person `i` with thing `c`. It has the person's columns, `person` for who it is,
and a column that says which of the things it is with.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import ModelError
from .background import Background
from .columns import Derived

PEOPLE = "people_repeated"  # The table that holds how many people there are.


def repeated_people(people: Background, times: int, name: str) -> Background:
    """Each of the `people` once for each of `times` things; the column `name` numbers those.

    Raises `ModelError` for a name that is taken, and for less than one.
    """
    if times < 1 or name in (*people.derived, "person") or "person" in people.derived:
        raise ModelError(
            f"people {times} times over, told apart by `{name}`; there have to be one or more, and "
            f"the columns `person` and `{name}` must not be among {', '.join(people.derived)}."
        )
    labels = tuple(str(thing) for thing in range(times))
    own = {
        "person": Derived(_person, "int", help="the person's own identity"),
        name: Derived(_thing, "int", labels, help="which of the things it is with"),
    }
    return Background(
        people.name,
        people.size * times,
        {**{n: _of_person(column) for n, column in people.derived.items()}, **own},
        {**people.tables, PEOPLE: np.array([people.size])},
        people.notes,
    )


def _person(identity: int, tables: Any) -> int:
    return identity % tables.people_repeated[0]


def _thing(identity: int, tables: Any) -> int:
    return identity // tables.people_repeated[0]


def _of_person(column: Derived) -> Derived:
    value_of: Callable[..., Any] = column.function

    def value(identity: int, tables: Any) -> Any:
        return value_of(identity % tables.people_repeated[0], tables)

    return Derived(value, column.kind, column.labels, column.unit, column.source, column.help)
