"""What an intervention does: one class for each kind of change.

A change is written as it is typed after `--do`, behind the colon: `str(change)`. To add a kind,
write its class here, its line in `lines.py`, and its function in `interventions.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from types import FunctionType
from typing import Any, Protocol

import numpy as np

from ..arrays import Integers
from ..errors import InterventionError, ParameterError, unknown
from ..rules import attributes_of
from .choosing import (
    People,
    Who,
    check_count,
    checked_of,
    chosen,
    codes_of,
    largest,
    numbered_agents,
    said_where,
)
from .fitting import Values, fitting, resolved, starting
from .for_group import ForAgents, ForGroup
from .model import Model, Sample
from .populations import alone
from .spelling import quoted, spelled_settings


class Change(Protocol):
    """What the engine asks of a change."""

    @property
    def parameters(self) -> Values:
        """The parameters that it gives another value."""
        ...

    @property
    def of(self) -> str:
        """The population whose agents it is for, the model's first where it is empty."""
        ...

    @property
    def moves(self) -> bool:
        """Whether it can set going what was still: only then is it waited for."""
        ...

    @property
    def stream(self) -> str:
        """The name of its stream of luck: without numbers, so that more of it is nested."""
        ...

    @property
    def redraws(self) -> bool:
        """Whether each of several times is for others; else always for the same."""
        ...

    def checked(self, model: Model, first: int) -> Change:
        """The same, complete and with every value as its column has it; `first` is its first step.

        Raises `InterventionError`.
        """
        ...

    def values(self, step: int) -> Values:
        """What the chosen agents get at the beginning of `step`."""
        ...

    def places(self, model: Model, people: People, key: int) -> Iterator[Integers]:
        """The places of those who get it, some at a time; `model` sees one population."""
        ...

    def environment(self, step: int) -> Values:
        """What environment values, or cells `name[cell]`, get at the beginning of `step`."""
        ...


@dataclass(frozen=True)
class SetParameter(ForAgents):
    """Gives parameters another value."""

    parameters: Values
    of = ""
    moves = False
    stream = ""
    redraws = False

    def checked(self, model: Model, first: int) -> SetParameter:
        """Known, read by a rule, not reshaping, in range."""
        del first
        if not self.parameters:
            raise InterventionError(
                "set_parameter() names none; type, say, set_parameter(NAME=VALUE)."
            )
        values = {name: _parameter(model, name, v) for name, v in self.parameters.items()}
        return SetParameter(dict(sorted(values.items())))

    def values(self, step: int) -> Values:
        """Nothing of agents."""
        del step
        return {}

    def places(self, model: Model, people: People, key: int) -> Iterator[Integers]:
        """Nobody."""
        del model, people, key
        return iter(())

    def __str__(self) -> str:
        """As it is typed."""
        return spelled_settings(self.parameters, "parameter")


@dataclass(frozen=True)
class SetColumn(ForGroup):
    """Gives the agents of a group a value of one column."""

    settings: Values
    who: Who = field(default_factory=Who)
    parameters: Values = field(default_factory=dict[str, Any], init=False)
    redraws = False

    @property
    def stream(self) -> str:
        """One for each column."""
        return _stream("set", self.of, self.settings)

    def checked(self, model: Model, first: int) -> SetColumn:
        """Stored columns, values in range, a group that there is."""
        of = checked_of(model, self.of)
        model = alone(model, of)
        who = replace(self.who, of=of).checked(model)
        return SetColumn(fitting(model, self.settings, first), who)

    def values(self, step: int) -> Values:
        """The values, with `NOW` as this step."""
        return resolved(self.settings, step)

    def places(self, model: Model, people: People, key: int) -> Iterator[Integers]:
        """Those of the group."""
        return chosen(people, self.who, key, codes_of(model, self.who))

    def __str__(self) -> str:
        """As it is typed."""
        return spelled_settings(self.settings, "column") + str(self.who)


@dataclass(frozen=True)
class SeedAgents(ForAgents):
    """Gives `count` agents drawn by luck some values; without any, those of the model's start."""

    count: int
    settings: Values = field(default_factory=dict[str, Any])
    where: Mapping[str, Any] = field(default_factory=dict[str, Any])
    of: str = ""
    parameters: Values = field(default_factory=dict[str, Any], init=False)
    redraws = True

    @property
    def moves(self) -> bool:
        """Unless there are none."""
        return self.count > 0

    @property
    def stream(self) -> str:
        """One for each set of columns."""
        return _stream("seed", self.of, self.settings)

    def checked(self, model: Model, first: int) -> SeedAgents:
        """As many as there are, with values in range."""
        of = checked_of(model, self.of)
        model, what = alone(model, of), f"seed {self.count}{f' {of}' if of else ''}"
        check_count(model, self.count)
        settings = fitting(model, self.settings or starting(model, what), first)
        return SeedAgents(self.count, settings, Who(self.where).checked(model).where, of)

    def values(self, step: int) -> Values:
        """The values, with `NOW` as this step."""
        return resolved(self.settings, step)

    def places(self, model: Model, people: People, key: int) -> Iterator[Integers]:
        """Those drawn."""
        who = Who(self.where, Sample(self.count))
        return chosen(people, who, key, codes_of(model, who))

    def __str__(self) -> str:
        """As it is typed."""
        with_ = f" with {spelled_settings(self.settings)}" if self.settings else ""
        of = f" {self.of}" if self.of else ""
        return f"seed {self.count}{of}{with_}{said_where(self.where)}"


@dataclass(frozen=True)
class Broadcast(ForAgents):
    """Raises the flag of hubs: the `count` agents with most ties in `over`, or those of a number.

    Without settings they get those of the model's start.
    """

    by: str = "largest"
    count: int = 1
    over: str = ""
    agents: tuple[int, ...] = ()
    settings: Values = field(default_factory=dict[str, Any])
    of: str = ""
    parameters: Values = field(default_factory=dict[str, Any], init=False)
    redraws = False

    @property
    def moves(self) -> bool:
        """Unless there are none."""
        return self.count > 0

    @property
    def stream(self) -> str:
        """It decides between agents with equally many ties."""
        return _stream("broadcast", self.of, self.settings)

    def checked(self, model: Model, first: int) -> Broadcast:
        """Agents that there are, a network that there is, a flag that some tie rule sends for."""
        if self.by not in HUBS:
            said = unknown("way to choose who broadcasts", self.by, HUBS)
            raise InterventionError(said, f"by:{self.by}")
        home = model.home(self.over) if not self.of and self.over in model.networks else self.of
        of = checked_of(model, home)
        model = alone(model, of)
        settings = fitting(model, self.settings or starting(model, "broadcast"), first)
        active = {getattr(rule, "active", "") for phase in model.phases for rule in phase} - {""}
        if not any(settings.get(name) is True for name in active):
            raise InterventionError(
                f"a broadcast that raises no flag or pulse for which a tie rule sends "
                f"({', '.join(sorted(active)) or 'there is none'}) reaches nobody; let it set one "
                "to true.",
                "settings",
            )
        over, agents, count = HUBS[self.by](self, model)
        return Broadcast(self.by, count, over, agents, settings, of)

    def values(self, step: int) -> Values:
        """The values, with `NOW` as this step."""
        return resolved(self.settings, step)

    def places(self, model: Model, people: People, key: int) -> Iterator[Integers]:
        """The hubs."""
        del model
        if self.by == "number":
            return iter([np.array(self.agents, np.int64)])
        return iter([largest(people, self.over, self.count, key)] if self.count else [])

    def __str__(self) -> str:
        """As it is typed."""
        of = f" {self.of}" if self.of else ""
        whom = f"number{of} {', '.join(map(str, self.agents))}"
        if self.by == "largest":
            whom = f"largest {self.count}{of}" + (f" over {quoted(self.over)}" if self.over else "")
        with_ = f" with {spelled_settings(self.settings)}" if self.settings else ""
        return f"broadcast by {whom}{with_}"


def _by_ties(change: Broadcast, model: Model) -> tuple[str, tuple[int, ...], int]:
    check_count(model, change.count)
    over = change.over
    if not over and len(model.networks) == 1:
        over = next(iter(model.networks))
    if over not in model.networks:
        said = unknown("network", over, model.networks)
        raise InterventionError(said if over else f"name the network: {said}", f"over:{over}")
    if change.agents:
        raise InterventionError("by the most ties or by number: leave out one of the two.")
    return over, (), change.count


def _by_number(change: Broadcast, model: Model) -> tuple[str, tuple[int, ...], int]:
    agents = numbered_agents(model, change.agents)
    if not agents:
        raise InterventionError("a broadcast by number names no agent; give agents=(4711,).")
    return "", agents, len(agents)


def _stream(kind: str, of: str, settings: Values) -> str:
    """The name of a stream of luck: one for each set of columns of a population."""
    return f"intervention:{kind}:{f'{of}:' if of else ''}{','.join(sorted(settings))}"


HUBS = {"largest": _by_ties, "number": _by_number}


def _parameter(model: Model, name: str, value: Any) -> Any:
    """The value as the parameter's type, if it may be set while the model runs."""
    about, table = f"name:{name}", model.parameter_table
    if name not in model.parameters:
        raise InterventionError(unknown("parameter", name, model.parameters), about)
    if name in table and table[name].reshapes:
        raise InterventionError(
            f"parameter `{name}` reshapes who the agents are or whom they reach, which stays as it "
            f"is during a run; set it for the whole run: `--set {name}={value}`.",
            about,
        )
    if name not in _read_by_rules(model):
        raise InterventionError(
            f"no rule reads parameter `{name}`: it has done its work when the run begins; set it "
            f"for the whole run: `--set {name}={value}`.",
            about,
        )
    about = f"value:{name}"
    if name in table:
        try:
            return table[name].checked(value)
        except ParameterError as error:
            raise InterventionError(str(error), about) from error
    return _like(model.parameters[name], name, value, _is_share(model, name))


def _like(present: Any, name: str, value: Any, is_share: bool) -> Any:
    """A value of the present one's type, for a parameter of which nothing more is known."""
    kind = type(present)
    fits = type(value) is kind or (kind is float and type(value) is int)
    if not fits or value != value or (is_share and not 0 <= value <= 1):
        wanted = "a number from 0 to 1" if is_share else f"one like {present!r}"
        raise InterventionError(
            f"parameter `{name}` cannot be {value!r}; type {wanted}.", f"value:{name}"
        )
    return kind(value)


def _is_share(model: Model, name: str) -> bool:
    return any(_sampled(rule) == name for phase in model.phases for rule in phase)


def _sampled(rule: Any) -> str:
    on = getattr(rule, "on", None)
    return on.of if on is not None and on.kind == "sample" else ""


def settable(model: Model) -> list[str]:
    """The parameters that may be set while the model runs."""
    table, read = model.parameter_table, _read_by_rules(model)
    return [n for n in model.parameters if n in read and not (n in table and table[n].reshapes)]


def _read_by_rules(model: Model) -> set[str]:
    names, found = frozenset(model.parameters), set[str]()
    for rule in [rule for phase in model.phases for rule in phase]:
        found.add(_sampled(rule))
        for name, part in vars(rule).items():
            if isinstance(part, FunctionType) and name != "tell":  # It takes no part in a run.
                found |= _read_by(part, names)
    return found


@cache
def _read_by(function: FunctionType, names: frozenset[str]) -> set[str]:
    return attributes_of(function, set(names), plain=True)
