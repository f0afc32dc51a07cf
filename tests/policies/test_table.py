"""Tables from chances, and what a table may not be."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ecumene as ec
from ecumene.errors import ModelError, SizeError
from ecumene.policies.table import thresholds_of, thresholds_of_floats

ONE = (ec.levels("all", 1),)
TWO = {"yes": "says yes", "no": "says no"}


@given(st.lists(st.integers(0, 10**12), min_size=2, max_size=20).filter(any))
def test_exact_chances_are_off_by_less_than_the_grid(weights):
    below = [0, *thresholds_of([Fraction(w) for w in weights]), 1 << 63]
    for weight, low, high in zip(weights, below, below[1:], strict=False):
        assert abs(Fraction(high - low, 1 << 63) - Fraction(weight, sum(weights))) <= Fraction(
            1, 1 << 63
        )


@given(st.lists(st.floats(0, 1), min_size=2, max_size=20).filter(lambda row: sum(row) > 0.01))
def test_chances_of_floats_are_off_by_no_more_than_their_own_rounding(row):
    chances = np.array([row]) / sum(row)
    below = [0, *thresholds_of_floats(chances)[0].tolist(), 1 << 63]
    for chance, low, high in zip(chances[0].tolist(), below, below[1:], strict=False):
        assert abs(Fraction(high - low, 1 << 63) - Fraction(chance)) <= Fraction(len(row), 1 << 52)
        assert chance or low == high


def test_thresholds_of_a_table_stay_what_they_are():
    policy = ec.table_policy(ONE, {"a": "", "b": "", "c": ""}, [[0.1, 0.2, 0.7]], source="x")
    assert policy.thresholds.tolist() == [[922337203685478400, 2767011611056433152]]
    assert policy.digest()[:16] == "b0d75a6ecca3168a"


def test_a_printed_table_is_scaled_when_it_says_how_far_it_is_rounded():
    rounded = [[0.333, 0.333, 0.333]]
    actions = {"a": "", "b": "", "c": ""}
    with pytest.raises(ModelError, match=r"add up to 0\.999"):
        ec.table_policy(ONE, actions, rounded, source="x")
    policy = ec.table_policy(ONE, actions, rounded, source="x", tolerance=0.005)
    assert policy.probabilities()[0] == pytest.approx([1 / 3] * 3, abs=1e-12)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ([[0.5, 0.6]], "add up to 1.1"),
        ([[1.5, -0.5]], "chances from 0"),
        ([[float("nan"), 1.0]], "situation 0"),
        ([[0.5, 0.25, 0.25]], "1 x 2"),
        ([[0.5, 0.5], [1, 0]], "1 x 2"),
    ],
)
def test_what_is_no_table_of_chances_is_refused(table, said):
    with pytest.raises(ModelError, match=said):
        ec.table_policy(ONE, TWO, table, source="x")


def test_a_table_too_large_is_refused_with_the_arithmetic():
    pair = (
        *(ec.levels(n, 10_000) for n in ("mine", "yours")),
        ec.levels("a", 3),
        ec.levels("b", 3),
    )
    with pytest.raises(SizeError) as caught:
        ec.table_policy(pair, {"a": "", "b": "", "c": ""}, [], source="x")
    assert str(caught.value).startswith(
        "a policy of 10,000 (mine) x 10,000 (yours) x 3 (a) x 3 (b) = 900,000,000 situations x 2 "
        "thresholds x 8 bytes = 14.4 GB; at most 1.1 GB. Put the values of the largest column into "
        "groups"
    )


@pytest.mark.parametrize(
    ("columns", "actions", "said"),
    [
        ((), TWO, "(none)"),
        (ONE * 2, TWO, "each once"),
        (tuple(ec.levels(str(i), 1) for i in range(9)), TWO, "give 1 to 8"),
        (ONE, {"yes": ""}, "from two on"),
    ],
)
def test_what_is_no_policy_at_all_is_refused(columns, actions, said):
    with pytest.raises(ModelError, match=said):
        ec.table_policy(columns, actions, [[1]], source="x")
