"""`ecumene runs`: whole, unfinished and damaged runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from ecumene.store import Store

Cli = Callable[..., Result]
RECORD = {"model": "cascade", "agents": 1000, "steps": 3, "seed": 1, "digest": "ab"}


@pytest.fixture
def kept(out: Path) -> Path:
    """A store with a whole, an unfinished and a damaged run."""
    for name in ("whole", "damaged"):
        with Store(out).open_partial(name, RECORD) as writer:
            writer.finish(RECORD, [])
    (out / "damaged" / "run.json").write_text("{")
    Store(out).open_partial("partial", RECORD).abandon("stopped", RECORD)
    return out


def test_without_a_store_it_says_how_to_make_one(cli: Cli, out: Path):
    result = cli("runs", "--out", out)
    assert result.exit_code == 0
    assert "ecumene run cascade" in result.stdout
    assert not out.exists()


def test_without_a_store_json_is_an_empty_list(cli: Cli, out: Path):
    assert json.loads(cli("runs", "--out", out, "--json").stdout) == {"runs": []}


def test_each_run_says_whether_it_is_whole(cli: Cli, kept: Path):
    runs = json.loads(cli("runs", "--out", kept, "--json").stdout)["runs"]
    assert {run["run"]: run["status"] for run in runs} == {
        "whole": "finished",
        "partial": "unfinished",
        "damaged": "damaged",
    }


def test_people_get_a_table(cli: Cli, kept: Path):
    lines = cli("runs", "--out", kept).stdout.splitlines()
    assert lines[0].split() == ["run", "status", "agents", "steps", "seed"]
    assert ["whole", "finished", "1,000", "3", "1"] in [line.split() for line in lines]


def test_what_compare_made_is_listed_where_it_is_asked_for(cli: Cli, kept: Path):
    record = {**RECORD, "replication_of": "whole"}
    with Store(kept).open_partial("another-seed", record) as writer:
        writer.finish(record, [])
    short, every = (cli("runs", *more, "--out", kept).stdout for more in ((), ("--all",)))
    assert "and 1 that `ecumene compare` made: type --all to see them." in short
    assert "another-seed" in every and "another-seed" not in short
    listed = json.loads(cli("runs", "--out", kept, "--json").stdout)["runs"]
    assert [run["replication_of"] for run in listed].count("whole") == 1
