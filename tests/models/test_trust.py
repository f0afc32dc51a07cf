"""What trust's docstring claims: its means, its equilibria, its thresholds, and every cent."""

from collections import namedtuple

import numpy as np
import pytest
from scipy.stats import norm

import ecumene as ec
from ecumene.errors import EcumeneError
from ecumene.models import MODELS
from ecumene.models.trust.playing import STAKE
from ecumene.models.trust.reputation import ALL_THREE
from ecumene.models.trust.returning import equal_sharers, given_back
from ecumene.models.trust.sending import belief, giving, leanings, sending
from ecumene.testing import check_model

trust = MODELS["trust"]


def after(rounds=1, seed=1, backend="reference", agents=600, **parameters):
    given = {"rounds": max(1, rounds), "agents": agents, **parameters}
    simulation = ec.Simulation(trust.build(**given), seed=seed, backend=backend)
    for _ in range(rounds):
        simulation.advance()
    return simulation


def test_the_means_are_those_put_in_and_calibrated():
    measures = after(agents=8000).measure()
    assert measures["sent"] == pytest.approx(0.51, abs=0.02)
    assert measures["returned"] == pytest.approx(0.37, abs=0.025)
    assert 0.80 < measures["sent_something"] < 0.97


def test_the_tables_have_their_masses_and_means():
    chances = sending().probabilities()
    tenths = np.arange(11)
    for level, row in enumerate(chances):
        assert row @ tenths / 10 == pytest.approx(min(0.85, max(0.15, level / 20)))
    assert chances[10].argmax() == 5 and chances[10][[0, 10]] == pytest.approx(0.15)
    gift = giving().probabilities()[0]
    assert gift @ tenths / 10 == pytest.approx(0.28, abs=1e-9)
    assert gift[0] > gift[5] > max(gift[1], gift[6])


def test_equal_sharers_are_as_many_as_the_mean_needs():
    x = equal_sharers(0.37)
    assert x / 2 + (0.8 - x) / 3 == pytest.approx(0.37)


@pytest.mark.parametrize("reputation", [0, 2])
@pytest.mark.parametrize("multiplier", [1, 3])
def test_every_cent_is_there(reputation, multiplier):
    """Each pair brings a stake into the world, and what is sent grows; nothing else."""
    simulation = after(0, reputation=reputation, multiplier=multiplier)
    wealth = 0
    for _ in range(3):
        simulation.advance()
        choice = simulation.column("choice")
        grown = (multiplier - 1) * STAKE // 10 * int((choice[choice > 0] - 1).sum())
        wealth += STAKE * int((choice > 0).sum()) + grown
        assert simulation.column("earned").sum() == wealth


def test_among_the_selfish_a_rational_sender_sends_nothing(backend):
    simulation = after(agents=200, selfish=1.0, rational=True, backend=backend)
    assert simulation.measure()["sent"] == 0.0
    assert simulation.column("earned").sum() == 100 * STAKE


def test_among_those_who_share_a_rational_sender_sends_all():
    assert after(agents=200, selfish=0.0, rational=True).measure()["sent"] == 1.0


@pytest.mark.parametrize(("looked_up", "kept"), [(0.30, False), (0.36, True)])
def test_records_sustain_giving_back_only_above_cost_over_benefit(looked_up, kept):
    """Image scoring: cost is what was sent, benefit three times that, so q must be above 1/3."""
    model = trust.build(
        agents=300, rounds=9, reputation=1, selfish=1.0, mixed=False, looked_up=looked_up
    )
    simulation = ec.Simulation(model, seed=3, backend="reference")
    simulation.advance()
    assert (simulation.column("kept").sum() > 0) == kept
    assert (simulation.column("broken").sum() > 0) != kept


@pytest.mark.parametrize(("patience", "kept"), [(0.30, False), (0.36, True)])
def test_partners_give_back_only_above_the_critical_discount_factor(patience, kept):
    """(T - R)/(T - P) with T = 3, R = 2 and P = 0 shares: a third."""
    model = trust.build(
        agents=300, rounds=9, reputation=2, selfish=1.0, mixed=False, patience=patience
    )
    simulation = ec.Simulation(model, seed=3, backend="reference")
    simulation.advance()
    assert (simulation.column("kept").sum() > 0) == kept
    assert (simulation.column("broken").sum() > 0) != kept


def test_in_the_last_round_no_selfish_one_gives_back():
    simulation = after(2, agents=300, selfish=1.0, reputation=2, mixed=False)
    assert simulation.column("returned").max() == 0


def test_partners_are_the_same_two_in_all_rounds():
    simulation = after(1, agents=301, reputation=2)
    group = simulation.column("group")
    assert sorted(np.unique(group, return_counts=True)[1].tolist()) == [1, *[2] * 150]
    simulation.advance()
    assert (simulation.column("group") == group).all()


def test_trust_grows_from_strangers_to_records_to_partners():
    measures = after(8, agents=4000, reputation=ALL_THREE, backend="cpu").measure()
    shares = [measures["sent_by_arm"][a] / 10 / measures["led_by_arm"][a] for a in "012"]
    assert shares[0] < shares[1] < shares[2]


def test_more_is_sent_in_trust_than_given():
    """Trust is more than kindness: the triple dictator's gift is smaller."""
    given = after(agents=4000, dictator=True).measure()["sent"]
    assert given == pytest.approx(0.28, abs=0.02)
    assert given < after(agents=4000).measure()["sent"]


def test_who_was_betrayed_believes_less():
    assert belief(0, 0, 2.0) == 0.5
    assert belief(0, 1, 2.0) < belief(0, 1, 1.0) < 0.5 < belief(1, 0, 2.0)


def test_the_country_effect_is_of_its_own_draw_and_never_of_the_seed():
    models = [trust.build(agents=500, draw=d) for d in (0, 0, 7)]
    odds = [m.environment["odds"].first for m in models]
    assert odds[0] == odds[1] != odds[2]


def test_leanings_are_log_normal_in_equal_groups():
    found = np.log(leanings(0.6))
    assert found.mean() == pytest.approx(0.0, abs=1e-9)
    assert found.std() == pytest.approx(0.6, abs=0.005)
    assert found[194] == pytest.approx(0.6 * norm.ppf(0.9725))


@pytest.mark.parametrize("multiplier", [1, 2, 3, 10])
def test_the_share_given_back_is_a_trait_whatever_the_multiplier(multiplier):
    """Nothing, a third or half of what there is: the return ratio of the design."""
    model = trust.build(agents=10, multiplier=multiplier)
    parameters = namedtuple("Model", model.parameters)(**model.parameters)
    env = namedtuple("Env", ["step", "sharers"])(0, model.environment["sharers"].default)
    cents, there = 600, 600 * multiplier
    given = [given_back(cents, there, ec.fold(3, i), 0.0, env, parameters) for i in range(4000)]
    assert set(given) == {0, there // 3, there // 2}
    assert np.mean(given) / there == pytest.approx(0.37, abs=0.01)


def test_the_same_people_play_under_every_seed():
    """Only luck differs: the shares of who is selfish are those of the draw."""
    columns = [after(seed=s, rational=True, selfish=0.0, agents=400) for s in (1, 2)]
    assert [c.measure()["sent"] for c in columns] == [1.0, 1.0]


def size_law(sizes, seeds, backend="cpu"):
    """The slope of log SD between seeds over log N."""
    spreads = []
    for n in sizes:
        sent = [after(seed=s, agents=n, backend=backend).measured("sent") for s in range(seeds)]
        spreads.append(np.std(sent, ddof=1))
    return np.polyfit(np.log(sizes), np.log(spreads), 1)[0]


@pytest.mark.slow
def test_the_spread_between_seeds_falls_like_the_root_of_the_number():
    assert size_law([1000, 10_000, 100_000], 24) == pytest.approx(-0.5, abs=0.1)


@pytest.mark.slow
def test_it_does_so_from_hundreds_to_thousands():
    assert size_law([100, 1000], 20, "reference") == pytest.approx(-0.5, abs=0.25)


def test_a_dictator_has_no_reputation():
    with pytest.raises(EcumeneError, match="no reputation"):
        trust.build(dictator=True, reputation=1)


@pytest.mark.slow
@pytest.mark.parametrize("reputation", [0, ALL_THREE])
def test_it_keeps_the_laws(reputation):
    check_model(trust, agents=150, steps=3, rounds=5, reputation=reputation)
