"""What rules read of agents that are not their own: by links, of anybody, of groups.

A link shows columns of whom it points to; a tally by a link is a column of those pointed to; a few
columns may be read of anybody; a member of a group may be drawn. Here all of these are found in a
model and lowered; `bringing` hands them to the shards before a phase.
"""

from __future__ import annotations

from ..backends import Brought, Capacity, Grouping, Linked, Look, Tally, Values, cells_in
from ..errors import ModelError, unknown
from ..population import LIFE, Population
from ..rules import Claim
from .model import Grouped, Model
from .populations import whole

MOST_ANYBODY = 1 << 27  # Bytes of a column that every shard holds to be read of anybody.
MOST_GROUPS = 1 << 26  # Each has a number that says where its members begin.


def link_of(model: Model, tally: Tally) -> str:
    """The population to which the column points by which a tally is; empty if it is no link."""
    one = whole(model)
    stored = one.populations[one.named(tally.of)].stored.get(tally.group or "")
    return stored.link if stored is not None else ""


def environment_tallies(model: Model) -> dict[str, Tally]:
    """The tallies that rules read behind `env`, by name."""
    tallies = {name: measure.tallies[0] for name, measure in model.tallies.items()}
    return {name: tally for name, tally in tallies.items() if not link_of(model, tally)}


def readable(model: Model) -> list[str]:
    """What rules read as `env.NAME`."""
    one = whole(model)
    tallies = environment_tallies(one)
    return ["step", *one.environment, *tallies, *one.reads_anybody, *one.groups]


def of_others(model: Model) -> list[str]:
    """What rules of the one population of `model` read as `me.NAME` besides its columns."""
    brought = brought_to(model)
    return [*brought.looks, *brought.linked]


def others_at_first(model: Model) -> dict[str, Values]:
    """The tallies of other populations that rules read behind `env`, before anything is counted."""
    found: dict[str, Values] = {}
    one = whole(model)
    for name, tally in environment_tallies(one).items():
        if name not in model.tallies:
            population = one.populations[one.named(tally.of)]
            cells = cells_in(tally, population.stored, population.derived)
            found[name] = (0,) * cells if tally.group else 0
    return found


def brought_to(model: Model) -> Brought:
    """What rules of the one population of `model` read of agents that are not theirs."""
    one, name = whole(model), model.first
    looks = {
        f"{link}_{column}": _look(one, link, stored.link, column)
        for link, stored in model.population.links.items()
        for column in stored.shows
    }
    linked = {n: _linked(one, m.tallies[0]) for n, m in one.tallies.items() if _by_link(one, n)}
    return Brought(
        looks,
        {n: tally for n, tally in linked.items() if tally.to == name},
        {n: tally for n, tally in linked.items() if tally.of == name},
        {n: _look(one, "", *_split(one, column)) for n, column in one.reads_anybody.items()},
        {n: _grouping(one, grouped) for n, grouped in one.groups.items()},
        _loose(one, model.population),
        _registers(one, model),
    )


def _loose(model: Model, population: Population) -> dict[str, str]:
    """The links of a population that point to agents who enter and leave."""
    links = population.links.items()
    return {n: s.link for n, s in links if model.populations[s.link].is_open}


def _registers(model: Model, one: Model) -> dict[str, int]:
    """The open populations in which agents of `one` are looked up, with their places."""
    claims = [rule for phase in one.phases for rule in phase if isinstance(rule, Claim)]
    looked = {s.link for s in one.population.links.values()}
    looked |= {rule.capacity.partition(".")[0] for rule in claims if "." in rule.capacity}
    looked |= {model.named(grouped.of) for grouped in model.groups.values()}
    return {n: p.places for n, p in model.populations.items() if n in looked and p.is_open}


def capacity_of(model: Model, rule: Claim) -> Capacity | None:
    """The column that a claim claims, or None where it is an environment value."""
    one = whole(model)
    of, dot, column = rule.capacity.partition(".")
    if not dot:
        return None
    population = one.populations[of]
    return Capacity(of, column, population.places, population.is_open)


def claimable(model: Model) -> list[str]:
    """The columns that a claim may claim, as `POPULATION.COLUMN`."""
    return [
        f"{of}.{name}"
        for of, population in whole(model).populations.items()
        for name, stored in population.stored.items()
        if stored.kind == "int" and stored.low <= 0 and not stored.link and name not in LIFE
    ]


def check_linking(model: Model) -> None:
    """Raise `ModelError` where a link, tally, group or `reads_anybody` names nothing."""
    for name, population in model.populations.items():
        for link, stored in population.links.items():
            for column in stored.shows:
                who = f"link `{link}` of {name} shows"
                model.populations[stored.link].require(column, who)
                if f"{link}_{column}" in population.names:
                    raise ModelError(
                        f"{who} `{column}` as `{link}_{column}`, which is a column of {name} "
                        "already; rename one."
                    )
    for name in model.tallies:
        if _by_link(model, name):
            to = model.populations[link_of(model, model.tallies[name].tallies[0])]
            if name in to.names:
                raise ModelError(f"tally `{name}` is a column of its own already; rename one.")
    for name, column in model.reads_anybody.items():
        _check_anybody(model, name, column)
    for name, grouped in model.groups.items():
        _check_group(model, name, grouped)


def _check_anybody(model: Model, name: str, spelled: str) -> None:
    of, column = _split(model, spelled)
    if of not in model.populations:
        raise ModelError(
            f"reads_anybody= names `{spelled}`: {unknown('population', of, model.populations)}"
        )
    population = model.populations[of]
    if population.is_open:
        raise ModelError(
            f"`{name}` would be read of any of {of}, who enter and leave, by numbers that are no "
            f'identities; let a link show it: ec.link("{of}", shows="{column}").'
        )
    population.require(column, f"reads_anybody= names `{name}`: {of} have")
    size = 8 * population.size
    if size > MOST_ANYBODY:
        raise ModelError(
            f"`{name}` would be read of anybody: 8 bytes for each of {population.size:,} {of} are "
            f"{size:,} on every shard, and at most {MOST_ANYBODY:,} ({MOST_ANYBODY // 8:,} agents) "
            "are held there. Let a link show it, or an encounter."
        )


def _check_group(model: Model, name: str, grouped: Grouped) -> None:
    try:
        of = model.named(grouped.of)
    except ModelError as error:
        raise ModelError(f"group `{name}` is of {error}") from error
    population = model.populations[of]
    whole_numbers = _whole_numbers(population)
    stored = population.stored.get(grouped.by)
    if stored is not None and stored.link and model.populations[stored.link].is_open:
        raise ModelError(
            f"group `{name}` is by `{grouped.by}`, which points to {stored.link}, who enter and "
            "leave: their identities are too many for groups. Group by few whole numbers."
        )
    if stored is not None and stored.high - stored.low >= MOST_GROUPS:
        raise ModelError(
            f"group `{name}` is by `{grouped.by}`, of {stored.high - stored.low + 1:,} values; "
            f"declare it with a narrower low= and high=, at most {MOST_GROUPS:,}."
        )
    if grouped.by not in whole_numbers:
        said = unknown("column of whole numbers", grouped.by, whole_numbers)
        raise ModelError(f"group `{name}` is by {said}")
    weights = [n for n, s in population.stored.items() if s.kind == "int" and s.low >= 0]
    if grouped.weight is not None and grouped.weight not in weights:
        said = unknown("stored column of whole numbers from 0", grouped.weight, weights)
        raise ModelError(f"group `{name}` is weighed by {said}")
    most = population.stored[grouped.weight].high if grouped.weight else 1
    if most * population.size >= 1 << 63:
        raise ModelError(
            f"group `{name}`: {population.size:,} weights of up to {most:,} may add up to 2**63 or "
            f"more; declare `{grouped.weight}` with a smaller high=."
        )


def _whole_numbers(population: Population) -> list[str]:
    """The columns by which agents may be grouped: stored ones, and derived ones with labels."""
    derived = [name for name, column in population.derived.items() if column.labels]
    return [*(n for n, s in population.stored.items() if s.kind == "int"), *derived]


def _by_link(model: Model, name: str) -> bool:
    tallies = model.tallies[name].tallies
    return bool(tallies) and bool(link_of(model, tallies[0]))


def _linked(model: Model, tally: Tally) -> Linked:
    to = link_of(model, tally)
    return Linked(tally, model.named(tally.of), to, model.populations[to].places)


def _look(model: Model, link: str, of: str, column: str) -> Look:
    population = model.populations[of]
    stored = population.stored.get(column)
    kind = stored.kind if stored is not None else population.derived[column].kind
    kind = "link" if stored is not None and stored.link else kind
    return Look(link, column, of, kind, population.places)


def _split(model: Model, spelled: str) -> tuple[str, str]:
    """The population and the column that `firms.price` or, of the first, `price` stands for."""
    of, dot, column = spelled.partition(".")
    return (of, column) if dot else (model.first, spelled)


def _grouping(model: Model, grouped: Grouped) -> Grouping:
    of = model.named(grouped.of)
    population = model.populations[of]
    stored = population.stored.get(grouped.by)
    if stored is not None:
        low, high = (0 if stored.link else stored.low), stored.high
    else:
        low, high = 0, len(population.derived[grouped.by].labels or ()) - 1
    places, is_open = population.places, population.is_open
    return Grouping(of, grouped.by, grouped.weight, low, high, places, is_open)
