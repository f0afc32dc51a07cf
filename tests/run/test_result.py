"""A run that is kept: its measures are held against the targets as they are now."""

from dataclasses import replace

import pytest

import ecumene as ec
from ecumene.models import MODELS
from ecumene.store import RunFolder

MODEL = MODELS["cascade"].build(agents=600)


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    return ec.run(MODEL, backend="reference", out=tmp_path_factory.mktemp("runs"))


def test_a_stored_run_is_scored_as_a_fresh_one_is(kept):
    again = ec.run(MODEL, backend="reference", out=kept.path.parent)
    assert again.record["stored"] and again.scorecard == kept.scorecard
    assert not again.rescored and len(again.scorecard) > 0


def test_when_scoring_changes_a_stored_run_shows_the_new_scorecard(kept):
    def score(outcome):
        return {"final size": (0.25, 0.25, 0.25)}

    before = kept.report_path.read_text()
    again = ec.run(replace(MODEL, score=score), backend="reference", out=kept.path.parent)
    assert again.record["stored"] and again.rescored
    (row,) = [row for row in again.scorecard if row["name"] == "final size"]
    assert row["value"] == 0.25 and row["met"] is False
    assert again.record["scorecard"] == again.scorecard
    assert RunFolder(again.path).scorecard != again.scorecard  # what was kept stays as it was
    assert again.report_path.read_text() != before
