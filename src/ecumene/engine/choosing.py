"""Whom an intervention is for: everybody, a group, some drawn by luck, or those with most ties.

Who is chosen depends on the identity and the luck only, never on threads or shards. Agents are
looked at some at a time, so that no array per agent is needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from ..arrays import Column, Integers
from ..backends import lots_of
from ..errors import InterventionError, unknown
from ..networks.permutation import drawn_places
from ..population import BORN, PRESENT, WHO, Derived, Stored
from .model import Model, Sample
from .spelling import quoted, spelled_value

CHUNK = 1 << 18  # Agents looked at at a time.
FEW = 1 << 10
Options = tuple[Any, ...]


class People(Protocol):
    """What choosing needs of a simulation."""

    @property
    def places(self) -> int:
        """How many places there are."""
        ...

    @property
    def first_holders(self) -> int:
        """How many of an open population's places were held at first; 0 of a closed one."""
        ...

    def values(self, name: str, places: Column) -> Column:
        """The values of a column of some agents."""
        ...

    def degrees(self, network: str, places: Column) -> Column:
        """How many ties some agents have."""
        ...


@dataclass(frozen=True)
class Share:
    """A share of all agents, drawn by luck."""

    share: float


def sample_share(share: float) -> Share:
    """A share of all agents drawn by luck; a larger share only adds to them."""
    return Share(share)


@dataclass(frozen=True)
class Who:
    """Agents for whom each column of `where` has one of its options; of these, a sample or all.

    A number is counted among the group; a share is of all agents, so that about that share of the
    group is drawn.
    """

    where: Mapping[str, Options] = field(default_factory=dict[str, Options])
    sample: Sample | Share | None = None
    of: str = ""  # The population, the model's first where it is empty.

    def checked(self, model: Model) -> Who:
        """The same with every label and value as its column has it; `model` sees one population."""
        where = {c: _options(model, c, options) for c, options in sorted(self.where.items())}
        if isinstance(self.sample, Sample):
            check_count(model, self.sample.count)
            numbered = numbered_agents(model, self.sample.agents)
            return Who(
                where,
                Sample(self.sample.count if not numbered else len(numbered), numbered),
                self.of,
            )
        if self.sample is not None and not 0 <= self.sample.share <= 1:
            raise InterventionError(
                f"a share of {self.sample.share} of the agents; type one from 0 to 1.", "sample"
            )
        return Who(where, self.sample, self.of)

    @property
    def nobody(self) -> bool:
        """Whether it is for nobody, whoever there is."""
        return (
            self.sample is not None
            and (self.sample.count if isinstance(self.sample, Sample) else self.sample.share) == 0
        )

    def __str__(self) -> str:
        """As it is typed: ` for 10% where country = NGA or GHA`."""
        return said_sample(self.sample, self.of) + said_where(self.where)


def said_sample(sample: Sample | Share | None, of: str = "") -> str:
    """How many, as it is typed; `of` names a population other than the first."""
    if sample is None:
        return f" for {of}" if of else ""
    if isinstance(sample, Sample) and sample.agents:
        return f" for {of or 'agents'} {', '.join(map(str, sample.agents))}"
    if isinstance(sample, Sample):
        return f" for {sample.count} {of or 'agents'}"
    return f" for {sample.share!r} of {of or 'agents'}"


def checked_of(model: Model, of: str) -> str:
    """The population that is named, empty for the first; `InterventionError` if there is none."""
    if of and of not in model.populations:
        raise InterventionError(unknown("population", of, model.populations), f"of:{of}")
    return "" if of == model.first else of


def said_where(where: Mapping[str, Options]) -> str:
    """The group, as it is typed."""
    groups = [
        f"{quoted(column)} = {' or '.join(spelled_value(o) for o in several(options))}"
        for column, options in sorted(where.items())
    ]
    return f" where {' and '.join(groups)}" if groups else ""


def several(options: Any) -> Options:
    """One option, or some, as some."""
    return tuple(options) if isinstance(options, tuple | list) else (options,)


def check_count(model: Model, count: Any) -> None:
    """Raise `InterventionError` unless there are so many agents."""
    most = model.population.places
    if type(count) is not int or not 0 <= count <= most:
        raise InterventionError(
            f"{count!r} agents of {most:,}; type a whole number from 0 to {most:,}.",
            "count",
        )


def numbered_agents(model: Model, agents: Sequence[Any]) -> tuple[int, ...]:
    """The numbers of agents, in order, each once; all must be there."""
    for agent in agents:
        if type(agent) is not int or not 0 <= agent < model.agents:
            raise InterventionError(
                f"there is no agent {agent!r}; they are numbered 0 to {model.agents - 1:,}.",
                f"agent:{agent}",
            )
    return tuple(sorted(set(agents)))


def chosen(people: People, who: Who, key: int, codes: Mapping[str, Options]) -> Iterator[Integers]:
    """The places of those chosen, some at a time; `codes` are the options as numbers."""
    wanted = who.sample.count if isinstance(who.sample, Sample) else None
    for places in candidates(people, who, key):
        for column, options in codes.items():
            if places.size:
                places = places[np.isin(people.values(column, places), np.array(options))]
        if wanted is not None:
            places = places[:wanted]
            wanted -= places.size
        if places.size:
            yield places
        if wanted == 0:
            return


def largest(people: People, network: str, count: int, key: int) -> Integers:
    """The `count` agents with most ties; luck decides between equals. Looks at everybody."""
    best, most = np.empty(0, np.int64), np.empty(0, np.int64)
    everybody = Who(sample=Sample(people.places))
    # In the order of luck, so that of equals the one drawn first stays.
    for places in candidates(people, everybody, key):
        ties = np.concatenate([most, people.degrees(network, places)])
        kept = np.argsort(-ties, kind="stable")[:count]
        best, most = np.concatenate([best, places])[kept], ties[kept]
    return best


def codes_of(model: Model, who: Who) -> dict[str, Options]:
    """The options of every column of the group as the numbers that the column holds."""
    derived = model.population.derived
    return {
        column: tuple(
            labels.index(option) if (labels := _labels(derived, column)) else option
            for option in options
        )
        for column, options in who.where.items()
    }


def candidates(people: People, who: Who, key: int) -> Iterator[Integers]:
    """Those among whom the group is looked for: all, or those whom luck draws, in its order."""
    if not people.first_holders:
        yield from _candidates(people.places, who, key)
        return
    if isinstance(who.sample, Share) or (who.sample is not None and not who.sample.agents):
        yield from _drawn_of_open(people, who, key)
        return
    for places in _candidates(people.places, who, key):
        here = places[people.values(PRESENT, places)]
        numbered = isinstance(who.sample, Sample) and bool(who.sample.agents)
        yield here[people.values(WHO, here) == here] if numbered and here.size else here


def _drawn_of_open(people: People, who: Who, key: int) -> Iterator[Integers]:
    """First holders as in a closed population, and newcomers where their lots fall among them."""
    first = people.first_holders
    born, lots = _newcomers(people, key)
    share = who.sample.share if isinstance(who.sample, Share) else 1.0
    last, done = int(share * first), 0
    for begin, end in _spans(last, CHUNK):
        places = drawn_places(key, first, end, begin)
        upto = int(np.searchsorted(lots, end / first if end < last else share))
        together = np.concatenate([places, born[done:upto]])
        order = np.argsort(
            np.concatenate([np.arange(begin, end) / first, lots[done:upto]]), kind="stable"
        )
        stayed = np.isin(places, born, invert=True) & people.values(PRESENT, places)
        kept = np.concatenate([stayed, np.ones(upto - done, np.bool_)])
        yield together[order][kept[order]]
        done = upto
    if last == 0 and share > 0:
        yield born[: np.searchsorted(lots, share)]


def _newcomers(people: People, key: int) -> tuple[Integers, Column]:
    """The places of all newcomers who are there, and their lots, in order of these."""
    found = [np.empty(0, np.int64)]
    who = [np.empty(0, np.int64)]
    for begin, end in _spans(people.places, CHUNK):
        places = np.arange(begin, end, dtype=np.int64)
        born = places[people.values(PRESENT, places) & (people.values(WHO, places) >= BORN)]
        if born.size:
            found.append(born)
            who.append(people.values(WHO, born))
    places, lots = np.concatenate(found), lots_of(key, np.concatenate(who))
    order = np.lexsort((np.concatenate(who), lots))
    return places[order], lots[order]


def _candidates(agents: int, who: Who, key: int) -> Iterator[Integers]:
    if isinstance(who.sample, Sample) and who.sample.agents:
        yield np.array(who.sample.agents, np.int64)
        return
    if who.sample is None:
        yield from (np.arange(*span, dtype=np.int64) for span in _spans(agents, CHUNK))
        return
    last = int(who.sample.share * agents) if isinstance(who.sample, Share) else agents
    step = CHUNK if isinstance(who.sample, Share) or who.where else max(1, who.sample.count)
    for first, end in _spans(last, min(step, CHUNK)):
        yield drawn_places(key, agents, end, first)


def _spans(size: int, step: int) -> Iterator[tuple[int, int]]:
    """0..size-1 in runs of at most `step`, the first ones short: a few agents are soon found."""
    first, length = 0, min(step, FEW)
    while first < size:
        yield first, min(first + length, size)
        first, length = first + length, min(2 * length, step)


def _labels(derived: Mapping[str, Derived], column: str) -> tuple[str, ...]:
    return (derived[column].labels or ()) if column in derived else ()


def _options(model: Model, column: str, options: Any) -> Options:
    population = model.population
    if column not in population.names:
        raise InterventionError(unknown("column", column, population.names), f"column:{column}")
    given = several(options)
    labels = _labels(population.derived, column)
    if not given:
        raise InterventionError(f"`{column}` is to have one of no values.", f"column:{column}")
    kept = [_option(column, option, labels, population.stored.get(column)) for option in given]
    return tuple(sorted(set(kept)))


def _option(column: str, option: Any, labels: tuple[str, ...], stored: Stored | None) -> Any:
    """A label of a labelled column, a number or truth value of another."""
    about = f"option:{column}:{option}"
    if labels:
        if option not in labels:
            raise InterventionError(unknown(f"label of `{column}`", str(option), labels), about)
        return option
    if isinstance(option, str) or option != option or option is None:
        wanted = "true or false" if stored and stored.kind in ("flag", "pulse") else "a number"
        raise InterventionError(
            f"`{column}` holds no labels; type {wanted} in place of {option!r}.", about
        )
    return option
