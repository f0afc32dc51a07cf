"""Interventions: changes that happen to a model from outside, at moments said beforehand.

    ec.run(model, interventions=[
        ec.at(12, ec.set_parameter(transmission=0.05)),
        ec.when("reached_share", ec.seed_agents(100), above=0.1),
    ])

An intervention is data: a moment and a change. The same is typed as a line, `str(intervention)`,
after `--do` and in scenario files; the lines are in the run's name and in its record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import InterventionError
from .changes import Broadcast, Change, SeedAgents, SetColumn, SetParameter
from .choosing import Share, Who
from .model import Model, Sample
from .moments import At, During, Moment, When, counted_of, from_step, looks_at_everybody
from .populations import alone
from .removing import RemoveTies
from .setting import SetEnvironment
from .turnover import Enter, Leave


@dataclass(frozen=True)
class Intervention:
    """A change and the moment at which it happens, at the beginning of a step."""

    moment: Moment
    change: Change

    def checked(self, model: Model) -> Intervention:
        """The same with every name and value as the model has it; `InterventionError` if not."""
        self.moment.check(model)
        return Intervention(self.moment, self.change.checked(model, self.moment.first))

    def __str__(self) -> str:
        """As it is typed after `--do`."""
        return f"{self.moment}: {self.change}"


def at(step: int, change: Change) -> Intervention:
    """Make a change at the beginning of `step`."""
    return Intervention(At(step), change)


def during(first: int, until: int, change: Change) -> Intervention:
    """Make a change from the step `first` until, and without, the step `until`.

    A parameter has its value only meanwhile; any other change is made anew in each of these steps.
    """
    return Intervention(During(first, until), change)


def when(
    measure: str,
    change: Change,
    *,
    above: float | None = None,
    below: float | None = None,
    after: int = 0,
) -> Intervention:
    """Make a change once, in the first step that finds a measure above (or below) a number.

    `measure` is a name, or `name[group]` of a measure by group; it is looked at before the changes
    of each step, from step `after` on.
    """
    limits = [limit for limit in (above, below) if limit is not None]
    if len(limits) != 1:
        raise InterventionError(f'when("{measure}", ...): give either above= or below=.')
    return Intervention(When(measure, above is not None, limits[0], after), change)


def at_or_after(intervention: Intervention, step: int) -> Intervention:
    """The same in a run that has come to `step` already; `InterventionError` if it is too late."""
    return Intervention(from_step(intervention.moment, step), intervention.change)


def set_parameter(**values: Any) -> SetParameter:
    """Give parameters that a rule reads another value."""
    return SetParameter(values)


def set_environment(**values: Any) -> SetEnvironment:
    """Give environment values another value; of one with cells, a tuple of all of them."""
    return SetEnvironment(values)


def set_column(
    name: str,
    value: Any,
    *,
    where: Mapping[str, Any] | None = None,
    agents: Sample | Share | None = None,
    of: str = "",
) -> SetColumn:
    """Give a group of agents a value of a stored column.

    `where` maps columns to a label or value, or a tuple of them: `{"country": ("NGA", "GHA")}`;
    `agents` is `ec.sample_count(n)` or `ec.sample_share(s)` of them. Without both, all agents get
    it: those of the population `of`, or of the model's first.
    """
    return SetColumn({name: value}, Who(where or {}, agents, of))


def seed_agents(
    count: int, *, where: Mapping[str, Any] | None = None, of: str = "", **values: Any
) -> SeedAgents:
    """Give `count` agents drawn by luck these values; without any, those of the model's start.

    A step in the start is then told from the present one. `where` and `of` are as in `set_column`.
    """
    return SeedAgents(count, values, where or {}, of)


def broadcast(
    by: str = "largest",
    *,
    count: int = 1,
    over: str = "",
    agents: Sequence[int] = (),
    of: str = "",
    **values: Any,
) -> Broadcast:
    """Let hubs act: raise their flag or pulse with these values, or with those of the start.

    `by="largest"`: the `count` agents with most ties in the network `over`, which costs a look at
    every agent; `by="number"`: the `agents` of these numbers. They are of the population of that
    network, or of `of`.
    """
    return Broadcast(by, count, over, tuple(agents), values, of)


def remove_ties(
    over: str = "",
    *,
    share: float = 1.0,
    where: Mapping[str, Any] | None = None,
    agents: Sample | Share | None = None,
    between: Sequence[Mapping[str, Any]] = (),
) -> RemoveTies:
    """Take ties of the network `over` away, for good or, in `during`, for as long as it lasts.

    `share` of them, drawn tie by tie: more of them are the same and others. With `where` or
    `agents`, as in `set_column`, it is the ties of these agents, to whomever; with `between` those
    between one group and all others, or between two groups. A tie that is away is tried by no
    rule, from neither end; who draws it for an encounter meets nobody.
    """
    return RemoveTies(over, share, Who(where or {}, agents), tuple(between))


def enter(count: int, *, of: str = "", **values: Any) -> Enter:
    """Let `count` newcomers enter at the beginning of a step, with these values.

    They begin with the columns' defaults otherwise; more of them are the same and others. `of` is
    the population, the model's first where it is left out; it must have a capacity.
    """
    return Enter(count, values, of)


def leave(
    *, where: Mapping[str, Any] | None = None, agents: Sample | Share | None = None, of: str = ""
) -> Leave:
    """Let agents leave at the beginning of a step; chosen as in `set_column`.

    In each step of a span others are drawn. Their places are free; what they hold is gone.
    """
    return Leave(Who(where or {}, agents, of))


def checked(interventions: Sequence[Intervention], model: Model) -> tuple[Intervention, ...]:
    """The interventions with every name and value as the model has it.

    Raises `InterventionError`, which says which of them is wrong.
    """
    return tuple(_checked(one, number, model) for number, one in enumerate(interventions, 1))


def _checked(one: Any, number: int, model: Model) -> Intervention:
    if not isinstance(one, Intervention):
        raise InterventionError(
            f"intervention {number} is {one!r}, without a moment; write ec.at(STEP, CHANGE), "
            "ec.during(FIRST, UNTIL, CHANGE) or ec.when(MEASURE, CHANGE, above=VALUE)."
        )
    try:
        return one.checked(model)
    except InterventionError as error:
        text = f"intervention {number}, `{one}`: {error}"
        raise InterventionError(text, error.about) from error


def notices(interventions: Sequence[Intervention], model: Model, limit: int) -> list[str]:
    """What a user should know: what costs a look at everybody, what comes too late to happen."""
    said: list[str] = []
    for one in interventions:
        moment, of = one.moment, alone(model, one.change.of).agents
        if isinstance(moment, When) and looks_at_everybody(model, moment.measure):
            whom = counted_of(moment.measure, model)
            said.append(f"`{one}` looks at all {whom:,} agents at the start of each step")
        if isinstance(one.change, Broadcast) and one.change.by == "largest":
            said.append(f"`{one}` counts the ties of all {of:,} agents when it happens")
        if moment.first >= limit:
            said.append(f"`{one}` does not happen: the run has at most {limit:,} steps")
    return said
