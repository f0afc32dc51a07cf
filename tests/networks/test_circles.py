"""Circles: everybody tied to everybody in the own circle, and to nobody else."""

from collections import Counter

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec
from ecumene.backends import net_of
from ecumene.errors import ModelError

from ..societies import key_of
from .whole import (
    check_both_ends,
    check_compiled,
    check_far_agents,
    check_no_country,
    check_no_order,
    giant,
    matrix_from,
    matrix_of,
    path_length,
    quickly,
    slowly,
    transitivity,
)

keys = st.integers(0, 2**64 - 1)
HOUSEHOLDS = {1: 0.3, 2: 0.35, 3: 0.15, 4: 0.14, 5: 0.06}


@st.composite
def networks(draw):
    weights = draw(st.dictionaries(st.integers(1, 9), st.integers(1, 9), min_size=1, max_size=4))
    shares = {size: weight / sum(weights.values()) for size, weight in weights.items()}
    return ec.circles(shares), draw(st.integers(1, 60))


@settings(deadline=None)
@given(networks(), keys)
def test_both_ends_see_one_tie_and_there_are_no_parallel_ones(network, key):
    lowered, agents = network[0].lowered(network[1], key), network[1]
    check_both_ends(lowered, agents)
    pairs = [(i, j) for i, j, _ in slowly(lowered, agents)]
    assert len(set(pairs)) == len(pairs) and all(j >= 0 for _, j in pairs)


@settings(deadline=None)
@given(networks(), keys)
def test_those_of_one_number_are_tied_and_no_others(network, key):
    lowered, agents = network[0].lowered(network[1], key), network[1]
    net = net_of(lowered)
    number = [lowered.group(net, i) for i in range(agents)]
    expected = {
        (i, j) for i in range(agents) for j in range(agents) if i != j and number[i] == number[j]
    }
    assert {(i, j) for i, j, _ in slowly(lowered, agents)} == expected
    assert sorted(set(number)) == list(range(max(number) + 1))


@settings(deadline=None, max_examples=20)
@given(networks(), keys)
def test_compiled_it_is_the_same(network, key):
    check_compiled(network[0].lowered(network[1], key), network[1])


@given(networks())
def test_circles_hold_all_agents_and_at_most_one_is_smaller_than_asked(network):
    sizes, counts = network[0].classes(network[1])
    assert (sizes * counts).sum() == network[1]
    asked = {size for size, _ in network[0].shares}
    others = [
        (s, n) for s, n in zip(sizes.tolist(), counts.tolist(), strict=True) if s not in asked
    ]
    assert others in ([], [(others[0][0], 1)] if others else [])
    assert all(size < min(asked) for size, _ in others)


def test_households_have_the_sizes_asked_for():
    agents = 100_000
    ties = quickly(ec.circles(HOUSEHOLDS).lowered(agents, key_of(1)), agents)
    graph = nx.Graph()
    graph.add_nodes_from(range(agents))
    graph.add_edges_from(ties.pairs())
    found = Counter(map(len, nx.connected_components(graph)))
    for size, share in HOUSEHOLDS.items():
        assert found[size] / found.total() == pytest.approx(share, abs=1e-4)
    assert nx.transitivity(graph) == 1.0
    assert np.bincount(ties.degrees)[3] == 4 * found[4]


@pytest.mark.slow
def test_ten_thousand_in_circles_are_networkxs_caveman_graph():
    """Up to a renaming: as many components, each of them complete, and every path one tie long."""
    ties = quickly(ec.circles(8).lowered(10_000, key_of(2)), 10_000)
    ours, theirs = matrix_of(ties), matrix_from(nx.caveman_graph(1250, 8))
    assert np.bincount(ties.degrees).tolist() == [0] * 7 + [10_000]
    assert (ours.sum(axis=1) == theirs.sum(axis=1)).all()
    assert transitivity(ours) == transitivity(theirs) == 1.0
    assert giant(ours) == giant(theirs) == 8 / 10_000
    assert path_length(ours) == path_length(theirs) == 7 / 8, "of the eight within reach, oneself"


def test_groups_of_a_hundred_and_fifty_and_a_rest():
    sizes, counts = ec.circles(150).classes(10_000)
    assert list(zip(sizes.tolist(), counts.tolist(), strict=True)) == [(150, 66), (100, 1)]


def test_nobody_is_lost_where_no_circle_can_be_filled():
    sizes, counts = ec.circles(150).classes(7)
    assert sizes.tolist() == [7] and counts.tolist() == [1]
    assert slowly(ec.circles(150).lowered(1, 3), 1) == []


def test_number_and_country_have_nothing_to_do_with_whose_circle_one_is_in():
    check_no_order(quickly(ec.circles(HOUSEHOLDS).lowered(20_000, 5), 20_000))
    check_no_country(ec.circles(HOUSEHOLDS))


def test_everybody_alive_costs_nothing():
    for sizes in (HOUSEHOLDS, 150, {2: 0.999999, 1_000_000: 0.000001}):
        lowered = ec.circles(sizes).lowered(8_200_000_000, key_of(2))
        assert lowered.memory_bytes < 1000
        check_far_agents(lowered, 8_200_000_000, slots=150)


@pytest.mark.parametrize(
    ("size", "says"),
    [
        ({}, "no size"),
        (0, "from 1 to"),
        (1_000_001, "from 1 to"),
        (2.5, "whole sizes"),
        ({1: 0.5, 2: 0.4}, "sum to 0.9"),
        ({1: 1.5, 2: -0.5}, "0 or more"),
    ],
)
def test_impossible_circles_are_refused(size, says):
    with pytest.raises(ModelError, match=says):
        ec.circles(size)
