"""Values that interventions give to agents: each as its column has it, or refused.

A step may be told from the one in which it is given: `NOW`, `NOW + 14`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..backends import possible
from ..errors import InterventionError, unknown
from ..population import NEVER, NOBODY, Stored
from .model import Model
from .populations import whole
from .spelling import NOW, is_relative

Values = Mapping[str, Any]


def starting(model: Model, what: str) -> Values:
    """What the model's start gives, told from the step in which it happens now."""
    if len(model.start) != 1:
        raise InterventionError(
            f"the model starts in {len(model.start)} ways, so `{what}` must say what they get: "
            f"`{what} with NAME = VALUE`.",
            "settings",
        )
    stored, given = model.population.stored, model.start[0].values
    kinds = {name: stored[name].kind for name in given}
    return {
        name: NOW + value if stored[name].holds_steps and value != NEVER else value
        for name, value in given.items()
        if value or kinds[name] != "pulse"
    }


def fitting(model: Model, settings: Values, first: int) -> Values:
    """Every value as its column has it."""
    return {name: _value(model, name, v, first) for name, v in sorted(settings.items())}


def _value(model: Model, name: str, value: Any, first: int) -> Any:
    population = model.population
    if name in population.derived:
        raise InterventionError(
            f"column `{name}` says who an agent is and cannot be set; the columns that can: "
            f"{', '.join(population.stored)}.",
            f"name:{name}",
        )
    if name not in population.own:
        said = unknown("stored column", name, population.own)
        raise InterventionError(said, f"name:{name}")
    _check_link(model, name, value)
    return fitted(f"column `{name}`", population.stored[name], value, first, f"value:{name}")


def _check_link(model: Model, name: str, value: Any) -> None:
    """Raise `InterventionError` for a link to what nobody of an open population is or will be."""
    link = model.population.stored[name].link
    to = whole(model).populations.get(link)
    if to is None or not to.is_open or value == NOBODY:
        return
    if not isinstance(value, int) or isinstance(value, bool) or not possible(value, to.size):
        raise InterventionError(
            f"column `{name}` cannot be {value!r}; type {NOBODY}, or the identity of one of "
            f"{link}: from 0 to {to.size - 1:,} at first, and that of a newcomer.",
            f"value:{name}",
        )


def fitted(what: str, stored: Stored, value: Any, first: int, about: str) -> Any:
    """`value` as `stored` has it, or `InterventionError`; `first` is the first step it is for."""
    fitting, wanted = FITS[stored.kind](stored, value, first)
    if fitting is None:
        raise InterventionError(f"{what} cannot be {value!r}; type {wanted}.", about)
    return fitting


def _truth(stored: Stored, value: Any, first: int) -> tuple[Any, str]:
    del stored, first
    return value if isinstance(value, bool) else None, "true or false"


def _whole(stored: Stored, value: Any, first: int) -> tuple[Any, str]:
    del first
    wanted = f"a whole number from {stored.low:,} to {stored.high:,}"
    if not _is_real(value) or not float(value).is_integer():
        return None, wanted
    return int(value) if stored.low <= value <= stored.high else None, wanted


def _real(stored: Stored, value: Any, first: int) -> tuple[Any, str]:
    del stored, first
    finite = _is_real(value) and value - value == 0
    return float(value) + 0.0 if finite else None, "a number"


def _step(stored: Stored, value: Any, first: int) -> tuple[Any, str]:
    """`NEVER`, `NOW` and up to what lies ahead, or a step that has been or may lie ahead."""
    ahead = f" (or now + 1 to now + {stored.ahead})" if stored.ahead else ""
    wanted = f"never, now{ahead}, or a step from 0 to {first + stored.ahead}"
    if type(value) is not int:
        return None, wanted
    relative = NOW <= value <= NOW + stored.ahead
    return value if relative or value == NEVER or 0 <= value <= first + stored.ahead else None, (
        wanted
    )


def _wake(stored: Stored, value: Any, first: int) -> tuple[Any, str]:
    """`NEVER`, or a step from the present one on."""
    wanted = f"never, now, now + 1 to now + {stored.ahead}, or a step from {first} on"
    told = type(value) is int and (
        value == NEVER
        or NOW <= value <= NOW + stored.ahead
        or first <= value <= first + stored.ahead
    )
    return value if told else None, wanted


def _is_real(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


FITS = {
    "pulse": _truth,
    "flag": _truth,
    "int": _whole,
    "float": _real,
    "step": _step,
    "wake": _wake,
}


def resolved(settings: Values, step: int) -> Values:
    """Values with steps told from the present one as steps; only step columns hold such."""
    return {
        name: value - NOW + step if is_relative(value) else value
        for name, value in settings.items()
    }
