"""When an intervention happens: at a step, from one step until another, or when a measure crosses.

A moment is written as it is typed after `--do`, up to the colon: `str(moment)`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from ..errors import InterventionError, unknown
from .model import Model
from .spelling import plain_number, quoted

MOST_STEPS = 10**12
ValueOf = Callable[[str], float | None]


class Moment(Protocol):
    """What an intervention asks of its moment; `lasts` says whether it is a span of steps."""

    @property
    def lasts(self) -> bool:
        """Whether a parameter is as before once it is over."""
        ...

    @property
    def first(self) -> int:
        """The first step in which it can come."""
        ...

    def check(self, model: Model) -> None:
        """Raise `InterventionError` when the model has no such moment."""
        ...

    def comes(self, step: int, before: bool, value_of: ValueOf) -> bool:
        """Whether it comes at the beginning of `step`; `before` says that it came already."""
        ...

    def ahead(self, step: int, before: bool, value_of: ValueOf) -> bool:
        """Whether it can still come, at `step` or later, if nothing else changes anything."""
        ...


@dataclass(frozen=True)
class At:
    """The beginning of one step."""

    step: int
    lasts = False

    @property
    def first(self) -> int:
        """The step itself."""
        return self.step

    def check(self, model: Model) -> None:
        """Any step from 0 will do."""
        del model
        check_step(self.step)

    def comes(self, step: int, before: bool, value_of: ValueOf) -> bool:
        """At its step."""
        del before, value_of
        return step == self.step

    def ahead(self, step: int, before: bool, value_of: ValueOf) -> bool:
        """Until its step has begun."""
        del before, value_of
        return step <= self.step

    def __str__(self) -> str:
        """As it is typed."""
        return f"at {self.step}"


@dataclass(frozen=True)
class During:
    """The beginning of every step from `first` until, and without, `until`."""

    first: int
    until: int
    lasts = True

    def check(self, model: Model) -> None:
        """The end must lie behind the beginning."""
        del model
        check_step(self.first)
        check_step(self.until)
        if self.until <= self.first:
            raise InterventionError(
                f"from {self.first} until {self.until} is no step; let it end at "
                f"{self.first + 1} or later.",
                f"step:{self.until}",
            )

    def comes(self, step: int, before: bool, value_of: ValueOf) -> bool:
        """At each of its steps."""
        del before, value_of
        return self.first <= step < self.until

    def ahead(self, step: int, before: bool, value_of: ValueOf) -> bool:
        """Until its last step has begun."""
        del before, value_of
        return step < self.until

    def __str__(self) -> str:
        """As it is typed."""
        return f"from {self.first} until {self.until}"


@dataclass(frozen=True)
class When:
    """The first step, from `after` on, that finds a measure above (or below) a value."""

    measure: str
    is_above: bool
    value: float
    after: int = 0
    lasts = False

    @property
    def first(self) -> int:
        """The step from which it is looked for."""
        return self.after

    def check(self, model: Model) -> None:
        """The measure must be there, and be one number."""
        check_step(self.after)
        if isinstance(self.value, bool) or self.value != self.value:
            raise InterventionError(
                f"a measure is held against a number, not {self.value}.", f"value:{self.measure}"
            )
        name, group = _split(self.measure, model)
        if name not in model.measures:
            raise InterventionError(unknown("measure", name, model.measures), self._about)
        groups = groups_of(model, name)
        if groups and group is None:
            raise InterventionError(
                f"measure `{name}` has one number for each group; name one: {name}[{groups[0]}].",
                self._about,
            )
        if group is not None and not groups:
            raise InterventionError(
                f"measure `{name}` is one number, without groups; type `{name}`.", self._about
            )
        if group is not None and group not in groups:
            said = unknown(f"group of measure `{name}`", group, groups)
            raise InterventionError(said, self._about)

    @property
    def _about(self) -> str:
        return f"measure:{self.measure}"

    def comes(self, step: int, before: bool, value_of: ValueOf) -> bool:
        """Once, when the measure has crossed."""
        return not before and step >= self.after and self._crossed(value_of)

    def ahead(self, step: int, before: bool, value_of: ValueOf) -> bool:
        """Only if the measure has crossed: by itself it will not."""
        del step
        return not before and self._crossed(value_of)

    def _crossed(self, value_of: ValueOf) -> bool:
        value = value_of(self.measure)
        if value is None:
            return False
        return value > self.value if self.is_above else value < self.value

    def __str__(self) -> str:
        """As it is typed."""
        since = f" after {self.after}" if self.after else ""
        sign = ">" if self.is_above else "<"
        return f"when {quoted(self.measure)} {sign} {plain_number(self.value)}{since}"


def from_step(moment: Moment, step: int) -> Moment:
    """The moment, as of a run that has come to `step` already; `InterventionError` if it is over.

    A measure is looked at from `step` on.
    """
    if isinstance(moment, When):
        return replace(moment, after=max(step, moment.after))
    if moment.first < step:
        raise InterventionError(
            f"`{moment}` lies before the step {step} from which the branch goes on; let it begin "
            f"at {step} or later.",
            f"step:{moment.first}",
        )
    return moment


def check_step(step: Any) -> None:
    """Raise `InterventionError` unless `step` is a whole number from 0."""
    if type(step) is not int or not 0 <= step <= MOST_STEPS:
        raise InterventionError(
            f"a step is a whole number from 0 to {MOST_STEPS:,}, not {step!r}.", f"step:{step}"
        )


def measured(model: Model, measures: Callable[[str], Any], spelled: str) -> float | None:
    """The number that `spelled` (`name` or `name[group]`) stands for, None where nobody is."""
    name, group = _split(spelled, model)
    value = measures(name)
    return value if group is None else value[group]


def groups_of(model: Model, name: str) -> tuple[str, ...]:
    """The groups for each of which a measure has a number of its own."""
    measure = model.measures[name]
    derived = model.populations[model.named(measure.of)].derived
    for tally in measure.tallies:
        if tally.group is not None:
            return derived[tally.group].labels or ()
    cells = [model.environment[value].cells for value in measure.environment]
    if any(cells):
        return tuple(str(cell) for cell in range(cells[0]))
    shares = getattr(measure, "shares", ())
    return tuple(f"{share:g}" for share in shares)


def looks_at_everybody(model: Model, spelled: str) -> bool:
    """Whether a measure costs the number of agents each time it is looked at."""
    return bool(model.measures[_split(spelled, model)[0]].columns)


def counted_of(spelled: str, model: Model) -> int:
    """How many agents the measure's population has."""
    measure = model.measures[_split(spelled, model)[0]]
    return model.populations[model.named(measure.of)].size


def _split(spelled: str, model: Model) -> tuple[str, str | None]:
    name, bracket, rest = spelled.partition("[")
    if spelled in model.measures or not bracket or not rest.endswith("]"):
        return spelled, None
    return name, rest.removesuffix("]")
