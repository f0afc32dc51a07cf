"""`ecumene compare`: as it is typed."""

import json
import shlex
from pathlib import Path

import pytest

HOW = shlex.split("--agents 400 --set degree=4 --set transmission=0.5 --backend reference --seed 3")


@pytest.fixture
def both(cli, out, monkeypatch):
    monkeypatch.setattr("ecumene.store.disk.flush", lambda path: None)
    a = json.loads(cli("run", "cascade", *HOW, "--out", out, "--json").stdout)
    change = ["--at", 3, "--set", "transmission=0.3"]
    b = json.loads(cli("branch", "last", *change, "--out", out, "--json").stdout)
    return a["run"], b["run"]


def test_both_are_shown_with_their_difference(cli, out, both):
    found = json.loads(cli("compare", *both, "--replications", 3, "--out", out, "--json").stdout)
    assert (found["run_a"], found["run_b"]) == both
    assert found["paired"] and found["seeds"] == [3, 4, 5]
    assert [one["measure"] for one in found["measures"]] == ["reached", "reached_share"]
    assert found["measures"][0]["n"] == 3 and found["measures"][0]["narrower"] > 0
    assert (
        found["agents"][0]["ever"] == len(found["agents"][0]["who"])
        or len(found["agents"][0]["who"]) == 10
    )
    said = cli("compare", *both, "--replications", 3, "--out", out).stdout
    for text in ("3 pairs of runs, seeds 3 to 5", "95 % paired", "agents differ in the end"):
        assert text in said
    assert "type --replications 20" in cli("compare", *both, "--out", out).stdout


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("--replications none", "`--replications`"),
        ("--until 0.1", "name it: reached, reached_share"),
        ("--until 0.1 --measure reach", "Did you mean `reached`"),
        ("--until wide", "is not a number"),
    ],
)
def test_what_is_wrong_is_told_once(cli, out, both, typed, said):
    result = cli("compare", *both, *shlex.split(typed), "--out", out)
    assert result.exit_code == 2 and result.stdout == ""
    assert result.stderr.startswith("error: ") and said in result.stderr


def test_a_damaged_checkpoint_of_a_replication_is_one_line(cli, out, both):
    marks = ["--seed", 4, "--checkpoint-every", 2, "--keep-checkpoints", "all"]
    json.loads(cli("run", "cascade", *HOW, *marks, "--out", out, "--json").stdout)
    for manifest in Path(out).glob("*/checkpoints/step-*2.json"):
        manifest.write_text("{")
    result = cli("compare", *both, "--replications", 2, "--out", out, "--json")
    assert json.loads(result.stdout)["seeds"] == [3, 4]
    (line,) = result.stderr.splitlines()
    assert line.startswith("checkpoint: seed 4: the checkpoint of step 2 is damaged")
