"""What stance's docstring claims: who is reached follows from the degrees, and who is moved."""

import numpy as np
import pytest

import ecumene as ec
from ecumene.engine import Outcome
from ecumene.models import MODELS
from ecumene.models.stance import cut_of, first_stance, never_reached, persuasion, score
from ecumene.networks import power_law
from ecumene.testing import check_model

stance = MODELS["stance"]


def after(steps, seed=1, backend="cpu", **parameters):
    simulation = ec.Simulation(stance.build(**parameters), seed=seed, backend=backend)
    for _ in range(steps):
        simulation.advance()
    return simulation


@pytest.mark.parametrize(("sampled", "steps"), [(0.01, 100), (0.3, 12)])
def test_the_share_never_reached_follows_from_the_degrees(sampled, steps):
    n = 100_000
    found = after(steps, agents=n, sampled=sampled).measured("never_reached")
    classes = power_law(3.0, 5, n // 10).classes(n)
    wanted = never_reached(*classes, 0.2, sampled, steps)
    assert found == pytest.approx(wanted, abs=4 * (wanted * (1 - wanted) / n) ** 0.5)


def test_that_formula_on_a_case_done_by_hand():
    """Two ties each, all lead or none: (1 - s)**t, and 1; a half of each degree in between."""
    two = np.array([2]), np.array([100])
    assert never_reached(*two, 1 - 1e-12, 0.5, 3) == pytest.approx(0.125)
    assert never_reached(*two, 1e-12, 0.5, 3) == pytest.approx(1.0)
    half = never_reached(*two, 0.5, 0.5, 1)
    assert half == pytest.approx(1 - 0.5 * 0.5)


def test_exactly_the_wanted_share_leads():
    degrees, counts = np.array([5, 8, 20]), np.array([70, 20, 10])
    assert cut_of(degrees, counts, 0.2) == (8, 0.5)
    assert cut_of(degrees, counts, 0.1) == (20, 1.0)
    assert cut_of(degrees, counts, 1.0) == (5, 1.0)
    degrees, counts = power_law(3.0, 5, 10_000).classes(100_000)
    cut, part = cut_of(degrees, counts, 0.2)
    led = counts[degrees > cut].sum() + part * counts[degrees == cut].sum()
    assert led == pytest.approx(20_000)


def test_nobody_is_moved_by_who_does_not_lead_or_agrees(backend):
    assert after(3, agents=300, influencers=0.0, sampled=0.5, backend=backend).measure()[
        "never_reached"
    ] == pytest.approx(1.0, abs=0.01)
    still = after(3, agents=300, most=0.0, sampled=0.5, backend=backend)
    state = still.column("state")
    assert ((state == 0) | ((state - 1) // 3 == (state - 1) % 3)).all()
    assert (state > 0).any()


def test_one_moves_one_step_in_a_round():
    simulation = after(0, agents=2000, most=1.0, sampled=1.0, backend="reference")
    first = np.array([first_stance(ec.fold(0, i)) for i in range(2000)])
    before = first
    for _ in range(2):
        simulation.advance()
        state = simulation.column("state")
        now = np.where(state == 0, first, (state - 1) % 3)
        assert np.abs(now - before).max() == 1
        assert (np.where(state == 0, first, (state - 1) // 3) == first).all()
        before = now


def test_first_stances_are_a_third_each_and_of_their_own_draw():
    stances = [[first_stance(ec.fold(draw, i)) for i in range(6000)] for draw in (0, 1)]
    for drawn in stances:
        assert np.bincount(drawn) / 6000 == pytest.approx([1 / 3] * 3, abs=0.025)
    assert np.mean(np.array(stances[0]) == np.array(stances[1])) == pytest.approx(1 / 3, abs=0.03)


def test_the_table_says_that_it_is_synthetic_and_what_it_holds():
    table = persuasion(0.2)
    assert table.situations == 90_000 and "synthetic" in table.sources[0]
    assert table.chances(7, 7, 0, 1)["move"] == pytest.approx(0.2)
    assert table.chances(7, 7, 0, 2)["move"] == pytest.approx(0.1)
    assert table.chances(7, 7, 2, 2)["move"] == 0.0
    assert table.chances(0, 99, 0, 1)["move"] == pytest.approx(0.02)
    assert "synthetic" in stance.build().limits[1]


def test_more_samples_only_add_in_the_first_round():
    """Luck is paired: who is sampled at a half is sampled at nine tenths too."""
    few, many = (after(1, agents=500, sampled=s).column("state") for s in (0.5, 0.9))
    assert (many[few > 0] == few[few > 0]).all() and (many > 0).sum() > (few > 0).sum()


def test_it_is_scored_where_the_target_means_it():
    given = dict(stance.build().parameters)
    measures = {"never_reached": 0.65}
    value, low, high = score(Outcome(10**6, 100, given, measures))["never reached after 100 rounds"]
    assert low < value == 0.65 < high
    assert score(Outcome(10**6, 99, given, measures)) == {}
    assert score(Outcome(10**6, 100, {**given, "sampled": 0.1}, measures)) == {}


def test_in_small_worlds_fewer_are_reached_as_their_degrees_say():
    """No hub has more than a tenth of the people, and fewer hubs lead to fewer encounters."""
    expected = {}
    for n in (400, 1600):
        found = [
            after(4, seed, agents=n, sampled=0.3).measured("never_reached") for seed in range(20)
        ]
        classes = power_law(3.0, 5, n // 10).classes(n)
        expected[n] = never_reached(*classes, 0.2, 0.3, 4)
        assert np.mean(found) == pytest.approx(expected[n], abs=4 * np.std(found) / 20**0.5)
    assert expected[400] > expected[1600] + 0.03


@pytest.mark.slow
def test_it_keeps_the_laws():
    """From 16,000 on the share never reached is within 0.002 of that of a million."""
    check_model(stance, agents=16_000, steps=4, sampled=0.3, intensive=["never_reached"], seeds=6)
