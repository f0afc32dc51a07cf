"""From a checkpoint of any step to the digest of the whole run: where agents enter and leave, where
ties form and dissolve; gone on with, branched off, and told as one agent's lives."""

import shutil

import pytest

import ecumene as ec
from ecumene.engine import checked
from ecumene.lives.worlds import OWN, Asked, World, live, live_all

from ..engine.test_bonding import circle
from ..turnover import turnover

STEPS = 6
OPEN = turnover(ec.matchings(3), birth=0.2, death=0.2, capacity=120)
TIED = circle(24)
COMING = (
    ec.at(2, ec.enter(4, coins=7)),
    ec.at(4, ec.leave(agents=ec.sample_count(3))),
)
MODELS = {"open": (OPEN, ()), "open, changed": (OPEN, COMING), "slots": (TIED, ())}


class StoppedError(Exception):
    """The run was stopped by its test."""


@pytest.fixture(autouse=True)
def hasty(monkeypatch):
    """Nothing waits for the disk: no test here cuts the power."""
    monkeypatch.setattr("ecumene.store.disk.flush", lambda path: None)


def go(name, out, **how):
    model, changes = MODELS[name]
    asked = {"seed": 5, "steps": STEPS, "backend": "reference", "interventions": changes}
    return ec.run(model, out=out, **{**asked, **how})


@pytest.mark.parametrize("name", MODELS)
def test_a_branch_without_a_change_is_the_run_from_every_step(name, tmp_path):
    run = go(name, tmp_path, checkpoint_every=1, keep_checkpoints=99)
    assert run.record["steps"] == STEPS
    assert run.record["digest"] == go(name, tmp_path / "plain").record["digest"]
    for step in range(1, STEPS + 1):  # each takes the place of the run, with its later checkpoints
        again = ec.branch(run, step, fresh=True, keep_checkpoints=99)
        assert again.record["went_on_from"] == step
        assert again.record["digest"] == run.record["digest"]
        assert again.record["measures"] == run.record["measures"]


@pytest.mark.parametrize("name", MODELS)
def test_stopped_at_every_step_it_goes_on_to_the_same_digest(name, tmp_path):
    whole = go(name, tmp_path / "whole")
    for stop in range(1, STEPS + 1):

        def progress(step, measures, stop=stop):
            del measures
            if step == stop:
                raise StoppedError

        with pytest.raises(StoppedError):
            go(name, tmp_path, checkpoint_every=1, progress=progress)
        shards = 1 + stop % 2
        again = ec.resume("last", out=tmp_path, model=MODELS[name][0], shards=shards)
        assert again.record.get("went_on_from") == (stop - 1 or None)
        assert again.record["digest"] == whole.record["digest"]
        for column in again.series.names:
            assert again.series[column].tolist() == whole.series[column].tolist()
        shutil.rmtree(again.path)


@pytest.mark.parametrize("name", MODELS)
def test_a_world_that_begins_to_differ_later_is_the_same_run_whole(name):
    model, changes = MODELS[name]
    how = {"backend": "reference", "threads": 1}
    asked = Asked(model, 5, 0, STEPS, checked(changes, model), 2, model.first, how)
    column = "coins" if "open" in name else "heard"
    worlds = [
        World(f"{step}", checked([ec.at(step, ec.set_column(column, 3))], model))
        for step in range(STEPS)
    ]
    own, *others = live_all(asked, worlds)
    assert own.events == live(asked.simulation(OWN), 2, model.first, STEPS).events
    for world, life in zip(worlds, others, strict=True):
        whole = live(asked.simulation(world), 2, model.first, STEPS)
        assert (life.events, life.last, life.steps) == (whole.events, whole.last, whole.steps)
