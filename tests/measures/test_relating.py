"""Ratios, correlations and contrasts against numpy and their laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ecumene as ec
from ecumene.errors import ModelError
from ecumene.measures import contrast_of, correlation_of

from ..societies import society

pairs = st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 4000)), min_size=2, max_size=60)


@given(pairs)
def test_the_correlation_is_numpys(values):
    x, y = np.array(values).T
    found = correlation_of(x, y)
    if x.std() == 0 or y.std() == 0:
        assert found is None
    else:
        assert found == pytest.approx(np.corrcoef(x, y)[0, 1], abs=1e-9)
        assert found == correlation_of(y, x) and abs(found) <= 1 + 1e-12


def test_whoever_is_not_there_goes_with_nobody():
    assert correlation_of(np.array([]), np.array([])) is None


def test_a_contrast_is_a_standardised_difference():
    values, treated = np.array([0, 2, 4, 6]), np.array([True, False, True, False])
    found = contrast_of(values, treated)
    assert found["difference"] == pytest.approx(-2 / np.std(values))
    assert found["high"] - found["difference"] == pytest.approx(1.96)
    assert contrast_of(values, treated, 3)["difference"] == pytest.approx(0.0)
    assert contrast_of(values, np.zeros(4, bool))["difference"] is None
    assert contrast_of(np.full(4, 7), treated)["difference"] == 0.0


def test_between_equal_groups_the_interval_holds_nothing_nineteen_times_in_twenty():
    luck, hits = np.random.default_rng(3), 0
    for _ in range(400):
        found = contrast_of(luck.integers(0, 1000, 300), luck.random(300) < 0.4)
        hits += found["low"] <= 0 <= found["high"]
    assert 370 <= hits <= 392


def test_a_ratio_follows_its_two_sums():
    model = society(ec.matchings(2), 30)
    watched = ec.ratio(ec.total("wealth"), ec.total("changes"))
    model = ec.Model(**{**vars(model), "measures": {"ratio": watched}})
    simulation = ec.Simulation(model, backend="reference")
    for _ in range(3):
        over, under = (int(simulation.column(n).sum()) for n in ("wealth", "changes"))
        assert simulation.measure()["ratio"] == (over / under if under else None)
        simulation.advance()


def test_a_ratio_is_of_sums():
    with pytest.raises(ModelError, match="two counts or totals"):
        ec.ratio(ec.mean("x"), ec.total("y"))


def test_a_mean_may_have_a_unit():
    model = society(ec.matchings(2), 30)
    two = {"plain": ec.mean("changes"), "tenths": ec.mean("changes", unit=10)}
    simulation = ec.Simulation(ec.Model(**{**vars(model), "measures": two}), backend="reference")
    for _ in range(3):
        simulation.advance()
    found = simulation.measure()
    assert found["plain"] > 0 and found["tenths"] == found["plain"] / 10
