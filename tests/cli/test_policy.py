"""`ecumene policy`: quote, build and check against a server that speaks the protocol."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import ecumene as ec

from ..chat_server import KEY, serving

QUESTION = """
text = "You are {who}. Your trust in strangers is {trust}. A stranger asks you for money."
rewordings = ["A stranger asks for money. You: {who}, of {trust} trust."]
personas = ["who"]
actions = {keep = "You keep it all", half = "You give half", all = "You give everything"}
columns = [
  {name = "who", labels = ["a nurse", "a trader", "a clerk", "a cook"]},
  {name = "trust", labels = ["low", "middling", "high"]},
]
monotone = [{action = "keep", column = "trust", rises = false}]
"""


@pytest.fixture
def server():
    with serving() as running:
        yield running


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ECUMENE_API_KEY", KEY)
    path = tmp_path / "giving.toml"
    path.write_text(QUESTION)
    return path


def test_quote_build_and_check(cli: Callable, server, file: Path):
    said = json.loads(cli("policy", "quote", file, "--price", "1/2", "--json").stdout)
    assert (said["situations"], said["calls"], len(server.seen)) == (12, 12, 0)
    ends = ("--base-url", server.url)
    built = json.loads(cli("policy", "build", file, *ends, "--price", "1/2", "--json").stdout)
    assert (built["calls"], built["answered"], built["filled_by_student"]) == (12, 12, 0)
    assert 0 < built["dollars"] <= said["dollars_at_most"]
    policy = ec.read_policy(file.with_name("giving.policy.json"))
    assert policy.digest() == built["digest"]
    assert policy.chances("a nurse", "high")["keep"] < policy.chances("a nurse", "low")["keep"]
    # A second time nothing is asked, and the policy alone knows its question.
    again = json.loads(cli("policy", "build", file, *ends, "--json").stdout)
    assert (again["calls"], again["digest"], len(server.seen)) == (0, built["digest"], 12)
    checked = json.loads(cli("policy", "check", file, *ends, "--ask", 4, "--json").stdout)
    assert checked["option_order"]["cells"] == checked["rewording"]["cells"] == 4
    assert checked["option_order"]["mean"] < 1e-4 > checked["rewording"]["mean"]
    assert checked["monotone"][0]["wrong"] == 0
    human = file.with_name("giving.policy.json")
    table = cli("policy", "check", file, "--human", human).stdout
    assert "human data" in table and "0.0000 bits away" in table
    assert "12 of 12" in table
    written = "".join(p.read_bytes().decode("latin-1") for p in file.parent.iterdir())
    assert KEY not in written


def test_a_budget_stops_and_a_student_fills_the_rest(cli: Callable, server, file: Path):
    ends = ("--base-url", server.url, "--price", "10/10", "--concurrency", 1)
    most = json.loads(cli("policy", "quote", file, "--price", "10/10", "--json").stdout)
    short = cli("policy", "build", file, *ends, "--budget", f"{most['dollars_at_most'] / 6}USD")
    assert short.exit_code == 2 and "type a larger --budget to go on" in short.stderr
    asked = len(server.seen)
    assert 0 < asked < 8
    larger = f"${most['dollars_at_most'] / 5}"
    result = cli("policy", "build", file, *ends, "--budget", larger, "--json")
    built = json.loads(result.stdout)
    assert built["stopped"] == "the budget is spent" and built["filled_by_student"] > 0
    assert built["student_error"] is not None
    assert asked + built["calls"] == len(server.seen) == 12 - built["filled_by_student"]


def test_answers_from_elsewhere_are_named(cli: Callable, server, file: Path):
    cli("policy", "build", file, "--base-url", server.url, "--share", 0.8)
    with serving() as other:
        result = cli("policy", "build", file, "--base-url", other.url)
    assert f"are from {server.url} and are not asked for again" in result.stderr
    assert len(server.seen) + len(other.seen) == 12


def test_a_long_asking_says_how_far_it_is(
    cli: Callable, server, file: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("ecumene.cli.policy.TELL_EVERY", 0.0)
    result = cli("policy", "build", file, "--base-url", server.url, "--price", "1/1")
    assert "asked: 12 calls of about 12, 0.00" in result.stderr


def test_a_share_of_the_situations_is_asked_for(cli: Callable, file: Path):
    said = json.loads(cli("policy", "quote", file, "--share", "0.5", "--json").stdout)
    assert 0 < said["calls"] < 12
    samples = cli("policy", "quote", file, "--how", "samples", "--samples", 5, "--json")
    assert json.loads(samples.stdout)["calls"] == 60


def test_a_failure_says_nothing_secret_and_keeps_what_was_answered(
    cli: Callable, server, file: Path
):
    server.faults = [None] * 5 + ["wrong"]
    ends = ("--base-url", server.url, "--concurrency", 1)
    failed = cli("policy", "build", file, *ends)
    assert failed.exit_code == 2 and failed.stderr.startswith("error: the endpoint http://127")
    assert KEY not in failed.output and "[key]" in failed.stderr
    built = json.loads(cli("policy", "build", file, *ends, "--json").stdout)
    assert built["calls"] == 7


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["quote", "cascade"], "has no policies"),
        (["quote", "nobody.toml"], "cannot open the question"),
        (["quote", "cascad"], "Did you mean `cascade`"),
        (["build", "QUESTION"], "--base-url"),
        (["build", "QUESTION", "--base-url", "x"], "the endpoint's address is not one"),
        (["build", "QUESTION", "--budget", "5USD"], "--budget needs --price"),
        (["build", "QUESTION", "--budget", "much", "--price", "1/2"], "--budget much"),
        (["quote", "QUESTION", "--price", "cheap"], "--price cheap"),
        (["quote", "QUESTION", "--how", "guess"], "no way of asking named `guess`"),
        (["quote", "QUESTION", "--samples", "3"], "3 samples of shares"),
        (["quote", "QUESTION", "--share", "0"], "--share 0"),
    ],
    ids=lambda typed: "-".join(typed) if isinstance(typed, list) else None,
)
def test_what_is_wrong_is_said(refused: Callable[..., str], file: Path, typed, said):
    assert said in refused("policy", *(str(file) if t == "QUESTION" else t for t in typed))
