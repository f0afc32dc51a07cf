"""A run's identity: the hash of what determines its numbers, and of nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from blake3 import blake3

from ..backends import Tally
from ..population import Stored
from ..rules import (
    AgentRule,
    Claim,
    Encounter,
    Entry,
    EnvironmentRule,
    Parting,
    Proposal,
    Reach,
    Rule,
    TieRule,
)
from .in_lanes import text_around
from .interventions import Intervention
from .model import Model, SetAgents
from .populations import home_of

NUMBERS = 6  # Raised with every line of the CHANGELOG that says that results change.


def run_name(
    model: Model, seed: int, lane: int = 0, interventions: Sequence[Intervention] = ()
) -> str:
    """64 hex digits: model, parameters, people, ties, rules' sources, seed, numbers version, and
    the checked interventions.

    Not in it: threads, backend, shards, machine, measures, output, steps (a longer run extends a
    shorter one).
    """
    plain = described(model, seed, lane, interventions)
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"))
    return blake3(text.encode()).hexdigest()


def described(
    model: Model, seed: int, lane: int = 0, interventions: Sequence[Intervention] = ()
) -> Mapping[str, Any]:
    """Everything that determines a run's numbers, as plain data."""
    background = model.population.background
    mechanisms: dict[str, Any] = {}  # A model without one keeps its name.
    if model.population.is_open:
        mechanisms["capacity"] = model.population.capacity
    if model.environment:
        mechanisms["environment"] = {n: _declared(s) for n, s in model.environment.items()}
    if model.tallies:
        mechanisms["tallies"] = {
            n: [[*tally_text(t), *_of(model, t.of)] for t in m.tallies]
            for n, m in model.tallies.items()
        }
    if model.reads_anybody:
        mechanisms["reads_anybody"] = dict(model.reads_anybody)
    if shown := _shown_links(model):
        mechanisms["shown links"] = shown  # Through nobody they once read 0.
    if model.groups:
        mechanisms["groups"] = {n: list(vars(g).values()) for n, g in model.groups.items()}
    if len(model.populations) > 1:
        mechanisms["first"] = model.first
        mechanisms["populations"] = {n: _others(model, n) for n in [*model.populations][1:]}
    if model.begin is not None:
        mechanisms["begin"] = text_around(model.begin)
    if model.policies:
        mechanisms["policies"] = {n: p.digest() for n, p in model.policies.items()}
    return {
        **mechanisms,
        "numbers": NUMBERS,
        "model": model.name,
        "parameters": dict(model.parameters),
        "agents": model.agents,
        "seed": seed,
        "columns": {name: _declared(s) for name, s in model.population.stored.items()},
        "background": background.digest() if background else None,
        "derived": {n: _text(d.function) for n, d in model.population.derived.items()},
        "networks": {name: dict(net.identity()) for name, net in model.networks.items()},
        "phases": [[_rule(model, rule) for rule in phase] for phase in model.phases],
        "start": [_start(s, *_of(model, s.of)) for s in model.start],
        **({"lane": lane} if lane else {}),
        **({"lanes": dict(model.lanes.identity())} if model.lanes else {}),
        **({"interventions": [str(one) for one in interventions]} if interventions else {}),
    }


def _shown_links(model: Model) -> list[str]:
    """The links that are shown through links."""
    return [
        f"{name}.{link}_{column}"
        for name, population in model.populations.items()
        for link, stored in population.links.items()
        for column in stored.shows
        if column in model.populations[stored.link].links
    ]


def _others(model: Model, name: str) -> Mapping[str, Any]:
    """A population that is not the first."""
    population, background = model.populations[name], model.populations[name].background
    return {
        **({"capacity": population.capacity} if population.is_open else {}),
        "agents": population.size,
        "columns": {n: _declared(s) for n, s in population.stored.items()},
        "background": background.digest() if background else None,
        "derived": {n: _text(d.function) for n, d in population.derived.items()},
        "networks": [n for n in model.networks if model.home(n) == name],
    }


def _of(model: Model, of: str) -> list[str]:
    """The population that is named, where it is not the first, which goes without saying."""
    return [] if model.named(of) == model.first else [of]


def _start(start: SetAgents, *of: str) -> list[Any]:
    named = [list(start.agents.agents)] if start.agents.agents else []
    return [start.agents.count, dict(start.values), *named, *of]


def tally_text(tally: Tally) -> list[Any]:
    """What a tally adds up, as plain data."""
    return [tally.column, tally.predicate and _text(tally.predicate), tally.group]


def _declared(stored: Stored) -> Mapping[str, Any]:
    cells = set[str]() if stored.cells else {"cells", "first"}
    cells |= set[str]() if stored.link else {"link", "shows"}
    return {name: value for name, value in vars(stored).items() if name not in cells}


def _rule(model: Model, rule: Rule) -> Mapping[str, Any]:
    home = home_of(model, rule)
    of = {} if home == model.first else {"of": home}
    return {**_ruled(rule), **of}


def _where(rule: Entry) -> list[str]:
    """Whom an entry's newcomers join and who is told of them, where it says so."""
    return [f"{name}:{said}" for name in ("enters", "into") if (said := getattr(rule, name))]


def _ruled(rule: Rule) -> Mapping[str, Any]:
    if isinstance(rule, EnvironmentRule):
        text = _text(rule.function, plain=True)
        return {"name": rule.name, "luck": rule.luck, "writes": rule.writes, "environment": text}
    if isinstance(rule, TieRule):
        receive = _text(rule.receive) if rule.receive else None
        declared = [rule.over, rule.active, rule.into, rule.combine]
        return {
            "name": rule.name,
            "luck": rule.luck,
            "tie": declared,
            "send": _text(rule.send),
            "receive": receive,
        }
    if isinstance(rule, Claim):
        declared = [rule.capacity, rule.into, rule.partial, rule.on.kind, rule.on.of]
        text = _text(rule.function)
        told = {n: said for n in ("asked", "last") if (said := getattr(rule, n))}
        return {"name": rule.name, "luck": rule.luck, "claim": declared, "text": text, **told}
    if isinstance(rule, Entry):
        begins = _text(rule.begins) if rule.begins else None
        return {
            "name": rule.name,
            "luck": rule.luck,
            "entry": [*rule.writes, rule.on.kind, rule.on.of, *_where(rule)],
            "text": _text(rule.function, plain=rule.from_outside),
            "begins": begins,
        }
    if isinstance(rule, Proposal | Parting):
        mutual = rule.mutual if isinstance(rule, Proposal) else False
        declared = [rule.over, mutual, rule.on.kind, rule.on.of]
        kind, text = type(rule).__name__.lower(), _text(rule.function)
        return {"name": rule.name, "luck": rule.luck, kind: declared, "text": text}
    declared = [*rule.writes, rule.on.kind, rule.on.of, *([rule.on.also] if rule.on.also else [])]
    if not isinstance(rule, AgentRule):
        drawn = rule.over if isinstance(rule, Encounter) else rule.within
        return {
            "name": rule.name,
            "luck": rule.luck,
            rule.kind: [drawn, [*rule.shows], declared],
            "text": _text(rule.function),
        }
    return {
        "name": rule.name,
        "luck": rule.luck,
        "agent": declared,
        **({"stream": rule.stream} if rule.stream else {}),
        "text": _text(rule.function),
    }


def _text(function: Callable[..., Any], plain: bool = False) -> str:
    """The source of a function and of everything that it reaches."""
    reach = Reach(plain)
    reach.add(function, f"`{function.__name__}`")
    return reach.text
