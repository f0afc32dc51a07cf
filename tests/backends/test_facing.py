"""Law 1 for encounters and meetings: the same bits on every backend, threads and shards."""

import dataclasses

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ecumene as ec

from ..gatherings import background, catch, gathering, gatherings
from ..societies import everything
from .test_same_bits import Unstaged

seeds = st.integers(0, 2**40)
few = settings(max_examples=15, deadline=None)


@pytest.fixture
def tiny_rounds(monkeypatch):
    """Rounds of three agents, and threads for any number."""
    monkeypatch.setattr("ecumene.backends.cpu.rounds.ROOM", 3)
    monkeypatch.setattr("ecumene.backends.cpu.rounds.FEW", 1)
    monkeypatch.setattr("ecumene.backends.cpu.pairs.FEW", 1)


@few
@given(gatherings(), seeds)
def test_the_cpu_equals_the_reference(model, seed):
    reference = everything(model, 4, seed=seed, backend="reference")
    assert everything(model, 4, seed=seed, backend="cpu") == reference


@few
@given(
    gatherings(most=25), seeds, st.sampled_from([2, 3, 7]), st.sampled_from(["cpu", "reference"])
)
def test_shards_leave_everything_as_it_is(model, seed, shards, backend):
    alone = everything(model, 3, seed=seed, backend="cpu")
    assert everything(model, 3, seed=seed, backend=backend, shards=shards) == alone


# The same tiny rounds for all examples of one test are what is wanted.
@settings(few, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(model=gatherings(), seed=seeds, shards=st.sampled_from([1, 3]))
def test_rounds_of_any_size_and_threads_leave_everything_as_it_is(tiny_rounds, model, seed, shards):
    reference = everything(model, 3, seed=seed, backend="reference")
    assert everything(model, 3, seed=seed, threads=2, shards=shards) == reference


@pytest.mark.parametrize("degree", [0, 1, 7, 64, 65])
def test_staged_draws_are_the_draws(degree):
    """Tile by tile, sorted by tie, an encounter draws whom it draws one agent after another."""
    whole = gathering(ec.matchings(degree), [number % 7 for number in range(3001)])
    model = dataclasses.replace(whole, phases=[[catch]], measures={})
    simple = dataclasses.replace(model, networks={"ties": Unstaged(ec.matchings(degree))})
    assert everything(model, 2, seed=degree) == everything(simple, 2, seed=degree)


@pytest.mark.parametrize("law", [{0: 0.3, 1: 0.4, 7: 0.3}, {3: 1.0}])
def test_walked_draws_are_the_draws(law):
    """In stages, too, where agents have ties to themselves, odd ends, or no ties at all."""
    network = ec.configuration(law)
    model = dataclasses.replace(watching, networks={"ties": network})
    simple = dataclasses.replace(watching, networks={"ties": Unstaged(network)})
    assert everything(model, 2, seed=3) == everything(simple, 2, seed=3)


@ec.encounter(over="ties", shows=(), writes=("room", "seen"))
def glance(me, other, env, model, key):
    return other.degree % 5, min(255, me.seen + 1)


watching = dataclasses.replace(
    gathering(ec.matchings(1), [number % 7 for number in range(3001)]),
    phases=[[catch], [glance]],
    measures={},
)


# Threads share the agents in blocks of 2**18.
@pytest.fixture(scope="module")
def many():
    rng = np.random.default_rng(5)
    model = gathering(ec.matchings(3), rng.integers(0, 200_000, 700_000), share=0.001)
    return dataclasses.replace(model, measures={}), digest_of(model)


def digest_of(model, **how):
    simulation = ec.Simulation(model, seed=2, **how)
    for _ in range(2):
        simulation.advance()
    return simulation.digest()


@pytest.mark.slow
@pytest.mark.parametrize(
    "how", [{"threads": 2}, {"threads": 3}, {"shards": 3, "threads": 2}], ids=str
)
def test_several_blocks_of_agents_come_out_alike(many, how):
    model, digest = many
    assert digest_of(model, **how) == digest


# -- what a phase sees -----------------------------------------------------------------------------


@ec.encounter(over="ties", shows="value", writes="value")
def copy(me, other, env, model, key):
    return other.value


@ec.agent_rule(writes="seen")
def look(me, env, model, key):
    return me.value


@ec.encounter(over="ties", shows="seen", writes="shown")
def glance(me, other, env, model, key):
    return other.seen


def pair_of_values(phases):
    columns = {name: ec.whole() for name in ("value", "seen", "shown")}
    return ec.Model(
        populations={"people": ec.Population(background([0, 0]), **columns)},
        networks={"ties": ec.matchings(1)},
        phases=phases,
        start=[ec.set_agents(ec.sample_count(1), value=7)],
    )


@pytest.mark.parametrize("shards", [1, 2])
def test_all_of_a_phase_see_the_moment_before_it(backend, shards):
    simulation = ec.Simulation(
        pair_of_values([[copy, look, glance]]), backend=backend, shards=shards
    )
    values, seen = [simulation.column("value").tolist()], [[0, 0]]
    for step in range(3):
        simulation.advance()
        values.append(simulation.column("value").tolist())
        seen.append(simulation.column("seen").tolist())
        assert values[-1] == values[-2][::-1]  # each copied what the other was
        assert seen[-1] == values[-2]
        assert simulation.column("shown").tolist() == seen[-2][::-1], step
    assert sorted(values[0]) == [0, 7]
