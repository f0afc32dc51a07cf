"""Replications are stored runs: computed once, with the past that both sides share."""

import pytest

import ecumene as ec
from ecumene.models import MODELS
from ecumene.store import RunFolder, Store

HOW = {"backend": "reference", "seed": 3, "checkpoint_every": 2, "keep_checkpoints": 99}
CHANGE = [ec.at(4, ec.set_parameter(transmission=0.4))]


@pytest.fixture(autouse=True)
def hasty(monkeypatch):
    """Nothing waits for the disk: no test here cuts the power."""
    monkeypatch.setattr("ecumene.store.disk.flush", lambda path: None)


def cascade(**changes):
    return MODELS["cascade"].build(**{"agents": 200, "degree": 4, "transmission": 0.5, **changes})


@pytest.fixture
def pair(tmp_path):
    parent = ec.run(cascade(), out=tmp_path, **HOW)
    return parent, ec.branch(parent, 4, transmission=0.4)


@pytest.fixture
def begun(monkeypatch):
    """The steps that are taken."""
    steps = []
    advance = ec.Simulation.advance
    monkeypatch.setattr(ec.Simulation, "advance", lambda s: steps.append(s.step) or advance(s))
    return steps


def replications(out):
    found = [folder.record for folder in Store(out).list()]
    return {one["run"]: one for one in found if one.get("replication_of")}


def test_asked_for_again_they_come_from_the_store(pair, tmp_path, begun):
    found = ec.compare(*pair, replications=3)
    assert len(replications(tmp_path)) == 4
    begun.clear()
    agents = ec.compare(*pair)
    alone = len(begun)
    begun.clear()
    again = ec.compare(*pair, replications=3)
    assert len(begun) == alone and again == found
    more = ec.compare(*pair, replications=4)
    assert more.seeds == (3, 4, 5, 6) and agents.agents == more.agents
    assert len(replications(tmp_path)) == 6


def test_a_branch_has_its_past_from_its_parent_under_every_seed(pair, tmp_path, begun):
    ec.compare(*pair, replications=3)
    children = [one for one in replications(tmp_path).values() if one.get("branch")]
    assert len(children) == 2
    for child in children:
        assert child["went_on_from"] == 4
        parent = replications(tmp_path)[child["branch"]["parent"]]
        assert parent["seed"] == child["seed"] and "branch" not in parent
        assert not (tmp_path / parent["run"] / "checkpoints").exists()
    assert begun.count(0) == 2  # nothing before the branch is taken twice


def test_they_are_the_very_runs_that_are_made_alone(pair, tmp_path):
    ec.compare(*pair, replications=3)
    made = replications(tmp_path)
    for seed in (4, 5):
        for changes in ((), CHANGE):
            how = {"backend": "reference", "seed": seed, "interventions": changes}
            alone = ec.run(cascade(), out=tmp_path / "alone", **how)
            stored = made[alone.record["run"]]
            assert stored["digest"] == alone.record["digest"]
            assert stored["measures"] == alone.record["measures"]
            series = RunFolder(tmp_path / stored["run"]).series
            assert series["reached"].tolist() == alone.series["reached"].tolist()
    again = ec.run(cascade(), out=tmp_path, **{**HOW, "seed": 4})
    assert again.record["stored"]


def test_last_is_the_run_that_it_was(pair, tmp_path):
    last = Store(tmp_path).find("last").name
    ec.compare(*pair, replications=3)
    assert Store(tmp_path).find("last").name == last == pair[1].record["run"]


def test_a_branch_of_another_run_is_replicated_alone(pair, tmp_path):
    other = ec.run(cascade(transmission=0.45), out=tmp_path, **HOW)
    found = ec.compare(other, pair[1], replications=3)
    assert found["reached"].n == 3
    made = replications(tmp_path).values()
    assert all("went_on_from" not in one for one in made)


def broken(run, step):
    (run.path / "checkpoints" / f"step-{step:012}.json").write_text("{")


def test_a_damaged_checkpoint_of_a_replication_is_said_once_and_the_one_before_used(pair, tmp_path):
    under_four, told = ec.run(cascade(), out=tmp_path, **(HOW | {"seed": 4})), []
    broken(under_four, 4)
    found = ec.compare(*pair, replications=3, notice=told.append)
    assert len(told) == 1
    assert told[0].startswith("seed 4: the checkpoint of step 4 is damaged")
    assert told[0].endswith("that of step 2 is used")
    children = [one for one in replications(tmp_path).values() if one.get("branch")]
    said = {one["seed"]: one.get("checkpoint_notices", []) for one in children}
    assert [len(said[seed]) for seed in (4, 5)] == [1, 0]
    assert ec.compare(*pair, replications=3, notice=told.append) == found and len(told) == 1


def test_a_damaged_checkpoint_of_the_two_runs_is_said_once(pair, tmp_path):
    parent, child = pair
    sound, told = ec.compare(parent, child), []
    broken(parent, 4)
    assert ec.compare(parent, child, notice=told.append) == sound
    assert len(told) == 1 and "the checkpoint of step 4 is damaged" in told[0]
