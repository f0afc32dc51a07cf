"""Several populations in one model: what belongs to which, and the model as one of them sees it.

Every rule, network, start and measure belongs to one population, the model's first where none is
named; environment rules go with the first. `alone` leaves out what is not a population's own, so
that the rest of the engine only ever looks at one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..errors import ModelError, unknown
from ..population import Population
from ..rules import Encounter, Entry, EnvironmentRule, Parting, Proposal, Rule, TieRule
from .model import Model


def alone(model: Model, of: str = "") -> Model:
    """The model as the population `of` sees it: with its own rules, networks, starts and measures.

    Phases keep their places. Raises `ModelError` for a population that there is not.
    """
    name = model.named(of)
    if len(model.populations) == 1:
        return model

    def mine(said: str) -> bool:
        return model.named(said) == name

    return replace(
        model,
        populations={name: model.populations[name]},
        phases=[[r for r in phase if home_of(model, r) == name] for phase in model.phases],
        networks={n: net for n, net in model.networks.items() if model.home(n) == name},
        among={},
        start=[start for start in model.start if mine(start.of)],
        measures={n: m for n, m in model.measures.items() if mine(m.of)},
        tallies={n: m for n, m in model.tallies.items() if mine(m.of)},
        whole=model,
    )


def each_alone(model: Model) -> Mapping[str, Model]:
    """The model as each of its populations sees it, by name."""
    return {name: alone(model, name) for name in model.populations}


def home_of(model: Model, rule: Rule) -> str:
    """The population that a rule belongs to; `ModelError` where there is none of that name."""
    if isinstance(rule, EnvironmentRule):
        return model.first
    if isinstance(rule, TieRule | Encounter | Proposal | Parting):
        if rule.over not in model.networks:
            said = unknown("network", rule.over, model.networks)
            raise ModelError(f"rule `{rule.name}`: {said}")
        return model.home(rule.over)
    try:
        return model.named(rule.of)
    except ModelError as error:
        raise ModelError(f"rule `{rule.name}` is of {error}") from error


def home_entered(model: Model, rule: Entry) -> Population:
    """The population that an entry's newcomers enter."""
    one = whole(model)
    try:
        return one.populations[one.named(rule.home)]
    except ModelError as error:
        raise ModelError(f"entry `{rule.name}` lets agents enter {error}") from error


def check_homes(model: Model) -> None:
    """Raise `ModelError` unless all that names a population names one that there is."""
    for name in model.populations:
        if not name.isidentifier():
            raise ModelError(
                f"a population cannot be called `{name}`; give it a name that Python can read."
            )
    for network, of in model.among.items():
        if network not in model.networks:
            raise ModelError(f"among= names {unknown('network', network, model.networks)}")
        _check(model, f"network `{network}` is among", of)
    for start in model.start:
        _check(model, "the start is of", start.of)
    for what, measures in (("measure", model.measures), ("tally", model.tallies)):
        for name, measure in measures.items():
            _check(model, f"{what} `{name}` is of", measure.of)
    for phase in model.phases:
        for rule in phase:
            home_of(model, rule)


def _check(model: Model, who: str, of: str) -> None:
    try:
        model.named(of)
    except ModelError as error:
        raise ModelError(f"{who} {error}") from error


def whole(model: Model) -> Model:
    """The model with all its populations, of which `alone` gave a part."""
    return model.whole or model
