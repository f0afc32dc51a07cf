"""Hold a model against the laws: what every model must keep, asked of yours in one call.

from ecumene.testing import check_model

def test_my_model_keeps_the_laws():
    check_model(market, agents=200, conserved=["cash"])
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from statistics import fmean, stdev
from typing import Any

import numpy as np

from ..engine import Model, ReadyModel, Simulation
from ..errors import ModelError, unknown
from ..population import whole
from ..random import integer
from ..rules import agent_rule
from .checks import Check, Checks, held
from .history import History, history

MOST_AGENTS = 20_000  # The reference visits every agent in plain Python: some 1e5 of them a second.
PLACEBO = "placebo_of_check"
WAYS: tuple[Mapping[str, Any], ...] = (
    {"backend": "cpu"},
    {"backend": "cpu", "threads": 2},
    {"backend": "cpu", "shards": 3},
    {"backend": "reference", "shards": 2},
    {"backend": "cpu", "direction": "push"},
    {"backend": "cpu", "direction": "pull"},
)


def check_model(
    model: Model | ReadyModel,
    *,
    agents: int | None = None,
    seed: int = 1,
    steps: int = 10,
    conserved: Sequence[str | Callable[[Simulation], int]] = (),
    only_adds: Mapping[str, str] | None = None,
    intensive: Sequence[str] = (),
    seeds: int = 8,
    **parameters: Any,
) -> Checks:
    """Hold a model against the laws and give what was found; raises `CheckError` on a broken one.

    Always asked: the same bits on every backend, with threads and shards, pushed and pulled; the
    same seed gives the same run and another seed another; a mechanism of no strength changes
    nothing. Asked on request:

    - `conserved`: columns (`"cash"`, or `"firms.cash"` of another population) whose sum over all
      agents, or functions of the simulation whose whole number, is the same after every step;
    - `only_adds`: for a probability, the step, flag or whole column that a larger value only adds
      to, agent by agent (needs luck drawn `once`, and a model's function);
    - `intensive`: measures that must not drift from `agents` to four times as many, over `seeds`
      seeds (needs a model's function with a parameter `agents`).

    `agents` and other parameters are handed to the model's function. Raises `ModelError` when the
    model is too large for the reference backend.
    """
    small = _built(model, agents, parameters)
    oracle = history(small, steps, seed=seed, backend="reference")
    checks = [
        _same_bits(small, steps, seed, oracle),
        _seeded(small, steps, seed, oracle),
        _placebo(small, steps, seed, oracle),
        _conserved(small, steps, seed, conserved),
        *_turnover(small, steps, seed),
        _coupled(model, agents, parameters, steps, seed, only_adds or {}),
        _size_invariant(model, small.agents, parameters, steps, seeds, intensive),
    ]
    return Checks(small.name, tuple(checks)).or_raise()


def _built(model: Model | ReadyModel, agents: int | None, parameters: Mapping[str, Any]) -> Model:
    """The model to check; one that is built already takes no parameters."""
    if isinstance(model, ReadyModel):
        asked = {**parameters, **({} if agents is None else {"agents": agents})}
        built = model.build(**asked)
    elif agents is None and not parameters:
        built = model
    else:
        raise ModelError(
            "check_model: a model that is built already takes no parameters; hand over its function"
            " (what stands under `@ec.model`), or build it as you want it."
        )
    everybody = sum(population.places for population in built.populations.values())
    if everybody > MOST_AGENTS:
        raise ModelError(
            f"check_model: {everybody:,} agents are too many for the reference backend "
            f"(up to {MOST_AGENTS:,}); give fewer, say agents=1000."
        )
    return built


def _same_bits(model: Model, steps: int, seed: int, oracle: History) -> Check:
    def faults() -> str | None:
        for way in WAYS:
            wrong = oracle.difference(history(model, steps, seed=seed, **way))
            if wrong:
                said = ", ".join(f"{name}={value}" for name, value in way.items())
                return f"reference here, {said} there: {wrong}"
        return None

    said = f"{len(WAYS)} ways to run it and the reference agree after each step"
    return held("same bits", said, faults)


def _seeded(model: Model, steps: int, seed: int, oracle: History) -> Check:
    again = history(model, steps, seed=seed)
    if oracle.difference(again):
        return Check("seeded", False, "the same seed gave another run")
    other = history(model, steps, seed=seed + 1)
    if other.digests == oracle.digests:
        return Check("seeded", True, "the same seed, the same run; luck plays no part in it")
    return Check("seeded", True, "the same seed, the same run; another seed, another")


@agent_rule(writes=PLACEBO)
def idle(me: Any, env: Any, model: Any, key: int) -> int:
    """Draws, and leaves everything as it is."""
    return 0 if integer(key, 100) < 100 else 1


def _placebo(model: Model, steps: int, seed: int, oracle: History) -> Check:
    name, people = model.first, model.population
    more = people.over(people.background or people.size, **{PLACEBO: whole()})
    dosed = replace(
        model, populations={**model.populations, name: more}, phases=[[idle], *model.phases]
    )
    # A rule for everyone never rests: the dosed model may take steps in which nothing happens.
    taken = min(steps, len(oracle.digests) - 1)
    digests = history(dosed, taken, seed=seed).digests

    def faults() -> str | None:
        pairs = zip(digests, oracle.digests, strict=True)
        parted = [step for step, (mine, its) in enumerate(pairs) if mine != its]
        return f"another digest from step {parted[0]} on" if parted else None

    return held("placebo", "a rule that draws and does nothing changes nothing", faults)


def _conserved(
    model: Model, steps: int, seed: int, conserved: Sequence[str | Callable[[Simulation], int]]
) -> Check:
    if not conserved:
        return Check("conserved", None, "name columns: conserved=[...]")
    known = [
        column if of == model.first else f"{of}.{column}"
        for of, population in model.populations.items()
        for column in population.stored
    ]
    for what in conserved:
        if isinstance(what, str) and what not in known:
            raise ModelError(unknown("stored column", what, known))
    simulation = Simulation(model, seed=seed)
    before = [_total(simulation, what) for what in conserved]
    while simulation.step < steps and simulation.advance():
        for what, first in zip(conserved, before, strict=True):
            now = _total(simulation, what)
            if now != first:
                name = what if isinstance(what, str) else what.__name__
                said = f"`{name}` was {first} and is {now} after step {simulation.step - 1}"
                return Check("conserved", False, said)
    names = [what if isinstance(what, str) else what.__name__ for what in conserved]
    return Check("conserved", True, f"{', '.join(names)}: to the unit, after each step")


def _turnover(model: Model, steps: int, seed: int) -> list[Check]:
    """Agents are conserved: those present are those at first, and who came, less who left."""
    opened = [name for name, population in model.populations.items() if population.is_open]
    if not opened:
        return []
    simulation = Simulation(model, seed=seed)
    while simulation.step < steps and simulation.advance():
        for name in opened:
            first, here = model.populations[name].size, simulation.column("identity", name).size
            came, left = (simulation.turnover(kind, of=name) for kind in ("entered", "left"))
            if not here == simulation.size(name) == first + came - left:
                said = f"{first} + {came} that entered - {left} that left, and {here} are there"
                return [Check("turnover", False, f"`{name}` after step {simulation.step}: {said}")]
    said = "agents present are those at first, and who entered, less who left"
    return [Check("turnover", True, said)]


def _total(simulation: Simulation, what: str | Callable[[Simulation], int]) -> int:
    if not isinstance(what, str):
        return what(simulation)
    of, _, column = what.rpartition(".")
    return sum(int(value) for value in simulation.column(column, of).tolist())


def _coupled(
    model: Model | ReadyModel,
    agents: int | None,
    parameters: Mapping[str, Any],
    steps: int,
    seed: int,
    only_adds: Mapping[str, str],
) -> Check:
    if not only_adds:
        return Check("only adds", None, "name a chance and a column: only_adds={...}")
    if not isinstance(model, ReadyModel):
        raise ModelError("check_model: only_adds= needs the model's function, to raise a chance.")
    for name, column in only_adds.items():
        if name not in model.parameters:
            raise ModelError(unknown("parameter", name, model.parameters))
        low = parameters.get(name, model.parameters[name].default)
        high = (low + 1) / 2
        runs = [
            history(_built(model, agents, {**parameters, name: chance}), steps, seed=seed)
            for chance in (low, high)
        ]
        lost = _lost(*(run.columns[-1][column] for run in runs))
        if lost:
            said = f"raising `{name}` from {low} to {high} took `{column}` from {lost} agents"
            return Check("only adds", False, said)
    return Check("only adds", True, f"{', '.join(only_adds)}: agent by agent")


def _lost(less: Any, more: Any) -> int:
    """How many agents have less after the raise: a later step, a flag down, a smaller number."""
    steps = less.dtype == np.int64 and bool((less >= 1 << 62).any() or (more >= 1 << 62).any())
    return int((more > less).sum() if steps else (more < less).sum())


def _size_invariant(
    model: Model | ReadyModel,
    agents: int,
    parameters: Mapping[str, Any],
    steps: int,
    seeds: int,
    intensive: Sequence[str],
) -> Check:
    if not intensive:
        return Check("size invariance", None, "name measures: intensive=[...]")
    if not isinstance(model, ReadyModel):
        raise ModelError("check_model: intensive= needs the model's function, to build two sizes.")
    sizes = (agents, 4 * agents)
    found = {n: [_last(model, n, parameters, steps, s) for s in range(seeds)] for n in sizes}
    for name in intensive:
        if name not in found[agents][0]:
            raise ModelError(unknown("measure", name, found[agents][0]))
        small, large = ([float(last[name]) for last in found[n]] for n in sizes)
        error = ((stdev(small) ** 2 + stdev(large) ** 2) / seeds) ** 0.5
        apart = fmean(large) - fmean(small)
        if abs(apart) > 4 * error + 1e-12:
            said = (
                f"`{name}` is {fmean(small):.4g} at {sizes[0]:,} agents and {fmean(large):.4g} at "
                f"{sizes[1]:,}: {apart / error if error else float('inf'):.1f} standard errors"
            )
            return Check("size invariance", False, said)
    said = f"{', '.join(intensive)}: alike at {sizes[0]:,} and {sizes[1]:,} agents, {seeds} seeds"
    return Check("size invariance", True, said)


def _last(
    model: ReadyModel, agents: int, parameters: Mapping[str, Any], steps: int, seed: int
) -> dict[str, Any]:
    simulation = Simulation(model.build(**{**parameters, "agents": agents}), seed=seed)
    while simulation.step < steps and simulation.advance():
        pass
    return simulation.measure_all()
