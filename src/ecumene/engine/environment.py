"""The few global values: what they are, and how they are written.

Every shard holds them all and computes their next values itself; rules for them are plain Python,
so all shards get the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast

from ..backends import (
    CAST,
    Value,
    Values,
    environment_overflow_text,
    fits,
    name_number,
    started,
    value_word,
)
from ..errors import ModelError, RuleError, unknown
from ..population import Stored
from ..random import MASK, fold


class Environment:
    """One shard's environment values, at this moment."""

    def __init__(
        self, declared: Mapping[str, Stored], drawn: Mapping[str, Any] | None = None
    ) -> None:
        """Begin with what each value was declared with, or what was `drawn` for it."""
        self._declared = declared
        self.values: dict[str, Values] = {name: started(s) for name, s in declared.items()}
        for name, value in (drawn or {}).items():
            self.write("begin", name, value, 0)

    def write(self, rule: str, name: str, value: Any, step: int) -> None:
        """Give `name` its next value, or raise `RuleError` when that does not fit."""
        self.values[name] = self.checked(rule, name, value, step)

    def checked(self, rule: str, name: str, value: Any, step: int) -> Values:
        """`value` as what the environment keeps under `name`; cells as a tuple."""
        stored = self._declared[name]
        if not stored.cells:
            return self._fitting(rule, name, stored, value, step)
        if not isinstance(value, Sequence) or len(cast(Sequence[Any], value)) != stored.cells:
            raise RuleError(
                f"rule `{rule}` gave the environment's {name} {value!r}; give it a tuple of its "
                f"{stored.cells} cells."
            )
        cells = enumerate(cast(Sequence[Any], value))
        return tuple(
            self._fitting(rule, f"{name}[{cell}]", stored, one, step) for cell, one in cells
        )

    def _fitting(self, rule: str, name: str, stored: Stored, value: Any, step: int) -> Value:
        try:
            kept: Value = CAST[stored.kind](value)
        except (TypeError, ValueError, OverflowError) as error:
            raise RuleError(
                f"rule `{rule}` gave the environment the {name} {value!r}; give it one number."
            ) from error
        if not fits(stored, kept, step):
            raise RuleError(environment_overflow_text(rule, name, kept, stored, step))
        return kept

    def digest(self, half: int) -> int:
        """A 64-bit sum over values and cells that are not what they were declared with."""
        total = 0
        for name, stored in self._declared.items():
            key = fold(name_number(f"environment:{name}"), half)
            pairs = zip(_cells(self.values[name]), _cells(started(stored)), strict=True)
            for cell, (value, first) in enumerate(pairs):
                if value != first:
                    total += fold(fold(key, cell), value_word(value))
        return total & MASK


class Replicas(Mapping[str, Values]):
    """The environment of a simulation: read a value by name, or set it between steps.

    Values with cells are tuples. Setting one that does not fit raises `RuleError`, an unknown name
    `ModelError`.
    """

    def __init__(self, shards: Sequence[Environment], clock: Callable[[], int]) -> None:
        """Take every shard's environment; `clock` gives the present step."""
        self._shards, self._clock = shards, clock

    def __getitem__(self, name: str) -> Values:
        """The value of `name` at this moment."""
        return self._shards[0].values[name]

    def __setitem__(self, name: str, value: Any) -> None:
        """Let `name` have another value, in every shard."""
        if name not in self:
            raise ModelError(unknown("environment value", name, self))
        for shard in self._shards:
            shard.write("set", name, value, self._clock())

    def __iter__(self) -> Iterator[str]:
        """The names of the values."""
        return iter(self._shards[0].values)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._shards[0].values)


def _cells(value: Values) -> tuple[Value, ...]:
    return value if isinstance(value, tuple) else (value,)
