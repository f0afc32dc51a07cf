"""`ecumene run`: from what is typed to a run that is kept."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import Result

from ecumene.cli.sources import read_background
from ecumene.cli.summary import KEYS
from ecumene.engine import memory
from ecumene.store import Store

Cli = Callable[..., Result]
QUICK = ("--agents", "2000", "--backend", "reference", "--seed", "1")


@pytest.fixture
def ran(cli: Cli, out: Path) -> Callable[..., dict[str, Any]]:
    """Run `cascade` with these options; the one JSON object that it prints."""

    def type_(*options: object, **changes: Any) -> dict[str, Any]:
        quick = QUICK if changes.get("quick", True) else ()
        result = cli("run", "cascade", *quick, *options, "--json", "--out", out)
        assert result.exit_code == 0, result.stderr
        assert result.stdout.count("\n") == 1
        return json.loads(result.stdout)

    return type_


def test_json_is_one_object_with_the_promised_keys(ran: Callable[..., dict[str, Any]]):
    record = ran()
    assert tuple(record) == KEYS
    assert record["model"] == "cascade"
    assert (record["agents"], record["seed"], record["stored"]) == (2000, 1, False)
    assert set(record["measures"]) >= {"reached", "reached_share"}
    assert record["measures"]["reached_share"] == record["measures"]["reached"] / 2000
    assert len(record["digest"]) == 32


def test_the_plan_and_the_report_are_said_on_standard_error(cli: Cli, out: Path):
    result = cli("run", "cascade", *QUICK, "--json", "--out", out)
    assert "memory" in result.stderr
    assert "agents" in result.stderr
    assert Path(result.stderr.splitlines()[-1].removeprefix("report: ")).is_file()


def test_people_get_a_summary_that_ends_with_the_report(cli: Cli, out: Path):
    result = cli("run", "cascade", *QUICK, "--out", out)
    assert result.exit_code == 0
    assert "reached_share" in result.stdout
    assert Path(result.stdout.splitlines()[-1].removeprefix("report: ")).is_file()


def test_asked_again_it_is_returned_and_fresh_computes_it_again(
    ran: Callable[..., dict[str, Any]],
):
    first, again, fresh = ran(), ran(), ran("--fresh")
    assert [run["stored"] for run in (first, again, fresh)] == [False, True, False]
    assert first["digest"] == again["digest"] == fresh["digest"]


def test_a_stored_digest_that_differs_is_status_1(
    ran: Callable[..., dict[str, Any]], cli: Cli, out: Path
):
    record = ran()
    rewrite_digest(Store(out).find(record["run"]).path)
    result = cli("run", "cascade", *QUICK, "--fresh", "--json", "--out", out)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines()[-1].startswith("error: ")
    assert record["digest"] in result.stderr


def rewrite_digest(folder: Path) -> None:
    """Give a kept run another digest, as if this version computed something else."""
    from ecumene.store import checksum

    file = folder / "run.json"
    record = json.loads(file.read_text()) | {"digest": "0" * 32}
    del record["blake3"]
    file.write_text(json.dumps(record | {"blake3": checksum(record)}))


def test_how_it_runs_changes_no_result(ran: Callable[..., dict[str, Any]]):
    ways = [("--shards", 3), ("--backend", "cpu"), ("--backend", "cpu", "--threads", 2)]
    assert {ran("--fresh", *way)["digest"] for way in ways} == {ran()["digest"]}


def test_steps_end_it_early(ran: Callable[..., dict[str, Any]]):
    assert ran("--steps", 2)["steps"] == 2


def test_settings_reach_the_model(ran: Callable[..., dict[str, Any]]):
    record = ran("--set", "transmission=0", "--set", "seeds=7")
    assert record["parameters"]["transmission"] == 0
    assert record["measures"]["reached"] == 7


def test_sizes_read_as_people_write_them(ran: Callable[..., dict[str, Any]]):
    options = ("--backend", "reference")
    assert ran("--agents", "1.5k", *options, quick=False)["agents"] == 1500


def test_people_of_countries_are_run_over(ran: Callable[..., dict[str, Any]]):
    for population in ("world", "IND", "ind,USA"):
        assert ran("--population", population)["agents"] == 2000


def test_persons_in_a_file_are_run_over(ran: Callable[..., dict[str, Any]], tmp_path: Path):
    persons = tmp_path / "persons.csv"
    persons.write_text("age,region,weight\n31,north,1\n64,south,3\n")
    assert ran("--population", persons)["agents"] == 2000


def test_persons_are_resampled_by_their_weight(tmp_path: Path):
    persons = tmp_path / "persons.csv"
    persons.write_text("age,Weight\n31,1\n64,3\n")
    background = read_background(str(persons), 8, otherwise=5)
    age = background.derived["age"].function
    tables = SimpleNamespace(**background.tables)
    assert [age(i, tables) for i in range(8)] == [31] * 2 + [64] * 6


def test_without_agents_a_file_of_persons_gives_one_agent_each(
    ran: Callable[..., dict[str, Any]], tmp_path: Path
):
    persons = tmp_path / "persons.csv"
    persons.write_text("age,region\n" + "31,north\n64,south\n" * 20)
    record = ran("--population", persons, "--backend", "reference", quick=False)
    assert record["agents"] == 40


def ring(folder: Path, agents: int) -> Path:
    file = folder / "ring.txt"
    file.write_text("".join(f"{i} {(i + 1) % agents}\n" for i in range(agents)))
    return file


def test_a_network_sets_the_number_of_agents(ran: Callable[..., dict[str, Any]], tmp_path: Path):
    options = ("--network", ring(tmp_path, 50), "--backend", "reference")
    certain = ("--set", "transmission=1", "--set", "seeds=1")
    record = ran(*options, *certain, quick=False)
    assert (record["agents"], record["measures"]["reached"]) == (50, 50)
    assert ran(*options, *certain, "--agents", 50, quick=False)["agents"] == 50


def test_dropped_ties_are_counted_aloud(cli: Cli, out: Path, tmp_path: Path):
    file = ring(tmp_path, 50)
    file.write_text(file.read_text() + "7 7\n")
    run = ("run", "cascade", "--network", file, "--backend", "reference", "--out", out)
    assert "1 self-loop" in cli(*run).stderr


WRONG = {
    "an unknown model": (["cascde"], "Did you mean `cascade`?"),
    "no agents": (["cascade", "--agents", "0"], "`0` is too small"),
    "fewer than none": (["cascade", "--agents", "-5"], "`-5` is below zero"),
    "too many agents": (["cascade", "--agents", "1e11"], "`1e11` is too large"),
    "half a number": (["cascade", "--agents", "1e"], "Did you mean `1e6`?"),
    "a word": (["cascade", "--agents", "ten"], "such as 10_000"),
    "an unknown parameter": (
        ["cascade", "--set", "transmision=0.2"],
        "Did you mean `transmission`?",
    ),
    "a chance above 1": (["cascade", "--set", "transmission=1.5"], "transmission"),
    "a chance below 0": (["cascade", "--set", "transmission=-0.1"], "transmission"),
    "a chance in words": (["cascade", "--set", "transmission=half"], "is not a number"),
    "half a tie": (["cascade", "--set", "degree=2.5"], "is not a whole number"),
    "no value": (["cascade", "--set", "degree"], "--set degree=value"),
    "two sizes": (["cascade", "--agents", "5", "--set", "agents=6"], "differ"),
    "an unknown preset": (["cascade", "--preset", "fast"], "no preset"),
    "an unknown country": (["cascade", "--agents", "100", "--population", "IDN,INX"], "INX"),
    "a planet": (["cascade", "--agents", "100", "--population", "Mars"], "no country"),
    "no agents, set": (["cascade", "--set", "agents=0"], "agents"),
    "no such persons": (["cascade", "--population", "nobody.csv"], "nobody.csv"),
    "no such ties": (["cascade", "--network", "no/ties.txt"], "no/ties.txt"),
    "directed nothing": (["cascade", "--directed"], "--network FILE"),
    "strict about nothing": (["cascade", "--strict"], "--network FILE"),
    "an unknown backend": (["cascade", "--backend", "cpuu"], "Did you mean `cpu`?"),
    "no steps": (["cascade", "--steps", "0"], "`--steps`"),
    "half a step": (["cascade", "--steps", "1.5"], "`--steps`"),
    "a seed below 0": (["cascade", "--seed", "-1"], "`--seed`"),
    "no threads": (["cascade", "--threads", "0"], "`--threads`"),
    "no shards": (["cascade", "--shards", "0"], "`--shards`"),
}


@pytest.mark.parametrize("typed", WRONG)
def test_what_is_wrong_is_one_clear_text_and_nothing_is_written(
    refused: Callable[..., str], typed: str
):
    arguments, said = WRONG[typed]
    assert said in refused("run", *arguments)


FILES = {
    "empty": b"",
    "binary": b"\x00\x01\x02\xff" * 100,
    "one id": b"1 2\n3\n",
    "cut short": b"1 2\n2 3\n3",
}


@pytest.mark.parametrize("kind", FILES)
def test_a_broken_network_is_refused(refused: Callable[..., str], tmp_path: Path, kind: str):
    file = tmp_path / "ties.txt"
    file.write_bytes(FILES[kind])
    assert "ties.txt" in refused("run", "cascade", "--network", file)


@pytest.mark.parametrize("kind", ["empty", "binary"])
def test_broken_persons_are_refused(refused: Callable[..., str], tmp_path: Path, kind: str):
    file = tmp_path / "persons.csv"
    file.write_bytes(FILES[kind])
    assert "persons.csv" in refused("run", "cascade", "--population", file)


def test_a_folder_is_no_network(refused: Callable[..., str], tmp_path: Path):
    assert "is a folder" in refused("run", "cascade", "--network", tmp_path)


def test_a_network_of_another_size_than_asked_for_is_refused(
    refused: Callable[..., str], tmp_path: Path
):
    said = refused("run", "cascade", "--network", ring(tmp_path, 50), "--agents", "51")
    assert "50 agents" in said


def test_strict_refuses_what_is_otherwise_dropped(refused: Callable[..., str], tmp_path: Path):
    file = ring(tmp_path, 50)
    file.write_text(file.read_text() + "7 7\n")
    assert "self-loop" in refused("run", "cascade", "--network", file, "--strict")


def test_more_memory_than_there_is_is_refused_with_the_arithmetic(
    cli: Cli, out: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(memory, "available_memory", lambda: 10_000_000)
    result = cli("run", "cascade", "--agents", "1e8", "--json", "--out", out)
    assert (result.exit_code, result.stdout) == (2, "")
    refusal = result.stderr.splitlines()[-1]
    assert refusal.startswith("error: this run needs ")
    assert "has 10 MB free" in refusal
    assert "--agents" in refusal
    assert not out.exists()


def test_a_folder_that_cannot_be_written_is_refused_before_it_computes(cli: Cli, tmp_path: Path):
    file = tmp_path / "file"
    file.write_text("mine")
    result = cli("run", "cascade", *QUICK, "--out", file / "runs")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "file" in result.stderr
    assert file.read_text() == "mine"


def test_control_c_leaves_a_run_that_is_marked_unfinished(cli: Cli, out: Path):
    command = [sys.executable, "-m", "ecumene", "run", "cascade", "--agents", "20k"]
    command += ["--backend", "reference", "--json", "--out", str(out), "--checkpoint-every", "1"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not list(out.glob("*.partial/**/step-*")):  # before its first step nothing would be left
        assert process.poll() is None, process.communicate()
    process.send_signal(signal.SIGINT)
    printed, said = process.communicate(timeout=30)
    assert (process.returncode, printed) == (130, ""), said
    assert "Traceback" not in said
    runs = json.loads(cli("runs", "--out", out, "--json").stdout)["runs"]
    assert [run["status"] for run in runs] == ["unfinished"]


def test_changes_while_it_runs_are_made_and_kept(ran: Callable[..., dict[str, Any]]):
    alone = ran()
    lines = ("at 3: transmission = 0", "when reached > 10: seed 40", "at 90: seed 0")
    record = ran(*[word for line in lines for word in ("--do", line)])
    assert record["run"] != alone["run"]
    first, second, third = record["interventions"]
    assert first["change"] == "at 3: parameter transmission = 0.0"
    assert (first["first"], second["agents"], third["times"]) == (3, 40, 0)
    assert record["measures"]["reached"] < alone["measures"]["reached"]
    assert alone["interventions"] == []


def test_a_change_that_changes_nothing_keeps_the_digest(ran: Callable[..., dict[str, Any]]):
    assert ran("--do", "at 3: transmission = 15%")["digest"] == ran()["digest"]


def test_what_cannot_be_changed_is_refused_with_a_caret(refused: Callable[..., str]):
    said = refused("run", "cascade", *QUICK, "--do", "at 3: transmision = 0")
    assert "Did you mean `transmission`?" in said
    assert said.splitlines()[1:] == ["  at 3: transmision = 0", "        ^"]


def test_what_a_change_costs_is_said(cli: Cli, out: Path):
    lines = ("at 2: broadcast by largest", "at 700: seed 3")
    do = [word for line in lines for word in ("--do", line)]
    result = cli("run", "cascade", *QUICK, *do, "--steps", 5, "--out", out)
    assert result.exit_code == 0, result.stderr
    assert "counts the ties of all 2,000 agents" in result.stderr
    assert "does not happen: the run has at most 5 steps" in result.stderr
    assert "(round 2, 1 agent)" in result.stdout and "(did not happen)" in result.stdout


def test_examples_of_changes_stand_in_the_help(cli: Cli):
    assert '--do "at 8: seed 100"' in cli("run", "--help").stdout
