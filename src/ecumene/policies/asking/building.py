"""From answers to a policy: shares of each situation, and a student for what was not answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np

from ...arrays import Column, Integers
from ...errors import InputError
from ...random import fold, uniform
from ..counts import standard_errors
from ..fitting import Fit, fit
from ..policy import Policy
from ..table import thresholds_of_floats
from .answers import Answers
from .question import Question, as_plain
from .requests import Asking, requests_of

FOLDS = 5
FOLD_KEY = 0x666F6C64
PRIOR = 0.5  # Jeffreys': what nobody of K said is rare, not impossible.
FEWEST = 8  # Answered situations from which a student may learn.


@dataclass(frozen=True)
class Known:
    """What is known of each situation: its shares (NaN where nobody answered) and of how many."""

    shares: Column
    answers: Integers
    why: Mapping[int, str]  # by cell that was asked and not answered

    @property
    def answered(self) -> Column:
        """Whether each situation has an answer."""
        return self.answers > 0


def known_of(
    question: Question,
    asking: Asking,
    answers: Answers,
    *,
    wording: int = 0,
    reverse: bool = False,
) -> Known:
    """The answers to one wording and one order of the options."""
    sums = np.zeros((question.cells, len(question.actions)))
    count = np.zeros(question.cells, np.int64)
    why: dict[int, str] = {}
    asked = requests_of(question, asking, range(question.cells), wording=wording, reverse=reverse)
    for request in asked:
        answer = answers.get(request.key)
        if answer is None:
            continue
        if answer["shares"] is None:
            why[request.cell] = answer["why"]
            continue
        sums[request.cell] += answer["shares"]
        count[request.cell] += 1
    prior = PRIOR if asking.how == "samples" else 0.0
    with np.errstate(invalid="ignore"):
        total = np.where(count > 0, sums.sum(axis=1) + prior * sums.shape[1], np.nan)
        shares = (sums + prior) / total[:, None]
    return Known(shares, count, {c: w for c, w in why.items() if not count[c]})


def policy_of(question: Question, asking: Asking, answers: Answers) -> Policy:
    """The policy that the answers make; a student fills what has none.

    Raises `InputError` where too few were answered for a student to learn from.
    """
    known = known_of(question, asking, answers)
    shares, missing = known.shares.copy(), ~known.answered
    sources = [f"{asking.model}, asked for {asking.how}"]
    uncertainty = np.full(question.cells, np.nan)
    if asking.how == "samples":
        counted = np.maximum(known.answers, 1)
        uncertainty = standard_errors(np.nan_to_num(shares, nan=0.5), counted.astype(float))
    about: dict[str, Any] = {
        "question": as_plain(question),
        "asking": vars(asking),
        "answered": int((~missing).sum()),
    }
    if missing.any():
        if int((~missing).sum()) < FEWEST:
            raise InputError(
                f"{int((~missing).sum())} of {question.cells} situations have an answer; ask on "
                f"(`ecumene policy build`, a larger budget): a student needs {FEWEST}."
            )
        error = held_out(question, known)["student"]["mean"]
        shares[missing] = learned(question, known, ~missing).chances(_bins(question))[missing]
        uncertainty[missing] = sqrt(error)  # the distance, of which the divergence is the square
        sources.append("a student of the answers (multinomial logit), held-out error in `about`")
        about["student_error"] = error
    return Policy(
        question.columns,
        question.actions,
        thresholds_of_floats(shares),
        tuple(sources),
        missing.astype(np.int16),
        uncertainty,
        about,
    )


def learned(question: Question, known: Known, cells: Column) -> Any:
    """A student of some situations' answers."""
    rows = np.flatnonzero(cells & known.answered)
    actions = len(question.actions)
    bins = np.repeat(_bins(question)[rows], actions, axis=0)
    chosen = np.tile(np.arange(actions), len(rows))
    weights = known.shares[rows].ravel() * 10  # as if ten people had answered each
    return fit(Fit([c.size for c in question.columns], actions, 1.0), bins, chosen, weights)


def held_out(question: Question, known: Known) -> dict[str, Any]:
    """How far a student is from answers of persons it never saw; and the mean answer, beside it."""
    fold_of = folds(question)
    student = np.full(known.shares.shape, np.nan)
    average = np.full(known.shares.shape, np.nan)
    for number in range(FOLDS):
        out = (fold_of == number) & known.answered
        rest = (fold_of != number) & known.answered
        if out.any() and rest.any():
            student[out] = learned(question, known, rest).chances(_bins(question))[out]
            average[out] = known.shares[rest].mean(axis=0)
    both = known.answered & ~np.isnan(student[:, 0])
    if not both.any():
        return {"student": {"mean": None, "95 %": None}, "average": {"mean": None, "95 %": None}}
    return {
        "student": _summary(divergence(student[both], known.shares[both])),
        "average": _summary(divergence(average[both], known.shares[both])),
        "cells": int(both.sum()),
        "predicted": student[both],
        "answered": known.shares[both],
    }


def folds(question: Question) -> Integers:
    """The fold of each situation; all situations of a person are in one."""
    numbered: dict[tuple[int, ...], int] = {}
    found: list[int] = []
    for cell in range(question.cells):
        who = question.persona(cell) or (cell,)
        numbered.setdefault(who, len(numbered))
        found.append(numbered[who])
    order = sorted(range(len(numbered)), key=lambda n: uniform(fold(FOLD_KEY, n)))
    place = {who: rank % FOLDS for rank, who in enumerate(order)}
    return np.array([place[who] for who in found])


def divergence(one: Column, two: Column) -> Column:
    """Jensen-Shannon divergence of rows, in bits: 0 where alike, 1 where nothing is shared."""
    middle = (one + two) / 2

    def towards(part: Column) -> Column:
        with np.errstate(divide="ignore", invalid="ignore"):
            bits = part * np.log2(part / middle)
        return np.where(part > 0, bits, 0.0).sum(axis=1)

    return np.clip((towards(one) + towards(two)) / 2, 0.0, 1.0)


def _summary(far: Column) -> dict[str, float]:
    return {"mean": float(far.mean()), "95 %": float(np.quantile(far, 0.95))}


def _bins(question: Question) -> Integers:
    sizes: Sequence[int] = [c.size for c in question.columns]
    return np.indices(sizes).reshape(len(sizes), -1).T
