"""Who shared a story, through whom and how fast, in words that agree with the columns."""

import numpy as np

import ecumene as ec
from ecumene.models import MODELS
from ecumene.models.virality.telling import below, lasted

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
    assert told["Who shared it?"].startswith("1 of 500 people.")
    assert "posted it first; 0 have it through them" in told["What happened to one of them?"]
