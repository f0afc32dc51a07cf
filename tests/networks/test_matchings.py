"""Matchings: a random regular graph, held against random regular graphs made otherwise."""

from collections import Counter

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec
from ecumene.backends import net_of
from ecumene.errors import ModelError
from ecumene.networks import matchings as build
from ecumene.random import fold

from ..societies import key_of
from .whole import check_no_country, check_no_order, quickly


def network(degree, agents, key):
    """The network with a `net` that plain Python reads."""
    lowered = build(degree).lowered(agents, key)
    return lowered, net_of(lowered)


def ties(degree, agents, key):
    """Every tie as (agent, other, number), from both ends."""
    lowered, net = network(degree, agents, key)
    return [
        (i, lowered.neighbour(net, i, k), lowered.tie(net, i, k))
        for i in range(agents)
        for k in range(lowered.degree(net, i))
    ]


@settings(deadline=None)
@given(st.integers(0, 6), st.integers(1, 80), st.integers(0, 2**64 - 1))
def test_both_ends_see_one_tie_and_nobody_is_tied_to_itself(degree, agents, key):
    seen = [(i, j, number) for i, j, number in ties(degree, agents, key) if j >= 0]
    assert all(i != j for i, j, _ in seen)
    assert Counter(seen) == Counter((j, i, number) for i, j, number in seen)
    numbers = Counter(number for *_, number in seen)
    assert set(numbers.values()) <= {2}, "a number belongs to one tie, parallel or not"


@settings(deadline=None)
@given(st.integers(0, 6), st.integers(1, 80), st.integers(0, 2**64 - 1))
def test_everybody_has_the_degree_but_one_in_each_matching_of_an_odd_number(degree, agents, key):
    alone = Counter()
    lowered, net = network(degree, agents, key)
    for k in range(degree):
        missing = [i for i in range(agents) if lowered.neighbour(net, i, k) < 0]
        assert len(missing) == agents % 2
        alone.update(missing)
    assert lowered.ties == degree * (agents - agents % 2)


def test_with_an_odd_number_another_agent_is_left_out_each_time():
    lowered, net = network(200, 101, 7)
    left_out = [next(i for i in range(101) if lowered.neighbour(net, i, k) < 0) for k in range(200)]
    assert len(set(left_out)) > 60  # 101 (1 - 1/e**2) = 87 of them, if by luck


# -- against networkx ------------------------------------------------------------------------------

AGENTS, DEGREE = 10_000, 4


def graph(key):
    made = nx.MultiGraph()
    made.add_nodes_from(range(AGENTS))
    made.add_edges_from((i, j) for i, j, _ in ties(DEGREE, AGENTS, key) if i < j)
    return made


@pytest.fixture(scope="module")
def ours():
    return [graph(key_of(3, j)) for j in range(4)]


@pytest.fixture(scope="module")
def theirs():
    return [nx.random_regular_graph(DEGREE, AGENTS, seed=j) for j in range(4)]


def cycles(graph):
    """How many triangles and 4-cycles a graph has, parallel ties counted once."""
    matrix = nx.to_scipy_sparse_array(nx.Graph(graph), dtype=np.int64, weight=None)
    square = matrix @ matrix
    triangles = (square * matrix).sum() // 6
    paths = square.copy()
    paths.setdiag(0)
    return triangles, (paths.data * (paths.data - 1) // 2).sum() // 4  # two diagonals, two ways


def test_everybody_has_the_degree(ours):
    assert all(set(dict(g.degree).values()) == {DEGREE} for g in ours)


def test_short_cycles_are_as_many_as_in_a_random_regular_graph(ours, theirs):
    """Poisson with means (k-1)**3 / 6 and (k-1)**4 / 8 (Bollobas 1980)."""
    triangles, squares = np.sum([cycles(g) for g in ours], axis=0)
    others = np.sum([cycles(g) for g in theirs], axis=0)
    for found, other, mean in [
        (triangles, others[0], 4 * 27 / 6),
        (squares, others[1], 4 * 81 / 8),
    ]:
        assert found == pytest.approx(mean, abs=4 * np.sqrt(mean))
        assert found == pytest.approx(other, abs=4 * np.sqrt(2 * mean))


def test_parallel_ties_are_as_many_as_chance_has_it(ours):
    """Two matchings share each of their n/2 ties with chance 1/(n-1): k(k-1)/4 in all."""
    double = sum(g.number_of_edges() - nx.Graph(g).number_of_edges() for g in ours)
    mean = 4 * DEGREE * (DEGREE - 1) / 4
    assert double == pytest.approx(mean, abs=4 * np.sqrt(mean))


def test_it_hangs_together_and_paths_are_as_long(ours, theirs):
    assert all(nx.is_connected(g) for g in ours)
    lengths = [path_length(g) for g in ours], [path_length(g) for g in theirs]
    assert np.mean(lengths[0]) == pytest.approx(np.mean(lengths[1]), abs=0.02)


def path_length(graph):
    """The mean length of shortest paths from eight agents to all others."""
    sources = range(0, AGENTS, AGENTS // 8)
    return np.mean(
        [sum(nx.single_source_shortest_path_length(graph, s).values()) / AGENTS for s in sources]
    )


@pytest.mark.slow
def test_number_and_country_have_nothing_to_do_with_whom_one_is_matched_with():
    check_no_order(quickly(build(DEGREE).lowered(AGENTS, key_of(3)), AGENTS))
    check_no_country(build(DEGREE))


def test_two_matchings_have_nothing_to_do_with_each_other():
    """Partner's place in one against partner's place in the other, and against one's own."""
    lowered, net = network(3, AGENTS, 11)
    partner = np.array([[lowered.neighbour(net, i, k) for i in range(AGENTS)] for k in range(3)])
    columns = np.vstack([partner, np.arange(AGENTS)])
    together = np.abs(np.corrcoef(columns) - np.eye(4)).max()
    assert together * np.sqrt(AGENTS) < 4.5


def test_another_key_makes_other_ties():
    one, other = (set(ties(2, 1000, key)) for key in (1, 2))
    assert len(one & other) < 30


# -- what it costs ---------------------------------------------------------------------------------


def test_ten_billion_agents_cost_nothing():
    """Law 4: no byte per agent; single agents are asked, and answer alike from both ends."""
    agents = 10**10
    lowered, net = network(10, agents, fold(1, 1))
    assert lowered.memory_bytes < 1000
    for i in (0, 1, 2**33, agents - 1):
        for k in range(10):
            other = lowered.neighbour(net, i, k)
            assert 0 <= other < agents and other != i
            assert lowered.neighbour(net, other, k) == i
            assert lowered.tie(net, other, k) == lowered.tie(net, i, k)


def test_stages_together_are_tie_and_neighbour():
    lowered, net = network(5, 97, 3)
    stages = lowered.stages
    for i in range(97):
        for k in range(5):
            row = stages.row(net, k)
            at = stages.settle(net, row, stages.locate(net, row, i))
            other = stages.settle_other(net, row, at, stages.other(net, row, at))
            assert stages.number(net, k, at) == lowered.tie(net, i, k)
            assert other == lowered.neighbour(net, i, k)


@pytest.mark.parametrize("degree", [-1, 100_001])
def test_an_impossible_degree_is_refused(degree):
    with pytest.raises(ModelError, match="from 0 to 100,000"):
        ec.matchings(degree)
