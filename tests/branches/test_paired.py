"""Differences over seeds: the intervals of textbooks, and how much pairing narrows them."""

import numpy as np
import pytest
from scipy import stats

from ecumene.branches.paired import difference


def test_intervals_are_those_of_the_paired_and_of_welchs_test():
    luck = np.random.default_rng(1)
    a = luck.normal(5, 2, 12)
    b = a + luck.normal(1, 0.1, 12)
    found = difference("x", a.tolist(), b.tolist(), paired=True)
    low, high = stats.ttest_rel(b, a).confidence_interval()
    assert found.difference == pytest.approx((low + high) / 2)
    assert found.half_width == pytest.approx((high - low) / 2)
    low, high = stats.ttest_ind(b, a, equal_var=False).confidence_interval()
    assert found.unpaired == pytest.approx((high - low) / 2, rel=0.02)  # whole degrees of freedom
    assert found.narrower > 10


def test_the_paired_interval_holds_the_truth_as_often_as_it_says():
    luck, hits = np.random.default_rng(2), 0
    for _ in range(2000):
        a = luck.normal(0, 3, 6)
        b = a + luck.normal(0.7, 1, 6)
        found = difference("x", a.tolist(), b.tolist(), paired=True)
        hits += abs(found.difference - 0.7) <= found.half_width
    assert 0.935 < hits / 2000 < 0.965


def test_one_seed_and_no_pairing_have_no_paired_interval():
    one = difference("x", [1.0], [3.0], paired=True)
    assert (one.difference, one.half_width, one.unpaired, one.narrower) == (2.0, None, None, None)
    assert difference("x", [1.0, 2.0], [3.0, 5.0], paired=False).half_width is None


def test_what_is_equal_under_each_seed_has_an_interval_of_no_width():
    same = difference("x", [1.0, 2.0, 4.0], [1.0, 2.0, 4.0], paired=True)
    assert (same.difference, same.half_width, same.narrower) == (0.0, 0.0, None)
