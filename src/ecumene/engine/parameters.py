"""Parameters of a model: one annotated keyword each, with range, unit and source.

    transmission: ec.Probability = ec.parameter(0.15, help="chance that a tie passes it on")

The annotation says type and range, `ec.parameter` the default and where it comes from. They
become, untouched, the command line's options and a report's table.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from numbers import Real
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from ..errors import ModelError, ParameterError, unknown
from ..population import AGENTS_LIMIT


@dataclass(frozen=True)
class Range:
    """From `low` to `high`, both allowed."""

    low: float
    high: float


class _Ranged:
    """`Int[1, 1000]` or `Float[0, 1]`: a number in a range, for annotations."""

    def __init__(self, kind: type) -> None:
        self.kind = kind

    def __getitem__(self, limits: tuple[float, float]) -> Any:
        return Annotated[self.kind, Range(*limits)]


Int = _Ranged(int)
Float = _Ranged(float)
Count = Annotated[int, Range(0, AGENTS_LIMIT)]
Probability = Annotated[float, Range(0.0, 1.0)]


@dataclass(frozen=True)
class Parameter:
    """What may be set about a model: its type (`kind`), default, range, and where it is from."""

    name: str
    kind: str  # "int", "float" or "bool"
    default: int | float | bool
    low: float | None
    high: float | None
    unit: str
    help: str
    source: str
    reshapes: bool  # It changes who the people are or whom they reach: never a paired change.

    def checked(self, value: Any) -> int | float | bool:
        """`value` as this parameter's type, or `ParameterError`."""
        number = self._typed(value)
        if self.low is not None and self.high is not None and not self.low <= number <= self.high:
            raise ParameterError(
                f"parameter `{self.name}` is {value!r}, outside its range "
                f"{_plain(self.low)} to {_plain(self.high)}; its default is {self.default}."
            )
        return number

    def _typed(self, value: Any) -> Any:
        if self.kind == "bool" and isinstance(value, bool):
            return value
        if _is_number(value):
            if self.kind == "float":
                return float(value)
            if self.kind == "int" and float(value).is_integer():
                return int(value)
        wanted = {"int": "a whole number", "float": "a number", "bool": "True or False"}
        raise ParameterError(
            f"parameter `{self.name}` is {value!r}; type {wanted[self.kind]}, "
            f"for example {self.default}."
        )


def _is_number(value: Any) -> bool:
    return type(value) is not bool and isinstance(value, Real)


def parameter(
    default: Any, *, help: str = "", unit: str = "", source: str = "", reshapes: bool = False
) -> Any:
    """A parameter's default, with one line of help, its unit and where the number comes from."""
    return Parameter("", "", default, None, None, unit, help, source, reshapes)


def parameters_of(function: Callable[..., Any]) -> Mapping[str, Parameter]:
    """The parameters of a model's function, in order."""
    hints = get_type_hints(function, include_extras=True)
    return {
        name: _described(name, argument.default, hints.get(name))
        for name, argument in inspect.signature(function).parameters.items()
    }


def _described(name: str, default: Any, hint: Any) -> Parameter:
    if not isinstance(default, Parameter):
        raise ModelError(f"the model's argument `{name}` needs a default: ec.parameter(...).")
    kind, limits = hint, None
    if get_origin(hint) is Annotated:
        kind, *rest = get_args(hint)
        limits = next((r for r in rest if isinstance(r, Range)), None)
    if kind not in (int, float, bool):
        raise ModelError(
            f"the model's argument `{name}` needs a type: ec.Count, ec.Int[low, high], "
            "ec.Float[low, high], ec.Probability or bool."
        )
    described = replace(
        default,
        name=name,
        kind=kind.__name__,
        low=limits.low if limits else None,
        high=limits.high if limits else None,
    )
    return replace(described, default=described.checked(default.default))


def settled(parameters: Mapping[str, Parameter], values: Mapping[str, Any]) -> dict[str, Any]:
    """Every parameter's value: those given, checked, and the defaults of the others."""
    for name in values:
        if name not in parameters:
            raise ParameterError(unknown("parameter", name, parameters))
    return {
        name: p.checked(values[name]) if name in values else p.default
        for name, p in parameters.items()
    }


def _plain(number: float) -> str:
    return str(int(number)) if float(number).is_integer() else str(number)
