"""Stories in one feed: attention is a capacity, the newest come first, a recommender picks."""

from dataclasses import replace

import numpy as np
import pytest

import ecumene as ec
from ecumene.errors import EcumeneError
from ecumene.models import MODELS
from ecumene.models.virality.counting import gini

virality = MODELS["virality"]
PEOPLE = 80
SOON = {"agents": PEOPLE, "decay": 0.0, "delay_spread": 0.3, "hours_away": 0.5, "slots": 1}
FEED = {**SOON, "feed": True, "stories": 8, "ratio": 5.0, "posted_within": 1.0}


def final(steps=1000, interventions=(), model=None, seed=1, **parameters):
    """The simulation when nothing can change any more."""
    model = model or virality.build(**{**FEED, **parameters})
    simulation = ec.Simulation(model, seed=seed, interventions=interventions, backend="reference")
    while simulation.step < steps and simulation.advance():
        pass
    return simulation


def test_one_story_that_all_have_slots_for_is_shared_by_those_who_share_it_alone():
    """Person by person: the luck is the same, and attention is the only thing in between."""
    one = {**SOON, "stories": 1, "ratio": 2.0, "slots": 1000, "posts": 0.0}
    feed = virality.build(**one, feed=True, posted_within=0.1)
    reached = 0
    for seed in range(3):
        first = ec.Simulation(feed, seed=seed, backend="reference")
        author, topic = int(first.up("waiting")[0]), first.environment["topics"][0]
        begin = ec.set_agents(ec.these_agents(author), shares_at=0, shared=True, sharing=True)
        alone = replace(virality.build(**one, topic=topic), start=[begin])
        found = [final(model=model, seed=seed).column("shared") for model in (feed, alone)]
        assert np.array_equal(*found)
        reached += int(found[0].sum())
    assert reached > 50


def test_another_seed_draws_other_stories_by_others():
    """Who begins them, when, what they are about: of one seed always, of two never the same."""
    begun = [ec.Simulation(virality.build(**FEED), seed=s, backend="reference") for s in (1, 1, 2)]
    authors = [tuple(one.up("waiting") % PEOPLE) for one in begun]
    assert authors[0] == authors[1] != authors[2]
    for name in ("topics", "begun", "sides"):
        assert begun[0].environment[name] == begun[1].environment[name]
        assert begun[0].environment[name] != begun[2].environment[name]


def test_nobody_sees_more_than_there_are_slots_and_the_newest_come_first():
    """In each step, of each person: what is left in the feed is not newer than what was seen."""
    simulation = ec.Simulation(virality.build(**FEED), seed=2, backend="reference")
    seen_at_all = 0
    while simulation.advance():
        person = np.arange(8 * PEOPLE) % PEOPLE
        seen = simulation.column("seen_at") == simulation.step - 1
        seen_at_all += seen.sum()
        assert np.bincount(person[seen], minlength=PEOPLE).max() <= 1
        when = simulation.column("offered_at")
        newest_left = np.full(PEOPLE, -1)
        left = simulation.column("offered") & ~seen
        np.maximum.at(newest_left, person[left], when[left])
        assert (when[seen] >= newest_left[person[seen]]).all()
    assert seen_at_all > 100


def test_without_a_recommender_its_weights_and_its_switch_change_nothing():
    plain = final(recommended=0.0).digest()
    off = final(recommended=0.0, by_popularity=50.0, by_engagement=9.0, chronological=True)
    assert off.digest() == plain


def test_a_chronological_feed_is_a_change_under_the_same_luck():
    """Where it changes nothing nothing differs; what came before it stays."""
    many = {"recommended": 1.0, "slots": 2, "by_popularity": 5.0, "sigma": 1.0}
    switched = [ec.at(9, ec.set_parameter(chronological=True))]
    placebo = [ec.at(9, ec.set_parameter(chronological=False))]
    plain, same, other = (final(interventions=i, **many) for i in ((), placebo, switched))
    assert plain.digest() == same.digest() != other.digest()
    early = [s.column("seen_at") for s in (plain, other)]
    assert np.array_equal(*(np.where(seen < 9, seen, -1) for seen in early))
    assert final(recommended=1.0, chronological=True).measured("seen") > 0


def test_attention_that_nobody_has_is_given_to_nobody():
    assert final(hours_away=1000.0, steps=30).measured("seen") < 8 * PEOPLE / 20


def test_a_fact_check_of_a_feed_is_of_false_stories_only():
    """True ones lose nobody to it where attention is not scarce; without any all are checked."""
    known = {"slots": 1000, "false_share": 0.5, "stories": 6, "posted_within": 0.2}
    plain, checked = (final(**known, fact_check=c) for c in (0.0, 1.0))
    false = np.repeat(plain.environment["false"], PEOPLE)
    before, after = plain.column("shared"), checked.column("shared")
    assert np.array_equal(before[~false], after[~false]) and before[~false].sum() > 20
    assert after[false].sum() == np.sum(plain.environment["false"]) < before[false].sum()
    assert final(fact_check=1.0).measured("sharers") == 8


def test_a_feed_refuses_what_it_cannot_hold():
    with pytest.raises(EcumeneError, match="at most 1,000 compete"):
        virality(feed=True, stories=1001)
    with pytest.raises(EcumeneError, match="simple contagion"):
        virality(feed=True, stories=2, threshold=2)


def test_how_unequal_counts_are():
    assert gini(np.array([3.0, 3.0, 3.0])) == 0.0 and gini(np.zeros(3)) == 0.0
    assert gini(np.array([0.0, 0.0, 0.0, 8.0])) == pytest.approx(0.75)
