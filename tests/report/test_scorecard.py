"""Only held-out rows count, and a verdict is never made up."""

from __future__ import annotations

import pytest

from ecumene.report import scorecard

ROW = {"name": "share", "value": 0.5, "target_low": 0.4, "target_high": 0.6}


def test_only_held_out_rows_are_counted():
    rows = [ROW | {"role": "held-out", "met": m} for m in (True, True, False, None)]
    rows += [ROW | {"role": "fitted", "met": True}] * 5
    said = "Of 4 held-out targets: 2 met, 1 missed, 1 cannot tell. Not held out, so not counted: 5."
    assert scorecard.count(rows) == said


def test_of_a_changed_run_no_target_is_scored_and_the_page_says_why():
    record = {"scorecard": [ROW | {"role": "held-out", "met": None, "value": None}]}
    assert scorecard.counted(record) == "Of 1 held-out target: 1 cannot tell."
    said = scorecard.counted(record | {"interventions": [{"change": "at 60: limit = 2"}]})
    assert said.startswith("No target is scored: they are stated for the model left to itself")


def test_that_nothing_was_held_out_is_said():
    assert "No held-out rows" in scorecard.count([ROW | {"role": "fitted", "met": True}])
    assert "No targets" in scorecard.count([])


@pytest.mark.parametrize(("met", "said"), [(True, "met"), (False, "missed"), (None, "cannot tell")])
def test_a_verdict_in_words(met, said):
    (line,) = scorecard.lines([ROW | {"met": met}])
    assert (line.verdict, line.value, line.target) == (said, "50.0 %", "40.0 % to 60.0 %")
    assert line.interval == "none"


def test_the_picture_keeps_the_order_of_the_numbers():
    (line,) = scorecard.lines([ROW | {"low": 0.45, "high": 0.7}])
    at = line.picture
    assert at is not None
    names = ("target_low", "low", "value", "target_high", "high")
    found = [at[n] for n in names]
    assert found == sorted(found)
    assert 0 < found[0] < found[-1] < scorecard.WIDTH


def test_a_value_without_a_target_band_has_no_picture():
    assert scorecard.lines([{"name": "x", "value": 1.0}])[0].picture is None
