"""The shape of a tree, held to what networkx finds by walking between all pairs."""

from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec
from ecumene.engine.trees import OrphanError, shape_of

from ..stories import NOBODY, stories, story


def forest(children):
    """A graph from child -> parent; parents that are no children are its roots."""
    graph = nx.Graph(list(children.items()))
    return graph, sorted(set(children.values()) - set(children))


def measured(graph, roots):
    """Levels, and the mean distance between pairs that a path joins, all of it by walking."""
    depths = [d for r in roots for d in nx.single_source_shortest_path_length(graph, r).values()]
    lengths = dict(nx.all_pairs_shortest_path_length(graph))
    between = [lengths[a][b] for a, b in combinations(graph, 2) if b in lengths[a]]
    return np.bincount(depths, minlength=1).tolist(), between


@st.composite
def trees(draw):
    """child -> parent, of up to 40 nodes with scattered names."""
    size = draw(st.integers(2, 40))
    names = draw(st.permutations(range(0, 10 * size, 7)))[:size]
    return {
        names[k]: names[draw(st.integers(0, k - 1))]
        for k in range(1, size)
        if draw(st.booleans()) or k == 1
    }


@settings(deadline=None)
@given(trees())
def test_its_measures_are_those_found_by_walking(children):
    known = {}
    for child, parent in children.items():
        known[child] = parent
    graph, roots = forest(known)
    levels, between = measured(graph, roots)
    agents, parents = (np.array(list(x)) for x in (known, known.values()))
    shape = shape_of(agents, parents, np.array(roots))
    assert shape.levels.tolist() == levels
    assert (shape.size, shape.depth, shape.breadth) == (len(graph), len(levels) - 1, max(levels))
    assert (shape.distances, shape.pairs) == (sum(between), len(between))


@settings(max_examples=15, deadline=None)
@given(stories(), st.integers(0, 2**40), st.sampled_from(["cpu", "reference"]))
def test_a_lanes_tree_is_that_of_the_run_made_alone(model, seed, backend):
    lanes = ec.run_lanes(model, 4, seed=seed, tree="told_by", generations=9, backend=backend)
    for lane in range(4):
        alone = ec.Simulation(model, seed=seed, lane=lane, backend="reference")
        while alone.advance():
            pass
        told_by, told_at = alone.column("told_by"), alone.column("told_at")
        children = {int(i): int(told_by[i]) for i in np.flatnonzero(told_by != NOBODY)}
        roots = np.flatnonzero((told_at != ec.NEVER) & (told_by == NOBODY)).tolist()
        graph = nx.Graph(list(children.items()))
        graph.add_nodes_from(roots)
        levels, between = measured(graph, roots) if roots else ([0], [])
        assert lanes["size"][lane] == len(graph) == lanes["told"][lane]
        assert lanes["depth"][lane] == len(levels) - 1 and lanes["breadth"][lane] == max(levels)
        found = [lanes[f"generation_{g}"][lane] for g in range(9)]
        assert found == (levels + [0] * 9)[:9]
        mean = sum(between) / len(between) if between else np.nan
        assert np.array_equal(lanes["virality"][lane], mean, equal_nan=True)


def test_known_trees():
    """A broadcast to n - 1 has 2 - 2/n; a chain of n has (n + 1)/3 (Goel et al. 2016)."""
    n = 100
    star = shape_of(np.arange(1, n), np.zeros(n - 1, int), np.array([0]))
    assert star.distances / star.pairs == pytest.approx(2 - 2 / n)
    chain = shape_of(np.arange(1, n), np.arange(n - 1), np.array([0]))
    assert chain.distances / chain.pairs == pytest.approx((n + 1) / 3)
    assert (star.depth, star.breadth, chain.depth, chain.breadth) == (1, n - 1, n - 1, 1)


@pytest.mark.slow
def test_sums_over_pairs_of_many_nodes_stay_exact():
    n = 6_000_000
    star = shape_of(np.arange(1, n), np.zeros(n - 1, int), np.array([0]))
    assert (star.distances, star.pairs) == ((n - 1) ** 2, n * (n - 1) // 2)


def test_sums_beyond_64_bits_are_exact():
    from ecumene.engine.trees import _dot

    large = np.full(5000, 2**33)
    assert _dot(large, large) == 5000 * 2**66


@pytest.mark.parametrize(
    ("parents", "lost"), [([2, 3, 1], (1, 2)), ([0, 9, 0], (2, 9)), ([0, 2, 0], (2, 2))]
)
def test_who_hangs_on_no_root_is_named(parents, lost):
    with pytest.raises(OrphanError) as caught:
        shape_of(np.array([1, 2, 3]), np.array(parents), np.array([0]))
    assert caught.value.args == lost


@ec.agent_rule(on=ec.changed("told_at"), writes="told_by")
def boast(me, env, model, key):
    return me.identity if me.told_by >= 0 else me.told_by


@pytest.mark.slow
def test_a_tree_that_is_none_is_an_error_in_every_lane(backend):
    """Whoever was told says that they told themselves."""
    model = story(ec.matchings(3), 50, share=1.0)
    model = ec.Model(
        populations=model.populations,
        networks=model.networks,
        phases=[*model.phases, [boast]],
        start=model.start,
        parameters=model.parameters,
    )
    with pytest.raises(
        ec.EcumeneError, match=r"lane 8: agent (\d+) has the told_by \1, who is not"
    ):
        ec.run_lanes(model, [8, 9], tree="told_by", backend=backend)
    ec.run_lanes(model, [8, 9], backend=backend)
