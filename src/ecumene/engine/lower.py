"""From a model to a program: names become reads, streams and tallies that backends can run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ..backends import (
    Acting,
    Bonding,
    Claiming,
    Entering,
    Facing,
    Governing,
    Program,
    Ruled,
    Spreading,
    Start,
    Tally,
    name_number,
    present_of,
    size_of,
)
from ..errors import ModelError
from ..networks import Explicit, Network
from ..population import IDENTITY, WHO, Derived, Population
from ..random import fold
from ..rules import (
    DEGREE,
    IN_DEGREE,
    LEADS,
    AgentRule,
    Claim,
    Entry,
    EnvironmentRule,
    Parting,
    Proposal,
    Rule,
    TieRule,
    attributes_of,
)
from .check import check_lane, check_model
from .linking import (
    brought_to,
    capacity_of,
    environment_tallies,
    of_others,
    others_at_first,
    readable,
)
from .model import Model, Sample
from .populations import each_alone, home_entered, whole

SEED_KEY = 0x45634D656E65  # "EcMene" in ASCII: where every run's luck begins.


def all_lowered(model: Model, seed: int, lane: int = 0) -> dict[str, Program]:
    """The programs of `model` under `seed`, one for each population.

    Raises `ModelError` when names do not fit.
    """
    check_model(model)
    check_lane(lane)
    programs = {
        name: _lowered(one, seed, lane, "" if name == model.first else f"{name}:")
        for name, one in each_alone(model).items()
    }
    distinct_streams(programs.values())
    return programs


def lowered(model: Model, seed: int, lane: int = 0) -> Program:
    """The program of a model of one population."""
    programs = all_lowered(model, seed, lane)
    if len(programs) > 1:
        raise ModelError(
            f"lanes are for models of one population; this one has {', '.join(programs)}. "
            "Run it with ec.run, once for each lane."
        )
    if model.begin is not None:
        raise ModelError(
            "lanes begin alike but for what `starts` and `vary` give them, and this model draws "
            "what it begins with. Run it with ec.run, once for each lane."
        )
    if programs[model.first].brought:
        raise ModelError(
            "lanes know no links that show, tallies by links, reads_anybody and groups: these look "
            "at all agents. Run the model with ec.run, once for each lane."
        )
    return programs[model.first]


def _lowered(model: Model, seed: int, lane: int, prefix: str) -> Program:
    """The program of the one population of `model`."""
    seed_key = fold(SEED_KEY, seed)
    population, background = model.population, model.population.background
    phases = tuple(_phase(model, phase) for phase in model.phases)
    program = Program(
        agents=population.places,
        seed_key=seed_key,
        stored=population.stored,
        derived=_derived(population, phases),
        tables=background.tables if background else {},
        networks={
            name: network.lowered(population.places, stream_key(seed_key, f"network:{name}"))
            for name, network in _over_places(model).items()
        },
        parameters=model.parameters,
        phases=phases,
        start=tuple(_start(prefix, start.agents, start.values) for start in model.start),
        tallies=tallies_of(model),
        lane=lane,
        environment=model.environment,
        environment_tallies=environment_tallies(model),
        prefix=prefix,
        others=others_at_first(model),
        policies={name: policy.fields for name, policy in model.policies.items()},
        first_holders=population.size if population.is_open else 0,
        brought=brought_to(model),
        grants_others=_grants(model),
    )
    _refuse_crowds(program)
    return program


def stream_key(seed_key: int, name: str) -> int:
    """The key of the stream called `name`.

    Streams are numbered by a hash of their name, not by their place in the model: a rule more, or
    another order, leaves everybody else's luck as it was.
    """
    return fold(fold(seed_key, name_number(name)), 0)


def tallies_of(model: Model) -> tuple[Tally, ...]:
    """The tallies that the measures and the environment need, each once."""
    measured = [t for m in model.measures.values() for t in m.tallies]
    groups = [(t.group, t.of) for t in measured if t.group]
    sizes = [size_of(group, of) for group, of in groups if group in model.population.stored]
    if model.population.is_open:  # In a closed one the sizes of derived groups stay.
        derived = [(group, of) for group, of in groups if group in model.population.derived]
        sizes += [present_of(), *(present_of(*group) for group in derived)]
    return tuple(dict.fromkeys([*measured, *sizes, *environment_tallies(model).values()]))


def _over_places(model: Model) -> Mapping[str, Network]:
    """The networks; those from a file join first holders, and the other places to nobody."""
    places = model.population.places
    if not model.population.is_open:
        return model.networks
    return {
        name: Explicit(network.rows.padded(places)) if isinstance(network, Explicit) else network
        for name, network in model.networks.items()
    }


def _start(prefix: str, sample: Sample, values: Mapping[str, Any]) -> Start:
    stream = name_number(f"start:{prefix}{','.join(sorted(values))}")
    return Start(sample.count, values, stream, sample.agents)


def _derived(
    population: Population, phases: tuple[tuple[Ruled, ...], ...]
) -> Mapping[str, Derived]:
    """The population's derived columns, and `identity` where a rule reads it."""
    read = {name for phase in phases for part in phase for name in part.all_reads}
    own = {"identity": IDENTITY} if "identity" in read - {*population.names} else {}
    return {**population.derived, **own}


def _phase(model: Model, phase: Sequence[Rule]) -> tuple[Ruled, ...]:
    writes = {c for rule in phase if isinstance(rule, AgentRule) for c in rule.writes}
    return tuple(_lowered_rule(model, rule, writes) for rule in phase)


def _lowered_rule(model: Model, rule: Rule, writes: set[str]) -> Ruled:
    arrivals = {r.into for p in model.phases for r in p if isinstance(r, TieRule | Claim | Entry)}
    names = {*model.population.names, *arrivals, *of_others(model), "identity"}
    stream = name_number(f"rule:{stream_of(rule)}")
    if isinstance(rule, EnvironmentRule):
        return Governing(rule, _environment_reads(model, rule.function, plain=True), stream)
    if isinstance(rule, TieRule):
        send = tuple(sorted(attributes_of(rule.send, names)))
        receive = tuple(sorted(attributes_of(rule.receive, names))) if rule.receive else ()
        env = {e for f in (rule.send, rule.receive) if f for e in _environment_reads(model, f)}
        counts = bool(rule.receive and attributes_of(rule.receive, {IN_DEGREE}))
        return Spreading(rule, send, receive, stream, tuple(sorted(env)), counts)
    if isinstance(rule, Entry):
        return _lowered_entry(model, rule, names, stream)
    reads = tuple(sorted(attributes_of(rule.function, names)))
    env = _environment_reads(model, rule.function)
    if isinstance(rule, Claim):
        return Claiming(rule, reads, stream, env, capacity_of(model, rule))
    if isinstance(rule, Proposal | Parting):
        return Bonding(rule, reads, stream, env)
    if not isinstance(rule, AgentRule):
        shown = tuple(name for name in (*rule.shows, "identity") if name in reads)
        if rule.kind == "encounter" and attributes_of(rule.function, {DEGREE}):
            shown = (*shown, DEGREE)
        if rule.kind == "meeting" and model.population.is_open:
            shown = (*shown, WHO)  # The pair draws by identities, not by places.
        role = attributes_of(rule.function, {LEADS}) if rule.kind == "meeting" else ()
        return Facing(rule, (*reads, *role), tuple(dict.fromkeys(shown)), stream, env)
    pulses = {n for n, s in model.population.stored.items() if s.kind == "pulse"}
    brought = brought_to(model)
    own = {brought.source(name) for name in reads}
    snapshots = (own & writes) - set(rule.writes) - pulses
    return Acting(rule, reads, stream, tuple(sorted(snapshots)), env)


def stream_of(rule: Rule) -> str:
    """The name of the rule whose luck a rule draws, which is its own for most."""
    return (rule.stream if isinstance(rule, AgentRule) else "") or rule.name


def _lowered_entry(model: Model, rule: Entry, names: set[str], stream: int) -> Entering:
    """An entry; from outside its count is plain Python, which runs once per step."""
    plain, begins = rule.from_outside, rule.begins
    reads = () if plain else tuple(sorted(attributes_of(rule.function, names)))
    begins_reads = tuple(sorted(attributes_of(begins, names))) if begins and not plain else ()
    env = {*_environment_reads(model, rule.function, plain=plain)}
    env |= {*(_environment_reads(model, begins) if begins else ())}
    stored = home_entered(model, rule).stored
    kinds = {column: stored[column].kind for column in rule.writes}
    return Entering(rule, reads, begins_reads, stream, tuple(sorted(env)), kinds)


def _environment_reads(
    model: Model, function: Callable[..., Any], plain: bool = False
) -> tuple[str, ...]:
    """The environment values and tallies that a rule, or what it reaches, may read."""
    return tuple(sorted(attributes_of(function, {*readable(model)} - {"step"}, plain)))


def _grants(model: Model) -> bool:
    """Whether the population has a column that a claim of another one claims."""
    rules = [rule for phase in whole(model).phases for rule in phase]
    return any(isinstance(r, Claim) and r.capacity.startswith(f"{model.first}.") for r in rules)


def _refuse_crowds(program: Program) -> None:
    """Raise `ModelError` where a tie rule goes over a network that is none for tie rules."""
    for part in (part for phase in program.phases for part in phase):
        if isinstance(part, Spreading):
            refusal = program.networks[part.rule.over].refusal
            if refusal is not None:
                raise ModelError(f"rule `{part.rule.name}` goes over `{part.rule.over}`: {refusal}")


def distinct_streams(programs: Iterable[Program]) -> None:
    """Raise `ModelError` in the (one in 2**64) case that two streams share a number."""
    numbers: list[int] = []
    for program in programs:
        wakes = [f"wake:{program.prefix}{name}" for name, s in program.stored.items() if s.drawn]
        parts = [part for phase in program.phases for part in phase]
        numbers += [part.stream for part in parts if stream_of(part.rule) == part.rule.name]
        numbers += [start.stream for start in program.start] + [name_number(w) for w in wakes]
    if len(set(numbers)) < len(numbers):
        raise ModelError(
            "two rules, or two starts of the same columns, share one stream of luck; rename a "
            "rule, or set other columns."
        )
