"""Checkpoints: written whole or not at all, only what changed, and nothing damaged is believed."""

import json
import pickle
import shutil

import numpy as np
import pytest

from ecumene.engine import Block
from ecumene.errors import StoreError
from ecumene.store import Checkpoints
from ecumene.store.blocks import Blocks

ABOUT = {"series": {"files": {}, "parts": 0, "spelling": {}}, "digest": "0"}


def columns(step):
    """Three blocks of numbers, of which the second changes, and one of truth values."""
    yield Block("column:a", 0, np.arange(1000))
    yield Block("column:a", 1000, np.arange(1000) + step)
    yield Block("column:a", 2000, np.arange(500, dtype=np.int64))
    yield Block("column:up", 0, np.arange(2500) % 3 == step % 3)


def write(run, *steps, keep=9):
    checkpoints = Checkpoints(run)
    for step in steps:
        checkpoints.write({**ABOUT, "facts": {"step": step, "agents": 2500}}, columns(step), keep)
    return checkpoints


def files(run):
    return sorted((run / "checkpoints" / "blocks").iterdir())


def assert_is(checkpoint, step):
    assert checkpoint.step == step
    for found, kept in zip(checkpoint.blocks(), columns(step), strict=True):
        assert (found.label, found.first) == (kept.label, kept.first)
        assert found.values.dtype == kept.values.dtype
        assert found.values.tolist() == kept.values.tolist()


def test_what_is_kept_comes_back(tmp_path):
    write(tmp_path, 5)
    checkpoint, faults = Checkpoints(tmp_path).latest()
    assert_is(checkpoint, 5)
    assert faults == []


def test_only_blocks_that_changed_are_written(tmp_path):
    write(tmp_path, 3)
    before = {path: path.stat().st_mtime_ns for path in files(tmp_path)}
    write(tmp_path, 6)  # as another process would
    after = {path: path.stat().st_mtime_ns for path in files(tmp_path)}
    assert len(before) == 4 and len(after) == 5  # the truth values are those of step 3
    assert {path: after[path] for path in before} == before


def test_the_last_ones_stay_and_blocks_that_nobody_needs_go(tmp_path):
    checkpoints = write(tmp_path, *range(1, 9), keep=2)
    assert checkpoints.steps == [7, 8]
    assert len(files(tmp_path)) == 6
    assert_is(checkpoints.latest(7)[0], 7)


def test_the_latest_before_a_step(tmp_path):
    checkpoints = write(tmp_path, 2, 4, 6)
    assert [checkpoints.latest(t)[0].step for t in (2, 3, 5, 6, 99)] == [2, 2, 4, 6, 6]
    assert checkpoints.latest(1) == (None, [])
    assert Checkpoints(tmp_path / "nowhere").latest() == (None, [])


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)


def cut(path):
    path.write_bytes(path.read_bytes()[:-7])


def remove(path):
    path.unlink()


DAMAGE = [flip, cut, remove]


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_block_is_said_and_the_one_before_is_used(tmp_path, damage):
    before = set(files(tmp_path)) if write(tmp_path, 4) else set()
    write(tmp_path, 8)
    (new, *_) = set(files(tmp_path)) - before
    damage(new)
    checkpoint, (said,) = Checkpoints(tmp_path).latest()
    assert_is(checkpoint, 4)
    assert said.startswith("the checkpoint of step 8 is damaged: its block ")
    assert ("missing" in said) == (damage is remove)


@pytest.mark.parametrize("damage", [flip, cut])
def test_a_damaged_manifest_is_said_and_the_one_before_is_used(tmp_path, damage):
    write(tmp_path, 4, 8)
    damage(tmp_path / "checkpoints" / "step-000000000008.json")
    checkpoint, (said,) = Checkpoints(tmp_path).latest()
    assert_is(checkpoint, 4)
    assert "the checkpoint of step 8 is damaged: its manifest" in said


def test_a_damaged_part_of_the_series_is_a_damaged_checkpoint(tmp_path):
    part = tmp_path / "part-0.parquet"
    part.write_bytes(b"rows")
    entry = {"bytes": 4, "blake3": "0" * 64}
    series = {"files": {part.name: entry}, "parts": 1, "spelling": {}}
    facts = {"step": 4, "agents": 2500}
    Checkpoints(tmp_path).write({**ABOUT, "facts": facts, "series": series}, columns(4), 2)
    checkpoint, (said,) = Checkpoints(tmp_path).latest()
    assert checkpoint is None
    assert "part-0.parquet, written before it, is not what was written" in said


def test_a_block_that_was_damaged_is_written_anew(tmp_path):
    """Otherwise every later checkpoint that shares it would be damaged too."""
    write(tmp_path, 4)
    for path in files(tmp_path):
        flip(path)
    write(tmp_path, 7)
    assert_is(Checkpoints(tmp_path).latest()[0], 7)
    assert Checkpoints(tmp_path).latest(4)[0] is None


def test_a_checkpoint_of_another_format_is_said(tmp_path):
    write(tmp_path, 4)
    checkpoints = Checkpoints(tmp_path)
    checkpoints.write({**ABOUT, "facts": {"step": 9}, "format": 2}, (), 9)
    checkpoint, (said,) = checkpoints.latest()
    assert checkpoint.step == 4 and "it has format 2, and this version reads 1" in said


def test_a_checkpoint_moved_elsewhere_is_the_same(tmp_path):
    write(tmp_path / "here", 4)
    shutil.move(tmp_path / "here", tmp_path / "there")
    assert_is(Checkpoints(tmp_path / "there").latest()[0], 4)


def test_what_a_killed_process_left_goes_with_the_next_checkpoint(tmp_path):
    write(tmp_path, 4)
    left = tmp_path / "checkpoints" / "blocks" / "abc.npy.tmp"
    left.write_bytes(b"half")
    assert_is(Checkpoints(tmp_path).latest()[0], 4)
    write(tmp_path, 5)
    assert not left.exists()


class Harm:
    """Unpickling it would write a file."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (open, (str(self.path), "w"))


@pytest.mark.parametrize("how", ["array", "file"])
def test_a_checkpoint_from_a_stranger_cannot_run_code(tmp_path, how):
    """Even when its name is the right one for its content: it is numbers or an error."""
    from blake3 import blake3

    harmed, path = tmp_path / "harmed", tmp_path / "block"
    if how == "array":
        with path.open("wb") as file:
            np.save(file, np.array([Harm(harmed)], dtype=object), allow_pickle=True)
    else:
        path.write_bytes(pickle.dumps(Harm(harmed)))
    name = blake3(path.read_bytes()).hexdigest()
    path.rename(tmp_path / f"{name}.npy")
    with pytest.raises(StoreError, match="holds no array of numbers"):
        Blocks(tmp_path).read(name, 1, False)
    assert not harmed.exists()


def test_a_manifest_is_plain_json(tmp_path):
    write(tmp_path, 4)
    manifest = json.loads((tmp_path / "checkpoints" / "step-000000000004.json").read_text())
    assert manifest["facts"] == {"step": 4, "agents": 2500}
    assert [len(a["blocks"]) for a in manifest["arrays"].values()] == [3, 1]
