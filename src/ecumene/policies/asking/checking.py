"""What a sceptic asks of a policy that a language model answered."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from ...arrays import Column
from ...errors import InputError
from ..policy import Policy
from .answers import Answers
from .building import divergence, held_out, known_of
from .question import Question
from .requests import Asking

BANDS = 10  # Of predicted chances, when they are held against the answers.


def checked(
    question: Question, asking: Asking, answers: Answers, human: Policy | None = None
) -> dict[str, Any]:
    """Held-out persons, calibration, monotonicity, stability, human data, unanswered cells.

    Distances are Jensen-Shannon divergences in bits. What was not asked, or cannot be said, is
    None.
    """
    known = known_of(question, asking, answers)
    held = held_out(question, known)
    predicted, answered = held.pop("predicted", None), held.pop("answered", None)
    return {
        "cells": question.cells,
        "answered": int(known.answered.sum()),
        "never_answered": dict(Counter(known.why.values())),
        "not_asked": int(question.cells - known.answered.sum() - len(known.why)),
        "held_out_persons": held,
        "calibration_error": None if predicted is None else calibration(predicted, answered),
        "monotone": [_monotone(question, known.shares, one) for one in question.monotone],
        "rewording": _stability(question, asking, answers, wording=1),
        "option_order": _stability(question, asking, answers, reverse=True),
        "human": _human(question, known.shares, human),
    }


def calibration(predicted: Column, answered: Column) -> float:
    """The mean distance between predicted and answered chances, in bands of the predicted."""
    band = np.minimum((predicted * BANDS).astype(int), BANDS - 1).ravel()
    apart = np.bincount(band, (predicted - answered).ravel(), BANDS)
    return float(np.abs(apart).sum() / predicted.size)


def _monotone(question: Question, shares: Column, one: Any) -> dict[str, Any]:
    """In how many steps from bin to bin a chance goes the wrong way, and how far at most."""
    axis = [column.name for column in question.columns].index(one.column)
    action = list(question.actions).index(one.action)
    table = shares[:, action].reshape([column.size for column in question.columns])
    steps = np.diff(table, axis=axis).ravel()
    steps = steps[~np.isnan(steps)] * (1 if one.rises else -1)
    wrong = steps < -1e-9
    return {
        "action": one.action,
        "column": one.column,
        "rises": one.rises,
        "steps": int(steps.size),
        "wrong": int(wrong.sum()),
        "largest_wrong": float(-steps[wrong].min()) if wrong.any() else 0.0,
    }


def _stability(
    question: Question, asking: Asking, answers: Answers, *, wording: int = 0, reverse: bool = False
) -> dict[str, Any] | None:
    """How far answers to other words, or to options turned around, are from the answers."""
    if wording > len(question.rewordings):
        return None
    first = known_of(question, asking, answers)
    again = known_of(question, asking, answers, wording=wording, reverse=reverse)
    both = first.answered & again.answered
    if not both.any():
        return None
    far = divergence(first.shares[both], again.shares[both])
    return {"cells": int(both.sum()), "mean": float(far.mean()), "largest": float(far.max())}


def _human(question: Question, shares: Column, human: Policy | None) -> dict[str, Any] | None:
    if human is None:
        return None
    sizes = [c.size for c in question.columns]
    if [c.size for c in human.columns] != sizes or [*human.actions] != [*question.actions]:
        raise InputError(
            "the human data has other columns or actions than the question; make a policy of the "
            "same ones (ec.survey_policy, ec.counts_policy) and write it."
        )
    both = ~np.isnan(shares[:, 0])
    far = divergence(shares[both], human.probabilities()[both])
    return {"cells": int(both.sum()), "mean": float(far.mean()), "largest": float(far.max())}
