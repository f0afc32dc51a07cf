"""What cascade's docstring claims: bond percolation, its threshold and its ends."""

import numpy as np
import pytest

import ecumene as ec
from ecumene.models import MODELS
from ecumene.models.cascade import spread

from ..societies import explicit, rows

cascade = MODELS["cascade"]


def final(seed=1, backend="cpu", **parameters):
    """The simulation when nothing can change any more."""
    simulation = ec.Simulation(cascade.build(**parameters), seed=seed, backend=backend)
    while simulation.advance():
        pass
    return simulation


def share(**how):
    return final(**how).measure()["reached_share"]


def percolation(p, k):
    """The share of everybody in the giant component: Newman (2002), on a k-regular graph."""
    u = 0.0
    for _ in range(100_000):
        u = 1 - p + p * u ** (k - 1)
    return 1 - u**k


@pytest.mark.parametrize(("p", "k"), [(0.15, 10), (0.3, 10), (0.4, 4), (0.6, 3)])
def test_it_reaches_what_percolation_theory_says(p, k):
    agents = 100_000
    found = np.mean(
        [share(agents=agents, degree=k, transmission=p, seeds=30, seed=s) for s in (1, 2, 3, 4)]
    )
    assert found == pytest.approx(percolation(p, k), abs=4 * spread(p, k) / np.sqrt(4 * agents))


@pytest.mark.slow
def test_a_million_agents_agree_with_theory_to_the_third_digit():
    agents = 1_000_000
    shares = [share(agents=agents, seed=s) for s in range(1, 9)]
    wanted, sd = percolation(0.15, 10), spread(0.15, 10) / np.sqrt(agents)
    assert np.mean(shares) == pytest.approx(wanted, abs=4 * sd / np.sqrt(8))
    assert 0.3 * sd < np.std(shares, ddof=1) < 2.2 * sd


@pytest.mark.parametrize(("p", "k"), [(0.09, 10), (0.3, 4), (0.45, 3)])
def test_below_the_threshold_it_dies_near_its_seeds(p, k):
    """10 seeds start 10 trees of 1 + k p / (1 - (k - 1) p) agents each, on average."""
    reached = [
        final(agents=100_000, degree=k, transmission=p, seed=s).measure()["reached"]
        for s in range(20)
    ]
    mean = 10 * (1 + k * p / (1 - (k - 1) * p))
    assert np.mean(reached) < 2 * mean and max(reached) < 3000


def test_the_threshold_is_where_it_says():
    below, above = (
        share(agents=100_000, degree=10, transmission=p, seeds=100) for p in (0.09, 0.14)
    )
    assert below < 0.03 and above > 0.4


def test_without_transmission_only_the_seeds_are_reached(backend):
    simulation = final(agents=500, transmission=0.0, seeds=7, backend=backend)
    assert simulation.measure()["reached"] == 7
    assert sorted(set(simulation.column("reached_at").tolist())) == [0, ec.NEVER]


def test_with_certain_transmission_everybody_is_reached(backend):
    simulation = final(agents=500, degree=4, transmission=1.0, seeds=1, backend=backend)
    assert simulation.measure() == {"reached": 500, "reached_share": 1.0}


def test_with_certain_transmission_a_hundred_thousand_are_reached():
    assert share(agents=100_000, degree=10, transmission=1.0) == 1.0


@pytest.mark.parametrize("agents", [1, 2, 3])
def test_the_smallest_societies(agents, backend):
    simulation = final(agents=agents, degree=2, transmission=1.0, seeds=1, backend=backend)
    assert simulation.measure()["reached"] == (agents if agents % 2 == 0 or agents == 1 else 3) or (
        agents == 3 and simulation.measure()["reached"] in (2, 3)
    )
    assert final(agents=agents, seeds=0, backend=backend).measure()["reached"] == 0


def test_no_ties_no_spread(backend):
    model = ec.Model(
        **{
            **vars(cascade.build(agents=50, transmission=1.0)),
            "networks": {"contacts": ec.matchings(0)},
        }
    )
    simulation = ec.Simulation(model, backend=backend)
    while simulation.advance():
        pass
    assert simulation.measure()["reached"] == 10


def on_rows(network, seed=0, backend="cpu", **parameters):
    model = cascade.build(**parameters).with_network("contacts", network)
    simulation = ec.Simulation(model, seed=seed, backend=backend)
    while simulation.advance():
        pass
    return simulation


def test_a_star_is_reached_in_one_step_from_its_hub_and_two_from_a_spoke(backend):
    star = rows(300, [(0, j) for j in range(1, 300)], directed=False)
    simulation = on_rows(star, transmission=1.0, seeds=1, backend=backend)
    steps = np.bincount(simulation.column("reached_at")).tolist()
    assert steps in ([300], [2, 298])  # who starts it counts as reached in step 0 too


def test_a_directed_star_is_reached_from_its_hub_only(backend):
    star = rows(40, [(0, j) for j in range(1, 40)], directed=True)
    for seed in range(5):
        simulation = on_rows(star, seed, transmission=1.0, seeds=1, backend=backend)
        started = int(np.argmin(simulation.column("reached_at")))
        assert simulation.measure()["reached"] == (40 if started == 0 else 1)


def walk(agents, backend="cpu"):
    """When a ring's agents are reached, from the one who starts it on: one in every step."""
    ring = rows(agents, [(j, (j + 1) % agents) for j in range(agents)], directed=True)
    simulation = on_rows(ring, transmission=1.0, seeds=1, backend=backend)
    at = simulation.column("reached_at")
    starter = next(j for j in range(agents) if at[j] == 0 and at[j - 1] > 0)
    return simulation, np.roll(at, -starter)


def test_it_walks_a_ring_for_longer_than_a_byte_holds(backend):
    """Steps 254, 255, 256 are the ones that storage could mistake for NEVER."""
    simulation, at = walk(600, backend)
    assert simulation.step == 600
    assert at.tolist() == [0, *range(599)]
    assert simulation.measure()["reached"] == 600


@pytest.mark.slow
def test_it_walks_a_ring_for_longer_than_two_bytes_hold():
    simulation, at = walk(66_000)
    assert simulation.step == 66_000
    assert at.tolist() == [0, *range(65_999)]


def test_the_score_is_for_the_case_that_the_target_means():
    from ecumene.engine import Outcome
    from ecumene.models.cascade import score

    meant = {"transmission": 0.15, "degree": 10}
    measures = {"reached_share": 0.72}
    value, low, high = score(Outcome(1_000_000, 9, meant, measures))["final size"]
    assert low < value == 0.72 < high
    assert score(Outcome(999, 9, meant, measures)) == {}
    assert score(Outcome(1_000_000, 9, {**meant, "degree": 9}, measures)) == {}


def test_no_network_is_named_but_its_own():
    assert list(cascade.build().networks) == ["contacts"]
    assert explicit(3, [(0, 1)]).notices == ()
