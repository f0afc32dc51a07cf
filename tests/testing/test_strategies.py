"""What strategies make is whole: every part of it lowers and runs, and names are checked."""

import sys

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

import ecumene as ec
from ecumene.errors import ModelError
from ecumene.testing import strategies
from ecumene.testing.networks import ties_of

few = settings(max_examples=25, deadline=None)


@few
@given(strategies.models(kinds=None), strategies.seeds())
def test_every_model_runs(model, seed):
    simulation = ec.Simulation(model, seed=seed, backend="reference")
    while simulation.step < 3 and simulation.advance():
        assert simulation.measure()


@few
@given(st.data(), st.integers(1, 40))
def test_every_network_fits_so_many_agents(data, agents):
    network = data.draw(strategies.networks(agents))
    assert all(0 <= j < agents for _, j, _ in ties_of(network.lowered(agents, 5), agents))


@few
@given(strategies.populations(most=9))
def test_every_population_begins_within_its_ranges(people):
    assert 1 <= people.size <= 9
    for stored in people.stored.values():
        if stored.kind == "int":
            assert stored.low <= stored.default <= stored.high


@pytest.mark.parametrize("kind", strategies.KINDS)
def test_every_kind_of_network_is_made(kind):
    assert find(strategies.networks(9, kinds=(kind,)), lambda network: True)


def test_unknown_names_are_refused():
    with pytest.raises(ModelError, match="Did you mean `circles`"):
        strategies.networks(9, kinds=("circle",))
    with pytest.raises(ModelError, match="Did you mean `ties`"):
        strategies.models(rules=("tie",))


def test_without_hypothesis_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    with pytest.raises(ModelError, match="pip install hypothesis"):
        strategies.seeds()
