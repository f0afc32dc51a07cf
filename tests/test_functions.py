"""Functions of rules: near the true ones, the same compiled, and nothing else than + - * /."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ecumene as ec
from ecumene.functions import quantile


@given(st.floats(-709, 709))
def test_the_exponential(x):
    assert ec.exp(x) == pytest.approx(math.exp(x), rel=2e-15)


@given(st.floats(1e-300, 1e300))
def test_the_logarithm(x):
    assert ec.log(x) == pytest.approx(math.log(x), rel=1e-14, abs=1e-15)


@given(st.floats(0, 1e300))
def test_the_root(x):
    assert ec.sqrt(x) == pytest.approx(math.sqrt(x), rel=5e-16, abs=1e-200)


@given(st.floats(2**-53, 1 - 2**-53))
def test_the_quantile(share):
    assert quantile(share) == pytest.approx(NormalDist().inv_cdf(share), abs=2e-8, rel=2e-9)


def test_ends():
    assert (ec.exp(-1e9), ec.exp(0.0), ec.log(1.0), ec.sqrt(0.0)) == (0.0, 1.0, 0.0, 0.0)
    assert ec.exp(1e9) == ec.exp(709.0)


def test_normal_draws_are_normal():
    draws = np.array([ec.normal(ec.fold(1, i)) for i in range(20_000)])
    assert abs(draws.mean()) < 4 / np.sqrt(20_000) and draws.std() == pytest.approx(1, abs=0.02)
    assert (draws < -1.959964).mean() == pytest.approx(0.025, abs=0.005)


@ec.agent_rule(writes="seen")
def work_out(me, env, model, key):
    x = ec.normal(key) * 40.0
    return ec.exp(x) + ec.log(abs(x) + 1e-30) + ec.sqrt(abs(x))


def test_compiled_they_give_the_same_bits():
    model = ec.Model(
        populations={"people": ec.Population(3000, seen=ec.real())}, phases=[[work_out]]
    )
    digests = set()
    for backend in ("reference", "cpu"):
        simulation = ec.Simulation(model, seed=1, backend=backend)
        simulation.advance()
        digests.add(simulation.digest())
    assert len(digests) == 1
