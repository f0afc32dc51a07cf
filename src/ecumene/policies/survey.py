"""Policies from a survey's file: who was in which situation, what they chose, with weights.

`shares`        weighted shares in each situation, which must have been met
`multinomial`   a multinomial logit with an effect for each bin (scikit-learn), so that situations
                which nobody or hardly anybody was in borrow from their neighbours
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod
from numbers import Real
from typing import Any

import numpy as np

from ..arrays import Column, Integers
from ..errors import InputError, ModelError, unknown
from ..population.reading import read_persons
from .binned import Binned
from .counts import counts_policy, standard_errors
from .fitting import Fit, fit
from .policy import Policy, check_shape
from .table import table_policy

RESAMPLES = 20  # Fits to persons drawn anew: a standard error to within a sixth of itself.
WAYS = ("shares", "multinomial")


def survey_policy(
    frame: Any,
    columns: Sequence[Binned],
    actions: Mapping[str, str],
    *,
    choice: str,
    weight: str | None = None,
    how: str = "multinomial",
    penalty: float = 1.0,
    source: str | None = None,
) -> Policy:
    """A policy fitted to a survey: a CSV or Parquet file, or a frame of any library.

    `choice` names the column of what people chose, as an action's name or number; a situation's
    columns are found by name and hold numbers, or bins' labels. `weight` names a column of weights.
    Persons with a gap, or without a bin, are left out, and counted in `policy.about`. Raises
    `InputError` for what cannot be read so.
    """
    if how not in WAYS:
        raise ModelError(unknown("way to fit", how, WAYS))
    check_shape(columns, actions)
    name, read = read_persons(frame)
    bins = np.stack([_coded(name, read, c.name, c) for c in columns], axis=1)
    chosen = _coded(name, read, choice, _as_column(choice, actions))
    weights = _weights(name, read, weight)
    kept = (bins >= 0).all(axis=1) & (chosen >= 0) & (weights > 0)
    if not kept.any():
        raise InputError(
            f"nobody in {name} has all of {', '.join(c.name for c in columns)} and a `{choice}` "
            f"among {', '.join(actions)}."
        )
    said = {"persons": int(kept.sum()), "left_out": int((~kept).sum()), "fit": how}
    people = bins[kept], chosen[kept], weights[kept]
    make = _shares if how == "shares" else _multinomial
    policy = make(columns, actions, people, source or name, penalty)
    return replace(policy, about={**policy.about, **said})


People = tuple[Integers, Integers, Column]


def _shares(
    columns: Sequence[Binned], actions: Mapping[str, str], people: People, source: str, _: float
) -> Policy:
    bins, chosen, weights = people
    cells = np.ravel_multi_index(tuple(bins.T), [c.size for c in columns])
    size = prod(c.size for c in columns)
    counts = np.zeros((size, len(actions)))
    np.add.at(counts, (cells, chosen), weights)
    policy = counts_policy(columns, actions, counts, source=source)
    squares = np.bincount(cells, weights * weights, size)
    # Kish's (1965) effective number of persons: weights that differ say less.
    effective = np.bincount(cells, weights, size) ** 2 / squares
    return replace(policy, uncertainty=standard_errors(policy.probabilities(), effective))


def _multinomial(
    columns: Sequence[Binned],
    actions: Mapping[str, str],
    people: People,
    source: str,
    penalty: float,
) -> Policy:
    bins, chosen, weights = people
    sizes = [c.size for c in columns]
    asked = Fit(sizes, len(actions), penalty)
    # Persons alike in all that is looked at are one row with the sum of their weights.
    rows, row_of = np.unique(np.column_stack([bins, chosen]), axis=0, return_inverse=True)

    def fitted(weights: Column) -> Column:
        summed = np.bincount(row_of.ravel(), weights, len(rows))
        return fit(asked, rows[:, :-1], rows[:, -1], summed).chances()

    chances = fitted(weights)
    again = [weights * _drawn(len(chosen), r) for r in range(RESAMPLES)]
    drawn = [fitted(drawn) if drawn.any() else chances for drawn in again]
    return table_policy(
        columns,
        actions,
        chances,
        source=source,
        uncertainty=np.std(np.stack(drawn), axis=0, ddof=1).max(axis=1),
        about={"penalty": penalty, "resamples": RESAMPLES},
    )


def _drawn(size: int, number: int) -> Column:
    """How often each person is drawn into a resample."""
    return np.random.Generator(np.random.Philox(number)).poisson(1.0, size).astype(float)


def _coded(name: str, read: Mapping[str, Column], called: str, column: Binned) -> Integers:
    """The bin of each person in a column of numbers or of labels; -1 for none."""
    if called not in read:
        raise InputError(f"{name}: {unknown('column', called, read)}")
    values = read[called]
    gaps = np.ma.getmaskarray(values)
    numbers = np.ma.filled(values, np.nan) if values.dtype.kind == "f" else values
    if values.dtype.kind in "OUS":
        places = {label: place for place, label in enumerate(column.labels)}
        words = [v if isinstance(v, str) else "" for v in values.tolist()]
        named = np.array([places.get(word, -1) for word in words])
        plain = [v if isinstance(v, Real) else np.nan for v in values.tolist()]
        return np.where(named >= 0, named, _in_bins(column, np.array(plain, float), gaps))
    return _in_bins(column, np.ma.getdata(numbers).astype(float), gaps)


def _in_bins(column: Binned, numbers: Column, gaps: Column) -> Integers:
    gaps = gaps | ~np.isfinite(numbers)
    return np.where(gaps, -1, column.bins(np.where(gaps, 0.0, numbers)))


def _weights(name: str, read: Mapping[str, Column], weight: str | None) -> Column:
    if weight is None:
        return np.ones(len(next(iter(read.values()))))
    if weight not in read:
        raise InputError(f"{name}: {unknown('column', weight, read)}")
    try:
        weights = np.ma.filled(np.ma.asarray(read[weight]).astype(float), 0.0)
    except ValueError as error:
        raise InputError(f"{name}: the weights `{weight}` are not numbers ({error}).") from error
    if not np.all(np.isfinite(weights)) or np.any(weights < 0):
        raise InputError(f"{name}: weights `{weight}` below 0 or without end; mend the file.")
    return weights


def _as_column(choice: str, actions: Mapping[str, str]) -> Binned:
    return Binned(choice, tuple(actions), tuple(range(len(actions))))
