"""Interrupted runs: whatever happens to process, disk or folder, the digest is the same."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

import ecumene as ec
from ecumene.errors import ParameterError, StoreError
from ecumene.store import RunFolder, Store
from ecumene.store.ownership import Owner, owned

from .killing import HOW, creeping

SCRIPT = Path(__file__).with_name("killing.py")


class StoppedError(Exception):
    """The run was stopped by its test."""


def stop_at(step):
    def progress(now, measures):
        del measures
        if now == step:
            raise StoppedError

    return progress


@pytest.fixture(autouse=True)
def hasty(monkeypatch):
    """Nothing in this process waits for the disk: no test here cuts the power."""
    monkeypatch.setattr("ecumene.store.disk.flush", lambda path: None)


def go(out, **how):
    return ec.run(creeping(), **{"seed": 3, "out": out, **HOW, **how})


def stopped(out, step, **how):
    with pytest.raises(StoppedError):
        go(out, progress=stop_at(step), **how)
    (folder,) = [f for f in Store(out).list() if f.status == "unfinished"]
    return folder


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return go(tmp_path_factory.mktemp("whole"), checkpoint_every=None)


def assert_same(run, whole):
    assert run.record["run"] == whole.record["run"]
    assert run.record["digest"] == whole.record["digest"]
    assert run.record["measures"] == whole.record["measures"]
    assert run.series.names == whole.series.names
    for name in run.series.names:
        assert run.series[name].tolist() == whole.series[name].tolist()
        assert run.series[name].dtype == whole.series[name].dtype
    (folder,) = Store(run.path.parent).list()
    assert folder.status == "finished"


def test_it_goes_on_from_the_last_checkpoint(tmp_path, whole):
    assert whole.record["steps"] > 20
    stopped(tmp_path, 17, checkpoint_every=5)
    again = go(tmp_path)
    assert again.record["went_on_from"] == 15
    assert_same(again, whole)


def test_rows_behind_the_checkpoint_are_dropped_and_taken_anew(tmp_path, whole, monkeypatch):
    monkeypatch.setattr("ecumene.store.writer.ROWS_PER_PART", 2)
    folder = stopped(tmp_path, 17, checkpoint_every=5)
    assert len(list((folder.path / "series").iterdir())) > 8
    assert_same(go(tmp_path), whole)


def test_a_run_without_checkpoints_begins_anew(tmp_path, whole):
    stopped(tmp_path, 17, checkpoint_every=None)
    again = go(tmp_path)
    assert "went_on_from" not in again.record
    assert again.record["digest"] == whole.record["digest"]


def test_fresh_begins_anew(tmp_path, whole):
    stopped(tmp_path, 17)
    again = go(tmp_path, fresh=True)
    assert "went_on_from" not in again.record
    assert again.record["digest"] == whole.record["digest"]


def test_another_run_is_not_gone_on_from(tmp_path):
    stopped(tmp_path, 17)
    assert "went_on_from" not in go(tmp_path, seed=4).record


def test_what_counts_as_checkpoints_is_checked(tmp_path):
    for wrong in ({"checkpoint_every": 0}, {"keep_checkpoints": 0}, {"checkpoint_every": 2.5}):
        with pytest.raises(ParameterError, match="type a whole number from 1"):
            go(tmp_path, **wrong)


def latest(folder: RunFolder) -> list[Path]:
    """Manifest, new blocks and last part of the series of the latest checkpoint."""
    manifests = sorted((folder.path / "checkpoints").glob("step-*.json"))
    kept = [json.loads(path.read_text()) for path in manifests]
    names = [{b[2] for a in m["arrays"].values() for b in a["blocks"]} for m in kept]
    new = [folder.path / "checkpoints" / "blocks" / f"{n}.npy" for n in names[-1] - names[-2]]
    parts = set(kept[-1]["series"]["files"]) - set(kept[-2]["series"]["files"])
    return [manifests[-1], *new[:1], *(folder.path / name for name in parts)]


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 16
    path.write_bytes(content)


FAST = [("cut", 0), ("flipped", 1), ("missing", 2)]
ALL = [(how, which) for how in ("flipped", "cut", "missing") for which in range(3)]


@pytest.mark.parametrize(
    ("how", "which"),
    [pytest.param(*one, marks=() if one in FAST else pytest.mark.slow) for one in ALL],
)
def test_damage_is_said_and_the_checkpoint_before_is_used(tmp_path, whole, how, which):
    path = latest(stopped(tmp_path, 17))[which]
    if how == "missing":
        path.unlink()
    elif how == "cut":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    else:
        flip(path)
    told: list[str] = []
    again = go(tmp_path, notice=told.append)
    assert again.record["went_on_from"] == 15
    if (which, how) != (0, "missing"):
        assert len(told) == 1 and "the checkpoint of step 16 is damaged" in told[0]
        assert told[0].endswith("that of step 15 is used")
        assert again.record["checkpoint_notices"] == told
    assert_same(again, whole)


def test_when_all_are_damaged_it_begins_anew_and_says_so(tmp_path, whole):
    for path in (stopped(tmp_path, 17).path / "checkpoints" / "blocks").iterdir():
        flip(path)
    told: list[str] = []
    again = go(tmp_path, notice=told.append)
    assert "went_on_from" not in again.record
    assert [t.endswith("the run goes on from its start") for t in told] == [True, True]
    assert again.record["digest"] == whole.record["digest"]


def test_a_state_that_is_not_the_one_that_was_kept_is_refused(tmp_path, monkeypatch):
    """A checkpoint whose every checksum is right, and which still came back otherwise."""
    stopped(tmp_path, 17)
    monkeypatch.setattr(ec.Simulation, "digest", lambda simulation: "0" * 32)
    with pytest.raises(StoreError, match="does not give the state that was kept"):
        go(tmp_path)


def test_a_store_moved_elsewhere_goes_on(tmp_path, whole):
    stopped(tmp_path / "here", 17)
    shutil.move(tmp_path / "here", tmp_path / "there")
    assert_same(go(tmp_path / "there"), whole)


def test_a_clock_that_jumps_does_not_matter(tmp_path, whole, monkeypatch):
    import time

    ticks = iter(range(10**6))

    def clock():
        return (-1.0) ** next(ticks) * 1e9

    for name in ("time", "monotonic", "perf_counter"):
        monkeypatch.setattr(time, name, clock)
    monkeypatch.setattr("ecumene.store.writer.monotonic", clock)
    stopped(tmp_path, 17)
    assert_same(go(tmp_path), whole)


def test_an_unfinished_folder_has_one_writer(tmp_path, whole):
    """While its writer lives, another process computes the run in a folder of its own."""
    folder = stopped(tmp_path, 17)
    owner = Owner.of(folder.path)
    assert owner is not None and owned(folder.path)
    other = go(tmp_path)
    assert "went_on_from" not in other.record
    assert other.record["digest"] == whole.record["digest"]
    owner.release()
    assert not owned(folder.path)
    again = go(tmp_path, fresh=True)
    assert again.record["digest"] == whole.record["digest"]


def spawn(out, seed=3):
    command = [sys.executable, str(SCRIPT), str(out), str(seed)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def killed(out, wait):
    """Start the run, let it take `wait` steps, kill it; whether it was faster than that."""
    process = spawn(out)
    assert process.stdout is not None
    said = list(islice(process.stdout, wait))
    process.kill()
    said += process.stdout.readlines()
    process.wait()
    process.stdout.close()
    return " " in (said or [""])[-1].strip()


def kill_often(out, times, whole, seed):
    """Kill the run at `times` moments, each time when it has gone on for a few steps."""
    luck = random.Random(seed)
    for _ in range(times):
        if killed(out, luck.randint(1, 6)):
            shutil.rmtree(out)  # it was whole: the next one begins anew
    run = go(out)
    assert run.record["digest"] == whole.record["digest"]
    assert run.series["step"].tolist() == list(range(run.record["steps"] + 1))


def test_killed_at_any_moment_it_goes_on(tmp_path, whole):
    kill_often(tmp_path / "runs", 2, whole, seed=1)


@pytest.mark.slow
def test_killed_at_fifty_moments_it_goes_on(tmp_path, whole):
    kill_often(tmp_path / "runs", 50, whole, seed=2)


def test_two_processes_at_once_both_end_right(tmp_path, whole):
    both = [spawn(tmp_path) for _ in range(2)]
    said = [process.communicate(timeout=120)[0].split("\n")[-2] for process in both]
    assert said == [f"{whole.record['digest']} {whole.record['run']}"] * 2
    assert_same(go(tmp_path), whole)


@pytest.mark.slow
def test_a_million_sparse_steps_do_not_grow_in_memory(tmp_path):
    """Ten agents of a thousand who wake now and then; a checkpoint every 100,000 steps."""
    code = """
import resource, sys
import ecumene as ec
@ec.agent_rule(on=ec.awake("next"), writes=("next", "looks"))
def look(me, env, model, key):
    return env.step + 1 + ec.integer(key, 4000), me.looks + 1
model = ec.Model(
    populations={"people": ec.Population(1000, next=ec.wake_column(ec.between(0, 4000), ahead=5000),
                                         looks=ec.whole(high=10**9))},
    phases=[[look]], measures={"looks": ec.total("looks")}, max_steps=10**6)
marks = []
def progress(step, measures):
    if step in (100_000, 1_000_000):
        marks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
run = ec.run(model, steps=10**6, threads=1, checkpoint_every=100_000, out=sys.argv[1],
             progress=progress)
print(run.record["steps"], *marks)
"""
    script = tmp_path / "sparse.py"
    script.write_text(code)
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "runs")], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    steps, before, after = map(int, done.stdout.split())
    assert steps == 1_000_000
    assert after < before + 20_000  # kilobytes
    assert np.all(np.array([before, after]) > 0)


def names(out):
    return sorted(path.name for path in out.iterdir())


def test_once_it_is_whole_nothing_unfinished_of_it_is_left(tmp_path):
    name = stopped(tmp_path, 17, checkpoint_every=None).path.name
    with pytest.raises(StoppedError):
        go(tmp_path, progress=stop_at(9), checkpoint_every=None)
    assert names(tmp_path) == [name]  # the second had nothing to go on from either
    with pytest.raises(StoppedError):
        go(tmp_path, progress=stop_at(17), seed=4)
    run = go(tmp_path)
    assert len(names(tmp_path)) == 2 and run.path.name in names(tmp_path)
    assert Store(tmp_path).find_unfinished("last").record["seed"] == 4


def test_what_fails_before_it_begins_leaves_no_folder(tmp_path, whole, monkeypatch):
    folder = stopped(tmp_path, 17)
    for path in (folder.path / "checkpoints").glob("*.json"):
        flip(path)
    before = names(tmp_path)

    def broken(simulation):
        raise StoppedError

    monkeypatch.setattr(ec.Simulation, "advance", broken)
    with pytest.raises(StoppedError):
        ec.resume("last", out=tmp_path, model=creeping())
    assert names(tmp_path) == before
    monkeypatch.undo()
    parent = go(tmp_path / "parent", checkpoint_every=5, keep_checkpoints=99)
    monkeypatch.setattr(ec.Simulation, "digest", lambda simulation: "0" * 32)
    with pytest.raises(StoreError, match="does not give the state that was kept"):
        ec.branch(parent, 12, model=creeping(), interventions=[ec.at(14, ec.seed_agents(1))])
    assert names(tmp_path / "parent") == [parent.path.name]
