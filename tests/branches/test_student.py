"""Quantiles of Student's t against SciPy's."""

import pytest
from scipy import stats

from ecumene.branches.student import t_quantile, within


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 5, 9, 10, 19, 30, 99, 100, 999])
def test_quantiles_are_those_of_students_t(freedom):
    for confidence in (0.5, 0.9, 0.95, 0.99):
        theirs = stats.t.ppf((1 + confidence) / 2, freedom)
        assert t_quantile(confidence, freedom) == pytest.approx(theirs, rel=1e-9)
    assert within(1.5, freedom) == pytest.approx(1 - 2 * stats.t.sf(1.5, freedom), rel=1e-9)


def test_many_numbers_are_normal_and_one_says_nothing():
    assert t_quantile(0.95, 10**6) == pytest.approx(1.959964, rel=1e-5)
    assert t_quantile(0.95, 0) == float("inf")
