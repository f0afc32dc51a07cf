"""A model: described, frozen, not running; and the function that describes a ready one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from ..backends import Tally, Values
from ..errors import ModelError, unknown
from ..evidence import Target, targets
from ..networks import Explicit, Network, Rows
from ..policies import Policy
from ..population import Background, Population, Stored
from ..rules import Rule
from .in_lanes import InLanes
from .parameters import Parameter
from .solving import Given

SUMS = ("count", "total")  # Kinds of measures whose cells are the tally's own.
WATCHED_GROUPS = ("country", "age_band")  # By these a share is watched too, where people have them.


class View(Protocol):
    """What a measure may look at: sums kept up to date from writes, and columns at a cost."""

    def size(self, of: str = "") -> int:
        """How many agents there are in a population; without a name in the model's first."""
        ...

    def tally(self, tally: Tally) -> list[int]:
        """The tally's cells over all agents of its population."""
        ...

    def turnover(self, kind: str, by: str, of: str = "") -> int:
        """How many `entered`, or `left`, since the start: by a rule or intervention, or in all."""
        ...

    def group_sizes(self, group: str, of: str = "") -> list[int]:
        """How many agents have each code of a derived column."""
        ...

    def labels(self, group: str, of: str = "") -> tuple[str, ...]:
        """What the codes of a derived column stand for."""
        ...

    def column(self, name: str, of: str = "") -> Any:
        """All agents' values of a column; costs their number."""
        ...

    def neighbour(self, network: str, place: int, key: int) -> int:
        """Whom the agent at `place` finds at one of its ties, drawn by `key`; -1 for nobody."""
        ...

    def mean_degree(self, network: str) -> float:
        """How many ties agents have on average in a network; costs their number."""
        ...

    @property
    def environment(self) -> Mapping[str, Values]:
        """The environment values; those with cells are tuples."""
        ...


class Measure(Protocol):
    """What is watched: the tallies it needs, how often it is taken, and what it makes of them."""

    @property
    def of(self) -> str:
        """The population whose agents it looks at; empty: the model's first, or nobody."""
        ...

    @property
    def tallies(self) -> tuple[Tally, ...]:
        """The sums that it reads."""
        ...

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it reads whole."""
        ...

    @property
    def environment(self) -> tuple[str, ...]:
        """The environment values that it reads."""
        ...

    @property
    def every(self) -> int:
        """After how many steps it is taken again."""
        ...

    def value(self, view: View) -> Any:
        """The measure's value now: a number, or numbers by group."""
        ...

    def grouped(self, group: str) -> Measure | None:
        """The same by the codes of a derived column, or None where that says nothing."""
        ...


@dataclass(frozen=True)
class Outcome:
    """What a scorecard is made from: a finished run's size, parameters and last measures."""

    agents: int
    steps: int
    parameters: Mapping[str, Any]
    measures: Mapping[str, Any]
    # The ends of 95 % intervals of measures over lanes, where there are any.
    intervals: Mapping[str, tuple[float, float]] = field(
        default_factory=dict[str, tuple[float, float]]
    )

    def scored(self, measure: str) -> Scored | None:
        """A measure with its interval, or None where it has no value."""
        value = self.measures.get(measure)
        low, high = self.intervals.get(measure, (None, None))
        return None if value is None else (value, low, high)


# A value and the ends of its 95 % interval, which are None where nothing says how sure it is.
Scored = tuple[float, float | None, float | None]


@dataclass(frozen=True)
class Sample:
    """So many agents, drawn by luck, nested in their number; or the `agents` named."""

    count: int
    agents: tuple[int, ...] = ()


def sample_count(count: int) -> Sample:
    """`count` agents drawn by luck; a larger number only adds to them."""
    return Sample(int(count))


def these_agents(*agents: int) -> Sample:
    """The agents of these identities, at least one."""
    if not agents:
        raise ModelError("these_agents() names nobody; type identities, or ec.sample_count(0).")
    return Sample(len(agents), tuple(int(a) for a in agents))


@dataclass(frozen=True)
class SetAgents:
    """Values that the agents of a sample begin with."""

    agents: Sample
    values: Mapping[str, Any]
    of: str = ""


def set_agents(agents: Sample, *, of: str = "", **values: Any) -> SetAgents:
    """Let a sample of agents begin with these values instead of the columns' defaults.

    They are drawn from the population `of`, or from the model's first.
    """
    return SetAgents(agents, values, of)


@dataclass(frozen=True)
class Grouped:
    """The members of groups, told by a column, and the column of whole numbers that weighs them."""

    by: str
    weight: str | None = None
    of: str = ""


def group(by: str, *, weight: str | None = None, of: str = "") -> Grouped:
    """The agents by a column of whole numbers or a link, for `ec.pick(key, env.NAME, number)`.

    Those of the population `of`, or of the model's first; each is drawn in proportion to its
    `weight`, a stored column of whole numbers from 0, or all alike. Whoever has a link to nobody,
    or no weight, is in no group.
    """
    return Grouped(by, weight, of)


@dataclass(frozen=True)
class Quiet:
    """Stop when nothing can change any more."""


def quiet() -> Quiet:
    """Stop when nothing can change any more: nobody is active and no rule runs for everyone."""
    return Quiet()


@dataclass(frozen=True)
class Model:
    """Populations, networks, rules in phases, measures and parameters; see `ec.plan`.

    `spread` says, for a target, the standard deviation between seeds times the root of the number
    of agents: so the plan can say how many agents the question needs. `replaced` are the networks
    that a user's own stand for. `environment` are the few global values that rules read as
    `env.NAME`, declared like stored columns; `tallies` are counts and totals of the agents that
    they read in the same way. `policies` are tables that rules choose by, as `model.NAME`. Of
    several populations the first is meant where none is named; `among` names that of a network.
    `reads_anybody` maps names to columns (`"firms.price"`) that any rule reads of any agent as
    `env.NAME[identity]`, `groups` are what `ec.pick` draws from. `whole` is None but in what
    `populations.alone` gives. `over` gives the model over other people, where more than its
    population changes with them; `solve` works out numbers from the people and ties at hand, which
    rules read as `model.NAME` like parameters. `begin` is given a key of the run's luck, and gives
    environment values by name and a list of starts: what differs from seed to seed before the first
    step. `tell` is given the simulation of a run that is over, and gives answers by question. With
    `lanes` a run of it is many small ones; see `ec.in_lanes` and `ec.in_worlds`.
    """

    populations: Mapping[str, Population]
    phases: Sequence[Sequence[Rule]]
    networks: Mapping[str, Network] = field(default_factory=dict[str, Network])
    start: Sequence[SetAgents] = ()
    measures: Mapping[str, Measure] = field(default_factory=dict[str, Measure])
    stop: Quiet = field(default_factory=Quiet)
    step_unit: str = "step"
    max_steps: int = 100_000
    synchrony: str = ""
    limits: Sequence[str] = ()
    score: Callable[[Outcome], Mapping[str, Scored]] | None = None
    spread: Mapping[str, float] = field(default_factory=dict[str, float])
    name: str = "model"
    preset: str | None = None
    doc: str = ""
    replaced: Mapping[str, Network] = field(default_factory=dict[str, Network])
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    parameter_table: Mapping[str, Parameter] = field(default_factory=dict[str, Parameter])
    environment: Mapping[str, Stored] = field(default_factory=dict[str, Stored])
    tallies: Mapping[str, Measure] = field(default_factory=dict[str, Measure])
    among: Mapping[str, str] = field(default_factory=dict[str, str])
    policies: Mapping[str, Policy] = field(default_factory=dict[str, Policy])
    reads_anybody: Mapping[str, str] = field(default_factory=dict[str, str])
    groups: Mapping[str, Grouped] = field(default_factory=dict[str, Grouped])
    whole: Model | None = None
    over: Callable[[Background], Model] | None = None
    solve: Callable[[Given], Mapping[str, float]] | None = None
    begin: Callable[[int], tuple[Mapping[str, Any], Sequence[SetAgents]]] | None = None
    tell: Callable[[Any], Mapping[str, str]] | None = None
    lanes: InLanes | None = None

    def __post_init__(self) -> None:
        """Refuse a model without anybody."""
        if not self.populations:
            raise ModelError(
                'a model without a population; type populations={"people": ec.Population(1000)}.'
            )
        if self.whole is None:
            object.__setattr__(self, "populations", self._linked())

    def _linked(self) -> Mapping[str, Population]:
        """The populations with links that hold the identities of those that there are."""
        sizes = {n: None if p.is_open else p.size for n, p in self.populations.items()}
        for name, population in self.populations.items():
            for column, stored in population.links.items():
                if stored.link not in sizes:
                    what = unknown("population", stored.link, sizes)
                    raise ModelError(f"column `{column}` of {name} points to {what}")
        return {name: one.linked(sizes) for name, one in self.populations.items()}

    @property
    def first(self) -> str:
        """The name of its first population, which is meant where none is named."""
        return next(iter(self.populations))

    @property
    def population(self) -> Population:
        """Its first population, the only one of most models."""
        return self.populations[self.first]

    @property
    def agents(self) -> int:
        """How many agents its first population has, at first."""
        return self.population.size

    def named(self, of: str) -> str:
        """`of`, or the first population where it is empty; `ModelError` where there is none."""
        if of and of not in self.populations:
            raise ModelError(unknown("population", of, self.populations))
        return of or self.first

    def home(self, network: str) -> str:
        """The population whose agents a network ties."""
        return self.named(self.among.get(network, ""))

    @property
    def targets(self) -> tuple[Target, ...]:
        """The published numbers that it is held against, under its preset.

        They are stated for the model's own networks: over a user's there are none.
        """
        return () if self.replaced else targets(self.name, self.preset)

    @property
    def notices(self) -> tuple[str, ...]:
        """What a user should know about the networks: what was dropped, what has no effect."""
        said = [notice for network in self.networks.values() for notice in network.notices]
        for name, network in self.replaced.items():
            for parameter in sorted(set(network.identity()) & set(self.parameters)):
                by = "a file" if isinstance(self.networks[name], Explicit) else "another network"
                said.append(f"parameter `{parameter}` has no effect: {by} gives `{name}`")
        return tuple(said)

    def with_background(self, background: Background, of: str = "") -> Model:
        """The same model over the people of `background`; shares are also watched by group.

        They stand for the population `of`, or for the first.
        """
        name = self.named(of)
        over = {**self.populations, name: self.populations[name].on(background)}
        model = replace(self, populations=over)
        if self.over is not None and name == self.first:
            model = replace(self.over(background), **self._named())
        model = replace(model, measures={**model._by_group(background, name), **model.measures})
        return self._resized(model, name, background.size).solved()

    def solved(self) -> Model:
        """The same with the numbers that `solve` works out among its parameters."""
        if self.solve is None:
            return self
        given = Given(self.population, self.networks, self.parameters)
        return replace(self, parameters={**self.parameters, **self.solve(given)})

    def _named(self) -> dict[str, Any]:
        """What a model keeps whatever its people are."""
        names = ("name", "preset", "doc", "parameters", "parameter_table")
        return {name: getattr(self, name) for name in names}

    def _by_group(self, background: Background, of: str) -> dict[str, Measure]:
        groups = [g for g in WATCHED_GROUPS if g in background.derived]
        found = {
            f"{name}_by_{group}": measure.grouped(group)
            for name, measure in self.measures.items()
            if self.named(measure.of) == of
            for group in groups
        }
        return {name: measure for name, measure in found.items() if measure is not None}

    def with_network(self, name: str, network: Rows | Network) -> Model:
        """The same model over another network; an explicit one sets the number of agents."""
        if name not in self.networks:
            raise ModelError(unknown("network", name, self.networks))
        home = self.home(name)
        explicit = Explicit(network) if isinstance(network, Rows) else network
        model = replace(
            self,
            networks={**self.networks, name: explicit},
            replaced={**self.replaced, name: self.networks[name]},
        )
        model = model._sized_by(network, home) if isinstance(network, Rows) else model
        return model.solved()

    def _sized_by(self, rows: Rows, home: str) -> Model:
        population = self.populations[home]
        background = population.background
        if background is not None and background.size != rows.agents:
            raise ModelError(
                f"the network `{rows.source}` has {rows.agents:,} agents and the population "
                f"`{background.name}` {background.size:,}; make them equal."
            )
        resized = population.over(background or rows.agents)
        model = replace(self, populations={**self.populations, home: resized})
        return self._resized(model, home, rows.agents)

    def _resized(self, model: Model, of: str, agents: int) -> Model:
        if "agents" not in model.parameters or of != self.first:
            return model
        return replace(model, parameters={**model.parameters, "agents": agents})
