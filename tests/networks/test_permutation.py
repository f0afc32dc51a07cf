"""Keyed permutations: one to one, inverse to each other, even, and different for every key."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ecumene.networks.permutation import (
    backward,
    drawn_places,
    first_places,
    forward,
    mixed,
    round_keys,
    side_of,
)
from ecumene.random import MASK, fold

keys = st.integers(0, MASK)


def places(n, key):
    side = side_of(n)
    return [forward(i, n, side, 1.0 / side, round_keys(key)) for i in range(n)]


@pytest.mark.parametrize("n", range(1, 301))
def test_every_place_is_taken_once_and_found_again(n):
    key, side = fold(1, n), side_of(n)
    there = places(n, key)
    assert sorted(there) == list(range(n))
    back = [backward(p, n, side, 1.0 / side, round_keys(key)) for p in there]
    assert back == list(range(n))


@given(keys, st.integers(1, 10**10), st.data())
def test_forth_and_back_is_home_for_any_number_of_agents(key, n, data):
    i, side = data.draw(st.integers(0, n - 1)), side_of(n)
    there = forward(i, n, side, 1.0 / side, round_keys(key))
    assert 0 <= there < n
    assert backward(there, n, side, 1.0 / side, round_keys(key)) == i


@given(st.integers(1, 10**10))
def test_the_grid_has_room_and_wastes_less_than_two_rows(n):
    side = side_of(n)
    assert (side - 1) ** 2 < n <= side * side


@pytest.mark.parametrize("n", [3, 50, 1000])
def test_every_agent_may_stand_anywhere(n):
    """Over 4000 keys, where three agents stand is even."""
    for i in {0, n // 2, n - 1}:
        side = side_of(n)
        at = [forward(i, n, side, 1.0 / side, round_keys(fold(9, j))) for j in range(4000)]
        counts = np.bincount(np.array(at) * min(n, 20) // n, minlength=min(n, 20))
        cells = np.bincount(np.arange(n) * min(n, 20) // n)
        assert stats.chisquare(counts, 4000 * cells / n).pvalue > 1e-4


def test_neighbours_do_not_stay_neighbours():
    """Of 2000 agents one pair stays side by side by chance; four rounds leave 1.5, no more."""
    n, together = 2000, []
    for j in range(20):
        there = np.array(places(n, fold(4, j)))
        together.append(np.sum(np.abs(np.diff(there)) == 1))
        assert abs(np.corrcoef(there, np.arange(n))[0, 1]) < 4.5 / np.sqrt(n)
        assert abs(np.corrcoef(there[1:], there[:-1])[0, 1]) < 4.5 / np.sqrt(n)
    assert np.mean(together) < 2 * 1.5 + 4 * np.sqrt(3 / 20)


def test_two_keys_give_permutations_that_agree_as_often_as_chance_has_it():
    n = 500
    agree = [sum(np.equal(places(n, fold(1, j)), places(n, fold(2, j)))) for j in range(40)]
    assert np.mean(agree) == pytest.approx(1.0, abs=4 / np.sqrt(40))


@given(keys, st.integers(1, 3000), st.data())
def test_a_larger_sample_only_adds(key, n, data):
    many = data.draw(st.integers(0, min(n, 100)))
    few = data.draw(st.integers(0, many))
    chosen = first_places(key, n, many)
    assert len(set(chosen)) == many
    assert first_places(key, n, few) == chosen[:few]


@given(keys, st.integers(1, 200_000), st.integers(0, 1000))
def test_places_drawn_at_once_are_those_drawn_one_by_one(key, n, count):
    side, rounds, count = side_of(n), round_keys(key), min(n, count)
    one_by_one = [forward(i, n, side, 1.0 / side, rounds) for i in range(count)]
    assert first_places(key, n, count) == one_by_one


@pytest.mark.parametrize("n", [10**10 - 1, 10**10, 8_200_000_000])
def test_places_are_drawn_at_once_among_ten_billion(n):
    side, rounds = side_of(n), round_keys(5)
    one_by_one = [forward(i, n, side, 1.0 / side, rounds) for i in range(500)]
    assert first_places(5, n, 500) == one_by_one


def neighbours_tied(n, keys):
    """How often numbers 1, 2, a row, a row and one apart come to stand side by side."""
    side = side_of(n)
    apart = {1: 0, 2: 0, side: 0, side + 1: 0}
    cells, outside = np.arange(n), np.arange(n, side * side)
    for j in range(keys):
        back = np.concatenate([cells, outside])
        left, right = back // side, back % side
        for number, key in reversed(list(enumerate(round_keys(fold(77, j))))):
            if number % 2:
                right = (right - mixed(left, key, side)) % side
            else:
                left = (left - mixed(right, key, side)) % side
        back = left * side + right
        inside = back[:n]
        while (inside >= n).any():
            inside = np.where(inside >= n, back[inside], inside)
        distance = np.abs(inside[0 : n - n % 2 : 2] - inside[1::2])
        apart = {lag: count + int((distance == lag).sum()) for lag, count in apart.items()}
    return apart


@pytest.mark.parametrize("n", [10_000, 9_803])
def test_neighbours_come_side_by_side_as_often_as_chance_has_it(n):
    """Four rounds instead of five tie the numbers 1 apart 1.4 times as often."""
    for lag, seen in neighbours_tied(n, keys=2000).items():
        expected = 2000 * (n - lag) / n
        assert abs(seen - expected) < 4.5 * np.sqrt(expected), lag


@given(st.integers(0, 2**64 - 1), st.integers(1, 3000), st.integers(0, 300), st.integers(0, 300))
def test_drawn_from_a_number_on_they_are_the_same(key, n, a, b):
    first, last = sorted((min(a, n), min(b, n)))
    assert drawn_places(key, n, last, first).tolist() == first_places(key, n, last)[first:]
