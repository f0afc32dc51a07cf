"""`ecumene report`: the page of a run that is kept."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Cli = Callable[..., Result]


@pytest.fixture
def kept(cli: Cli, out: Path) -> str:
    """The name of a run in the store, without its page."""
    options = ("--agents", "500", "--backend", "reference", "--json", "--out", out)
    name = json.loads(cli("run", "cascade", *options).stdout)["run"]
    for page in out.rglob("*.html"):
        page.unlink()
    return name


def test_the_page_is_written_and_its_path_printed(cli: Cli, kept: str, out: Path):
    result = cli("report", kept, "--out", out)
    assert result.exit_code == 0, result.stderr
    assert "<html" in Path(result.stdout.strip()).read_text(encoding="utf-8")


def test_the_beginning_of_a_name_a_path_and_last_mean_it_too(cli: Cli, kept: str, out: Path):
    (folder,) = (path.parent for path in out.rglob("run.json"))
    for spelling in (kept[:-2], folder, "last"):
        result = cli("report", spelling, "--out", out, "--json")
        assert json.loads(result.stdout)["run"] == folder.name, result.stderr


def test_an_unknown_run_is_refused(refused: Callable[..., str]):
    assert "no run named `nothing`" in refused("report", "nothing")


def test_the_page_has_the_scorecard_of_now(cli: Cli, kept: str, out: Path, monkeypatch):
    words = ("role", "status", "source", "unit", "condition")
    row = {"name": "a new target", "value": 0.25, "low": 0.2, "high": 0.3, "met": False}
    row |= {"target_low": 0.4, "target_high": 0.5, **dict.fromkeys(words, "")}
    monkeypatch.setattr(sys.modules["ecumene.run"], "scorecard_of", lambda model, record: [row])
    page = Path(cli("report", kept, "--out", out).stdout.strip()).read_text(encoding="utf-8")
    assert "a new target" in page


def test_where_the_model_cannot_be_had_again_the_kept_scorecard_is_shown(
    cli: Cli, kept: str, out: Path, monkeypatch
):
    monkeypatch.setattr("ecumene.engine.NUMBERS", -1)
    monkeypatch.setattr("ecumene.branches.origin.NUMBERS", -1)
    result = cli("report", kept, "--out", out)
    assert result.exit_code == 0
    assert "the scorecard is that of when the run was made" in result.stderr
