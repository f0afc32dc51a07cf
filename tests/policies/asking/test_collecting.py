"""Asking over real HTTP: whatever goes wrong, every answer is kept and none asked for twice."""

import json
from dataclasses import replace

import numpy as np
import pytest

from ecumene.errors import InputError, ParameterError
from ecumene.policies.asking import (
    Answers,
    Asking,
    Endpoint,
    Price,
    checked,
    collect,
    policy_of,
    quote,
    requests_of,
)
from ecumene.policies.asking.endpoint import EndpointError

from ...chat_server import KEY, weights_of

ASKING = Asking("tiny")


def at(server, **how):
    """The endpoint, asked impatiently."""
    return Endpoint(server.url, **{"key": KEY, "first_wait": 0.001, "timeout": 5.0, **how})


def asked(question, asking=ASKING, cells=None):
    return list(requests_of(question, asking, range(question.cells) if cells is None else cells))


def expected(question, cell):
    return weights_of(question.words(cell), [f"A. {w}" for w in question.actions.values()])


def test_every_situation_is_asked_once_and_becomes_its_cell(question, server, tmp_path):
    answers = Answers(tmp_path / "answers.jsonl")
    done = collect(asked(question), "shares", at(server), answers)
    assert (done.calls, done.answered, len(server.seen)) == (30, 30, 30)
    policy = policy_of(question, ASKING, answers)
    for cell in range(30):
        assert policy.probabilities()[cell] == pytest.approx(expected(question, cell), abs=1e-3)
    assert policy.sources == ("tiny, asked for shares",)
    again = collect(asked(question), "shares", at(server), Answers(tmp_path / "answers.jsonl"))
    assert (again.calls, len(server.seen)) == (0, 30)


@pytest.mark.parametrize(
    "fault",
    ["busy", "broken", "cut", "html", "malformed", "refused", "off_schema", "negative", "half"],
)
def test_what_passes_is_tried_again(question, server, tmp_path, fault):
    server.faults = [fault] * 2
    answers = Answers(tmp_path / "answers.jsonl")
    done = collect(asked(question, cells=[3]), "shares", at(server), answers)
    assert done.answered == 1 and len(server.seen) == 3


def test_a_slow_answer_is_given_up_and_asked_for_again(question, server, tmp_path):
    server.faults = ["slow"]
    done = collect(
        asked(question, cells=[3]), "shares", at(server, timeout=0.2), Answers(tmp_path / "a")
    )
    assert done.answered == 1 and len(server.seen) == 2


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ("refused", "refused"),
        ("malformed", "malformed: not JSON"),
        ("off_schema", "off the schema"),
    ],
)
def test_what_is_never_answered_is_kept_as_that_and_not_asked_again(
    question, server, tmp_path, fault, why
):
    server.faults = [fault] * 3
    answers = Answers(tmp_path / "answers.jsonl")
    done = collect(asked(question, cells=[3]), "shares", at(server), answers)
    assert dict(done.unanswered) == {why: 1}
    assert collect(asked(question, cells=[3]), "shares", at(server), answers).calls == 0
    assert checked(question, ASKING, answers)["never_answered"] == {why: 1}


def test_an_endpoint_that_stays_broken_is_one_error_with_everything_kept(
    question, server, tmp_path
):
    path = tmp_path / "answers.jsonl"
    one_by_one = at(server, concurrency=1, tries=2)
    collect(asked(question, cells=range(5)), "shares", one_by_one, Answers(path))
    server.faults = ["broken"] * 2
    with pytest.raises(EndpointError, match="status 500 after 2 tries; what was answered is kept"):
        collect(asked(question), "shares", one_by_one, Answers(path))
    done = collect(asked(question), "shares", one_by_one, Answers(path))
    assert done.calls == 25 and len(Answers(path)) == 30


@pytest.mark.parametrize("cut", [1, 20, 60])
def test_a_line_cut_short_is_asked_for_again(question, server, tmp_path, cut):
    path = tmp_path / "answers.jsonl"
    collect(asked(question, cells=range(4)), "shares", at(server), Answers(path))
    path.write_bytes(path.read_bytes()[:-cut])
    done = collect(asked(question, cells=range(4)), "shares", at(server), Answers(path))
    assert done.calls == 1
    lines = path.read_text().splitlines()
    assert len(lines) == 4 and all(json.loads(line)["shares"] for line in lines)


def test_a_line_that_is_no_answer_is_refused(tmp_path):
    path = tmp_path / "answers.jsonl"
    path.write_text('{"key": "a"}\nnonsense\n{"key": "b"}\n')
    with pytest.raises(InputError, match="line 2 of"):
        Answers(path)


def test_it_stops_at_the_budget_and_goes_on_with_a_larger_one(question, server, tmp_path):
    path, price = tmp_path / "answers.jsonl", Price(10.0, 30.0)
    whole = quote(asked(question), price, Answers(path))
    budget = whole["dollars_at_most"] / 3
    how = {"price": price, "budget": budget}
    done = collect(asked(question), "shares", at(server), Answers(path), **how)
    assert done.stopped == "the budget is spent" and 0 < done.answered < 30
    assert done.dollars <= budget
    rest = collect(asked(question), "shares", at(server), Answers(path))
    assert rest.answered == 30 - done.answered and len(server.seen) == 30


def test_a_quote_is_an_upper_bound_and_forgets_what_was_answered(question, server, tmp_path):
    answers, price = Answers(tmp_path / "answers.jsonl"), Price(1.0, 2.0)
    said = quote(asked(question), price, answers)
    assert said["calls"] == 30 and said["already_answered"] == 0
    done = collect(asked(question), "shares", at(server), answers, price=price)
    assert 0 < done.dollars <= said["dollars_at_most"]
    assert quote(asked(question), price, answers)["calls"] == 0
    assert quote(asked(question), None, answers)["dollars_at_most"] is None


def test_samples_are_counted_with_their_error(question, server, tmp_path):
    asking, answers = Asking("tiny", "samples", 20), Answers(tmp_path / "answers.jsonl")
    done = collect(asked(question, asking, [4, 5]), "samples", at(server, concurrency=1), answers)
    assert done.answered == 40
    with pytest.raises(InputError, match="2 of 30 situations have an answer"):
        policy_of(question, asking, answers)
    who, age, trust = question.columns
    first = [replace(column, labels=column.labels[:1], at=(0,)) for column in (who, age)]
    small = replace(question, columns=(*first, trust))
    collect(asked(small, asking), "samples", at(server, concurrency=1), answers)
    policy = policy_of(small, asking, answers)
    assert np.all(policy.uncertainty > 0.05)
    assert policy.probabilities()[2] == pytest.approx(expected(small, 2), abs=0.12)


def test_log_probabilities_are_the_chances_themselves(question, server, tmp_path):
    asking, answers = Asking("tiny", "logprobs"), Answers(tmp_path / "answers.jsonl")
    collect(asked(question, asking), "logprobs", at(server), answers)
    policy = policy_of(question, asking, answers)
    assert policy.probabilities()[7] == pytest.approx(expected(question, 7), abs=1e-9)
    assert {body["max_tokens"] for body in server.seen} == {1}


def test_calls_in_a_minute_are_limited(question, server, tmp_path):
    import time

    began = time.monotonic()
    slow = at(server, per_minute=1200)
    collect(asked(question, cells=range(5)), "shares", slow, Answers(tmp_path / "a"))
    assert time.monotonic() - began >= 4 * 60 / 1200


def test_the_key_is_in_one_header_and_nowhere_else(question, server, tmp_path, capsys):
    path = tmp_path / "answers.jsonl"
    collect(asked(question, cells=range(3)), "shares", at(server), Answers(path))
    assert {h["Authorization"] for h in server.headers} == {f"Bearer {KEY}"}
    said = []
    for fault in ("wrong", None):
        server.faults, server.only_key = [fault] if fault else [], None if fault else "other"
        with pytest.raises(EndpointError) as caught:
            collect(asked(question), "shares", at(server, concurrency=1), Answers(path))
        said.append(str(caught.value))
    assert "[key]" in said[0] and "status 400" in said[0]
    assert "[key]" in said[1] and "the key is wrong or missing" in said[1]
    shown = "".join([*said, repr(at(server)), *capsys.readouterr(), path.read_text()])
    assert KEY not in shown and KEY not in json.dumps(server.seen)


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://x/v1", "https://me:pass@host/v1", ""])
def test_an_address_that_is_none_or_holds_a_secret_is_refused(url):
    with pytest.raises(ParameterError) as caught:
        Endpoint(url)
    assert "pass" not in str(caught.value)
