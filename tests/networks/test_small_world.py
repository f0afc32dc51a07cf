"""Small worlds: between a ring and a random graph, as Watts and Strogatz have it."""

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
    check_stages,
    giant,
    matrix_from,
    matrix_of,
    path_length,
    quickly,
    slowly,
    transitivity,
)

keys = st.integers(0, 2**64 - 1)
AGENTS, DEGREE = 10_000, 10
SHARES = [0.0, 0.01, 0.1, 0.3, 1.0]


@st.composite
def networks(draw):
    degree = 2 * draw(st.integers(1, 4))
    share = draw(st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]))
    return ec.small_world(degree, share), draw(st.integers(degree + 1, 40))


@settings(deadline=None)
@given(networks(), keys)
def test_both_ends_see_one_tie(network, key):
    check_both_ends(network[0].lowered(network[1], key), network[1])


@settings(deadline=None)
@given(networks(), keys)
def test_stages_together_are_tie_and_neighbour(network, key):
    check_stages(network[0].lowered(network[1], key), network[1])


@settings(deadline=None, max_examples=20)
@given(networks(), keys)
def test_compiled_it_is_the_same(network, key):
    check_compiled(network[0].lowered(network[1], key), network[1])


def world(share, seed=0):
    return quickly(ec.small_world(DEGREE, share).lowered(AGENTS, key_of(5, seed)), AGENTS)


def test_a_share_of_nought_is_the_ring():
    matrix = matrix_of(world(0.0))
    ring = matrix_from(nx.circulant_graph(AGENTS, range(1, DEGREE // 2 + 1)))
    assert set(matrix.sum(axis=1).tolist()) == {DEGREE} and matrix.data.max() == 1
    assert transitivity(matrix) == transitivity(ring) == 3 * (DEGREE - 2) / (4 * (DEGREE - 1))
    assert path_length(matrix) == pytest.approx(path_length(ring), rel=1e-12)


def test_a_share_of_one_is_all_matchings():
    ties = world(1.0)
    assert set(ties.present.degrees.tolist()) == {DEGREE}
    assert transitivity(matrix_of(ties)) == pytest.approx(0, abs=0.002)


@pytest.mark.parametrize("share", SHARES)
def test_degrees_vary_around_the_degree_as_they_should(share):
    """Ring ties stay with chance 1 - s and matchings come with chance s, each on its own."""
    degrees = world(share).present.degrees
    variance = 2 * DEGREE * share * (1 - share)
    assert degrees.mean() == pytest.approx(DEGREE, abs=4.5 * np.sqrt(2 * variance / AGENTS) + 1e-9)
    assert degrees.var() == pytest.approx(variance, rel=0.1, abs=1e-9)


@pytest.mark.parametrize("share", SHARES[:4])
def test_clustering_falls_with_the_third_power(share):
    """A triangle of the ring stays with (1 - s)**3, among k (k - 1) + variance pairs of ties."""
    pairs = DEGREE * (DEGREE - 1)
    ring = 3 * (DEGREE - 2) / (4 * (DEGREE - 1))
    expected = ring * (1 - share) ** 3 * pairs / (pairs + 2 * DEGREE * share * (1 - share))
    found = np.mean([transitivity(matrix_of(world(share, seed))) for seed in range(3)])
    assert found == pytest.approx(expected, rel=0.03, abs=0.002)


@pytest.mark.parametrize("share", SHARES[1:])
def test_clustering_paths_and_components_are_near_to_networkxs(share):
    """Theirs keeps one end of each tie, so degrees vary half as much."""
    ours = [matrix_of(world(share, seed)) for seed in range(2)]
    theirs = [
        matrix_from(nx.watts_strogatz_graph(AGENTS, DEGREE, share, seed=seed)) for seed in range(2)
    ]
    for what, near in [(path_length, 0.06), (giant, 0.001)]:
        one, two = (np.mean([what(matrix) for matrix in some]) for some in (ours, theirs))
        assert one == pytest.approx(two, rel=near), what.__name__
    one, two = (np.mean([transitivity(matrix) for matrix in some]) for some in (ours, theirs))
    assert one == pytest.approx(two, rel=0.05, abs=0.002)


def test_a_larger_share_takes_from_the_ring_and_adds_at_random():
    def kept(share):
        lowered = ec.small_world(6, share).lowered(500, 7)
        slots = slowly(lowered, 500)
        ring = {slot for slot in slots if slot[1] >= 0 and slot[2] < 3 * 500}
        return ring, {slot for slot in slots if slot[1] >= 0} - ring

    before = kept(0.0)
    for share in (0.1, 0.4, 0.8, 1.0):
        after = kept(share)
        assert after[0] < before[0] and after[1] > before[1]
        before = after


def test_number_and_country_have_nothing_to_do_with_it():
    check_no_order(world(0.1))
    check_no_country(ec.small_world(6, 0.1))


def test_ten_billion_agents_cost_nothing():
    lowered = ec.small_world(10, 0.3).lowered(10**10, key_of(3))
    assert lowered.memory_bytes < 2000
    check_far_agents(lowered, 10**10, slots=20)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: ec.small_world(5, 0.1), "an even one"),
        (lambda: ec.small_world(0, 0.1), "a degree of 0"),
        (lambda: ec.small_world(6, 1.1), "type 0 to 1"),
        (lambda: ec.small_world(6, 0.1).lowered(6, 1), "more than 6 agents"),
    ],
)
def test_an_impossible_small_world_is_refused(make, says):
    with pytest.raises(ModelError, match=says):
        make()
