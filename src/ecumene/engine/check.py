"""Find what a rule misspells before any compiler sees it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from numbers import Integral
from typing import Any

from ..errors import ModelError, ParameterError, unknown
from ..networks import Slots
from ..population import PRESENT, WHO
from ..rules import (
    DEGREE,
    IN_DEGREE,
    LEADS,
    AgentRule,
    Claim,
    Encounter,
    Entry,
    EnvironmentRule,
    Meeting,
    Parting,
    Proposal,
    Rule,
    TieRule,
    reckons_with_luck,
    uses,
)
from .check_environment import check_environment
from .check_measures import check_measures
from .check_on import check_on
from .check_start import check_start
from .copresence import check_copresence
from .deciding import check_choices, check_policies
from .linking import check_linking, claimable, of_others, readable
from .model import Model
from .populations import check_homes, each_alone, home_entered, home_of

ENVIRONMENT = ("env", "model", "key")
BOND = ("number", "since", "other")
AGENT = ("me", "env", "model", "key")
SEND = ("me", "tie", "env", "model", "key")
FACE = ("me", "other", "env", "model", "key")
RECEIVE = ("me", "tie", "payload", "env", "model", "key")
LANES_LIMIT = 1 << 62
OF_A_FLAG = ("0", "1", "2", "roll", "table")  # The arrays of a flag, behind its name.


def check_model(model: Model) -> None:
    """Raise `ModelError` unless every name that a rule, start or measure uses is there."""
    check_homes(model)
    check_linking(model)
    check_environment(model)
    check_policies(model)
    names: dict[str, int] = {}
    for phase in model.phases:
        _check_phase(model, phase)
        for rule in phase:
            if rule.name in names:
                raise ModelError(f"two rules are named `{rule.name}`; rename one.")
            names[rule.name] = 0
    for one in each_alone(model).values():
        _check_alone(one)


def _check_alone(model: Model) -> None:
    """What one population has: its columns, rules, starts and measures."""
    check_copresence(model)
    _check_told_apart(model)
    names: dict[str, int] = {}
    arrivals: dict[str, int] = {}
    for number, phase in enumerate(model.phases):
        for rule in phase:
            names[rule.name] = number
            if isinstance(rule, TieRule | Claim) or (isinstance(rule, Entry) and rule.into):
                if rule.into in [*model.population.names, *arrivals]:
                    raise ModelError(
                        f"rule `{rule.name}` lets arrive into `{rule.into}`, which exists already; "
                        "give each rule an arrival column of its own."
                    )
                arrivals[rule.into] = number
    for number, phase in enumerate(model.phases):
        seen = [a for a, since in arrivals.items() if since < number]
        for rule in phase:
            if isinstance(rule, TieRule):
                _check_tie_rule(model, rule, seen)
            elif isinstance(rule, EnvironmentRule):
                _check_environment_rule(model, rule)
            elif isinstance(rule, AgentRule):
                _check_acting(model, rule, names, number)
                _check_stream(model, rule)
                _check_names(model, rule.name, rule.function, AGENT, seen)
            elif isinstance(rule, Claim):
                _check_claim(model, rule, seen, names, number)
            elif isinstance(rule, Entry):
                _check_entry(model, rule, seen, names, number)
            elif isinstance(rule, Proposal | Parting):
                _check_bonding(model, rule, seen, names, number)
            else:
                _check_facing(model, rule, seen, names, number)
    check_start(model)
    check_measures(model)


def _check_told_apart(model: Model) -> None:
    """A flag is kept in several arrays, none of which may have the name of another column's."""
    sets = [n for n, stored in model.population.stored.items() if stored.kind in ("flag", "pulse")]
    parts = {f"{flag}_{part}": flag for flag in sets for part in OF_A_FLAG}
    for other in sorted((model.population.stored.keys() - sets) & parts.keys()):
        raise ModelError(
            f"column `{other}` has the name of a part of the flag or pulse `{parts[other]}`; "
            "rename one of them."
        )


def _check_phase(model: Model, phase: Iterable[Rule]) -> None:
    """Two rules of one phase may not write one column, nor one environment value."""
    writers: dict[tuple[str, str], str] = {}
    for rule in phase:
        of_environment = isinstance(rule, EnvironmentRule | Claim)
        home = "" if of_environment else home_of(model, rule)
        for column in _writes(rule):
            if isinstance(rule, Claim) and "." in column:
                home, _, column = column.partition(".")
            other = writers.setdefault((home, column), rule.name)
            if other != rule.name:
                raise ModelError(
                    f"rules `{other}` and `{rule.name}` write `{column}` in one phase; "
                    "put them in two phases."
                )


def _writes(rule: Rule) -> tuple[str, ...]:
    """The columns, or environment values, that only one rule of a phase may write."""
    if isinstance(rule, TieRule | Entry):
        return ()
    if isinstance(rule, Proposal | Parting):
        return (f"the ties of {rule.over}",)
    if isinstance(rule, Claim):
        return tuple(name for name in (rule.capacity, rule.asked, rule.last) if name)
    return rule.writes


def _check_claim(
    model: Model, rule: Claim, seen: list[str], names: Mapping[str, int], number: int
) -> None:
    known = [n for n, s in model.environment.items() if s.kind == "int" and s.low <= 0]
    columns = claimable(model)
    if rule.capacity not in (*known, *columns):
        kind = "environment value of whole numbers from 0"
        if "." in rule.capacity:
            kind, known = "column of whole numbers from 0", columns
        what = unknown(kind, rule.capacity, known)
        raise ModelError(f"rule `{rule.name}` claims {what}")
    _check_told(model, rule)
    if rule.on.kind == "awake":
        raise ModelError(
            f"claim `{rule.name}` is for those awake by `{rule.on.of}` and cannot say when they "
            "wake next; let an agent rule raise a flag, and claim on=ec.flagged(...)."
        )
    check_on(model, rule, names, number)
    _check_names(model, rule.name, rule.function, AGENT, seen)


def _check_told(model: Model, rule: Claim) -> None:
    """What a claim tells the environment has a place there, cell by cell of its capacity."""
    for name in (name for name in (rule.asked, rule.last) if name):
        if rule.capacity not in model.environment:
            raise ModelError(
                f"claim `{rule.name}` tells `{name}` of units of `{rule.capacity}`, which agents "
                "have; asked= and last= are for claims on an environment value."
            )
        cells = model.environment[rule.capacity].cells
        known = [n for n, s in model.environment.items() if s.kind == "int" and s.cells == cells]
        if name not in known:
            kind = "environment value of whole numbers" + (f" in {cells} cells" if cells else "")
            raise ModelError(f"claim `{rule.name}` tells {unknown(kind, name, known)}")
        if [rule.capacity, rule.asked, rule.last].count(name) > 1:
            raise ModelError(f"claim `{rule.name}` writes `{name}` twice; name two values.")


def _check_entry(
    model: Model, rule: Entry, seen: list[str], names: Mapping[str, int], number: int
) -> None:
    population = home_entered(model, rule)
    if not population.is_open:
        raise ModelError(
            f"entry `{rule.name}` lets agents enter, and all places are taken: give the population "
            f"a capacity, say ec.Population(..., capacity={2 * population.size})."
        )
    if rule.on.kind == "awake":
        raise ModelError(
            f"entry `{rule.name}` is for those awake by `{rule.on.of}` and cannot say when they "
            "wake next; let an agent rule raise a flag, and type on=ec.flagged(...) here."
        )
    for column in rule.writes:
        if column not in population.own:
            known = unknown("stored column", column, population.own)
            raise ModelError(f"entry `{rule.name}` lets newcomers begin with {known}")
    check_on(model, rule, names, number)
    arguments = ENVIRONMENT if rule.from_outside else AGENT
    _check_names(model, rule.name, rule.function, arguments, seen)
    if rule.begins is not None:
        _check_names(model, rule.name, rule.begins, arguments, seen)


def _check_bonding(
    model: Model,
    rule: Proposal | Parting,
    seen: list[str],
    names: Mapping[str, int],
    number: int,
) -> None:
    """A proposal or parting is over slots, and for agents that it can list."""
    if model.population.is_open:
        raise ModelError(
            f"rule `{rule.name}` forms or dissolves ties among agents who enter and leave; slots "
            "are for a population without a capacity."
        )
    known = [name for name, network in model.networks.items() if isinstance(network, Slots)]
    if rule.over not in known:
        what = unknown("network of ec.slots", rule.over, known)
        raise ModelError(f"rule `{rule.name}` forms or dissolves ties of {what}")
    if rule.on.kind in ("awake", "changed"):
        raise ModelError(
            f"rule `{rule.name}` is for agents {str(rule.on).replace('(', ' ')[:-1]}; let an agent "
            "rule for them raise a flag, and type on=ec.flagged(...) here."
        )
    check_on(model, rule, names, number)
    parts = isinstance(rule, Parting)
    _check_names(model, rule.name, rule.function, SEND if parts else AGENT, seen, of_tie=BOND)


def _check_environment_rule(model: Model, rule: EnvironmentRule) -> None:
    for name in rule.writes:
        if name not in model.environment:
            what = unknown("environment value", name, model.environment)
            raise ModelError(f"rule `{rule.name}` writes {what}")
    _check_names(model, rule.name, rule.function, ENVIRONMENT, [])


def _check_tie_rule(model: Model, rule: TieRule, seen: list[str]) -> None:
    if rule.over not in model.networks:
        raise ModelError(f"rule `{rule.name}`: {unknown('network', rule.over, model.networks)}")
    stored = model.population.stored
    flags = [name for name, s in stored.items() if s.kind in ("pulse", "flag")]
    if rule.active not in flags:
        raise ModelError(
            f"rule `{rule.name}` is for agents whose `{rule.active}` is up: "
            f"{unknown('pulse or flag', rule.active, flags)}"
        )
    _check_names(model, rule.name, rule.send, SEND, seen)
    if rule.receive is not None:
        _check_names(model, rule.name, rule.receive, RECEIVE, seen, of_tie=("number", IN_DEGREE))


def _check_facing(
    model: Model, rule: Encounter | Meeting, seen: list[str], names: Mapping[str, int], number: int
) -> None:
    """An encounter or meeting shows, and is over or within, what there is."""
    population = model.population
    wakes = [name for name, s in population.stored.items() if s.kind == "wake"]
    if rule.on.kind == "awake" or set(wakes) & {*rule.writes}:
        raise ModelError(
            f"{rule.kind} `{rule.name}` runs for the awake or writes a wake column, which only an "
            "agent rule may; let that one raise a flag, and type on=ec.flagged(...) here."
        )
    _check_acting(model, rule, names, number)
    for column in {*rule.shows} - {"identity"}:
        population.require(column, f"{rule.kind} `{rule.name}` shows")
    if isinstance(rule, Encounter) and rule.over not in model.networks:
        raise ModelError(f"rule `{rule.name}`: {unknown('network', rule.over, model.networks)}")
    if isinstance(rule, Meeting):
        _check_within(model, rule)
    if isinstance(rule, Encounter) and DEGREE in population.names:
        raise ModelError(
            f"column `{DEGREE}` would hide `other.{DEGREE}`, which says in encounter `{rule.name}` "
            "how many ties the other has; rename the column."
        )
    roles = [LEADS] if isinstance(rule, Meeting) else []
    ends = [DEGREE] if isinstance(rule, Encounter) else []
    _check_names(model, rule.name, rule.function, FACE, [*seen, *roles], (*rule.shows, *ends))


def _check_within(model: Model, rule: Meeting) -> None:
    """Who meet are alike in a column of whole numbers; no column hides who leads."""
    population = model.population
    if LEADS in population.names:
        raise ModelError(
            f"column `{LEADS}` would hide `me.{LEADS}`, which says in meeting `{rule.name}` who of "
            "the two leads; rename the column."
        )
    columns = {**population.stored, **population.derived}
    whole = [name for name, column in columns.items() if column.kind == "int"]
    if rule.within is not None and rule.within not in whole:
        known = unknown("column of whole numbers", rule.within, whole)
        raise ModelError(f"rule `{rule.name}` meets within {known}")


def _check_acting(
    model: Model, rule: AgentRule | Encounter | Meeting, names: Mapping[str, int], number: int
) -> None:
    for column in rule.writes:
        _check_leaving(model, rule.name, column)
        if column not in model.population.stored:
            known = model.population.own
            raise ModelError(f"rule `{rule.name}` writes {unknown('stored column', column, known)}")
    check_on(model, rule, names, number)


def _check_stream(model: Model, rule: AgentRule) -> None:
    """Whose luck a rule draws again is an agent rule that draws as often and has its own."""
    others = {
        other.name: other
        for phase in model.phases
        for other in phase
        if isinstance(other, AgentRule) and not other.stream
    }
    if not rule.stream:
        return
    if rule.stream not in others:
        what = unknown("agent rule with luck of its own", rule.stream, others)
        raise ModelError(f"rule `{rule.name}` draws the luck of {what}")
    if others[rule.stream].luck != rule.luck:
        raise ModelError(
            f"rule `{rule.name}` draws the luck of `{rule.stream}`, which draws it "
            f"{others[rule.stream].luck}; give both the same `luck=`."
        )


def _check_leaving(model: Model, rule: str, column: str) -> None:
    """Raise `ModelError` where a rule lets agents leave who cannot, or gives an identity."""
    if column == PRESENT and column not in model.population.stored:
        raise ModelError(
            f"rule `{rule}` writes `{PRESENT}`, so that agents leave; they do so in a population "
            f"with a capacity: type ec.Population(..., capacity={model.agents})."
        )
    if column == WHO and model.population.is_open:
        raise ModelError(f"rule `{rule}` writes `{WHO}`; who an agent is stays for life.")


def _check_names(
    model: Model,
    name: str,
    function: Callable[..., Any],
    arguments: tuple[str, ...],
    seen: list[str],
    shown: tuple[str, ...] = (),
    of_tie: tuple[str, ...] = ("number",),
) -> None:
    given = list(inspect.signature(function).parameters)
    if len(given) != len(arguments):
        raise ModelError(
            f"rule `{name}` takes ({', '.join(given)}); it is called with ({', '.join(arguments)})."
        )
    choices = "parameter or policy" if model.policies else "parameter"
    known = {
        "me": ("column", [*model.population.names, *of_others(model), *seen, "identity"]),
        "other": ("shown column", [*shown, "identity"]),
        "tie": ("property of a tie", list(of_tie)),
        "env": ("environment value", readable(model)),
        "model": (choices, [*model.parameters, *model.policies]),
    }
    for spelled, argument in zip(given, arguments, strict=True):
        kind, names = known.get(argument, ("", []))
        for attribute, where in uses(function, spelled) if kind else []:
            if attribute not in names:
                raise ModelError(
                    f"rule `{name}` reads {unknown(kind, attribute, names)}\n  {where}"
                )
    if arguments is not ENVIRONMENT:
        _check_luck(name, function, given[-1])
    check_choices(model, name, function)


def _check_luck(name: str, function: Callable[..., Any], key: str) -> None:
    reckoned = reckons_with_luck(function, key)
    if reckoned is not None:  # compiled, a key is unsigned and nothing else is
        raise ModelError(
            f"rule `{name}` reckons with `{reckoned.spelled}`, which is luck and no number; draw "
            f"with it (`ec.integer({key}, n)`, `ec.below`, `ec.uniform`), or make another key with "
            f"`ec.fold`.\n  {reckoned.where}"
        )


def check_lane(lane: int) -> None:
    """Raise `ParameterError` unless `lane` is the number of a lane."""
    if isinstance(lane, bool) or not isinstance(lane, Integral) or not 0 <= lane < LANES_LIMIT:
        raise ParameterError(f"lane={lane!r}; type a whole number from 0 to 2**62.")
