"""A state taken out at any step and given to another simulation: nobody could tell."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec
from ecumene.errors import ModelError
from ecumene.models import MODELS

from ..gatherings import gatherings
from ..rules.test_awake import towns
from ..societies import everything, explicit, societies, society
from .test_claims import model as claims
from .test_environment import model as climate

seeds = st.integers(0, 2**40)
ways = st.fixed_dictionaries(
    {"backend": st.sampled_from(["cpu", "reference"]), "shards": st.sampled_from([1, 1, 2, 3, 7])}
)
small = settings(max_examples=10, deadline=None)


def resumed(model, steps, stop, first, then, **how):
    """All that can be seen of a run that is stopped at a step and goes on elsewhere."""
    before = ec.Simulation(model, **first, **how)
    series = [before.measure()]
    while before.step < stop and before.advance():
        series.append(before.measure())
    state = before.state()
    while before.advance() and before.step < stop + 3:
        pass  # the state is a copy: what happens to the simulation afterwards is not in it
    simulation = ec.Simulation(model, state=state, **then, **how)
    assert simulation.step == state.facts["step"]
    assert simulation.measure() == series[-1]
    while simulation.step < steps and simulation.advance():
        series.append(simulation.measure())
    columns = {name: simulation.column(name).tolist() for name in model.population.names}
    return simulation.step, simulation.digest(), series, columns


@small
@given(societies(), seeds, st.integers(0, 5), ways, ways)
def test_a_society_goes_on_from_any_step_on_any_backend(model, seed, stop, first, then):
    whole = everything(model, 5, seed=seed, backend="reference")
    assert resumed(model, 5, stop, first, then, seed=seed) == whole


@small
@given(gatherings(), seeds, st.integers(0, 5), ways, ways)
def test_a_gathering_goes_on_from_any_step_on_any_backend(model, seed, stop, first, then):
    whole = everything(model, 5, seed=seed, backend="reference")
    assert resumed(model, 5, stop, first, then, seed=seed) == whole


@small
@given(towns, seeds, st.integers(0, 25), ways, ways)
def test_sleepers_go_on_from_any_step_on_any_backend(model, seed, stop, first, then):
    whole = everything(model, 25, seed=seed, backend="reference")
    assert resumed(model, 25, stop, first, then, seed=seed) == whole


@small
@given(st.integers(1, 40), seeds, st.integers(0, 4), ways, ways)
def test_claims_go_on_from_any_step_on_any_backend(agents, seed, stop, first, then):
    model = claims(agents)
    whole = everything(model, 4, seed=seed, backend="reference")
    assert resumed(model, 4, stop, first, then, seed=seed) == whole


@small
@given(seeds, st.integers(0, 4), st.sampled_from([1, 3]), st.sampled_from([1, 2]))
def test_the_environment_goes_on_from_any_step_whatever_its_values(seed, stop, first, then):
    """Fractions, truth values, steps that never come, cells."""
    model, how = climate(), {"seed": seed, "backend": "reference"}
    whole = everything(model, 4, **how)
    assert resumed(model, 4, stop, {"shards": first}, {"shards": then}, **how) == whole


CHANGES = [
    ec.at(1, ec.set_parameter(share=0.9, noise=0.25)),
    ec.during(1, 4, ec.set_parameter(noise=0.75)),
    ec.during(2, 6, ec.seed_agents(2, wealth=30)),
    ec.when("reached", ec.set_column("wealth", 7, agents=ec.sample_share(0.3)), above=5),
    ec.during(2, 3, ec.set_parameter(pay=0.0)),
]


@pytest.mark.parametrize("stop", range(7))
def test_changes_under_way_go_on_as_if_nothing_had_been_stopped(stop):
    """Spans of steps that have begun, triggers that have fired, drawings that were made."""
    model = society(ec.matchings(3), 40)
    how = {"seed": 4, "interventions": CHANGES, "backend": "reference"}
    whole = everything(model, 7, **how)
    assert resumed(model, 7, stop, {}, {"shards": 2}, **how) == whole
    simulation = ec.Simulation(model, **how)
    while simulation.step < stop:
        simulation.advance()
    again = ec.Simulation(model, state=simulation.state(), **how)
    assert again.happened == simulation.happened
    for one in (simulation, again):
        while one.step < 7:
            one.advance()
    assert again.happened == simulation.happened


def test_steps_beyond_a_byte_survive():
    """A step column grows wider with the clock; a state of either width goes on as the other."""
    model = MODELS["cascade"].build(agents=300, degree=4, transmission=0.6)
    before = ec.Simulation(model, seed=1)
    before.step = 252
    digests, states = [], []
    for _ in range(5):
        states.append(before.state())
        before.advance()
        digests.append(before.digest())
    kinds = {block.values.dtype for s in states for block in s.blocks() if "_at" in block.label}
    assert kinds == {np.dtype(np.uint8), np.dtype(np.uint16)}
    for state in states:
        for backend in ("reference", "cpu"):
            again = ec.Simulation(model, seed=1, backend=backend, state=state)
            again = ec.Simulation(model, seed=1, state=again.state())
            while again.step < before.step:
                again.advance()
            assert again.digest() == digests[-1]


def test_many_blocks_and_flags_are_put_together_again(monkeypatch):
    """Blocks that begin and end inside a word, across shards whose parts do not fit them."""
    monkeypatch.setattr("ecumene.engine.saving.BLOCK", 1000)
    model = society(ec.matchings(3), 9001, loud=300, rich=700)
    for first, then in ((1, 3), (3, 1), (7, 2)):
        before = ec.Simulation(model, seed=2, shards=first)
        before.advance()
        before.advance()
        again = ec.Simulation(model, seed=2, shards=then, state=before.state())
        for name in model.population.stored:
            assert again.column(name).tolist() == before.column(name).tolist()
        assert again.digest() == before.digest()
        for one in (before, again):
            one.advance()
            one.advance()
        assert again.digest() == before.digest() and again.measure() == before.measure()


@pytest.mark.slow
def test_tallies_are_counted_anew_where_something_else_is_watched():
    model = society(ec.matchings(3), 500, rich=60)
    before = ec.Simulation(model, seed=2)
    for _ in range(3):
        before.advance()
    other = {
        "poor": ec.count("wealth", poor, by="town"),
        "changes": ec.total("wealth", by="changes"),
        "rich": ec.mean("rich", by="town"),
    }
    watched = replace(model, measures=other)
    again = ec.Simulation(watched, seed=2, shards=3, state=before.state())
    oracle = ec.Simulation(watched, seed=2, backend="reference", state=before.state())
    assert again.measure() == oracle.measure()
    again.advance()
    oracle.advance()
    assert again.measure() == oracle.measure()


def poor(wealth):
    return wealth < 11


def test_the_state_of_another_model_is_refused():
    state = ec.Simulation(society(ec.matchings(3), 40), backend="reference").state()
    with pytest.raises(ModelError, match="40 agents and the model has 50"):
        ec.Simulation(society(ec.matchings(3), 50), backend="reference", state=state)
    other = explicit(40, [(0, 1)])
    cascade = MODELS["cascade"].build(agents=40, degree=4)
    with pytest.raises(ModelError, match="which the model does not have"):
        ec.Simulation(cascade, backend="reference", state=state)
    lacking = replace(state, kept=state.kept[1:])
    with pytest.raises(ModelError, match="lacks `column:reached_at` of 40 agents"):
        ec.Simulation(society(other, 40), backend="reference", state=lacking)


def test_blocks_are_not_copies_on_the_compiled_backend():
    """What a state of many gigabytes is written from: no second array of all agents."""
    simulation = ec.Simulation(society(ec.matchings(3), 5000))
    (shard,) = simulation._shards
    for block in simulation.blocks():
        if block.label == "column:wealth":
            assert np.shares_memory(block.values, shard.state.columns["wealth"])
