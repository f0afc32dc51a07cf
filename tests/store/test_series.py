"""The series: written in parts, read as one, in the library of choice."""

from __future__ import annotations

import builtins
import sys

import numpy as np
import pytest

from ecumene.errors import StoreError
from ecumene.store import Series


def test_rows_of_many_parts_come_back_in_order(store):
    with store.open_partial("long", {}) as writer:
        for t in range(2500):
            writer.append([{"step": t, "share": t / 7}])
        folder = writer.finish({})
    assert len(list((folder.path / "series").iterdir())) == 3
    assert np.array_equal(folder.series["step"], np.arange(2500))
    assert np.array_equal(folder.series["share"], np.arange(2500) / 7)


def test_a_live_run_can_be_read_before_it_ends(store):
    writer = store.open_partial("live", {})
    writer.append({"step": t} for t in range(1000))
    (live,) = store.list()
    assert len(live.series) == 1000
    assert live.status == "unfinished"


def test_values_that_are_missing_are_nan_and_new_groups_may_appear(store):
    with store.open_partial("gaps", {}) as writer:
        writer.append([{"step": 0, "mean": None}])
        writer.flush()
        writer.append([{"step": 1, "mean": 2, "mean[IND]": 5}])
        series = writer.finish({}).series
    assert series.names == ("step", "mean", "mean[IND]")
    assert np.array_equal(series["mean"], [np.nan, 2.0], equal_nan=True)
    assert np.array_equal(series.groups("mean")["IND"], [np.nan, 5.0], equal_nan=True)
    assert series["step"].dtype == np.int64


def test_names_that_differ_only_in_case_or_are_hostile_are_kept_apart(store):
    row = {"step": 0, "n[yes]": 1, "n[Yes]": 2, "n[YES]": 3, 'n["; drop--]': 4, "n[<b>]": 5}
    with store.open_partial("names", {}) as writer:
        writer.append([row])
        series = writer.finish({}).series
    assert {name: int(series[name][0]) for name in series} == row


def test_whole_numbers_stay_exact(store):
    with store.open_partial("exact", {}) as writer:
        writer.append([{"step": 0, "people": 2**62 + 1}])
        assert int(writer.finish({}).series["people"][0]) == 2**62 + 1


def test_an_unknown_measure_names_the_known_ones(keep):
    with pytest.raises(KeyError, match="Did you mean `reached`"):
        keep("a").series["reachd"]


def test_nothing_is_read_before_it_is_asked_for():
    loaded: list[int] = []

    def load():
        loaded.append(1)
        return {"step": np.arange(3)}

    series = Series(load)
    assert loaded == []
    assert len(series) == 3
    assert "step" in series
    assert loaded == [1]


@pytest.mark.parametrize(("library", "form"), [("pyarrow", "arrow"), ("pandas", "pandas")])
def test_a_missing_library_names_the_command_that_installs_it(library, form, monkeypatch):
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(StoreError, match="python -m pip install"):
        getattr(Series(lambda: {"step": np.arange(3)}), form)()


@pytest.mark.parametrize(
    ("library", "form"), [("pyarrow", "arrow"), ("pandas", "pandas"), ("polars", "polars")]
)
def test_the_series_comes_as_the_library_of_choice(library, form, keep):
    pytest.importorskip(library)
    table = getattr(keep("a").series, form)()
    assert next(iter(getattr(table, "column_names", None) or table.columns)) == "step"
    assert np.array_equal(np.asarray(table["reached"]), [t * t for t in range(11)])


def test_the_core_needs_no_arrow(keep, monkeypatch):
    real = builtins.__import__

    def refuse(name, *rest, **more):
        assert name.split(".")[0] not in ("pyarrow", "pandas", "polars")
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)
    assert keep("a").series["reached"][-1] == 100
