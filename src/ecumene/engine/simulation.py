"""How time passes: a model's shards, step by step, in any number and on any backend."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property
from numbers import Integral
from time import perf_counter
from typing import Any

from ..arrays import Column, Integers
from ..backends import Program, Rekeyed, Shard, Tally, Together, name_number, net_of, together
from ..errors import ModelError, ParameterError, RuleError, unknown
from ..random import MASK, fold, integer
from .beginning import begun
from .clock import Listener, shard_step
from .environment import Environment, Replicas
from .inhabitants import Inhabitants
from .interventions import Intervention, checked
from .lower import all_lowered
from .members import Member
from .model import Model
from .registers import Registers
from .saving import Block, KeptState, State, blocks_of, facts_of, give
from .schedule import Happened, Schedule


class Simulation:
    """A model on its way through time; `advance` takes it one step further.

    Reads, between steps: `step`, `measure()`, `column(name)`, `environment`, `digest()`. Of several
    populations, `of=` says whose column; without it the model's first is meant.
    """

    def __init__(
        self,
        model: Model,
        *,
        seed: int = 0,
        lane: int = 0,
        backend: str = "cpu",
        threads: int = 1,
        shards: int = 1,
        direction: str | None = None,
        interventions: Sequence[Intervention] = (),
        state: State | None = None,
        rekeyed: Rekeyed | None = None,
    ) -> None:
        """Allocate, compile, and give agents their starting values, or those of a `state`.

        All lanes of a seed share people and networks; each but lane 0 has a luck of its own. A
        simulation of the same model and seed that goes on from a `state` of another comes to the
        same digests; `interventions` are then those of the other and perhaps more behind them.
        An agent that is `rekeyed` draws another luck, and nobody else does.
        """
        planned = checked(interventions, model)
        model, drawn = begun(model, seed, lane)
        self.model, self.step = model, 0
        self._direction = direction
        self._nets: dict[str, Any] = {}
        self.listener: Listener | None = None  # told during each step, in a simulation of one shard
        self._comms = together(shards)
        self._pool = ThreadPoolExecutor(shards) if shards > 1 else None
        programs = all_lowered(model, seed, lane)
        if rekeyed is not None:
            name = model.named(rekeyed.of)
            programs[name] = replace(programs[name], rekeyed=rekeyed)
        self._schedule = Schedule(planned, model, programs[model.first].lane_key)
        started = perf_counter()
        self.inhabitants: dict[str, Inhabitants] = {
            name: Inhabitants(self._schedule.removed.thin(program), backend, threads, shards)
            for name, program in programs.items()
        }
        self._environments = [Environment(model.environment, drawn) for _ in range(shards)]
        self._registers = [Registers(programs.values()) for _ in range(shards)]
        compiled = self.compile_seconds
        if state is None:
            for one in self.inhabitants.values():
                one.begin()
        else:
            give(self, self._environments, self._schedule, state)
        self.setup_seconds = perf_counter() - started - compiled

    # -- time -----------------------------------------------------------------------------------

    def advance(self) -> bool:
        """Take one step; False, and no step, when nothing can change any more."""
        if self.quiet():
            return False
        self._go_on(1)
        return True

    def advance_all(self, most: int | None = None) -> int:
        """Take steps until nothing can change any more, or `most` of them; how many they were.

        Without `most` it goes no further than the step `model.max_steps`. What comes out is what
        `advance` gives, one step after another, in less time where few agents are active, or a
        hundred thousand: nobody looks at them in between. Raises `ParameterError` where `most` is
        no number of steps.
        """
        if most is not None and (not isinstance(most, Integral) or most < 0):
            raise ParameterError(
                f"most={most!r}; type a whole number of steps from 0, or leave it out for all."
            )
        begun = self.step
        until = self.model.max_steps if most is None else begun + int(most)
        while self.step < until and not self.quiet():
            self._go_on(1 if self._schedule.interventions else until - self.step)
        return self.step - begun

    def _go_on(self, most: int) -> None:
        """Take a step, or up to `most` of them at once; only the first sees interventions."""
        if self._schedule.begin_step(self):
            for registers in self._registers:
                registers.doubt()
        if not self._take_at_once(most):
            self._take_step()
            self.step += 1

    def _take_at_once(self, most: int) -> int:
        """Let the only shard take up to `most` steps at once, as nobody listens: how many."""
        if len(self._all_shards) > 1 or self.listener is not None or self._direction is not None:
            return 0
        try:
            taken = self._all_shards[0].take_at_once(self.step, most)
        except RuleError as error:
            self.step += error.after
            raise
        self.step += taken
        return taken

    def _take_step(self) -> None:
        self._on_every_shard(
            lambda s: shard_step(
                {n: Member(one.program, one.shards[s]) for n, one in self.inhabitants.items()},
                self._comms[s],
                self._environments[s],
                self.step,
                self._direction,
                self.listener,
                self._registers[s],
            )
        )

    def quiet(self) -> bool:
        """Whether nothing can change: nobody is active or will wake, no rule runs for everyone, and
        no intervention that could set something going is still to come."""
        for one in self.inhabitants.values():
            if not one.still(self.step):
                return False
        return not self._schedule.waits(self)

    # -- what can be read off -------------------------------------------------------------------

    def measure(self) -> dict[str, Any]:
        """Every measure that is due at this step."""
        return {
            name: measure.value(self)
            for name, measure in self.model.measures.items()
            if self.step % measure.every == 0
        }

    def measure_all(self) -> dict[str, Any]:
        """Every measure, due or not."""
        return {name: measure.value(self) for name, measure in self.model.measures.items()}

    def measured(self, name: str) -> Any:
        """One measure, due or not."""
        return self.model.measures[name].value(self)

    @property
    def compile_seconds(self) -> float:
        """How long compiling took so far; a few parts are compiled when first asked for."""
        return sum(shard.compile_seconds for shard in self._all_shards)

    @property
    def happened(self) -> list[Happened]:
        """What has become of each intervention."""
        return self._schedule.happened

    @property
    def environment(self) -> Replicas:
        """The environment values by name; they may be set between steps."""
        return Replicas(self._environments, lambda: self.step)

    def people(self, of: str = "") -> Inhabitants:
        """A population's agents; without a name the first's."""
        return self.inhabitants[self.model.named(of)]

    @property
    def agents(self) -> int:
        """How many agents the first population has now."""
        return self.size()

    def size(self, of: str = "") -> int:
        """How many agents a population has now."""
        return self.people(of).agents

    def places(self, of: str = "") -> int:
        """How many places a population has: as many as agents, or its capacity."""
        return self.people(of).places

    def turnover(self, kind: str, by: str = "", of: str = "") -> int:
        """How many `entered`, or `left`, since the start: by a rule or intervention, or in all."""
        return self.people(of).turned_over(kind, by)

    def tally(self, tally: Tally) -> list[int]:
        """A tally's cells over all agents of its population."""
        return self.people(tally.of).tally(tally)

    def group_sizes(self, group: str, of: str = "") -> list[int]:
        """How many agents have each code of a derived column, or each value of a stored one."""
        return self.people(of).group_sizes(group, of)

    def labels(self, group: str, of: str = "") -> tuple[str, ...]:
        """What the codes of a derived column stand for; the values of a stored one."""
        return self.people(of).labels(group)

    def column(self, name: str, of: str = "") -> Column:
        """The values of a column of all who are there, in order of place; costs their number."""
        return self.people(of).column(name)

    def values(self, name: str, places: Column, of: str = "") -> Column:
        """The values of a column of some agents, in the order of `places`."""
        return self.people(of).values(name, places)

    def up(self, name: str, of: str = "") -> Integers:
        """The places of those who have a flag or pulse up; costs little more than their number."""
        return self.people(of).up(name)

    def degrees(self, network: str, places: Column) -> Column:
        """How many ties some agents have, in the order of `places`."""
        return self.people(self.model.home(network)).degrees(network, places)

    def neighbour(self, network: str, place: int, key: int) -> int:
        """Whom the agent at `place` finds at one of its ties, drawn by `key`; -1 for nobody."""
        if network not in self.model.networks:
            raise ModelError(unknown("network", network, self.model.networks))
        program = self.people(self.model.home(network)).program
        if program.is_open:  # Ties join places, and a walk would have to know which are free.
            raise ModelError(
                f"a measure walks along `{network}`, whose agents enter and leave; walks are for "
                "populations without a capacity."
            )
        lowered = program.networks[network]
        if lowered.slots:
            raise ModelError(f"neighbours in `{network}` cannot be measured: it has slots.")
        if lowered.by:
            raise ModelError(
                f"a measure walks along `{network}`, whose ties are those of who has one "
                f"`{lowered.by}` now; walks are for ties that stay."
            )
        if network not in self._nets:
            self._nets[network] = net_of(lowered)
        net = self._nets[network]
        degree = lowered.degree(net, place)
        return lowered.neighbour(net, place, integer(key, degree)) if degree else -1

    def mean_degree(self, network: str) -> float:
        """How many ties agents have on average in a network; looks at all of them."""
        if network not in self.model.networks:
            raise ModelError(unknown("network", network, self.model.networks))
        return self.people(self.model.home(network)).mean_degree(network)

    def digest(self) -> str:
        """32 hex digits over columns, agents, environment, step, ties formed and removed."""
        pairs = [shard.digest() for shard in self._all_shards]
        halves: list[int] = []
        for half, total in enumerate(sum(p[h] for p in pairs) for h in (0, 1)):
            step = fold(fold(name_number("environment:step"), half), self.step)
            values = self._environments[0].digest(half)
            removed = self._schedule.removed.digest(half)
            halves.append((total + step + values + removed) & MASK)
        return f"{halves[0]:016x}{halves[1]:016x}"

    # -- what lives from step to step -----------------------------------------------------------

    def state(self) -> KeptState:
        """A copy of where it stands, from which another simulation can go on."""
        blocks = (Block(b.label, b.first, b.values.copy()) for b in self.blocks())
        return KeptState(self.facts(), tuple(blocks))

    def facts(self) -> dict[str, Any]:
        """Of what lives from step to step all but the agents' values, as plain data."""
        return facts_of(self, self._environments[0], self._schedule)

    def blocks(self) -> Iterator[Block]:
        """Of what lives from step to step the agents' values, some at a time, as they lie."""
        return blocks_of(self, self._schedule)

    # -- what may be done to it from outside ----------------------------------------------------

    def assign(self, places: Column, values: Mapping[str, Any], who: str, of: str = "") -> None:
        """Give agents values at the beginning of this step; `who` does it, for errors."""
        self.people(of).assign(places, values, self.step, who)
        if self.listener is not None:
            self.listener.assigned(self.model.named(of))

    def set_parameters(self, parameters: Mapping[str, Any]) -> None:
        """Let rules read these parameters from this step on."""
        for one in self.inhabitants.values():
            one.set_parameters(parameters)

    def set_network(self, network: str, arrays: Mapping[str, Column]) -> None:
        """Let these arrays of a network be these from this step on."""
        home = self.people(self.model.home(network))
        lowered = home.program.networks[network]
        self._nets[network] = net_of(replace(lowered, arrays={**lowered.arrays, **arrays}))
        for shard in home.shards:
            shard.set_network(network, arrays)
        if self.listener is not None:
            self.listener.rewired(network, arrays)

    def only_shard(self, of: str = "") -> Shard:
        """The shard of a population in a simulation that has one."""
        (shard,) = self.people(of).shards
        return shard

    @property
    def program(self) -> Program:
        """The program of the first population."""
        return self.people().program

    # -- in detail ------------------------------------------------------------------------------

    @property
    def _shards(self) -> list[Shard]:
        """Those of the first population."""
        return self.people().shards

    @cached_property
    def _all_shards(self) -> list[Shard]:
        return [shard for one in self.inhabitants.values() for shard in one.shards]

    def _on_every_shard(self, work: Callable[[int], None]) -> None:
        if self._pool is None:
            work(0)
            return

        def guarded(number: int) -> None:
            try:
                work(number)
            except BaseException:
                comm = self._comms[number]
                if isinstance(comm, Together):
                    comm.give_up()
                raise

        futures = [self._pool.submit(guarded, s) for s in range(len(self._comms))]
        errors = [e for e in (f.exception() for f in futures) if e is not None]
        for error in sorted(errors, key=lambda e: "Barrier" in type(e).__name__):
            raise error
