"""One draw and one look-up, in plain Python; tests/backends holds the other backends against it."""

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import ecumene as ec
from ecumene.backends import record
from ecumene.policies.choosing import BEYOND, OUTSIDE
from ecumene.policies.table import exact_policy

ACTIONS = {"keep": "keeps all", "half": "gives half", "all": "gives all"}
COLUMNS = (ec.levels("trust", ("no", "yes")), ec.binned("money", (5, 10)))
CHANCES = [[0.5, 0.3, 0.2], [0, 1, 0], [1, 0, 0], [0.1, 0.1, 0.8], [0, 0, 1], [0.25, 0.25, 0.5]]


def seen(policy):
    """What a rule reads of a policy."""
    plain = {n: v.tolist() if hasattr(v, "tolist") else v for n, v in policy.fields.items()}
    return record("Policy", plain)


SEND = ec.table_policy(COLUMNS, ACTIONS, CHANCES, source="made up")


@pytest.mark.parametrize("policy", [SEND, SEND.narrowed()], ids=["64 bits", "32 bits"])
def test_actions_are_chosen_as_often_as_the_table_says(policy):
    for cell, chances in enumerate(CHANCES):
        found = Counter(ec.choose(seen(policy), cell, ec.fold(7, i)) for i in range(3000))
        drawn = {a: c for a, c in enumerate(chances) if c}
        assert set(found) == set(drawn)
        if len(drawn) > 1:
            expected = [c * 3000 for c in drawn.values()]
            assert stats.chisquare([found[a] for a in drawn], expected).pvalue > 1e-4


@given(st.lists(st.integers(0, 5), min_size=2, max_size=12).filter(any), st.integers(0, 2**64 - 1))
def test_what_has_no_chance_is_never_chosen_and_what_is_certain_always(weights, key):
    actions = {str(i): "" for i in range(len(weights))}
    row = [Fraction(w) for w in weights]
    policy = exact_policy((ec.levels("all", 1),), actions, [row], "here", {})
    assert weights[ec.choose(seen(policy), 0, key)] > 0


@pytest.mark.parametrize("key", [0, 2**64 - 1])
def test_the_ends_of_luck_choose_what_can_be(key):
    two = (ec.levels("all", 1),), {"a": "", "b": ""}
    for sure in (0, 1):
        chances = [[1 - sure, sure]]
        assert ec.choose(seen(ec.table_policy(*two, chances, source="x")), 0, key) == sure


@given(st.integers(0, 2**64 - 1), st.floats(0, 1), st.floats(0, 1))
def test_raising_the_chance_of_earlier_actions_only_lowers_the_number(key, p, q):
    two = (ec.levels("all", 1),), {"a": "", "b": ""}
    less, more = sorted((p, q))
    rows = [seen(ec.table_policy(*two, [[x, 1 - x]], source="x")) for x in (less, more)]
    assert ec.choose(rows[1], 0, key) <= ec.choose(rows[0], 0, key)


@given(st.integers(-3, 5), st.floats(-20, 20))
def test_a_situation_is_that_of_the_whole_column_worked_out_at_once(trust, money):
    trust_bin, money_bin = (
        int(c.bins([v])[0]) for c, v in zip(COLUMNS, (trust, money), strict=True)
    )
    expected = OUTSIDE if trust_bin < 0 else trust_bin * 3 + money_bin
    assert ec.situation(seen(SEND), trust, money) == expected


def test_a_situation_of_eight_columns_reads_as_a_number_of_mixed_radix():
    columns = tuple(ec.levels(f"c{i}", 2 + i % 2) for i in range(8))
    policy = ec.table_policy(columns, {"a": "", "b": ""}, [[1, 0]] * 1296, source="x")
    values = (1, 2, 0, 1, 1, 2, 0, 2)
    assert ec.situation(seen(policy), *values) == policy.situation(*values)
    assert policy.labels(policy.situation(*values)) == {
        f"c{i}": str(value) for i, value in enumerate(values)
    }


@pytest.mark.parametrize("cell", [OUTSIDE, 6, -6, BEYOND])
def test_a_situation_that_is_not_there_is_an_error(cell):
    with pytest.raises(IndexError):
        ec.choose(seen(SEND), cell, 1)
