"""What is plotted is what was measured."""

from __future__ import annotations

import numpy as np

from ecumene.report.figures import figures, thinned
from ecumene.store import Series


def drawn(measures, columns):
    return figures({"measures": measures}, Series(lambda: columns))


def test_long_curves_keep_their_first_and_last_point():
    at = thinned(10**6)
    assert (at[0], at[-1], len(at)) == (0, 10**6 - 1, 2000)
    assert len(np.unique(at)) == 2000


def test_ages_stay_in_order_and_countries_go_by_size():
    data = drawn(
        {"by_age": {"10-14": 5, "5-9": 9, "80+": 1}, "by_place": {"A": 1, "B": None, "C": 2}}, {}
    )
    assert [g["names"] for g in data["groups"]] == [["5-9", "10-14", "80+"], ["C", "A", "B"]]
    assert data["groups"][1]["values"] == [[2, 1, None]]


def test_groups_over_steps_are_kept_apart_from_curves():
    columns = {"step": np.arange(2), "n": np.array([1, 2]), "by[a]": np.array([0.5, np.nan])}
    data = drawn({"n": 2, "by": {"a": None}}, columns)
    assert [c["title"] for c in data["curves"]] == ["n"]
    assert data["groups"][0]["values"] == [[0.5], [None]]
