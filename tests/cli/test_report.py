"""`ecumene report`: the page of a run that is kept."""

from __future__ import annotations

import json
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
