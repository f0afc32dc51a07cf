"""The state of a simulation between two steps: taken out, and given to another simulation.

A state is blocks of what agents have (`backends.lasting` lists it) and facts: plain data on all
that is not one agent's. Whoever gets both goes on to the very digests of a simulation that was
never stopped, whatever its backend, threads and shards.

To let another fact survive (free places, live ties, a market's book), write it in `facts_of` and
take it back in `give`; facts are text, whole numbers, lists and mappings with text keys, so that
they can be kept as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from blake3 import blake3

from ..arrays import Column
from ..backends import Program, lasting
from ..errors import ModelError
from .environment import Environment
from .identity import tally_text
from .inhabitants import Inhabitants
from .schedule import Schedule

BLOCK = 1 << 20  # Agents in a block.


@dataclass(frozen=True)
class Block:
    """Lasting values of agents from place `first` on; `label` says which."""

    label: str
    first: int
    values: Column


class State(Protocol):
    """Where a simulation stood between two steps, wherever it is kept."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """All that is not one agent's, as plain data."""
        ...

    def blocks(self) -> Iterator[Block]:
        """What agents had; each block is used before the next one is asked for."""
        ...


@dataclass(frozen=True)
class KeptState:
    """A state in memory, for small societies."""

    facts: Mapping[str, Any]
    kept: tuple[Block, ...]

    def blocks(self) -> Iterator[Block]:
        """What agents had."""
        return iter(self.kept)


class Held(Protocol):
    """What is asked of a simulation that is saved, or goes on from a state."""

    step: int
    inhabitants: dict[str, Inhabitants]

    def places(self, of: str = "") -> int:
        """How many places a population has."""
        ...

    def set_parameters(self, parameters: Mapping[str, Any]) -> None:
        """Let rules read these parameters from now on."""
        ...

    def set_network(self, network: str, arrays: Mapping[str, Column]) -> None:
        """Let these arrays of a network be these from now on."""
        ...


def facts_of(simulation: Held, environment: Environment, schedule: Schedule) -> dict[str, Any]:
    """Everything but the agents' own values, as plain data."""
    return {
        "step": simulation.step,
        "environment": {name: packed(value) for name, value in environment.values.items()},
        "parameters": {name: packed(value) for name, value in schedule.parameters.items()},
        "base_parameters": {n: packed(value) for n, value in schedule.base_parameters.items()},
        "happened": [asdict(happened) for happened in schedule.happened],
        **({"removed": removed} if (removed := schedule.removed.facts()) else {}),
        **{key: value for one in simulation.inhabitants.values() for key, value in _counts(one)},
    }


def _counts(one: Inhabitants) -> Iterator[tuple[str, Any]]:
    """Of one population how many agents there are, and its tallies."""
    prefix = one.program.prefix
    yield f"{prefix}agents", one.places
    if one.program.is_open:
        yield f"{prefix}turnover", one.turnover
    yield f"{prefix}tallies", [_tallies_key(one.program), list(map(str, one.cells()))]


def blocks_of(simulation: Held, schedule: Schedule) -> Iterator[Block]:
    """What agents have, label by label, in order of place; not to be written to."""
    for one in simulation.inhabitants.values():
        for what in lasting(one.program):
            for first, last in _spans(one.places):
                label = one.program.prefix + what.label
                yield Block(label, first, one.held(what, first, last))
    for label in schedule.removed.groups:
        for first, last in _spans(simulation.places(schedule.removed.home(label))):
            yield Block(label, first, schedule.removed.held(label, first, last))


def _spans(agents: int) -> Iterator[tuple[int, int]]:
    return ((first, min(first + BLOCK, agents)) for first in range(0, agents, BLOCK))


def give(
    simulation: Held, environments: Sequence[Environment], schedule: Schedule, state: State
) -> None:
    """Put a fresh simulation where another one stood."""
    facts = state.facts
    for one in simulation.inhabitants.values():
        agents = facts.get(f"{one.program.prefix}agents", 0)
        if agents != one.places:
            raise ModelError(
                f"the state is one of {agents:,} agents and the model has "
                f"{one.places:,}: it was made by another model."
            )
        one.turnover = facts.get(f"{one.program.prefix}turnover", {})
    simulation.step = facts["step"]
    schedule.removed.go_on(facts.get("removed", {}))
    _give_blocks(simulation, schedule, state)
    for environment in environments:
        for name in environment.values:
            environment.values[name] = unpacked(facts["environment"][name])
    parameters = (facts["base_parameters"], facts["parameters"])
    base, now = ({name: unpacked(v) for name, v in kept.items()} for kept in parameters)
    schedule.go_on(facts["happened"], base, now)
    simulation.set_parameters(now)
    for network, arrays in schedule.removed.arrays(simulation.places):
        simulation.set_network(network, arrays)
    for one in simulation.inhabitants.values():
        key, cells = facts[f"{one.program.prefix}tallies"]
        same = key == _tallies_key(one.program)
        one.count_from(list(map(int, cells)) if same else None)


def _give_blocks(simulation: Held, schedule: Schedule, state: State) -> None:
    known = {
        one.program.prefix + what.label: (one, what)
        for one in simulation.inhabitants.values()
        for what in lasting(one.program)
    }
    groups = {
        label: simulation.places(schedule.removed.home(label)) for label in schedule.removed.groups
    }
    missing = {**{label: one.places for label, (one, _) in known.items()}, **groups}
    for block in state.blocks():
        if block.label in groups:
            agents = groups[block.label]
            schedule.removed.hold(block.label, block.first, block.values, agents)
            missing[block.label] -= block.values.size
            continue
        if block.label not in known:
            raise ModelError(
                f"the state holds `{block.label}`, which the model does not have: it was made by "
                "another model."
            )
        one, what = known[block.label]
        one.hold(what, block.first, block.values, simulation.step)
        missing[block.label] -= block.values.size
    for label, agents in missing.items():
        # A group of which the state knows nothing is one whose change has not happened yet.
        if agents and agents != groups.get(label):
            raise ModelError(f"the state lacks `{label}` of {agents:,} agents.")


def packed(value: Any) -> Any:
    """A value, or a tuple of them, as plain data from which exactly this value comes back."""
    if isinstance(value, tuple):
        return [packed(one) for one in value]
    return {"float": value.hex()} if isinstance(value, float) else value


def unpacked(value: Any) -> Any:
    """The value that was packed."""
    if isinstance(value, list):
        return tuple(unpacked(one) for one in value)
    return float.fromhex(value["float"]) if isinstance(value, Mapping) else value


def _tallies_key(program: Program) -> str:
    """A hash of what is tallied: a parameter may be part of a measure's predicate."""
    text = json.dumps([tally_text(tally) for tally in program.tallies])
    return blake3(text.encode()).hexdigest()
