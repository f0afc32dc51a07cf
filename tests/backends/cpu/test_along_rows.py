"""Ties drawn as one list are the ties drawn one by one, with hubs, doubles and full bins."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import ecumene as ec
from ecumene.backends.cpu import along_rows, listing
from ecumene.backends.cpu.common import of_sets
from ecumene.backends.cpu.module import imported
from ecumene.backends.cpu.text import HEAD
from ecumene.networks import Explicit

from ...networks.test_same_bits_of_networks import gossip
from ...societies import everything, explicit

flags = st.lists(st.sampled_from([0, 0, 0, 1, 255]), max_size=200)

CALLED = """
@kernel
def list_them(flags, n, places):
    return list_flags(flags, n, places)
"""


def compiled():
    return imported("\n\n".join([HEAD, of_sets(), along_rows.loops(), CALLED])).list_them


@settings(deadline=None)
@given(flags)
@example([1] * 200)
def test_flags_are_listed(flags):
    for list_them, kind in ((listing.list_flags, np.int64), (compiled(), np.uint16)):
        held = np.array(flags + [7] * 64, np.uint8)
        places = np.empty(len(flags) + 64, kind)
        n = list_them(held, len(flags), places)
        assert places[:n].tolist() == np.flatnonzero(flags).tolist()


@st.composite
def edge_lists(draw):
    """Up to 50 agents, perhaps with a hub, and ties to oneself, twice, and the other way round."""
    agents = draw(st.integers(1, 50))
    place = st.integers(0, agents - 1)
    pairs = draw(st.lists(st.tuples(place, place), max_size=4 * agents))
    hub = draw(st.sampled_from([None, 0, agents - 1]))
    if hub is not None:
        pairs += [(hub, j) for j in range(agents)]
    return explicit(agents, pairs, draw(st.booleans())), agents


@pytest.fixture(scope="module")
def short_lists():
    """Lists of 20 ties: rows are cut, and many lists go out in a step."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(along_rows, "LISTED", 20)
        yield


@pytest.fixture
def tiny_bins(monkeypatch):
    monkeypatch.setattr("ecumene.backends.cpu.bins.FEWEST", 3)
    monkeypatch.setattr("ecumene.backends.cpu.bins.ENTRIES", 3)


@settings(max_examples=25, deadline=None)
@given(edge_lists(), st.sampled_from([0.2, 0.7, 1.0]), st.integers(1, 50), st.integers(0, 2**40))
def test_listed_ties_are_the_ties(short_lists, network, chance, loud, seed):
    model = gossip(*network, chance, loud)
    oracle = everything(model, 3, seed=seed, backend="reference", direction="push")
    for how in ({}, {"shards": 3}):
        found = everything(model, 3, seed=seed, backend="cpu", direction="push", **how)
        assert found == oracle, how


@pytest.mark.parametrize("shards", [1, 3])
def test_a_full_bin_stops_and_goes_on_at_the_same_tie(short_lists, tiny_bins, shards):
    ties = [(j * j % 40, j % 40) for j in range(120)] + [(7, j) for j in range(40)]
    for directed in (False, True):
        model = gossip(explicit(40, ties, directed), 40, 0.9, 30)
        oracle = everything(model, 3, seed=1, backend="reference", direction="push")
        found = everything(model, 3, seed=1, backend="cpu", direction="push", shards=shards)
        assert found == oracle


@pytest.mark.parametrize("directed", [False, True])
def test_a_heavy_tail_with_a_hub(short_lists, directed):
    """Most have a tie or two, some hundreds, and one everybody; many among them to oneself."""
    agents, hub, rng = 1500, 700, np.random.default_rng(3)
    ends = np.column_stack([rng.zipf(1.7, 3000) % agents, rng.integers(0, agents, 3000)])
    pairs = [*map(tuple, ends.tolist()), *((hub, j) for j in range(agents))]
    model = gossip(explicit(agents, pairs, directed), agents, 0.4, loud=agents)
    oracle = everything(model, 3, seed=5, backend="reference", direction="push")
    assert sum(oracle[-1]["told"]) > 1000
    for how in ({"threads": 2}, {"shards": 3}):
        assert everything(model, 3, seed=5, backend="cpu", direction="push", **how) == oracle


@ec.tie_rule(over="ties", active="loud", into="calls", combine="count")
def all_call(me, tie, env, model, key):
    return True


@ec.agent_rule(on=ec.reached_by(all_call), writes="told")
def note(me, env, model, key):
    return me.calls


@pytest.mark.parametrize("threads", [1, 2])
def test_a_hub_of_a_million_ties_reaches_all_of_them(threads):
    """An edge list that is a star, its middle in the middle: every way is used once."""
    agents, hub = 1_000_001, 500_000
    others = np.delete(np.arange(agents), hub)
    star = ec.network({"a": np.full(agents - 1, hub), "b": others}, directed=False)
    people = ec.Population(agents, loud=ec.pulse(), told=ec.whole(high=10**9))
    model = ec.Model(
        populations={"people": people},
        networks={"ties": Explicit(star)},
        phases=[[all_call], [note]],
        start=[ec.set_agents(ec.sample_count(agents), loud=True)],
        measures={"told": ec.mean("told")},
    )
    simulation = ec.Simulation(model, seed=1, threads=threads, direction="push")
    simulation.advance()
    told = simulation.column("told")
    assert told[hub] == agents - 1 and told.sum() == 2 * (agents - 1)
    assert np.delete(told, hub).max() == 1
