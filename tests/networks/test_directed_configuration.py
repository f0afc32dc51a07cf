"""Directed configuration models: both degree distributions, and independent of each other."""

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
    check_far_agents,
    check_no_country,
    check_no_order,
    giant,
    matrix_from,
    matrix_of,
    path_length,
    quickly,
    slowly,
)

keys = st.integers(0, 2**64 - 1)
OUT, IN = ec.power_law(2.2, 1, 60), {0: 0.2, 1: 0.3, 3: 0.3, 5: 0.172, 8: 0.028}
AGENTS = 10_000


@st.composite
def networks(draw):
    """A network and its agents: out- and in-degrees of nearly one mean, or the same for both."""
    agents = draw(st.integers(4, 40))
    degree = draw(st.integers(1, 5))
    half = agents // 2
    spread = [(degree - 1, half), (degree + 1, half), (degree, agents - 2 * half)]
    spread = [pair for pair in spread if pair[1]]
    level = [(degree, agents)]
    out, into = draw(st.sampled_from([(spread, level), (level, spread), (spread, spread)]))
    if draw(st.booleans()):
        into = [(degree, agents - 1), (degree + 1, 1)]  # one in-stub too many
    return ec.configuration(out, directed=True, in_degrees=into), agents


@settings(deadline=None)
@given(networks(), keys)
def test_outwards_and_backwards_are_one_network(network, key):
    check_both_ends(network[0].lowered(network[1], key), network[1])


@settings(deadline=None, max_examples=20)
@given(networks(), keys)
def test_compiled_it_is_the_same(network, key):
    lowered, agents = network[0].lowered(network[1], key), network[1]
    for reverse in (False, True):
        assert quickly(lowered, agents, reverse).rows == slowly(lowered, agents, reverse)


@pytest.fixture(scope="module")
def ours():
    network = ec.configuration(OUT, directed=True, in_degrees=IN)
    return [network.lowered(AGENTS, key_of(4, j)) for j in range(3)]


def test_degrees_are_those_of_both_laws(ours):
    for law, reverse in [(OUT, False), (ec.configuration(IN).degrees, True)]:
        degrees, counts = law.classes(AGENTS)
        found = np.bincount(quickly(ours[0], AGENTS, reverse).degrees, minlength=degrees[-1] + 1)
        assert found[degrees].tolist() == counts.tolist()


def test_out_degrees_and_in_degrees_are_independent(ours):
    for lowered in ours:
        outward, inward = (quickly(lowered, AGENTS, reverse).degrees for reverse in (False, True))
        assert abs(np.corrcoef(outward, inward)[0, 1]) < 4.5 / np.sqrt(AGENTS)


def test_stubs_of_the_longer_side_lead_nowhere(ours):
    outward, inward = (quickly(ours[0], AGENTS, reverse) for reverse in (False, True))
    more, fewer = max(len(outward.source), len(inward.source)), len(outward.present.source)
    assert len(inward.present.source) == fewer
    assert abs(len(outward.source) - len(inward.source)) <= 0.01 * more
    loops = min(len(outward.source), len(inward.source)) - fewer
    k_in, k_out = inward.degrees, outward.degrees
    expected = (k_in * k_out).sum() / more
    assert loops == pytest.approx(expected, abs=4.5 * np.sqrt(expected))


def test_components_and_paths_are_those_of_networkx(ours):
    outward, inward = (quickly(ours[0], AGENTS, reverse).degrees for reverse in (False, True))
    free = int(outward.sum() - inward.sum())  # networkx wants equal sums
    inward, outward = inward.copy(), outward.copy()
    inward[: max(0, free)] += 1
    outward[: max(0, -free)] += 1
    theirs = [
        nx.directed_configuration_model(inward.tolist(), outward.tolist(), seed=j) for j in range(3)
    ]
    mine = [matrix_of(quickly(lowered, AGENTS)) for lowered in ours]
    others = [matrix_from(graph) for graph in theirs]
    for what in (giant, strong, path_length):
        one, two = (np.mean([what(matrix) for matrix in some]) for some in (mine, others))
        assert one == pytest.approx(two, rel=0.03), what.__name__


def strong(matrix):
    """The share of agents in the largest strongly connected component."""
    return giant(matrix, "strong")


def test_number_and_country_have_nothing_to_do_with_it(ours):
    for reverse in (False, True):
        check_no_order(quickly(ours[0], AGENTS, reverse))
    check_no_country(ec.configuration({2: 0.5, 9: 0.5}, directed=True))


def test_everybody_alive_with_a_hundred_billion_stubs():
    agents = 8_200_000_000
    law = ec.power_law(2.3, 4, 1_000_000)
    lowered = ec.configuration(law, directed=True).lowered(agents, key_of(1))
    assert lowered.ties > 10**11
    check_far_agents(lowered, agents, slots=1000)


def test_degrees_of_two_means_are_refused():
    network = ec.configuration({2: 1.0}, directed=True, in_degrees={3: 1.0})
    with pytest.raises(ModelError, match=r"2,000 \(2 an agent\).*3,000 \(3\)"):
        network.lowered(1000, 1)
