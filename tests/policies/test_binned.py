"""How values fall into the bins of a situation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ecumene as ec
from ecumene.errors import ModelError


def test_levels_are_whole_numbers_from_0():
    assert ec.levels("stance", 3).bins([0, 2, 3, -1, 0.5]).tolist() == [0, 2, -1, -1, -1]


def test_a_value_that_is_an_edge_begins_the_upper_bin():
    assert ec.binned("age", (18, 65)).bins([17, 18, 64.9, 65, 200]).tolist() == [0, 1, 1, 2, 2]


def test_groups_put_each_value_into_the_bin_that_is_said():
    assert ec.grouped("archetype", [2, 0, 1, 0]).bins([0, 1, 2, 3, 4]).tolist() == [2, 0, 1, 0, -1]


def test_bins_are_named_in_words():
    assert ec.binned("age", (18, 65)).labels == ("below 18", "18 to 65", "65 or more")


def test_the_middle_of_a_bin_stands_for_it():
    assert ec.binned("age", (20, 30, 50)).at == (15.0, 25.0, 40.0, 60.0)
    assert ec.levels("stance", ("against", "for")).at == (0, 1)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: ec.binned("age", (65, 18)), "are .65, 18.; give rising"),
        (lambda: ec.binned("age", ()), "are ..; give rising"),
        (lambda: ec.binned("age", (float("nan"),)), "nan.; give rising"),
        (lambda: ec.binned("age", (18,)), r"at=\(1, 3\)"),
        (lambda: ec.binned("age", (18, 65), at=(1, 2)), "3 bins and 2 numbers"),
        (lambda: ec.levels("stance", 0), "nothing"),
        (lambda: ec.levels("stance", ("no", "no")), "a name of its own"),
        (lambda: ec.grouped("kind", [0.5, 1.0]), "one whole number"),
        (lambda: ec.grouped("kind", [0, 2], labels=("a", "b")), "3 groups and 2 labels"),
    ],
)
def test_what_is_no_column_of_a_situation_is_refused(make, said):
    with pytest.raises(ModelError, match=said):
        make()


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=9, unique=True), st.floats(-2e6, 2e6))
def test_a_bin_is_as_many_edges_as_are_at_or_below_the_value(edges, value):
    edges = sorted(edges)
    expected = sum(value >= edge for edge in edges)
    assert ec.binned("x", edges).bins(np.array([value])).tolist() == [expected]
