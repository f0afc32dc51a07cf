"""Policies from what people did: counts in each situation, as a paper or a survey gives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import numpy as np

from ..arrays import Column
from ..errors import ModelError
from .binned import Binned
from .policy import Policy, check_shape
from .table import thresholds_of_floats


def counts_policy(
    columns: Sequence[Binned],
    actions: Mapping[str, str],
    counts: Any,
    *,
    source: str,
    prior: float = 0.0,
    about: Mapping[str, Any] | None = None,
) -> Policy:
    """A policy from how many people did what; a cell's uncertainty follows from its number.

    `counts` has the shape (situations, actions); they may be weighted. `prior` is added to each
    (1/2 is Jeffreys'), so that what nobody happened to do is not impossible; with 0, a situation
    that nobody was in is refused.
    """
    check_shape(columns, actions)
    cells = prod(c.size for c in columns)
    table = np.asarray(counts, float)
    if table.size != cells * len(actions):
        raise ModelError(f"{table.size} counts for {cells} situations and {len(actions)} actions.")
    if not np.all(table >= 0) or not prior >= 0:
        raise ModelError("counts below 0; give how many people did what.")
    table = table.reshape(cells, len(actions)) + prior
    people = np.cumsum(table, axis=1)[:, -1]
    if not np.all(people > 0):
        raise ModelError(
            f"nobody was in {int(np.sum(people == 0))} of {cells} situations, the first of number "
            f"{int(np.argmin(people > 0))}; cut more coarsely, fit a model (survey_policy), or "
            "give each action a prior (prior=0.5)."
        )
    chances = table / people[:, None]
    return Policy(
        tuple(columns),
        dict(actions),
        thresholds_of_floats(chances),
        (source,),
        np.zeros(cells, np.int16),
        standard_errors(chances, people),
        dict(about or {}),
    )


def standard_errors(chances: Column, people: Column) -> Column:
    """The largest binomial standard error of each row's chances, of so many people."""
    return np.sqrt(chances * (1 - chances) / people[:, None]).max(axis=1)
