"""Lattices: the very graphs that networkx makes, once agents are put back in order."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec
from ecumene.errors import ModelError

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


@st.composite
def networks(draw):
    """A lattice with its number of agents."""
    reach, ordered = draw(st.integers(1, 3)), draw(st.booleans())
    side = st.integers(2 * reach + 1, 2 * reach + 5)
    if draw(st.booleans()):
        return ec.lattice(1, reach=reach, ordered=ordered), draw(side)
    sides = (draw(side), draw(side))
    near = draw(st.sampled_from(["moore", "von_neumann"]))
    return ec.lattice(2, near, reach, sides=sides, ordered=ordered), sides[0] * sides[1]


@settings(deadline=None, max_examples=50)
@given(networks(), keys)
def test_both_ends_see_one_tie_and_there_are_no_parallel_ones(network, key):
    lowered, agents = network[0].lowered(network[1], key), network[1]
    check_both_ends(lowered, agents)
    pairs = [(i, j) for i, j, _ in slowly(lowered, agents)]
    assert len(set(pairs)) == len(pairs) and all(j >= 0 for _, j in pairs)


@settings(deadline=None, max_examples=50)
@given(networks(), keys)
def test_stages_together_are_tie_and_neighbour(network, key):
    check_stages(network[0].lowered(network[1], key), network[1])


@settings(deadline=None, max_examples=20)
@given(networks(), keys)
def test_compiled_it_is_the_same(network, key):
    check_compiled(network[0].lowered(network[1], key), network[1])


def ordered_pairs(network, agents):
    return sorted(quickly(network.lowered(agents, 1), agents).pairs())


def pairs_of(graph, columns):
    """The ties of a graph whose nodes are (row, column)."""
    numbered = [(a * columns + b, c * columns + d) for (a, b), (c, d) in graph.edges]
    return sorted((min(pair), max(pair)) for pair in numbered)


def test_an_ordered_torus_is_networkxs():
    grid = nx.grid_2d_graph(30, 40, periodic=True)
    network = ec.lattice(2, "von_neumann", sides=(30, 40), ordered=True)
    assert ordered_pairs(network, 1200) == pairs_of(grid, 40)


def test_an_ordered_moore_neighbourhood_is_the_strong_product_of_two_rings():
    grid = nx.strong_product(nx.cycle_graph(30), nx.cycle_graph(40))
    network = ec.lattice(2, sides=(30, 40), ordered=True)
    assert ordered_pairs(network, 1200) == pairs_of(grid, 40)


def test_an_ordered_ring_is_a_circulant_graph():
    ring = nx.circulant_graph(1001, [1, 2, 3])
    network = ec.lattice(1, reach=3, ordered=True)
    found = sorted((min(pair), max(pair)) for pair in ring.edges)
    assert ordered_pairs(network, 1001) == found


@pytest.mark.slow
def test_laid_out_by_luck_ten_thousand_are_as_clustered_connected_and_far_apart_as_networkxs():
    """Held up to a renaming of the agents, of which none of these know."""
    for network, graph in [
        (ec.lattice(2), nx.strong_product(nx.cycle_graph(100), nx.cycle_graph(100))),
        (ec.lattice(2, "von_neumann"), nx.grid_2d_graph(100, 100, periodic=True)),
        (ec.lattice(1, reach=4), nx.circulant_graph(10_000, [1, 2, 3, 4])),
    ]:
        ours = matrix_of(quickly(network.lowered(10_000, 5), 10_000))
        theirs = matrix_from(graph)
        degrees = [set(matrix.sum(axis=1).tolist()) for matrix in (ours, theirs)]
        assert degrees[0] == degrees[1] and ours.data.max() == 1
        assert transitivity(ours) == transitivity(theirs)
        assert giant(ours) == giant(theirs) == 1.0
        assert path_length(ours) == pytest.approx(path_length(theirs), rel=1e-12)


def test_the_neighbours_of_an_agent_in_order_are_those_around_it():
    lowered = ec.lattice(2, ordered=True).lowered(100, 1)  # 10 x 10
    mine = sorted(j for i, j, _ in slowly(lowered, 100) if i == 44)
    assert mine == [33, 34, 35, 43, 45, 53, 54, 55]
    corner = sorted(j for i, j, _ in slowly(lowered, 100) if i == 0)
    assert corner == [1, 9, 10, 11, 19, 90, 91, 99]


@pytest.mark.parametrize("reach", [1, 2, 3])
def test_a_reach_of_von_neumann_is_that_many_moves(reach):
    lowered = ec.lattice(2, "von_neumann", reach, ordered=True).lowered(400, 1)
    mine = {j for i, j, _ in slowly(lowered, 400) if i == 210}
    grid = nx.grid_2d_graph(20, 20, periodic=True)
    far = nx.single_source_shortest_path_length(grid, (10, 10), cutoff=reach)
    assert mine == {20 * a + b for a, b in far} - {210}


def test_laid_out_by_luck_it_is_the_same_graph_with_other_numbers():
    agents = 10_000
    for make in (lambda o: ec.lattice(1, reach=4, ordered=o), lambda o: ec.lattice(2, ordered=o)):
        plain, mixed = (
            matrix_of(quickly(make(o).lowered(agents, 5), agents)) for o in (True, False)
        )
        assert transitivity(mixed) == transitivity(plain)
        assert path_length(mixed) == pytest.approx(path_length(plain), rel=1e-12)
        assert (mixed != plain).nnz > agents


def test_number_and_country_have_nothing_to_do_with_where_one_is():
    check_no_order(quickly(ec.lattice(2).lowered(10_000, 3), 10_000))
    check_no_country(ec.lattice(2, sides=(250, 400)))


@pytest.mark.parametrize("ordered", [True, False])
def test_ten_billion_agents_cost_nothing(ordered):
    for network in (
        ec.lattice(1, reach=50, ordered=ordered),
        ec.lattice(2, reach=3, ordered=ordered),
    ):
        lowered = network.lowered(10**10, 9)
        assert lowered.memory_bytes < 2000
        check_far_agents(lowered, 10**10, slots=48)


def test_the_sides_are_as_near_to_a_square_as_divisors_allow():
    numbers = ec.lattice(2).lowered(1200, 1).numbers
    assert (numbers["rows"], numbers["columns"]) == (30, 40)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: ec.lattice(3), "type 1 .a ring. or 2"),
        (lambda: ec.lattice(2, "more"), "Did you mean `moore`"),
        (lambda: ec.lattice(2, reach=0), "type 1 to 150"),
        (lambda: ec.lattice(2, reach=10**9), "a reach of 1,000,000,000"),
        (lambda: ec.lattice(1, sides=(3, 4)), "for a torus"),
        (lambda: ec.lattice(2, sides=(10, 11)).lowered(100, 1), "10 x 11 has 110 places"),
        (lambda: ec.lattice(2).lowered(10_007, 1), "take 10,000 = 100 x 100"),
        (lambda: ec.lattice(2, reach=2, sides=(4, 25)).lowered(100, 1), "side be 5 or more"),
        (lambda: ec.lattice(1, reach=2).lowered(4, 1), "side of 4 is too small"),
    ],
)
def test_an_impossible_lattice_is_refused(make, says):
    with pytest.raises(ModelError, match=says):
        make()


def test_half_of_the_ties_lead_forwards():
    lowered = ec.lattice(2, "von_neumann", sides=(5, 7), ordered=True).lowered(35, 1)
    numbers = np.array([number for *_, number in slowly(lowered, 35)])
    assert sorted(np.unique(numbers)) == list(range(70))
