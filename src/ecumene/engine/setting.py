"""The change that sets environment values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from ..arrays import Integers
from ..errors import InterventionError, unknown
from .choosing import People
from .environment import Replicas
from .fitting import Values, fitted, resolved
from .model import Model
from .spelling import spelled_settings


@dataclass(frozen=True)
class SetEnvironment:
    """Gives environment values, or the cell `name[cell]` of one, another value."""

    settings: Values
    parameters: Values = field(default_factory=dict[str, Any], init=False)
    of = ""
    moves = True
    stream = ""
    redraws = False

    def checked(self, model: Model, first: int) -> SetEnvironment:
        """Values that there are, in range; a tuple is taken apart into its cells."""
        if not self.settings:
            raise InterventionError("set_environment() names no value; type, say, price=12.")
        kept: dict[str, Any] = {}
        for name, value in self.settings.items():
            for cell, one in _apart(model, name, value):
                stored = model.environment[cell_of(cell)[0]]
                what = f"environment value `{cell}`"
                kept[cell] = fitted(what, stored, one, first, f"value:{name}")
        return SetEnvironment(dict(sorted(kept.items())))

    def values(self, step: int) -> Values:
        """Nothing of agents."""
        del step
        return {}

    def places(self, model: Model, people: People, key: int) -> Iterator[Integers]:
        """Nobody."""
        del model, people, key
        return iter(())

    def environment(self, step: int) -> Values:
        """The values, with `NOW` as this step."""
        return resolved(self.settings, step)

    def __str__(self) -> str:
        """As it is typed."""
        return spelled_settings(self.settings, "environment")


def cell_of(name: str) -> tuple[str, int | None]:
    """A value's name and the number of its cell, if one is named."""
    base, bracket, rest = name.partition("[")
    number = rest.removesuffix("]")
    if bracket and rest.endswith("]") and number.isascii() and number.isdigit():
        return base, int(number)
    return name, None


def give(environment: Replicas, values: Values) -> None:
    """Let environment values, or single cells, be these."""
    for name, value in values.items():
        base, cell = cell_of(name)
        if cell is None:
            environment[base] = value
        else:
            cells: list[Any] = list(cast("tuple[Any, ...]", environment[base]))
            cells[cell] = value
            environment[base] = tuple(cells)


def _apart(model: Model, name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Each cell that is set, or the one value, with what it gets."""
    base, cell = cell_of(name)
    if base not in model.environment:
        said = unknown("environment value", base, model.environment)
        raise InterventionError(said, f"name:{name}")
    cells = model.environment[base].cells
    if cell is not None and cell >= cells:
        has = f"has the cells 0 to {cells - 1}" if cells else "is one number, without cells"
        raise InterventionError(f"environment value `{base}` {has}.", f"name:{name}")
    if not cells or cell is not None:
        yield name, value
        return
    if not isinstance(value, tuple | list) or len(value) != cells:
        raise InterventionError(
            f"environment value `{name}` has {cells} cells; give a tuple of so many, or one cell: "
            f"`{name}[0]`.",
            f"name:{name}",
        )
    yield from ((f"{name}[{number}]", one) for number, one in enumerate(value))
