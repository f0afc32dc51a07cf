"""What is said about a table that a model answered is so."""

from dataclasses import replace

import numpy as np
import pytest

import ecumene as ec
from ecumene.errors import InputError
from ecumene.policies.asking import Answers, Asking, checked, policy_of, requests_of
from ecumene.policies.asking.building import divergence, folds

from ...chat_server import weights_of

ASKING = Asking("tiny")


class Kept(Answers):
    """Answers in memory."""

    def __init__(self):
        self._kept = {}

    def add(self, answer):
        self._kept[answer["key"]] = answer


def answered(question, cells=None, answers=None, bias=0.0, **asked):
    """Answers as the test server gives them; `bias` favours the letter A."""
    answers = answers or Kept()
    cells = range(question.cells) if cells is None else cells
    for request in requests_of(question, ASKING, cells, **asked):
        words = [f"A. {list(question.actions.values())[action]}" for action in request.order]
        at_letters = np.array(weights_of(request.body["messages"][1]["content"], words))
        at_letters = (at_letters + bias * np.eye(len(words))[0]) / (1 + bias)
        shares = np.zeros(len(words))
        shares[list(request.order)] = at_letters
        answers.add({"key": request.key, "shares": shares.tolist()})
    return answers


def test_persons_who_were_never_seen_are_foretold_and_how_well_is_said(question):
    report = checked(question, ASKING, answered(question))
    held = report["held_out_persons"]
    assert held["cells"] == 30
    assert held["student"]["mean"] < 0.005 < 0.02 < held["average"]["mean"]
    assert report["calibration_error"] < 0.05
    assert report["answered"] == 30 and report["not_asked"] == 0


def test_whole_persons_are_held_out(question):
    by_person = folds(question).reshape(10, 3)
    assert np.all(by_person == by_person[:, :1]) and set(by_person[:, 0]) == set(range(5))


def test_a_student_fills_what_was_not_asked_and_says_so(question):
    cells = [c for c in range(30) if c % 4]
    policy = policy_of(question, ASKING, answered(question, cells))
    assert policy.source_of.tolist() == [int(c % 4 == 0) for c in range(30)]
    whole = policy_of(question, ASKING, answered(question))
    far = divergence(policy.probabilities(), whole.probabilities())
    assert far[policy.source_of == 0].max() < 1e-9 and far.max() < 0.02
    assert policy.about["student_error"] < 0.02
    assert np.all(policy.uncertainty[policy.source_of == 1] > 0)
    assert checked(question, ASKING, answered(question, cells))["not_asked"] == 8


def test_a_chance_that_goes_the_wrong_way_is_counted(question):
    (right,) = checked(question, ASKING, answered(question))["monotone"]
    assert (right["steps"], right["wrong"], right["largest_wrong"]) == (20, 0, 0.0)
    turned = replace(question, monotone=(replace(question.monotone[0], rises=True),))
    (wrong,) = checked(turned, ASKING, answered(question))["monotone"]
    assert wrong["wrong"] == 20 and wrong["largest_wrong"] > 0.1


def test_letters_that_matter_are_seen_and_words_that_do_not_are_not(question):
    answers = answered(question)
    assert checked(question, ASKING, answers)["option_order"] is None
    answered(question, answers=answers, reverse=True)
    answered(question, cells=range(0, 30, 3), answers=answers, wording=1)
    fair = checked(question, ASKING, answers)
    assert fair["option_order"]["mean"] < 1e-6 and fair["rewording"]["cells"] == 10
    assert fair["rewording"]["mean"] < 1e-6
    biased = answered(question, bias=1.0)
    answered(question, answers=biased, bias=1.0, reverse=True)
    assert checked(question, ASKING, biased)["option_order"]["mean"] > 0.05


def test_human_data_lies_beside_it(question):
    answers = answered(question)
    same = policy_of(question, ASKING, answers)
    assert checked(question, ASKING, answers, same)["human"]["largest"] < 1e-6
    flat = ec.table_policy(question.columns, question.actions, np.full((30, 3), 1 / 3), source="x")
    assert checked(question, ASKING, answers, flat)["human"]["mean"] > 0.01
    other = ec.table_policy(
        question.columns[:1], question.actions, np.full((2, 3), 1 / 3), source="x"
    )
    with pytest.raises(InputError, match="other columns"):
        checked(question, ASKING, answers, other)


def test_divergence_is_0_for_the_same_and_1_for_what_shares_nothing():
    one, two = (
        np.array([[0.5, 0.5, 0.0], [1.0, 0.0, 0.0]]),
        np.array([[0.5, 0.5, 0.0], [0.0, 0.5, 0.5]]),
    )
    assert divergence(one, two) == pytest.approx([0.0, 1.0])
