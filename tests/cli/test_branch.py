"""`ecumene branch` and `ecumene resume`: as they are typed."""

import json
import shlex

import pytest

HOW = shlex.split("--agents 400 --set degree=4 --set transmission=0.5 --backend reference --seed 3")


@pytest.fixture(autouse=True)
def hasty(monkeypatch):
    monkeypatch.setattr("ecumene.store.disk.flush", lambda path: None)


@pytest.fixture
def kept(cli, out):
    """A run with checkpoints, over people and ties that were typed."""
    over = ["--population", "NGA,GHA", "--network", "small_world(4, 0.2)"]
    how = [*HOW[:2], *HOW[4:], *over, "--checkpoint-every", 2, "--keep-checkpoints", "all"]
    return json.loads(cli("run", "cascade", *how, "--out", out, "--json").stdout)


def test_a_branch_says_parent_step_and_change(cli, out, kept):
    result = cli("branch", "last", "--at", 5, "--set", "transmission=10%", "--out", out, "--json")
    branch = json.loads(result.stdout)
    changes = ["at 5: parameter transmission = 0.1"]
    assert branch["branch"] == {"parent": kept["run"], "at": 5, "changes": changes}
    assert branch["went_on_from"] == 4
    assert branch["measures"]["reached"] < kept["measures"]["reached"]
    said = cli("branch", kept["run"], "--at", 5, "--set", "transmission=10%", "--out", out).stdout
    assert f"branch of {kept['run']} at round 5" in said and changes[0] in said


def test_a_branch_without_a_change_has_its_parents_digest(cli, out, kept):
    result = cli("branch", "last", "--at", 5, "--fresh", "--out", out, "--json")
    branch = json.loads(result.stdout)
    assert (branch["digest"], branch["stored"]) == (kept["digest"], False)


def test_changes_as_lines(cli, out, kept):
    line = "at 6: seed 40"
    result = cli("branch", "last", "--at", 5, "--do", line, "--out", out, "--json")
    assert json.loads(result.stdout)["measures"]["reached"] > kept["measures"]["reached"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("--at 5 --set degree=9", "reshapes"),
        ("--at 5 --set transmision=0.1", "Did you mean `transmission`?"),
        ("--at 5 --set transmission=2", "transmission"),
        ('--at 5 --do "at 2: seed 3"', "lies before the step 5"),
        ("--at 500000", "type one from 0 to"),
        ("--at soon", "`--at`"),
        ("--set transmission=0.1", "Missing option '--at'"),
        ("--at 3 --backend gpu", "no backend named `gpu`"),
        ("--at 3 --keep-checkpoints 0", "`--keep-checkpoints`"),
    ],
)
def test_what_is_wrong_is_told_once(cli, out, kept, typed, said):
    result = cli("branch", "last", *shlex.split(typed), "--out", out)
    assert result.exit_code == 2 and result.stdout == ""
    assert result.stderr.startswith("error: ") and said in result.stderr
    assert len(list(out.iterdir())) == 1


def test_an_interrupted_run_goes_on(cli, out, monkeypatch):
    from ecumene.run.going import Going

    whole = json.loads(cli("run", "cascade", *HOW, "--out", out / "whole", "--json").stdout)
    keep = Going._keep

    def interrupted(going):
        keep(going)
        if going.simulation.step == 7:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Going, "_keep", interrupted)
        result = cli("run", "cascade", *HOW, "--out", out, "--checkpoint-every", 3)
    assert result.exit_code == 130 and "`ecumene resume last`" in result.stderr
    again = json.loads(cli("resume", "last", "--out", out, "--json").stdout)
    assert again["went_on_from"] == 6
    assert (again["run"], again["digest"]) == (whole["run"], whole["digest"])
    assert cli("resume", "last", "--out", out).exit_code == 2
