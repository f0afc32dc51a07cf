"""Groups and picks: who stands where in an index of members, and who is drawn of it."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

import ecumene as ec
from ecumene.backends import Group
from ecumene.engine.bringing import index_of
from ecumene.random import below

from ..economies import economy

seeds = st.integers(0, 2**40)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5)), min_size=1, max_size=30), seeds)
def test_a_pick_is_the_member_in_whose_span_the_draw_falls(members, key):
    codes, weights = np.array(members).T
    index = _index(codes, weights)
    for number in range(-1, 5):
        spans = [i for i in range(codes.size) if codes[i] == number for _ in range(weights[i])]
        expected = spans[below(key, len(spans), 2)] if spans else ec.NOBODY
        assert ec.pick(key, index.plain(), number, 2) == expected


def _index(codes, weights):
    return index_of(codes, weights, 0, 3)


@pytest.mark.parametrize("groups", [3, 1 << 16, 1 << 20])
def test_members_stand_in_order_of_group_and_identity(groups):
    codes = np.array([ec.integer(ec.fold(5, i), groups) for i in range(3000)])
    index = index_of(codes, np.ones(3000, np.int64), 0, groups - 1)
    assert index.members.tolist() == sorted(range(3000), key=lambda i: (codes[i], i))


def test_members_are_drawn_in_proportion_to_their_weights():
    index = _index(np.array([0, 1, 1, 1]), np.array([5, 1, 2, 3])).plain()
    drawn = Counter(ec.pick(ec.fold(11, i), index, 1) for i in range(12_000))
    assert chisquare([drawn[1], drawn[2], drawn[3]], [2000, 4000, 6000]).pvalue > 1e-3


@given(st.integers(1, 2**62), seeds)
def test_below_is_below(n, key):
    assert 0 <= below(key, n) < n


def test_draws_below_a_number_are_all_as_likely():
    """Also where 2**64 is no multiple of it, but two and a half times as much."""
    n = (1 << 64) // 5 * 2
    low = sum(below(ec.fold(3, i), n) < n // 2 for i in range(4000))
    assert abs(low - 2000) < 4 * 32


def test_whom_a_rule_picks_is_of_the_group():
    @ec.agent_rule(writes="wants")
    def choose(me, env, model, key):
        return ec.pick(key, env.by_region, me.region)

    model = economy(people=40, firms=2, phases=[[choose]], measures={}, tallies={})
    for shards in (1, 3):
        simulation = ec.Simulation(model, backend="reference", shards=shards)
        simulation.advance()
        found = simulation.column("wants").tolist()
        assert found == [i % 3 if i % 3 < 2 else ec.NOBODY for i in range(40)]


def test_an_index_without_members_gives_nobody():
    assert ec.pick(1, Group.empty(0).plain(), 0) == ec.NOBODY
