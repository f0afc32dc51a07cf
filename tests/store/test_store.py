"""Finding runs, and the law that no partial run is ever taken for a whole one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ecumene.errors import StoreError
from ecumene.store import Store


def test_a_run_is_found_by_name_prefix_path_and_last(store, keep):
    keep("gossip-aaa")
    folder = keep("cascade-bbb")
    for run in ("cascade-bbb", "casc", str(folder.path), folder.path, "last"):
        assert store.find(run).path == folder.path
    assert store.find("g").name == "gossip-aaa"


def test_a_run_comes_back_as_it_was_written(store, keep):
    keep("a")
    run = store.find("a")
    assert (run.record["steps"], run.record["seed"], run.record["run"]) == (10, 1, "a")
    assert run.record["status"] == "finished"
    assert run.record["write_seconds"] > 0
    assert run.scorecard == [{"name": "reached_share", "value": 1.0, "met": True}]
    assert run.series["reached"][-1] == 100


def test_last_is_the_run_asked_for_last(store, keep):
    first, second = keep("a"), keep("b")
    later = second.path.joinpath("run.json").stat().st_mtime_ns + 1
    os.utime(first.path / "run.json", ns=(later, later))
    assert store.find("last").name == "a"


def test_an_ambiguous_prefix_lists_the_candidates(store, keep):
    keep("cascade-1")
    keep("cascade-2")
    with pytest.raises(StoreError, match=r"`cascade-1`, `cascade-2`.*Type more"):
        store.find("casc")


def test_an_unknown_run_offers_the_nearest_name(store, keep):
    keep("cascade-1f")
    with pytest.raises(StoreError, match="Did you mean `cascade-1f`"):
        store.find("cascdae-1f")
    with pytest.raises(StoreError, match="no finished run"):
        Store(store.path / "nowhere").find("last")


# The law: unfinished, whatever happened, is never found, returned or listed as whole.


def abandoned(store: Store) -> Path:
    writer = store.open_partial("cascade-1", {})
    writer.append([{"step": 0, "reached": 1}])
    return writer.abandon("interrupted").path


def interrupted(store: Store) -> Path:
    with pytest.raises(KeyboardInterrupt), store.open_partial("cascade-1", {}) as writer:
        writer.append([{"step": 0, "reached": 1}])
        raise KeyboardInterrupt
    return writer.path


def killed(store: Store) -> Path:
    return store.open_partial("cascade-1", {}).path


def killed_before_the_rename(store: Store) -> Path:
    patch = pytest.MonkeyPatch()
    writer = store.open_partial("cascade-1", {})
    with patch.context() as change, pytest.raises(RuntimeError):
        change.setattr("ecumene.store.writer._rename", fail)
        writer.finish({})
    return writer.path


def renamed_by_hand(store: Store) -> Path:
    return abandoned(store).rename(store.path / "cascade-1")


def fail(*_: object) -> None:
    raise RuntimeError("killed")


@pytest.mark.parametrize(
    "end", [abandoned, interrupted, killed, killed_before_the_rename, renamed_by_hand]
)
def test_a_partial_run_is_never_taken_for_a_whole_one(store, end):
    path = end(store)
    assert path.is_dir()
    assert store.stored("cascade-1") is None
    assert [run.status for run in store.list()] == ["unfinished"]
    for run in ("cascade-1", "casc", path.name, path, "last"):
        with pytest.raises(StoreError, match=r"unfinished|no finished run"):
            store.find(run)


def test_an_unfinished_run_says_why_and_keeps_its_rows(store):
    abandoned(store)
    (run,) = store.list()
    assert run.record["reason"] == "interrupted"
    assert run.series["reached"].tolist() == [1]


def test_an_unfinished_run_does_not_hide_the_whole_one(store, keep):
    abandoned(store)
    keep("cascade-1")
    assert store.find("cascade-1").whole
    assert store.find("casc").whole
    assert store.stored("cascade-1") is not None


def test_two_processes_computing_one_run_both_write_whole_and_the_last_wins(store):
    writers = [store.open_partial("same", {"number": n}) for n in range(2)]
    assert writers[0].path != writers[1].path
    for n, writer in enumerate(writers):
        writer.append([{"step": n}])
        assert writer.finish({"number": n}).whole
        assert store.find("same").record["number"] == n
        assert store.find("same").series["step"].tolist() == [n]
    assert [run.path.name for run in store.list()] == ["same"]


@pytest.mark.parametrize("name", ["", "last", ".hidden", "a.partial", "a/b"])
def test_a_name_that_would_confuse_is_refused(store, name):
    with pytest.raises(StoreError, match="cannot be named"):
        store.open_partial(name, {})
