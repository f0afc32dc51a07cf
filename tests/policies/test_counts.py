"""Counts of what people did become chances with their standard errors."""

import pytest

import ecumene as ec
from ecumene.errors import ModelError

COLUMNS = (ec.levels("trust", 2),)
TWO = {"keep": "keeps", "give": "gives"}


def test_counts_become_shares_with_the_error_of_their_number():
    policy = ec.counts_policy(COLUMNS, TWO, [[75, 25], [10, 30]], source="a paper")
    assert policy.chances(0)["give"] == 0.25
    assert policy.uncertainty == pytest.approx([(0.25 * 0.75 / 100) ** 0.5, (0.1875 / 40) ** 0.5])


def test_a_prior_makes_what_nobody_did_possible():
    policy = ec.counts_policy(COLUMNS, TWO, [[9, 0], [0, 0]], source="a paper", prior=0.5)
    assert policy.chances(0)["give"] == pytest.approx(0.05)
    assert policy.chances(1)["give"] == 0.5


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ([[1, 1], [0, 0]], "nobody was in 1 of 2 situations, the first of number 1"),
        ([[1, 1], [-1, 2]], "below 0"),
        ([[1, 1]], "2 counts for 2 situations"),
    ],
)
def test_what_are_no_counts_is_refused(counts, said):
    with pytest.raises(ModelError, match=said):
        ec.counts_policy(COLUMNS, TWO, counts, source="a paper")
