"""Variance, bimodality, polarisation and clusters against numpy, closed forms and their laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ecumene as ec
from ecumene.errors import ModelError
from ecumene.measures import bimodality_of, clusters_of, polarization_of, variance_of

whole = st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=60)


def given_values(values):
    """A view of one column."""

    class View:
        def column(self, name, of=""):
            return np.array(values)

    return View()


@given(whole)
def test_the_variance_is_numpys_to_a_bin(values):
    spread = max(values) - min(values)
    wanted = np.var(np.array(values, float))
    assert variance_of(np.array(values)) == pytest.approx(wanted, abs=spread**2 / 1000 + 1e-9)


@given(st.lists(st.integers(0, 4000), min_size=1, max_size=50))
def test_few_kinds_of_whole_numbers_have_their_exact_variance(values):
    assert variance_of(np.array(values), 10.0) == pytest.approx(np.var(values) / 100, rel=1e-12)


def test_the_bimodality_of_known_shapes():
    assert bimodality_of(np.repeat([3, 9], 500)) == pytest.approx(1.0)
    assert bimodality_of(np.arange(4000)) == pytest.approx(5 / 9, abs=1e-3)
    normal = np.random.default_rng(1).normal(size=100_000)
    assert bimodality_of(normal) == pytest.approx(1 / 3, abs=0.01)
    assert bimodality_of(np.full(9, 4)) is None and bimodality_of(np.array([])) is None


@pytest.mark.parametrize("alpha", [0.5, 1.0, 1.5])
def test_two_camps_at_the_ends_are_the_most_polarised(alpha):

    def of(*counts):
        return polarization_of(np.repeat(np.arange(len(counts)), counts), 0, 10, alpha)

    assert of(50, 0, 0, 0, 0, 0, 0, 0, 0, 50) == pytest.approx(1.0)
    assert of(0, 0, 100, 0, 0, 0, 0, 0, 0, 0) == 0.0
    assert of(*[10] * 10) < of(50, 0, 0, 0, 0, 0, 0, 50) < 1.0


@given(whole, st.randoms())
def test_it_does_not_matter_who_holds_what(values, luck):
    shuffled = luck.sample(values, len(values))
    for of in (
        variance_of,
        bimodality_of,
        lambda x: polarization_of(x, -(10.0**6), 10.0**6),
        lambda x: clusters_of(x, 50.0),
    ):
        assert of(np.array(values)) == of(np.array(shuffled))


def test_clusters_are_cut_at_gaps():
    values = np.array([0] * 60 + [1] * 10 + [50] * 28 + [90] * 2)
    found = clusters_of(values, 5, least=0.05)
    assert found == {
        "number": 2,
        "largest": 0.7,
        "effective": pytest.approx(1 / (0.7**2 + 0.28**2 + 0.02**2)),
    }
    assert clusters_of(values, 5, least=0.0)["number"] == 3
    assert clusters_of(values, 60)["number"] == 1
    assert clusters_of(np.array([]), 1)["number"] is None


def test_they_are_measures_of_a_column():
    view = given_values([0, 0, 10, 10])
    assert ec.variance("x", unit=10).value(view) == 0.25
    assert ec.bimodality("x").value(view) == 1.0
    assert ec.polarization("x", 0, 10).value(view) == 1.0
    assert ec.clusters("x", 3).value(view)["effective"] == 2.0


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: ec.variance("x", every=0),
        lambda: ec.polarization("x", 0, 1, alpha=1.7),
        lambda: ec.polarization("x", 1, 0),
        lambda: ec.clusters("x", 0),
        lambda: ec.clusters("x", 1, least=2),
    ],
    ids=["never", "steep", "backwards", "no gap", "two wholes"],
)
def test_what_has_no_meaning_is_refused(wrong):
    with pytest.raises(ModelError):
        wrong()
