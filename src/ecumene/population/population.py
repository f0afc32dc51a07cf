"""A population: agents of one kind as equally long columns.

A column is *stored* (it costs memory) or *derived* (a pure function of the identity).
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, replace

from ..errors import ModelError, unknown
from .background import Background
from .columns import Derived
from .life import LIFE
from .stored import Stored

AGENTS_LIMIT = 10**10  # "Up to 10^10 agents": the design's ceiling for numbers of agents.


@dataclass(frozen=True, init=False)
class Population:
    """`size` agents at first, their stored columns, and the background that derives the others.

    With a `capacity` it is open: agents enter and leave, on so many places in all. The columns
    `present` and `identity` are then stored too.
    """

    size: int
    stored: Mapping[str, Stored]
    background: Background | None = None
    capacity: int | None = None

    def __init__(
        self, agents: int | Background, *, capacity: int | None = None, **stored: Stored
    ) -> None:
        """Take a number of agents or a background, the places, and the stored columns by name."""
        background = agents if isinstance(agents, Background) else None
        size = agents.size if isinstance(agents, Background) else int(agents)
        if not 1 <= size <= AGENTS_LIMIT:
            raise ModelError(f"a population of {size:,} agents; type 1 to {AGENTS_LIMIT:,}.")
        for name, column in stored.items():
            if not isinstance(column, Stored):  # pyright: ignore[reportUnnecessaryIsInstance]
                raise ModelError(
                    f"column `{name}` is {column!r}; give it a storage: ec.step_column(), "
                    "ec.pulse(), ec.flag(), ec.whole(...) or ec.real(...)."
                )
            if column.cells:
                raise ModelError(
                    f"column `{name}` has {column.cells} cells; only environment values have: "
                    "declare it in ec.Model(environment={...}), or leave out cells=."
                )
        object.__setattr__(self, "size", size)
        object.__setattr__(self, "stored", dict(stored))
        object.__setattr__(self, "background", background)
        object.__setattr__(self, "capacity", capacity)
        if capacity is not None:
            self._open(capacity)
        self._refuse_twins()

    def also(self, **stored: Stored) -> Population:
        """The same with more columns."""
        own = {n: c for n, c in self.stored.items() if self.capacity is None or n not in LIFE}
        people = self.background or self.size
        return Population(people, capacity=self.capacity, **{**own, **stored})

    def _open(self, capacity: int) -> None:
        """Take the columns of an open population, which no column of the model may hide."""
        if type(capacity) is not int or not self.size <= capacity <= AGENTS_LIMIT:
            raise ModelError(
                f"capacity={capacity!r} places for {self.size:,} agents at first; type a whole "
                f"number from {self.size} to {AGENTS_LIMIT:,}."
            )
        taken = [name for name in LIFE if name in self.names]
        if taken:
            raise ModelError(
                f"column `{taken[0]}` is one that every population with a capacity has of its own; "
                "rename yours."
            )
        object.__setattr__(self, "stored", {**self.stored, **LIFE})

    @property
    def is_open(self) -> bool:
        """Whether agents enter and leave."""
        return self.capacity is not None

    @property
    def places(self) -> int:
        """How many places there are: the capacity, or one for each agent."""
        return self.size if self.capacity is None else self.capacity

    @property
    def own(self) -> Mapping[str, Stored]:
        """The stored columns that the model declares itself."""
        if not self.is_open:
            return self.stored
        return {name: column for name, column in self.stored.items() if name not in LIFE}

    def _refuse_twins(self) -> None:
        twins = sorted(set(self.stored) & set(self.derived))
        if twins:
            raise ModelError(
                f"column `{twins[0]}` is both stored by the model and derived by the background "
                f"`{self.background.name if self.background else ''}`; rename the stored one."
            )

    @property
    def derived(self) -> Mapping[str, Derived]:
        """The derived columns, by name."""
        return self.background.derived if self.background else {}

    @property
    def names(self) -> list[str]:
        """Every column's name, stored ones first."""
        return [*self.stored, *self.derived]

    def on(self, background: Background) -> Population:
        """The same stored columns over the agents of `background`."""
        return self.over(background)

    def over(self, agents: int | Background, **more: Stored) -> Population:
        """The same stored columns, and `more` of them before these, over other agents."""
        return Population(agents, capacity=self.capacity, **more, **self.own)

    @property
    def links(self) -> Mapping[str, Stored]:
        """The stored columns that point to agents."""
        return {name: stored for name, stored in self.stored.items() if stored.link}

    def linked(self, sizes: Mapping[str, int | None]) -> Population:
        """The same with links that hold the identities of populations of these `sizes`.

        None stands for an open population, whose identities are any.
        """
        if not self.links:
            return self
        found = copy(self)
        last = {n: sizes[s.link] for n, s in self.links.items()}
        narrow = {n: replace(self.links[n], high=k - 1) for n, k in last.items() if k is not None}
        object.__setattr__(found, "stored", {**self.stored, **narrow})
        return found

    def require(self, name: str, what: str) -> None:
        """Raise `ModelError` unless there is a column `name`; `what` says who asks."""
        if name not in self.names:
            raise ModelError(f"{what} {unknown('column', name, self.names)}")
