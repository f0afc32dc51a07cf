"""Both: the ties of two networks, each with its own number."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec
from ecumene.backends import net_of
from ecumene.errors import ModelError
from ecumene.random import fold

from ..societies import explicit
from .whole import check_both_ends, slowly

keys = st.integers(0, 2**64 - 1)
PAIRS = [(0, 1), (1, 2), (2, 0), (5, 9)]
MIXED = {
    "households and a small world": (ec.circles({1: 0.3, 3: 0.7}), ec.small_world(4, 0.2)),
    "matchings and a file": (ec.matchings(3), explicit(20, PAIRS)),
    "directed and undirected": (ec.configuration([(2, 20)], directed=True), ec.lattice(1)),
    "a file and a directed file": (explicit(20, PAIRS), explicit(20, PAIRS, directed=True)),
}


@pytest.mark.parametrize("kind", MIXED)
@settings(deadline=None, max_examples=20)
@given(key=keys)
def test_it_has_the_ties_of_both_under_numbers_of_their_own(kind, key):
    first, second = MIXED[kind]
    found = sorted(slowly(ec.both(first, second).lowered(20, key), 20))
    one = slowly(first.lowered(20, fold(key, 0)), 20)
    two = slowly(second.lowered(20, fold(key, 1)), 20)
    expected = [(i, j, 2 * n) for i, j, n in one] + [(i, j, 2 * n + 1) for i, j, n in two]
    assert found == sorted(expected)


@settings(deadline=None, max_examples=20)
@given(keys)
def test_both_ends_see_one_tie(key):
    first, second = MIXED["households and a small world"]
    check_both_ends(ec.both(first, second).lowered(20, key), 20)


def test_it_looks_backwards_too():
    for first, second in MIXED.values():
        lowered = ec.both(first, second).lowered(20, 5)
        forth = [row for row in slowly(lowered, 20) if row[1] >= 0]
        back = [row for row in slowly(lowered, 20, reverse=True) if row[1] >= 0]
        assert sorted(forth) == sorted((j, i, number) for i, j, number in back)


def test_three_networks_are_both_of_both():
    lowered = ec.both(ec.circles(4), ec.both(ec.matchings(2), ec.lattice(1))).lowered(20, 1)
    assert all(lowered.degree(net_of(lowered), i) == 3 + 2 + 2 for i in range(20))
    check_both_ends(lowered, 20)


def test_memory_ties_notices_and_refusals_are_those_of_both():
    file = explicit(20, PAIRS)
    lowered = ec.both(file, ec.matchings(2)).lowered(20, 1)
    alone = file.lowered(20, 1)
    assert lowered.ties == alone.ties + 40
    assert lowered.memory_bytes == alone.memory_bytes + ec.matchings(2).lowered(20, 1).memory_bytes
    assert ec.both(file, ec.matchings(2)).notices == file.notices
    assert ec.both(ec.matchings(2), ec.everybody()).lowered(10**6, 1).refusal
    with pytest.raises(ModelError, match="20 agents and the population 21"):
        ec.both(file, ec.matchings(2)).lowered(21, 1)


def test_a_network_that_was_read_is_one_of_the_two():
    file = explicit(20, PAIRS)
    assert ec.both(file.rows, ec.lattice(1)) == ec.both(file, ec.lattice(1))


def test_what_is_no_network_is_refused():
    with pytest.raises(ModelError, match="`3` is no network"):
        ec.both(ec.lattice(1), 3)
