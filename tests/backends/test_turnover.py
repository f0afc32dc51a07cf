"""Agents leave and enter: the same on every backend, and without a trace of places."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec

from ..societies import everything
from ..turnover import turnover, turnovers

seeds = st.integers(0, 2**40)
WAYS = [
    {"backend": "reference", "shards": 3},
    {"backend": "cpu"},
    {"backend": "cpu", "threads": 3},
    {"backend": "cpu", "shards": 3},
    {"backend": "cpu", "direction": "pull"},
    {"backend": "cpu", "direction": "push", "shards": 2},
]


@settings(max_examples=15, deadline=None)
@given(turnovers(), seeds, st.sampled_from(WAYS))
def test_every_way_to_run_it_gives_what_the_reference_gives(model, seed, way):
    oracle = everything(model, 5, seed=seed, backend="reference")
    last = oracle[2][-1]
    assert last["here"] == model.agents + last["entered"] - last["left"]
    assert everything(model, 5, seed=seed, **way) == oracle


@pytest.mark.parametrize("way", WAYS)
def test_a_lively_society_is_the_same_every_way(way):
    """Many leave who are loud, called or changed; who takes their place has nothing of it."""
    model = turnover(ec.matchings(4), 90, 150, death=0.15, birth=0.3)
    oracle = everything(model, 6, seed=3, backend="reference")
    last = oracle[2][-1]
    assert last["left"] > 30 and last["entered"] > 30
    assert everything(model, 6, seed=3, **way) == oracle


@settings(max_examples=5, deadline=None)
@given(turnovers(), seeds, st.sampled_from(["reference", "cpu"]), st.integers(1, 3))
def test_a_saved_society_goes_on_as_if_never_stopped(model, seed, backend, shards):
    whole = ec.Simulation(model, seed=seed, backend="reference")
    first = ec.Simulation(model, seed=seed, backend=backend)
    for simulation in (whole, first):
        for _ in range(3):
            simulation.advance()
    rest = ec.Simulation(model, seed=seed, backend="cpu", shards=shards, state=first.state())
    for simulation in (whole, rest):
        for _ in range(3):
            simulation.advance()
    assert (whole.digest(), whole.measure_all()) == (rest.digest(), rest.measure_all())


@pytest.mark.parametrize("capacity", [30, 33, 100])
def test_an_open_population_that_nobody_enters_or_leaves_is_a_closed_one(capacity, backend):
    """Placebo: digests hang on identities, not on how many places are free."""
    closed = ec.Simulation(turnover(ec.matchings(0), capacity=None), seed=4, backend="reference")
    model = turnover(ec.matchings(0), capacity=capacity, death=0.0)
    opened = ec.Simulation(model, seed=4, backend=backend)
    for _ in range(4):
        assert closed.digest() == opened.digest()
        closed.advance(), opened.advance()
    assert opened.agents == 30 and opened.places() == capacity
