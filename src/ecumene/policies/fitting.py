"""A multinomial logit with an effect for each bin of each column, fitted by scikit-learn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from ..arrays import Column, Integers
from ..errors import InputError, ModelError


@dataclass(frozen=True)
class Fit:
    """What is fitted: bins per column, how many actions, and the ridge penalty on effects."""

    sizes: Sequence[int]
    actions: int
    penalty: float


@dataclass(frozen=True)
class Fitted:
    """A fitted logit."""

    asked: Fit
    model: Any  # None where everybody chose the same
    chosen: Integers  # the actions that somebody chose

    def chances(self, bins: Integers | None = None) -> Column:
        """The chance of each action in some situations, or in all of them in order."""
        if bins is None:
            bins = np.array(list(product(*(range(size) for size in self.asked.sizes))))
        chances = np.zeros((len(bins), self.asked.actions))
        if self.model is None:
            chances[:, self.chosen] = 1.0
        else:
            chances[:, self.chosen] = self.model.predict_proba(effects(bins, self.asked.sizes))
        return chances / chances.sum(axis=1, keepdims=True)


def fit(asked: Fit, bins: Integers, chosen: Integers, weights: Column) -> Fitted:
    """Fit to persons in `bins`, shape (persons, columns), who chose these actions."""
    linear = sklearn("linear_model")
    if not asked.penalty > 0:
        raise ModelError(f"penalty={asked.penalty}; type a number above 0.")
    used = weights > 0
    actions = np.unique(chosen[used])
    if len(actions) < 2:
        return Fitted(asked, None, actions)
    # Newton's steps: as good in a twentieth of the time that L-BFGS takes for so few effects.
    model = linear.LogisticRegression(
        C=1.0 / asked.penalty, solver="newton-cholesky", max_iter=200, tol=1e-8
    )
    model.fit(effects(bins[used], asked.sizes), chosen[used], sample_weight=weights[used])
    return Fitted(asked, model, actions)


def effects(bins: Integers, sizes: Sequence[int]) -> Column:
    """One column of 0 and 1 for each bin of each column."""
    return np.concatenate(
        [np.eye(size)[bins[:, number]] for number, size in enumerate(sizes)], axis=1
    )


def sklearn(module: str) -> Any:
    """A module of scikit-learn, or the command that installs it."""
    from importlib import import_module

    try:
        return import_module(f"sklearn.{module}")
    except ImportError as error:
        raise InputError(
            'fitting needs scikit-learn; type `pip install "ecumene[policies]"`.'
        ) from error
