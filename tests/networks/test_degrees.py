"""Degree distributions: whole agents, as near to the shares as can be, the tail included."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ecumene as ec
from ecumene.errors import ModelError
from ecumene.networks.degrees import degrees_of

weights = st.dictionaries(st.integers(0, 50), st.integers(1, 100), min_size=1, max_size=8)


def shares_of(weights):
    total = sum(weights.values())
    return {degree: weight / total for degree, weight in weights.items()}


@given(weights, st.integers(1, 10**10))
def test_counts_make_up_the_agents_and_are_near_to_the_shares(weights, agents):
    shares = shares_of(weights)
    degrees, counts = degrees_of(shares).classes(agents)
    assert counts.sum() == agents and (counts > 0).all()
    assert (np.diff(degrees) > 0).all()
    for degree, count in zip(degrees.tolist(), counts.tolist(), strict=True):
        assert abs(count - shares[degree] * agents) <= 1 + 1e-12 * agents


def test_a_power_law_has_its_slope_and_its_tail():
    degrees, counts = ec.power_law(2.3, 2, 1_000_000).classes(10**9)
    assert counts.sum() == 10**9
    assert counts[8] / counts[0] == pytest.approx((10 / 2) ** -2.3, rel=1e-6)
    above = counts[degrees >= 10_000].sum() / counts[degrees >= 1_000].sum()
    assert above == pytest.approx(10**-1.3, rel=0.05)  # the end at 1e6 takes a little
    mean = (degrees * counts).sum() / 1e9
    law = np.arange(2, 1_000_001)
    exact = (law**-1.3).sum() / (law**-2.3).sum()
    assert mean == pytest.approx(exact, rel=1e-3)


@pytest.mark.parametrize("agents", [100, 10_000, 1_000_000])
def test_the_largest_hub_grows_with_the_number_of_agents(agents):
    """One agent's worth of the law lies about the hub: N (d / low)**-1.5 = 1/2."""
    degrees, _ = ec.power_law(2.5, 1, 1_000_000).classes(agents)
    assert degrees[-1] == pytest.approx((agents / 0.5 / 1.5 / 1.341) ** (1 / 1.5), rel=0.1)


def test_counts_are_taken_as_they_are():
    degrees, counts = degrees_of([(5, 2), (0, 7), (3, 0)]).classes(9)
    assert degrees.tolist() == [0, 5] and counts.tolist() == [7, 2]
    with pytest.raises(ModelError, match="9 agents and the population has 10"):
        degrees_of([(5, 2), (0, 7)]).classes(10)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "no degree is given"),
        ([], "no degree is given"),
        ({2: 0.5, 3: 0.4}, "sum to 0.9"),
        ({2: 1.5, 3: -0.5}, "0 or more"),
        ({-1: 1.0}, "whole numbers from 0"),
        ({2.5: 1.0}, "whole numbers from 0"),
        ({10_000_001: 1.0}, "to 10,000,000"),
        ([(3, -1)], "no degree with a count"),
        ([(3, 1, 2)], "no degree with a count"),
        ([(3, 1), (3, 2)], "stands twice"),
    ],
)
def test_what_is_no_distribution_is_refused(given, says):
    with pytest.raises(ModelError, match=says):
        ec.configuration(given)


@pytest.mark.parametrize("law", [(2.5, 0, 9), (2.5, 10, 9), (-1, 1, 9), (2.5, 1, 10**8)])
def test_an_impossible_power_law_is_refused(law):
    with pytest.raises(ModelError, match="power_law"):
        ec.power_law(*law)
