"""Who shared a story, through whom and how fast, in words that agree with the columns."""

import re

import numpy as np

import ecumene as ec
from ecumene.engine import parse_intervention
from ecumene.models import MODELS
from ecumene.models.virality.telling import FEW, below, lasted

virality = MODELS["virality"]


def test_who_hangs_on_whom_is_counted():
    """5 and 9 began; 7 and 2 have it from 5, 3 from 7."""
    sharers, parents = np.array([2, 3, 5, 7, 9]), np.array([5, 7, -1, 5, -1])
    under, depth = below(sharers, parents)
    assert under.tolist() == [1, 1, 4, 2, 1]
    assert depth.tolist() == [1, 2, 0, 1, 0]


def test_times_are_said_in_hours_and_minutes():
    assert [lasted(n) for n in (0, 3, 13)] == ["less than 10 min", "30 min", "2 h 10 min"]


def test_a_run_answers_and_a_branch_says_what_its_change_did(tmp_path):
    model = virality.build(agents=500, decay=0.0, ratio=2.0, seeds=5, delay_spread=0.3)
    run = ec.run(model, seed=1, backend="reference", out=tmp_path)
    told, measures = run.record["answers"], run.record["measures"]
    assert told["Who shared it?"].startswith(f"{measures['sharers']:,} of 500 people.")
    assert list(told) == [
        "Who shared it?",
        "Through whom?",
        "How fast?",
        "What happened to one of them?",
    ]
    other = ec.branch(run, 6, model=model, fact_check=1.0, backend="reference", out=tmp_path)
    pair = other.record["against_parent"]["sharers"]
    assert pair == [measures["sharers"], other.record["measures"]["sharers"]]
    assert pair[1] < pair[0]
    assert "What did the change do" in other.report_path.read_text(encoding="utf-8")
    assert "against_parent" not in run.record


def test_a_story_that_nobody_passes_on_is_told_too(tmp_path):
    model = virality.build(agents=500, ratio=0.0)
    told = ec.run(model, seed=1, backend="reference", out=tmp_path).record["answers"]
    assert told["Who shared it?"].startswith("1 of 500 people. By country: ")
    assert "Through whom?" not in told and "How fast?" not in told
    assert told["Is that all?"].startswith("Nobody passed it on. So most stories end:")
    assert "posted it first; 0 have it through them" in told["What happened to one of them?"]


def test_what_a_dead_story_says_to_type_goes_far():
    """The very options that are told, over few people and for an hour."""
    settings = dict(re.findall(r"--set (\w+)=([\d.]+)", FEW.split("or let")[0]))
    lively = {
        name: type(virality.parameters[name].default)(value) for name, value in settings.items()
    }
    (line,) = re.findall(r'--do "(.+?)"', FEW)
    hub = virality.build(agents=500, seeds=0)
    for model, changes in (
        (virality.build(agents=500, **lively), []),
        (hub, [parse_intervention(line, hub)]),
    ):
        how = {"seed": 1, "backend": "reference", "interventions": changes}
        simulation = ec.Simulation(model, **how)
        first = simulation.advance() and simulation.measured("sharers")
        while simulation.step < 12 and simulation.advance():
            pass
        assert simulation.measured("sharers") > first > 0


SOON = {"agents": 50, "feed": True, "stories": 8, "ratio": 3.0, "posted_within": 0.5, "slots": 1}
FEED = {**SOON, "decay": 0.0, "delay_spread": 0.3, "hours_away": 1.0, "recommended": 1.0}


def test_a_feed_answers_in_words_that_agree_with_the_columns(tmp_path):
    asked = {**FEED, "false_share": 0.5, "hostile_left": 0.5, "hostile_right": 0.5}
    model = virality.build(**asked)
    run = ec.run(model, seed=1, backend="reference", steps=20, out=tmp_path)
    told, measures = run.record["answers"], run.record["measures"]
    assert list(told) == [
        "Who shared?",
        "Which stories took most?",
        "Through whom?",
        "How fast?",
        "What was seen?",
        "What happened to one of them?",
    ]
    simulation = ec.Simulation(model, seed=1, backend="reference")
    while simulation.step < 20:
        simulation.advance()
    shared = simulation.column("shared").reshape(8, 50)
    people = int(shared.any(axis=0).sum())
    assert told["Who shared?"].startswith(
        f"8 stories were shared {measures['sharers']} times, by {people} of 50 people."
    )
    counts = shared.sum(axis=1)
    assert f"Story {int(counts.argmax())} (" in told["Which stories took most?"]
    assert f"was shared {measures['largest_size']} times" in told["Which stories took most?"]
    assert (
        f"{(counts == 1).sum()} of 8 posted were passed on by nobody"
        in told["Which stories took most?"]
    )
    share = 100 * measures["hostile_share_of_seen"]
    assert f"{share:.1f} % of what was seen was hostile" in told["What was seen?"]
    assert "1 at a time, all by the recommender's choice" in told["What was seen?"]


def test_a_branch_of_a_feed_says_what_the_order_of_time_and_a_fact_check_change(tmp_path):
    how = {"backend": "reference", "out": tmp_path}
    asked = {**FEED, "false_share": 0.5, "hostile_left": 0.5, "hostile_right": 0.5}
    model = virality.build(**asked, hostile_over_other=4.0)
    run = ec.run(model, seed=1, steps=16, **how)
    for change in ({"chronological": True}, {"fact_check": 1.0}):
        other = ec.branch(run, 3, model=model, **change, **how)
        pairs = other.record["against_parent"]
        assert (
            pairs["hostile_share_of_seen"][1] == other.record["measures"]["hostile_share_of_seen"]
        )
        page = other.report_path.read_text(encoding="utf-8")
        assert "What did the change do" in page and "false share of shares" in page
    assert pairs["false_share_of_shares"][1] < pairs["false_share_of_shares"][0]


def test_a_feed_in_which_nobody_shares_is_told_too(tmp_path):
    model = virality.build(**{**FEED, "ratio": 0.0})
    told = ec.run(model, seed=1, backend="reference", out=tmp_path).record["answers"]
    assert "8 of 8 posted were passed on by nobody" in told["Which stories took most?"]
    assert (
        "Through whom?" not in told and "posted it first" in told["What happened to one of them?"]
    )


def test_stories_that_are_not_posted_yet_are_not_told_of():
    simulation = ec.Simulation(
        virality.build(**{**FEED, "ratio": 0.0, "posted_within": 1.0}), seed=1, backend="reference"
    )
    for _ in range(3):
        simulation.advance()
    posted = int(simulation.column("shared").sum())
    said = simulation.model.tell(simulation)["Which stories took most?"]
    assert 0 < posted < 8 and f"{posted} of {posted} posted were passed on by nobody" in said
    assert said.count("was shared 1 times") == min(3, posted)
