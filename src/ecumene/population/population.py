"""A population: agents of one kind as equally long columns.

A column is *stored* (it costs memory) or *derived* (a pure function of the identity).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..errors import ModelError, unknown
from .background import Background
from .columns import Derived
from .stored import Stored

AGENTS_LIMIT = 10**10  # "Up to 10^10 agents": the design's ceiling for numbers of agents.


@dataclass(frozen=True, init=False)
class Population:
    """`size` agents, their stored columns, and the background that derives the others."""

    size: int
    stored: Mapping[str, Stored]
    background: Background | None = None

    def __init__(self, agents: int | Background, **stored: Stored) -> None:
        """Take a number of agents or a background, and the stored columns by name."""
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
        self._refuse_twins()

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
        return Population(background, **self.stored)

    def require(self, name: str, what: str) -> None:
        """Raise `ModelError` unless there is a column `name`; `what` says who asks."""
        if name not in self.names:
            raise ModelError(f"{what} {unknown('column', name, self.names)}")
