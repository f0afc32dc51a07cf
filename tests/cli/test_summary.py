"""The end of a run for people and for scripts."""

from pathlib import Path
from typing import Any

import pytest

from ecumene.cli.summary import KEYS, ROW_KEYS, json_record, summary


def row(**changes: Any) -> dict[str, Any]:
    return {
        **{"name": "final size", "value": 0.552, "low": 0.551, "high": 0.553},
        **{"target_low": 0.5494, "target_high": 0.5554, "role": "regression"},
        **{"status": "computed", "met": True, "source": "bond percolation"},
        **changes,
    }


@pytest.fixture
def record() -> dict[str, Any]:
    return {
        **dict.fromkeys(KEYS, 0),
        **{"run": "cascade-ab", "model": "cascade", "agents": 1_000_000, "steps": 24},
        **{"step_unit": "round", "seconds": 0.5, "stored": False, "digest": "d" * 32},
        **{"measures": {"reached": 552_000, "reached_share": 0.552}, "scorecard": [row()]},
        "interventions": [],
    }


def test_json_has_exactly_the_promised_keys(record: dict[str, Any]):
    made = json_record({**record, "machine": "not promised"})
    assert tuple(made) == KEYS
    assert tuple(made["scorecard"][0]) == ROW_KEYS


def test_the_summary_ends_with_the_reports_path(record: dict[str, Any]):
    lines = summary(record, Path("runs/cascade-ab/report.html")).splitlines()
    assert lines[0].startswith("cascade: 1,000,000 agents, 24 rounds, seed 0, in 0.50 s")
    assert "552,000" in "".join(lines)
    assert lines[-1] == "report: runs/cascade-ab/report.html"


def test_a_unit_of_several_gets_no_second_s(record: dict[str, Any]):
    assert ", 24 minutes, seed" in summary({**record, "step_unit": "minutes"}, Path("r"))


def test_a_run_out_of_the_store_says_so(record: dict[str, Any]):
    assert "found in the store" in summary({**record, "stored": True}, Path("r"))


def test_the_headline_counts_held_out_rows_only(record: dict[str, Any]):
    held_out = [row(role="held-out", met=met) for met in (True, False, None)]
    said = summary({**record, "scorecard": [*held_out, row()]}, Path("r"))
    assert "targets: 1 of 3 held-out met; 1 regression" in said
    assert all(verdict in said for verdict in ("met", "missed", "cannot tell"))


def test_a_row_without_an_interval_shows_its_value_alone(record: dict[str, Any]):
    said = summary({**record, "scorecard": [row(low=None, high=None)]}, Path("r"))
    assert "final size 0.552  target" in said


def test_of_a_measure_by_group_the_largest_are_shown(record: dict[str, Any]):
    groups = {f"C{n:02}": n for n in range(62)}
    said = summary({**record, "measures": {"reached": groups}}, Path("r"))
    assert "reached[C61]" in said
    assert "reached[C00]" not in said
    assert "the largest 5 of 62" in said


def test_what_was_changed_is_told_with_when_it_happened(record: dict[str, Any]):
    change = {"change": "at 8: seed 100", "times": 1, "first": 8, "last": 8, "agents": 100}
    said = summary({**record, "interventions": [change]}, Path("r"))
    assert "  at 8: seed 100 (round 8, 100 agents)" in said.splitlines()


def test_of_a_changed_run_no_target_is_scored_and_it_says_why(record: dict[str, Any]):
    change = {"change": "at 8: seed 100", "times": 1, "first": 8, "last": 8, "agents": 100}
    rows = [row(value=None, low=None, high=None, met=None)]
    said = summary({**record, "interventions": [change], "scorecard": rows}, Path("r"))
    assert "targets: none is scored, as they are of the model left to itself" in said
    assert "no value" not in said and "cannot tell" not in said
    assert "final size has no value here" in summary({**record, "scorecard": rows}, Path("r"))


def test_a_run_kept_before_there_were_interventions_is_read(record: dict[str, Any]):
    del record["interventions"]
    assert json_record(record)["interventions"] == []
    assert "reached" in summary(record, Path("r"))
