"""Quantiles and the Gini coefficient against numpy, closed forms and their laws."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ecumene as ec
from ecumene.errors import ModelError
from ecumene.measures import gini_of, top_share_of

from ..societies import society

whole = st.lists(st.integers(0, 10**6), min_size=1, max_size=60)
real = st.lists(st.floats(0, 1e6), min_size=1, max_size=60)


class Given:
    """A view of one column of given values."""

    def __init__(self, values):
        self.values = np.array(values)

    def column(self, name, of=""):
        return self.values


@given(whole, st.sets(st.integers(0, 64), max_size=4))
def test_quantiles_are_numpys_lower_ones(values, parts):
    shares = [part / 64 for part in parts]
    found = ec.quantiles("x", shares).value(Given(values))
    exact = [np.quantile(values, s, method="inverted_cdf") for s in shares]
    assert list(found.values()) == exact


@given(whole)
def test_the_extreme_quantiles_are_the_extremes(values):
    found = ec.quantiles("x", [0.0, 1.0]).value(Given(values))
    assert found == {"0": min(values), "1": max(values)}


@pytest.mark.parametrize("shares", [[-0.1], [0.5, 1.01]])
def test_a_share_beyond_everybody_is_refused(shares):
    with pytest.raises(ModelError, match="type shares from 0 to 1"):
        ec.quantiles("x", shares)


def gini_by_pairs(values):
    """The mean difference between two agents, over twice the mean."""
    x = np.array(values, float)
    return np.abs(x[:, None] - x[None, :]).sum() / (2 * x.size * x.sum()) if x.sum() else None


@given(whole)
def test_the_gini_coefficient_is_half_the_mean_difference_over_the_mean(values):
    found, wanted = gini_of(np.array(values)), gini_by_pairs(values)
    assert found == (None if wanted is None else pytest.approx(wanted, abs=1e-9))


@given(real)
def test_of_floats_too_to_a_millionth(values):
    found, wanted = gini_of(np.array(values)), gini_by_pairs(np.rint(np.array(values) * 2**20))
    assert found == (None if wanted is None else pytest.approx(wanted, abs=1e-6))


@given(whole, st.randoms())
def test_it_does_not_matter_who_holds_what(values, luck):
    shuffled = luck.sample(values, len(values))
    assert gini_of(np.array(shuffled)) == gini_of(np.array(values))


@pytest.mark.parametrize("n", [1, 2, 10, 1000])
def test_closed_forms(n):
    assert gini_of(np.full(n, 7)) == 0.0
    assert gini_of(np.eye(1, n, dtype=int)[0]) == pytest.approx(1 - 1 / n)
    assert gini_of(np.arange(1, n + 1)) == pytest.approx((n - 1) / (3 * n))
    assert gini_of(np.zeros(n)) is None


def test_sums_beyond_64_bits_are_exact():
    assert gini_of(np.array([0, 2**61, 2**61, 2**61])) == 0.25


def test_negative_numbers_have_no_gini():
    with pytest.raises(ModelError, match="some are negative"):
        gini_of(np.array([-1, 2]))


def test_a_scan_is_taken_every_so_many_steps(backend):
    model = society(ec.matchings(2), 20)
    measures = {"every": ec.gini("changes", every=2), "all": ec.quantiles("mood", [0.5])}
    model = replace(model, measures={**model.measures, **measures})
    simulation = ec.Simulation(model, backend=backend)
    due = []
    for _ in range(4):
        due.append(sorted(measures.keys() & simulation.measure().keys()))
        simulation.advance()
    assert due == [["all", "every"], ["all"]] * 2
    assert measures.keys() <= simulation.measure_all().keys()
    with pytest.raises(ModelError, match="every=0"):
        ec.gini("changes", every=0)


def lorenz(values, share):
    """The Lorenz curve, a straight line from each agent to the next."""
    x = np.sort(np.array(values, float))
    curve = np.concatenate([[0.0], np.cumsum(x) / x.sum()])
    return np.interp(share, np.arange(x.size + 1) / x.size, curve)


@given(whole, st.floats(0.01, 1.0))
def test_a_top_share_is_one_less_the_lorenz_curve(values, share):
    found = top_share_of(np.array(values), share)
    wanted = 1 - lorenz(values, 1 - share) if sum(values) else None
    assert found == (None if wanted is None else pytest.approx(wanted, abs=1e-9))


@given(real, st.randoms())
def test_nor_who_holds_what_of_a_top_share(values, luck):
    shuffled = luck.sample(values, len(values))
    assert top_share_of(np.array(shuffled), 0.3) == top_share_of(np.array(values), 0.3)


@given(whole)
def test_where_all_have_the_same_a_tenth_has_a_tenth(values):
    assert top_share_of(np.full(len(values), 7), 0.1) == pytest.approx(0.1)
    assert top_share_of(np.array(values), 1.0) == (1.0 if sum(values) else None)


def test_top_shares_of_a_model_are_followed():
    model = replace(society(ec.matchings(2), 30), measures={"top": ec.top_share("wealth", 0.5)})
    values = ec.Simulation(model, backend="reference").column("wealth")
    measured = ec.Simulation(model, backend="reference").measure()["top"]
    assert measured == top_share_of(values, 0.5)
    with pytest.raises(ModelError, match="top_share at 0: type a share above 0, up to 1"):
        ec.top_share("wealth", 0)
    with pytest.raises(ModelError, match="a top share is of numbers from 0 up; some are negative"):
        top_share_of(np.array([-1, 2]), 0.5)
