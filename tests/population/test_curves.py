"""Curves: PCHIP as SciPy's, and solved means that are the asked-for ones."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.interpolate import PchipInterpolator

from ecumene.population.curves import exponential, monotone, school_shares, trust_by_age

KNOTS = (0, 15, 20, 40, 60, 65, 100)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 1000), min_size=5, max_size=5))
def test_the_curve_is_scipys_pchip_and_never_falls(heights):
    ys = [Fraction(0), *(Fraction(h, 1000) for h in sorted(heights)), Fraction(1)]
    curve = monotone(KNOTS, ys, range(101))
    scipys = PchipInterpolator(KNOTS, [float(y) for y in ys])(range(101))
    assert np.allclose([float(y) for y in curve], scipys, atol=1e-12)
    assert curve == sorted(curve)


@pytest.mark.parametrize(
    "mean", [Fraction(1, 10), Fraction(12, 5), Fraction(10), Fraction(143, 10)]
)
def test_schooling_has_the_asked_for_mean_after_it_is_cut(mean):
    shares = school_shares(mean)
    assert math.fsum(shares) == pytest.approx(1, abs=1e-14)
    assert math.fsum(k * s for k, s in enumerate(shares)) == pytest.approx(float(mean), abs=1e-9)


def test_a_normal_around_the_mean_would_have_missed_it():
    k = np.arange(21)
    cut = np.exp(-((k - 2.4) ** 2) / (2 * 3.5**2))
    assert (k * cut).sum() / cut.sum() > 3.5  # instead of 2.4


def test_trust_has_the_asked_for_mean_and_rises_evenly_in_logits():
    people = [Fraction(100 - y) for y in range(82)]
    chances = trust_by_age(Fraction(3, 10), people, Fraction(1, 20))
    total = float(sum(people))
    weights = [float(p) / total for p in people]
    assert math.fsum(c * w for c, w in zip(chances, weights, strict=True)) == pytest.approx(0.3)
    logits = [math.log(c / (1 - c)) for c in chances]
    centre = math.fsum(y * w for y, w in enumerate(weights))
    spread = math.sqrt(math.fsum((y - centre) ** 2 * w for y, w in enumerate(weights)))
    assert np.allclose(np.diff(logits), 0.05 / spread, atol=1e-12)


def test_the_exponential_is_the_nearest_float():
    assert exponential(Fraction(1)) == math.e
    assert exponential(0.0) == 1.0
