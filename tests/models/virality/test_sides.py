"""Sides and hostility: what ranking by engagement shows more of, and when it shows nothing more."""

import numpy as np
import pytest

import ecumene as ec
from ecumene.errors import EcumeneError
from ecumene.models import MODELS
from ecumene.models.virality import sides, together
from ecumene.models.virality.sides import side_of

virality = MODELS["virality"]
PEOPLE, STORIES = 60, 24
SOON = {
    **{"feed": True, "agents": PEOPLE, "stories": STORIES, "ratio": 3.0, "posted_within": 0.5},
    **{"decay": 0.0, "delay_spread": 0.3, "hours_away": 1.0, "slots": 1, "recommended": 1.0},
    **{"by_similarity": 0.0, "by_popularity": 0.0, "by_age": 0.0, "fewest_followers": 6},
}
HOSTILE = {"hostile_left": 0.5, "hostile_right": 0.5}
ALIKE = {"hostile_over_other": 1.0, "across": 1.0, "narrowness": 0.0, "sigma": 0.0}


def after(steps=24, seed=1, **parameters):
    """The simulation after so many steps."""
    model = virality.build(**{**SOON, **HOSTILE, **parameters})
    simulation = ec.Simulation(model, seed=seed, backend="reference")
    while simulation.step < steps and simulation.advance():
        pass
    return simulation


def of_stories(simulation, name):
    """What is known of the story that each agent is with."""
    return np.repeat(simulation.environment[name], PEOPLE)


# -- zero strength ---------------------------------------------------------------------------------


def test_without_a_recommender_hostility_is_shown_to_nobody_more():
    strong = {"hostile_over_other": 20.0, "across": 0.1, "recommended": 0.0}
    assert after(**strong).digest() == after(**strong, chronological=True).digest()


def test_without_more_engagement_ranking_by_it_is_the_order_of_time():
    """All are expected to engage alike, so that nothing is amplified, to the bit."""
    ranked, timely = (after(**ALIKE, chronological=c) for c in (False, True))
    assert ranked.digest() == timely.digest() and ranked.measured("seen") > 80
    assert ranked.digest() != after(**{**ALIKE, "hostile_over_other": 3.0}).digest()


def test_whom_nothing_makes_of_hostility_it_shows_nothing():
    """With no premium the flag alone changes nothing, however stories differ otherwise."""
    same = {"hostile_over_other": 1.0, "sigma": 1.0, "across": 0.3}
    none, all_of_them = (
        after(**same, hostile_left=share, hostile_right=share) for share in (0.0, 1.0)
    )
    for column in ("seen_at", "shared", "parent"):
        assert np.array_equal(none.column(column), all_of_them.column(column))


# -- what it does ----------------------------------------------------------------------------------


def test_ranking_by_engagement_shows_more_hostility_the_more_slots_are_ranked():
    """Of what is seen; and the order of time under the same luck shows as little as no ranking.

    Hardly anything is passed on here, so that the ranking alone is what differs.
    """
    many = {"ratio": 0.01, "posted_within": 0.1, "fewest_followers": 24, "slots": 2}

    def share(**how):
        return after(steps=6, agents=100, stories=60, **many, **how).measured(
            "hostile_share_of_seen"
        )

    shares = [share(recommended=r) for r in (0.0, 0.5, 1.0)]
    assert shares[0] + 0.03 < shares[1] < shares[2] - 0.03
    assert share(chronological=True) == shares[0]


def own(stories, people):
    """Of each agent whether the story is one of the person's own side."""
    sides = np.array([side_of(person) for person in range(people)])
    return np.tile(sides, len(stories)) == np.repeat(stories, people)


def test_more_hostility_only_adds_whom_it_suits():
    """Agent by agent, of the first whom stories came to: others neither gain nor lose."""
    plenty = {"ratio": 0.5, "posted_within": 0.1, "stories": 100, "across": 0.4, "steps": 2}
    mild, harsh = (after(**plenty, hostile_over_other=h) for h in (1.0, 5.0))
    before, now = (one.column("tempter") >= 0 for one in (mild, harsh))
    added = now & ~before
    assert (now >= before).all() and added.sum() > 20
    assert of_stories(mild, "hostile")[added].all()
    assert own(mild.environment["sides"], PEOPLE)[added].all()


def test_people_pass_on_as_much_as_was_put_in():
    """The first generation: `ratio` of a story that is not hostile, and by side as stated."""
    people, stories = 300, 200
    one = after(
        steps=2, agents=people, stories=stories, ratio=0.8, posted_within=0.1, across=0.25,
        hostile_over_other=3.0, seed=2,
    )  # fmt: skip
    tempted, suits = one.column("tempter") >= 0, own(one.environment["sides"], people)
    hostile = np.repeat(one.environment["hostile"], people)
    counts = [[np.sum(tempted & (hostile == h) & (suits == o)) for o in (0, 1)] for h in (0, 1)]
    plain = stories - sum(one.environment["hostile"])
    assert sum(counts[0]) / plain == pytest.approx(0.8, rel=0.25)
    assert counts[0][1] / counts[0][0] == pytest.approx(4.0, rel=0.5)
    assert counts[1][1] / counts[1][0] == pytest.approx(12.0, rel=0.5)
    of_each = counts[1][1] / (stories - plain) / (counts[0][1] / plain)
    assert of_each == pytest.approx(3.0, rel=0.25)


def test_nobody_shares_across_where_nobody_would():
    ended = after(across=0.0)
    shared = np.flatnonzero(ended.column("shared"))
    of = np.array(ended.environment["sides"])[shared // PEOPLE]
    assert [side_of(i) for i in (shared % PEOPLE).tolist()] == of.tolist() and len(shared) > 20


def test_half_of_the_people_are_on_each_side():
    assert np.mean([side_of(i) for i in range(10_000)]) == pytest.approx(0.5, abs=0.02)


def other_side_of(person):
    return 1 - side_of(person)


def test_left_and_right_are_names_only(monkeypatch):
    """With sides and their parameters swapped the very same people see and share the same."""
    one = after(hostile_left=0.9, hostile_right=0.2, across=0.3)
    for module in (sides, together):
        monkeypatch.setattr(module, "side_of", other_side_of)
    other = after(hostile_left=0.2, hostile_right=0.9, across=0.3)
    assert np.array_equal(1 - np.array(one.environment["sides"]), other.environment["sides"])
    for column in ("seen_at", "shared", "parent"):
        assert np.array_equal(one.column(column), other.column(column))
    assert one.measured("right_seen") + other.measured("right_seen") == one.measured("seen")


# -- worlds and their scorecard --------------------------------------------------------------------


def test_worlds_are_scored_against_themselves_in_order_of_time(tmp_path):
    strong = {**SOON, **HOSTILE, "hostile_over_other": 5.0, "worlds": 3, "networks": 3}
    run = ec.run(
        virality.build(**strong), backend="reference", out=tmp_path, steps=24, preset="feed"
    )
    measures, rows = run.record["measures"], {row["name"]: row for row in run.scorecard}
    added = measures["hostile_share_ranked"] - measures["hostile_share_chronological"]
    assert measures["worlds"] == 3 and added == measures["hostile_share_added"] > 0.02
    row = rows["hostile share of what is seen, ranked by engagement minus in time order"]
    assert row["value"] == added and row["low"] < added < row["high"]
    assert rows["sharing of hostile stories over others"]["value"] == 5.0
    assert rows["amplification of the right over the left"]["value"] > 0
    assert measures["amplification_of_hostile"] > measures["amplification_of_all"]


def test_worlds_without_hostility_or_without_a_recommender_amplify_nothing(tmp_path):
    for same in (ALIKE, {"recommended": 0.0, "hostile_over_other": 9.0}):
        model = virality.build(**{**SOON, **HOSTILE, "worlds": 2, **same})
        measures = ec.run(model, backend="reference", out=tmp_path, steps=20).record["measures"]
        assert measures["hostile_share_added"] == 0.0
        assert measures["amplification_of_hostile"] == measures["right_over_left"] == 1.0


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"worlds": 2}, "worlds=2 is for stories that compete in one feed; type feed=true"),
        ({"hostile_left": 0.5}, "hostile_left=0.5 is for stories that compete"),
        ({"across": 0.5}, "across=0.5 is for stories that compete"),
        ({"feed": True, "across": 1.5}, "across"),
        ({"feed": True, "hostile_over_other": 0.5}, "hostile_over_other"),
        ({"feed": True, "worlds": 0}, "worlds"),
    ],
    ids=str,
)
def test_what_only_a_feed_has_is_refused_elsewhere(asked, told):
    with pytest.raises(EcumeneError, match=told):
        virality.build(agents=100, **asked)
