"""Watts's window of mean degrees, and Centola's order: clustered before random."""

import numpy as np
import pytest

import ecumene as ec
from ecumene.models import MODELS
from ecumene.models.frenzy.curves import poisson

frenzy = MODELS["frenzy"]
WATTS = {"threshold": 0.18, "agents": 1_000}


def end(backend="reference", seed=1, lane=0, **parameters):
    """The simulation when nothing can change any more."""
    simulation = ec.Simulation(frenzy(**parameters), seed=seed, lane=lane, backend=backend)
    while simulation.advance():
        pass
    return simulation


def inside(z, phi=0.18):
    """Watts's condition for global cascades: sum over k up to 1/phi of k (k - 1) p_k >= z."""
    shares = poisson(z)
    return sum(k * (k - 1) * p for k, p in shares.items() if k <= int(1 / phi)) >= z


def test_the_window_is_where_it_is_published():
    window = [z / 100 for z in range(50, 900) if inside(z / 100)]
    assert (window[0], window[-1]) == pytest.approx((1.02, 5.76), abs=0.02)


def largest(z, lanes=12):
    return [end(lane=n, contacts=z, **WATTS).measure()["adopted_share"] for n in range(lanes)]


def test_cascades_are_global_inside_the_window_and_small_outside():
    shares = largest(4)
    assert sum(share > 0.5 for share in shares) >= 5
    assert not any(0.2 < share < 0.5 for share in shares)  # all or hardly any
    assert max(largest(8)) < 0.05


@pytest.mark.slow
@pytest.mark.parametrize(("z", "low", "high"), [(1, 0, 0), (2, 0.6, 0.9), (4, 0.7, 1), (8, 0, 0)])
def test_a_thousand_worlds(z, low, high):
    model = frenzy(**{**WATTS, "agents": 10_000, "contacts": z})
    lanes = ec.run_lanes(model, 1000, seed=1, keep=("adopted_share",), threads=2)
    assert low <= np.mean(lanes["adopted_share"] > 0.1) <= high


def test_the_share_of_contacts_counts_and_not_their_number():
    """A star's hub needs a share of its spokes; a spoke needs its one contact."""
    from ...societies import explicit

    star = explicit(11, [(0, j) for j in range(1, 11)])
    for threshold, reached in ((0.1, 11), (0.11, 1)):
        model = frenzy(threshold=threshold, agents=11, contacts=1).with_network("contacts", star)
        for seed in range(6):
            simulation = ec.Simulation(model, seed=seed, backend="reference")
            started_at = int(np.argmin(simulation.column("adopted_at")))
            while simulation.advance():
                pass
            expected = 11 if started_at == 0 else reached
            assert simulation.measure()["adopted"] == expected


def test_reinforcement_spreads_on_clustered_ties_only():
    values = {"agents": 2000, "enough": 2, "contacts": 8, "friends_first": True, "equal": True}
    clustered, random = (
        end(clustered=c, **values).measure()["adopted_share"] for c in (True, False)
    )
    assert clustered == 1.0 and random < 0.05


def test_one_contact_is_enough_on_both():
    values = {"agents": 200, "enough": 1, "contacts": 8, "equal": True}
    clustered, random = (end(clustered=c, **values) for c in (True, False))
    assert clustered.measure()["adopted_share"] == random.measure()["adopted_share"] == 1.0
    assert random.step < clustered.step  # a simple contagion is faster without clusters


def test_a_higher_threshold_only_takes_away(backend):
    low, high = (
        end(backend=backend, threshold=t, agents=300, contacts=4, seeds=5).column("adopted_at")
        for t in (0.15, 0.3)
    )
    assert np.all(low <= high)


def test_a_cascade_has_the_time_that_it_needs():
    model = frenzy(**frenzy.presets["centola"])
    assert model.max_steps > 1_700 and model.step_unit == "round"
