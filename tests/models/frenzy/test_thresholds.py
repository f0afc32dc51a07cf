"""Watts's window of mean degrees, and Centola's order: clustered before random."""

import numpy as np
import pyarrow.parquet as pq
import pytest

import ecumene as ec
from ecumene.engine import Outcome
from ecumene.models import MODELS
from ecumene.models.frenzy.curves import poisson
from ecumene.models.frenzy.scoring import WATTS as HELD
from ecumene.models.frenzy.scoring import score, wilson

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


def test_a_run_is_many_cascades(tmp_path):
    """Over several networks, each in a row; the share of them that is global counts those rows."""
    values = {**frenzy.presets["watts"], "agents": 120, "cascades": 8}
    run = ec.run(frenzy(**values), seed=1, backend="reference", out=tmp_path)
    shares = pq.read_table(run.path / "cascades.parquet")["adopted_share"].to_numpy()
    assert len(shares) == 8 and shares.min() < 0.1 < shares.max()
    found = run.record["measures"]
    assert found["global_share"] == np.mean(shares > 0.1)
    assert found["mean_adopted_share"] == pytest.approx(shares.mean())
    assert all(row["value"] is None and row["met"] is None for row in run.record["scorecard"])
    one = ec.run(frenzy(**values), seed=1, lane=1, backend="reference", out=tmp_path)
    assert one.record["measures"]["adopted_share"] == shares[1]


def scored(share, interval=None, **changes):
    """The scorecard's rows of a run with such a share of global cascades."""
    asked = {**HELD, "contacts": 4, "cascades": 1000, **changes}
    intervals = {} if interval is None else {"global_share": interval}
    return score(Outcome(10_000, 30, asked, {"global_share": share}, intervals))


def test_cascades_are_scored_for_the_mean_degree_that_they_had():
    for z, where in ((1, "outside"), (2, "inside"), (5, "inside"), (6, "outside")):
        row = f"global cascades at mean degree {where} the window"
        assert list(scored(0.5, contacts=z)) == [row]
    for change in ({"cascades": 999}, {"threshold": 0.2}, {"enough": 1}, {"seeds": 2}):
        assert scored(0.5, **change) == {}


def test_no_global_cascade_of_a_thousand_may_still_be_one_in_three_hundred():
    """Wilson's upper end for none of n is z^2 / (n + z^2); networks that differ make it wider."""
    z2 = 1.96**2
    ((share, low, high),) = scored(0.0, (0.0, 0.0), contacts=8).values()
    assert (share, low) == (0.0, 0.0) and high == pytest.approx(z2 / (1000 + z2))
    assert wilson(0.25, 400) == pytest.approx((0.2101, 0.2946), abs=1e-4)
    assert list(scored(0.9, (0.7, 1.1)).values()) == [(0.9, 0.7, 1.0)]
    ((_, low, high),) = scored(0.9, (0.899, 0.901)).values()
    assert (low, high) == pytest.approx(wilson(0.9, 1000))


@pytest.mark.slow
@pytest.mark.parametrize(("z", "low", "high"), [(1, 0, 0), (2, 0.6, 0.9), (4, 0.7, 1), (8, 0, 0)])
def test_a_thousand_worlds(z, low, high):
    model = frenzy(**{**WATTS, "agents": 10_000, "contacts": z})
    lanes = ec.run_lanes(model, 1000, seed=1, keep=("adopted_share",), threads=2)
    assert low <= np.mean(lanes["adopted_share"] > 0.1) <= high


@pytest.mark.slow
def test_beyond_the_window_global_cascades_vanish_as_the_network_grows():
    """At a mean degree of 6 the edge at 5.76 is near: 1,000 agents do not know it, 100,000 do."""
    shares = []
    for agents in (1_000, 10_000, 100_000):
        model = frenzy(**{**WATTS, "agents": agents, "contacts": 6})
        lanes = [
            ec.run_lanes(model, 300, seed=seed, keep=("adopted_share",), threads=2)
            for seed in (1, 2, 3)
        ]
        shares.append(np.mean([(lane["adopted_share"] > 0.1).mean() for lane in lanes]))
    assert shares[0] > 0.1 and shares[1] < 0.3 * shares[0] and shares[2] == 0.0


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
