"""Largest remainder: exact totals, quotas kept, order of ties stated."""

from hypothesis import given
from hypothesis import strategies as st

from ecumene.population.apportion import largest_remainder, starts

weights = st.lists(st.integers(0, 10**7), min_size=1, max_size=80).filter(any)


@given(weights, st.integers(1, 10**10))
def test_counts_sum_to_n_and_miss_the_exact_share_by_less_than_one(weights, n):
    counts = largest_remainder(weights, n)
    assert sum(counts) == n
    for weight, count in zip(weights, counts, strict=True):
        assert abs(count * sum(weights) - weight * n) < sum(weights)


@given(weights, st.integers(1, 1000))
def test_who_weighs_nothing_gets_nobody(weights, n):
    counts = largest_remainder([*weights, 0], n)
    assert counts[-1] == 0


def test_ties_go_to_the_earlier_one():
    assert largest_remainder([1, 1, 1], 2) == [1, 1, 0]


def test_starts_lay_counts_end_to_end():
    assert starts([2, 0, 3]).tolist() == [0, 2, 2, 5]
