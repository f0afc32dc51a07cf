"""How time passes: a model's shards, step by step, in any number and on any backend."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from time import perf_counter
from typing import Any

import numpy as np

from ..arrays import Column
from ..backends import (
    Governing,
    Lasting,
    Part,
    Program,
    Ruled,
    Shard,
    Spreading,
    Tally,
    Together,
    name_number,
    shard_of,
    size_of,
    together,
)
from ..random import MASK, fold
from .clock import shard_step
from .environment import Environment, Replicas
from .interventions import Intervention, checked
from .lower import lowered
from .model import Model
from .saving import Block, KeptState, State, blocks_of, facts_of, give
from .schedule import Happened, Schedule


class Simulation:
    """A model on its way through time; `advance` takes it one step further.

    Reads, between steps: `step`, `measure()`, `column(name)`, `environment`, `digest()`.
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
    ) -> None:
        """Allocate, compile, and give agents their starting values, or those of a `state`.

        All lanes of a seed share people and networks; each but lane 0 has a luck of its own. A
        simulation of the same model and seed that goes on from a `state` of another comes to the
        same digests; `interventions` are then those of the other and perhaps more behind them.
        """
        planned = checked(interventions, model)
        self.model, self.step, self.agents = model, 0, model.agents
        program = lowered(model, seed, lane)
        self._schedule = Schedule(planned, model, program.lane_key)
        self.program: Program = self._schedule.removed.thin(program)
        self._direction = direction
        self._sizes: dict[str, list[int]] = {}
        self._comms = together(shards)
        self._pool = ThreadPoolExecutor(shards) if shards > 1 else None
        started = perf_counter()
        self._shards: list[Shard] = [
            shard_of(backend, self.program, Part(s, shards, model.agents), threads)
            for s in range(shards)
        ]
        self._environments = [Environment(self.program.environment) for _ in range(shards)]
        self.compile_seconds = sum(shard.compile_seconds for shard in self._shards)
        if state is None:
            self._begin()
        else:
            give(self, self._environments, self._schedule, state)
        self.setup_seconds = perf_counter() - started - self.compile_seconds

    # -- time -----------------------------------------------------------------------------------

    def advance(self) -> bool:
        """Take one step; False, and no step, when nothing can change any more."""
        if self.quiet():
            return False
        self._schedule.begin_step(self)
        self._on_every_shard(
            lambda s: shard_step(
                self.program,
                self._shards[s],
                self._comms[s],
                self._environments[s],
                self.step,
                self._direction,
            )
        )
        self.step += 1
        return True

    def quiet(self) -> bool:
        """Whether nothing can change: nobody is active or will wake, no rule runs for everyone, and
        no intervention that could set something going is still to come."""
        still = all(self._still(part) for phase in self.program.phases for part in phase)
        return still and not self._schedule.waits(self)

    def _still(self, part: Ruled) -> bool:
        if isinstance(part, Governing):
            return False
        if isinstance(part, Spreading):
            return all(shard.idle(part.rule.active) for shard in self._shards)
        on = part.rule.on.kind
        if on == "changed":
            return not any(shard.pending(part.rule.name) for shard in self._shards)
        if on == "awake":
            column = part.rule.on.of
            return not any(shard.sleeping(column, self.step) for shard in self._shards)
        if on == "flagged":
            return all(shard.idle(part.rule.on.of) for shard in self._shards)
        return on == "reached_by"  # who is reached depends on tie rules, asked on their own

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
    def happened(self) -> list[Happened]:
        """What has become of each intervention."""
        return self._schedule.happened

    def tally(self, tally: Tally) -> list[int]:
        """A tally's cells over all agents."""
        at = self.program.cells_of(tally)
        per_shard = [shard.tallies()[at.start : at.stop] for shard in self._shards]
        return [sum(v) for v in zip(*per_shard, strict=True)]

    def group_sizes(self, group: str) -> list[int]:
        """How many agents have each code of a derived column, or each value of a stored one."""
        if group in self.program.stored:
            return self.tally(size_of(group))
        if group not in self._sizes:  # counted once, since they stay
            per_shard = [shard.group_sizes(group) for shard in self._shards]
            self._sizes[group] = [sum(v) for v in zip(*per_shard, strict=True)]
        return self._sizes[group]

    @property
    def environment(self) -> Replicas:
        """The environment values by name; they may be set between steps."""
        return Replicas(self._environments, lambda: self.step)

    def labels(self, group: str) -> tuple[str, ...]:
        """What the codes of a derived column stand for; the values of a stored one."""
        stored = self.program.stored.get(group)
        if stored is not None:
            return tuple(str(value) for value in range(stored.low, stored.high + 1))
        return self.program.derived[group].labels or ()

    def column(self, name: str) -> Column:
        """All agents' values of a column, in order of place; costs their number."""
        return np.concatenate([shard.values(name) for shard in self._shards])

    def values(self, name: str, places: Column) -> Column:
        """The values of a column of some agents, in the order of `places`."""
        size = self._part(0).size
        out = self._shards[0].values(name, places[:0])
        for number, shard in enumerate(self._shards):
            mine = places // size == number
            if mine.any():
                found = shard.values(name, places[mine])
                out = np.empty(places.size, found.dtype) if out.size == 0 else out
                out[mine] = found
        return out

    def degrees(self, network: str, places: Column) -> Column:
        """How many ties some agents have, in the order of `places`."""
        return self._shards[0].degrees(network, places)

    def digest(self) -> str:
        """32 hex digits over stored columns, agents, environment, step and removed ties."""
        pairs = [shard.digest() for shard in self._shards]
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

    def held(self, what: Lasting, first: int, last: int) -> Column:
        """The lasting values of places first..last-1."""
        found = [
            shard.held(what, max(first, part.first), min(last, part.last))
            for shard, part in zip(self._shards, self._parts(), strict=True)
            if first < part.last and part.first < last
        ]
        return found[0] if len(found) == 1 else np.concatenate(found)

    def hold(self, what: Lasting, first: int, values: Column) -> None:
        """Take back the lasting values of places from `first` on."""
        for shard, part in zip(self._shards, self._parts(), strict=True):
            begin, end = max(first, part.first), min(first + values.size, part.last)
            if begin < end:
                shard.hold(what, begin, values[begin - first : end - first], self.step)

    def cells(self) -> list[int]:
        """Every tally's cells over all agents."""
        return [sum(v) for v in zip(*(shard.tallies() for shard in self._shards), strict=True)]

    def count_from(self, cells: list[int] | None) -> None:
        """Let the tallies go on from these cells over all agents, or count them anew."""
        for number, shard in enumerate(self._shards):
            # Only their sum over all shards is ever looked at.
            mine = cells if cells is None or number == 0 else [0] * len(cells)
            shard.count_from(mine)

    # -- what may be done to it from outside ----------------------------------------------------

    def assign(self, places: Column, values: Mapping[str, Any], who: str) -> None:
        """Give agents values at the beginning of this step; `who` does it, for errors."""
        for shard in self._shards:
            shard.assign(places, values, self.step, who)

    def set_parameters(self, parameters: Mapping[str, Any]) -> None:
        """Let rules read these parameters from this step on."""
        self.program = replace(self.program, parameters=parameters)
        for shard in self._shards:
            shard.set_parameters(parameters)

    def set_network(self, network: str, arrays: Mapping[str, Column]) -> None:
        """Let these arrays of a network be these from this step on."""
        for shard in self._shards:
            shard.set_network(network, arrays)

    def only_shard(self) -> Shard:
        """The shard of a simulation that has one."""
        (shard,) = self._shards
        return shard

    # -- in detail ------------------------------------------------------------------------------

    def _part(self, number: int) -> Part:
        return Part(number, len(self._comms), self.agents)

    def _parts(self) -> list[Part]:
        return [self._part(number) for number in range(len(self._shards))]

    def _begin(self) -> None:
        for start in self.program.start:
            places = self.program.starters(start)
            values = {n: v for n, v in start.values.items() if v or not self._is_pulse(n)}
            self.assign(places, values, "start")

    def _is_pulse(self, column: str) -> bool:
        return self.program.stored[column].kind == "pulse"

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

        futures = [self._pool.submit(guarded, s) for s in range(len(self._shards))]
        errors = [e for e in (f.exception() for f in futures) if e is not None]
        for error in sorted(errors, key=lambda e: "Barrier" in type(e).__name__):
            raise error
