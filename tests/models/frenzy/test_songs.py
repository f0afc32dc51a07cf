"""The Music Lab: inequality and unpredictability rise with influence; quality still tells."""

from functools import cache

import numpy as np
import pytest

import ecumene as ec
from ecumene.engine import Outcome
from ecumene.models import MODELS
from ecumene.models.frenzy.curves import normal_quantile, poisson
from ecumene.models.frenzy.scoring import apart, gini, score_songs, worlds_of
from ecumene.models.frenzy.songs import appeal

frenzy = MODELS["frenzy"]


def outcome_of(seed=1, backend="cpu", **parameters):
    """All listeners have come and gone."""
    model = frenzy(**{**frenzy.presets["music-lab"], **parameters})
    simulation = ec.Simulation(model, seed=seed, backend=backend)
    while simulation.step < model.max_steps:
        simulation.advance()
    return Outcome(model.agents, simulation.step, model.parameters, simulation.measure_all())


@cache
def found():
    return outcome_of()


def test_the_calibrated_inequalities_are_the_published_ones():
    scored = score_songs(found())
    names = ["without influence", "with weak influence", "with strong influence"]
    values = [scored[f"Gini {name}"][0] for name in names]
    assert values == sorted(values)
    for value, published in zip(values, (0.22, 0.34, 0.5), strict=True):
        assert value == pytest.approx(published, abs=0.04)


def test_unpredictability_rises_with_influence():
    weak, strong, alone = worlds_of(found())
    assert apart(alone) < apart(weak) < apart(strong) < 0.02


def ranks(counts):
    return (-counts).argsort(-1).argsort(-1)


def test_the_best_rarely_do_poorly_and_the_worst_rarely_well():
    """Of the four best songs in strong worlds hardly any ends in the last third, and conversely."""
    weak, strong, _ = worlds_of(found())
    for worlds in (weak, strong):
        worst, best = ranks(worlds)[:, :4], ranks(worlds)[:, -4:]
        assert np.mean(best >= 32) < 0.15 and np.mean(worst < 16) < 0.2
    middle = ranks(strong)[:, 20:28]
    assert middle.min() < 12 and middle.max() > 35  # in between, anything


def test_every_world_is_as_large_as_in_the_experiment():
    counts = np.concatenate(worlds_of(found()))
    assert counts.shape == (20, 48)
    heard = 14_341 / 20 * 4 * np.mean(appeal(48, -0.9, 0.5))
    assert counts.sum(1).mean() == pytest.approx(heard, rel=0.1)


def test_the_backends_count_the_same_downloads():
    few = {"agents": 200, "songs": 6, "worlds": 2}
    assert outcome_of(backend="reference", **few).measures == outcome_of(**few).measures


def test_a_song_is_downloaded_once_by_each_at_most():
    outcome = outcome_of(agents=60, songs=2, worlds=1, songs_heard=30.0, quality=15.0,
                         backend="reference")  # fmt: skip
    assert sum(outcome.measures["downloads"].values()) == 2 * 60


def test_without_quality_nobody_downloads():
    outcome = outcome_of(agents=60, songs=2, worlds=1, quality=-20.0, backend="reference")
    assert sum(outcome.measures["downloads"].values()) == 0
    assert score_songs(outcome) == {}


def test_too_many_charts_are_refused():
    with pytest.raises(ec.EcumeneError, match="set fewer songs or worlds"):
        frenzy(songs=60, worlds=100)


def test_two_mechanisms_at_once_are_refused():
    with pytest.raises(ec.EcumeneError, match="runs one mechanism"):
        frenzy(songs=48, threshold=0.18)


def test_the_gini_coefficient_of_known_counts():
    assert gini(np.array([1.0, 1, 1, 1])) == 0 and gini(np.array([0.0, 0, 0, 4])) == 0.75
    assert apart(np.array([[1.0, 1], [2, 2]])) == 0 and apart(np.array([[1.0, 0], [0, 1]])) == 1


def test_quantiles_and_shares_of_known_distributions():
    assert [normal_quantile(s) for s in (0.025, 0.5, 0.975)] == pytest.approx(
        [-1.959963984540054, 0.0, 1.959963984540054], abs=1e-12
    )
    shares = poisson(4.0)
    assert sum(shares.values()) == pytest.approx(1.0, abs=1e-12)
    assert shares[3] == pytest.approx(0.19536681481316454, abs=1e-12)
