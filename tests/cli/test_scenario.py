"""Scenarios: a file says what is run; every mistake in it is named with its line."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Cli = Callable[..., Result]
TOML = """\
model = "cascade"
agents = 2_000
seed = 1

interventions = [
  "at 2: transmission = 0.3",
  "when reached > 200: transmission = 0.02",
]

[parameters]
transmission = "20%"
"""
YAML = """\
model: cascade
agents: 2e3
seed: 1
interventions:
  - at 2: transmission = 0.3
  - "when reached > 200: transmission = 0.02"
parameters: {transmission: 0.2}
"""
TYPED = (
    *("cascade", "--agents", "2000", "--seed", "1", "--set", "transmission=0.2"),
    *("--do", "at 2: transmission = 0.3", "--do", "when reached > 200: transmission = 0.02"),
)


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    def write(text: str, name: str = "plan.toml") -> Path:
        file = tmp_path / name
        file.write_text(text)
        return file

    return write


@pytest.fixture
def ran(cli: Cli, out: Path) -> Callable[..., dict[str, Any]]:
    def type_(*words: object) -> dict[str, Any]:
        result = cli("run", *words, "--backend", "reference", "--json", "--out", out)
        assert result.exit_code == 0, result.stderr
        return {**json.loads(result.stdout), "said": result.stderr}

    return type_


@pytest.mark.parametrize(("name", "text"), [("plan.toml", TOML), ("plan.yaml", YAML)])
def test_a_file_says_what_could_be_typed(
    ran: Callable[..., dict[str, Any]], written: Callable[..., Path], name: str, text: str
):
    file = written(text, name)
    typed = ran(*TYPED)
    for record in (ran(file), ran("--scenario", file), ran("cascade", "--scenario", file)):
        assert (record["run"], record["stored"]) == (typed["run"], True)


def test_what_is_typed_wins_and_that_is_said(
    ran: Callable[..., dict[str, Any]], written: Callable[..., Path]
):
    file = written(TOML)
    more = ("--seed", "2", "--set", "transmission=0.25", "--do", "at 3: seed 5")
    record = ran(file, *more)
    assert record["seed"] == 2 and record["parameters"]["transmission"] == 0.25
    assert [one["change"][:5] for one in record["interventions"]] == ["at 2:", "when ", "at 3:"]
    assert f"what is typed for `seed` wins over {file}:3" in record["said"]
    assert f"what is typed for `parameter transmission` wins over {file}:11" in record["said"]
    assert "come after those of the file" in record["said"]
    assert ran(file, "--agents", "1500")["agents"] == 1500
    assert ran(file, "--set", "agents=1500")["agents"] == 1500


def test_a_network_is_looked_for_beside_the_file(
    ran: Callable[..., dict[str, Any]], written: Callable[..., Path], tmp_path: Path
):
    (tmp_path / "ring.txt").write_text("".join(f"{i} {(i + 1) % 50}\n" for i in range(50)))
    text = 'model = "cascade"\nnetwork = "ring.txt"\ndirected = false\nstrict = true\n'
    text += "parameters = { transmission = 1, seeds = 1 }\n"
    assert ran(written(text))["measures"]["reached"] == 50


WRONG = {
    'model = "cascade"\nagnets = 3\n': (2, "Did you mean `agents`?"),
    'model = "cascde"\n': (1, "Did you mean `cascade`?"),
    'model = "cascade"\n\nagents = "many"\n': (3, "is not a whole number"),
    'model = "cascade"\nagents = 1.5\n': (2, "is not a whole number"),
    'model = "cascade"\nagents = true\n': (2, "write a number"),
    "model = 3\n": (1, "write a text"),
    'model = "cascade"\nseed = -1\n': (2, "is below zero"),
    'model = "cascade"\nsteps = 0\n': (2, "is too small"),
    'model = "cascade"\npreset = "dies"\n': (2, "no preset of cascade named `dies`"),
    'model = "cascade"\npopulation = "XYZ"\n': (2, "XYZ"),
    'model = "cascade"\nnetwork = "ties.csv"\n': (2, "there is no file"),
    'model = "cascade"\nstrict = 1\n': (2, "write true or false"),
    'model = "cascade"\nstrict = true\n': (2, "says how to read a network"),
    'model = "cascade"\nparameters = 3\n': (2, "write a table"),
    'model = "cascade"\n[parameters]\n\ntransmision = 1\n': (4, "Did you mean `transmission`?"),
    'model = "cascade"\n[parameters]\ntransmission = 2\n': (3, "outside its range 0 to 1"),
    'model = "cascade"\n[parameters]\ntransmission = [1]\n': (3, "write one value"),
    'model = "cascade"\ninterventions = "at 3: seed 1"\n': (2, "write a list of lines"),
    'model = "cascade"\ninterventions = [\n 3]\n': (3, "an intervention is a line"),
    'model = "cascade"\ninterventions = [\n\n "at 3: sed 1",\n]\n': (4, "Did you mean `seed`?"),
    'model = "cascade"\nagents = \n': (2, "this is not TOML: Invalid value"),
    'model = "cascade"\nmodel = "cascade"\n': (2, "this is not TOML"),
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_named_with_its_line(
    refused: Callable[..., str], written: Callable[..., Path], text: str
):
    line, said = WRONG[text]
    file = written(text)
    error = refused("run", file)
    assert said in error
    assert error.rstrip("\n").endswith(f"\n  {file}:{line}")


YAML_WRONG = {
    "model: cascade\nagnets: 3\n": (2, "Did you mean `agents`?"),
    "model: cascade\nagents: 3\nagents: 4\n": (3, "stands there twice"),
    "model: cascade\nagents: [\n": (3, "this is not YAML"),
    "model: cascade\nparameters:\n  transmission: 3\n": (3, "outside its range"),
    "model: cascade\ninterventions:\n  - at 3: seed 1\n  - at 4: sed 1\n": (4, "`seed`?"),
    "model: cascade\ninterventions:\n  - at 3: 5\n": (3, "an intervention is a line"),
    "- cascade\n": (1, "a scenario is a table"),
}


@pytest.mark.parametrize("text", YAML_WRONG)
def test_what_is_wrong_in_yaml_is_named_with_its_line(
    refused: Callable[..., str], written: Callable[..., Path], text: str
):
    line, said = YAML_WRONG[text]
    file = written(text, "plan.yml")
    error = refused("run", file)
    assert said in error
    assert error.rstrip("\n").endswith(f"\n  {file}:{line}")


def test_a_caret_stands_below_the_word_and_the_line_below_the_caret(
    refused: Callable[..., str], written: Callable[..., Path]
):
    file = written('model = "cascade"\ninterventions = ["at 3: seed many"]\n')
    assert refused("run", file).splitlines()[1:] == [
        "  at 3: seed many",
        "             ^",
        f"  {file}:2",
    ]


def test_a_file_that_is_not_there_is_said(refused: Callable[..., str], tmp_path: Path):
    assert "there is no file" in refused("run", tmp_path / "none.toml")
    assert "ends in .toml, .yaml, .yml" in refused("run", "--scenario", tmp_path / "none.txt")


def test_a_scenario_must_name_a_model_and_only_one_may_be_named(
    refused: Callable[..., str], written: Callable[..., Path]
):
    file = written("agents = 30\n")
    assert "names no model" in refused("run", file)
    assert "Two scenarios" in refused("run", file, "--scenario", file)


def test_bytes_that_are_no_text_are_said(refused: Callable[..., str], tmp_path: Path):
    file = tmp_path / "plan.toml"
    file.write_bytes(b'model = "\xff"')
    assert "not text in UTF-8" in refused("run", file)


def test_without_a_yaml_reader_it_is_said_how_to_get_one(
    refused: Callable[..., str], written: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, "yaml", None)
    error = refused("run", written(YAML, "plan.yaml"))
    assert "pip install 'ecumene[yaml]'" in error
