"""Configuration models: the degrees asked for, and in all else a random graph."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec
from ecumene.errors import ModelError

from ..societies import key_of
from .whole import (
    check_both_ends,
    check_compiled,
    check_far_agents,
    check_no_country,
    check_no_order,
    check_walk,
    giant,
    matrix_from,
    matrix_of,
    parallel,
    path_length,
    quickly,
    slowly,
    transitivity,
)

keys = st.integers(0, 2**64 - 1)
counts = st.dictionaries(st.integers(0, 9), st.integers(1, 6), min_size=1, max_size=4)
AGENTS = 10_000
LAW = ec.power_law(2.5, 2, 200)


@settings(deadline=None)
@given(counts, keys)
def test_both_ends_see_one_tie(counts, key):
    agents = sum(counts.values())
    check_both_ends(ec.configuration(list(counts.items())).lowered(agents, key), agents)


@settings(deadline=None, max_examples=20)
@given(counts, keys)
def test_compiled_it_is_the_same(counts, key):
    agents = sum(counts.values())
    check_compiled(ec.configuration(list(counts.items())).lowered(agents, key), agents)


@settings(deadline=None)
@given(counts, keys)
def test_of_an_odd_number_of_stubs_one_is_left_and_others_meet_themselves(counts, key):
    agents = sum(counts.values())
    rows = slowly(ec.configuration(list(counts.items())).lowered(agents, key), agents)
    nobody = [(i, number) for i, j, number in rows if j < 0]
    itself = [pair for pair in nobody if nobody.count(pair) == 2]
    assert len(rows) == sum(degree * count for degree, count in counts.items())
    assert len(nobody) - len(itself) == len(rows) % 2


@settings(deadline=None)
@given(counts, keys)
def test_stage_after_stage_a_tie_leads_to_the_neighbour(counts, key):
    agents = sum(counts.values())
    check_walk(ec.configuration(list(counts.items())).lowered(agents, key), agents)


@pytest.fixture(scope="module")
def ours():
    network = ec.configuration(LAW)
    return [quickly(network.lowered(AGENTS, key_of(7, j)), AGENTS) for j in range(4)]


@pytest.fixture(scope="module")
def theirs():
    degrees, counts = LAW.classes(AGENTS)
    sequence = np.random.default_rng(1).permutation(np.repeat(degrees, counts)).tolist()
    sequence[0] += sum(sequence) % 2  # networkx wants an even number of stubs
    return [nx.configuration_model(sequence, seed=j) for j in range(4)]


def test_degrees_are_those_of_the_law(ours):
    degrees, counts = LAW.classes(AGENTS)
    for ties in ours:
        assert np.bincount(ties.degrees)[degrees].tolist() == counts.tolist()


def test_self_ties_and_parallel_ties_are_as_many_as_chance_has_it(ours, theirs):
    """With q = <k(k-1)>/<k>: q/2 self-ties."""
    degrees, counts = LAW.classes(AGENTS)
    q = (degrees * (degrees - 1) * counts).sum() / (degrees * counts).sum()
    loops = sum(int((ties.target < 0).sum()) for ties in ours) / 2
    assert loops == pytest.approx(4 * q / 2, abs=4.5 * np.sqrt(4 * q / 2))
    other = sum(nx.number_of_selfloops(graph) for graph in theirs)
    assert loops == pytest.approx(other, abs=4.5 * np.sqrt(4 * q))
    doubled = sum(parallel(matrix_of(ties)) for ties in ours)
    others = sum(parallel(matrix_from(graph)) for graph in theirs)
    assert doubled == pytest.approx(others, abs=6 * np.sqrt(2 * others))


def test_in_a_sparse_one_doubled_pairs_follow_the_formula():
    """q**2/4 of them, where hardly any pair is tied three times."""
    network, agents = ec.configuration({3: 0.5, 5: 0.5}), 2000
    q = (0.5 * 6 + 0.5 * 20) / 4
    runs = [quickly(network.lowered(agents, key_of(8, j)), agents) for j in range(40)]
    doubled = sum(parallel(matrix_of(ties)) for ties in runs)
    assert doubled == pytest.approx(40 * q * q / 4, abs=4.5 * np.sqrt(40 * q * q / 4))


def test_clustering_components_and_paths_are_those_of_a_configuration_model(ours, theirs):
    mine, others = [matrix_of(t) for t in ours], [matrix_from(graph) for graph in theirs]
    for what, share in [(transitivity, 0.1), (giant, 0.005), (path_length, 0.02)]:
        one, two = (np.mean([what(matrix) for matrix in some]) for some in (mine, others))
        assert one == pytest.approx(two, rel=share), what.__name__


def test_a_sparse_one_has_components_as_theory_says():
    """Degrees 1 and 3, half each: u = (1/4) + (3/4) u**2, so u = 1/3; S = 1 - (u + u**3) / 2."""
    network, agents = ec.configuration({1: 0.5, 3: 0.5}), 50_000
    share = giant(matrix_of(quickly(network.lowered(agents, 5), agents)))
    assert share == pytest.approx(1 - (1 / 3 + 1 / 27) / 2, abs=0.01)


def test_who_is_a_hub_says_nothing_about_its_neighbours():
    """Where degrees stay below the root of the number of ties there is no assortativity."""
    network = ec.configuration({2: 0.5, 4: 0.25, 20: 0.25})
    ties = quickly(network.lowered(AGENTS, 9), AGENTS).present
    degrees = ties.degrees
    together = np.corrcoef(degrees[ties.source], degrees[ties.target])[0, 1]
    assert abs(together) < 4.5 / np.sqrt(len(ties.source) / 2)


def test_number_has_nothing_to_do_with_degree_or_ties(ours):
    for ties in ours:
        check_no_order(ties)


def test_country_has_nothing_to_do_with_degree_or_ties():
    check_no_country(ec.configuration({2: 0.5, 4: 0.4, 30: 0.1}))


def test_another_key_makes_other_ties(ours):
    one, other = (set(ties.pairs()) for ties in ours[:2])
    assert len(one & other) < 0.05 * len(one)  # hubs meet again


def test_everybody_alive_with_a_hundred_billion_stubs():
    """Law 4, and no product overflows: plain Python and the compiler agree on single agents."""
    agents = 8_200_000_000
    lowered = ec.configuration(ec.power_law(2.3, 4, 1_000_000)).lowered(agents, key_of(1))
    assert lowered.ties > 10**11
    assert lowered.memory_bytes < 20_000_000
    check_far_agents(lowered, agents, slots=1000)


def test_the_greatest_number_of_stubs_does_not_overflow():
    agents = 10**10
    lowered = ec.configuration({100_000: 1.0}).lowered(agents, key_of(2))
    assert lowered.ties == 10**15
    check_far_agents(lowered, agents, slots=100_000)
    with pytest.raises(ModelError, match="ties; give lower degrees"):
        ec.configuration({1_000_000: 1.0}).lowered(agents, 1)


def test_in_degrees_are_for_directed_ones():
    with pytest.raises(ModelError, match="directed=True"):
        ec.configuration({3: 1.0}, in_degrees={3: 1.0})
