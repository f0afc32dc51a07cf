"""How sure a measure over many lanes is: the jackknife's interval, and that between networks."""

import numpy as np
import pytest

from ecumene.engine.lane_intervals import BATCHES, measured

MEAN = {"mean": lambda lanes: lanes["size"].mean()}


def test_the_interval_of_a_mean_is_students():
    """Of a mean over equal batches the jackknife is the batches' own standard error."""
    sizes = np.random.default_rng(1).normal(5.0, 2.0, 400)
    whole, intervals = measured(MEAN, {"size": sizes}, [400])
    batches = sizes.reshape(BATCHES, -1).mean(axis=1)
    reach = 2.093 * batches.std(ddof=1) / BATCHES**0.5
    assert whole["mean"] == pytest.approx(sizes.mean())
    assert intervals["mean"] == pytest.approx((sizes.mean() - reach, sizes.mean() + reach))


def test_networks_that_differ_widen_it():
    """Four networks: three degrees of freedom, over the means of each."""
    means = np.array([1.0, 2.0, 3.0, 4.0])
    sizes = np.repeat(means, 40)
    _, intervals = measured(MEAN, {"size": sizes}, [40] * 4)
    reach = 3.182 * means.std(ddof=1) / 2
    assert intervals["mean"] == pytest.approx((2.5 - reach, 2.5 + reach))


def test_it_holds_the_true_mean_nineteen_times_of_twenty():
    drawn = np.random.default_rng(2).exponential(1.0, (300, 200))
    found = [measured(MEAN, {"size": sizes}, [200])[1]["mean"] for sizes in drawn]
    assert 0.91 < np.mean([low <= 1.0 <= high for low, high in found]) < 0.985


def test_what_has_no_value_has_no_interval():
    nothing = {"none": lambda lanes: None}
    assert measured(nothing, {"size": np.ones(40)}, [40]) == ({"none": None}, {})
