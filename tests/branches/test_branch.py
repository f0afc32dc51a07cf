"""Branches: the same past and luck, only the stated change, and nothing computed twice."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec
from ecumene.errors import DigestError, InterventionError, ParameterError, StoreError
from ecumene.models import MODELS
from ecumene.store import Store

from ..societies import society

HOW = {"backend": "reference", "seed": 3, "checkpoint_every": 2, "keep_checkpoints": 99}


@pytest.fixture(autouse=True)
def hasty(monkeypatch):
    """Nothing waits for the disk: no test here cuts the power."""
    monkeypatch.setattr("ecumene.store.disk.flush", lambda path: None)


def cascade(**changes):
    return MODELS["cascade"].build(**{"agents": 400, "degree": 4, "transmission": 0.5, **changes})


@pytest.fixture
def parent(tmp_path):
    return ec.run(cascade(), out=tmp_path, **HOW)


@pytest.fixture
def steps_taken(monkeypatch):
    """The steps that simulations took, in the order in which they did."""
    taken: list[int] = []
    advance = ec.Simulation.advance

    def watched(simulation):
        taken.append(simulation.step)
        return advance(simulation)

    monkeypatch.setattr(ec.Simulation, "advance", watched)
    return taken


def assert_like(run, other):
    assert run.record["digest"] == other.record["digest"]
    assert run.record["measures"] == other.record["measures"]
    for name in other.series.names:
        np.testing.assert_array_equal(run.series[name], other.series[name])


@pytest.mark.parametrize("at", [0, 1, 2, 7])
def test_a_branch_without_a_change_has_its_parents_digest(parent, at):
    again = ec.branch(parent, at, fresh=True)
    assert not again.record["stored"]
    assert_like(again, parent)


def test_a_branch_without_a_change_is_its_parent(parent):
    assert ec.branch(parent, 4).record["stored"]


@pytest.mark.parametrize(
    "nothing",
    [ec.at(5, ec.seed_agents(0)), ec.at(5, ec.set_parameter(transmission=0.5))],
    ids=str,
)
def test_a_change_of_no_strength_leaves_every_bit(parent, nothing):
    branch = ec.branch(parent, 5, interventions=[nothing])
    assert branch.record["run"] != parent.record["run"]
    assert_like(branch, parent)


def test_a_mechanism_switched_on_without_strength_leaves_every_bit(tmp_path):
    """A share of nobody, a chance of nothing: whole parameters that were off."""
    model = society(ec.matchings(3), 40, pay=0.0, share=0.0)
    run = ec.run(model, steps=5, out=tmp_path, **HOW)
    branch = ec.branch(run, 3, share=0.0, pay=0.0)
    assert_like(branch, run)
    assert ec.branch(run, 3, pay=1.0).record["digest"] != run.record["digest"]


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 9), st.integers(0, 3), st.sampled_from([0.0, 0.4, 0.9]), st.integers(1, 3))
def test_a_branch_is_the_run_with_the_same_change(tmp_path_factory, at, later, chance, shards):
    """Whether it begins at a checkpoint, is stepped forward, or computed from the start."""
    out = tmp_path_factory.mktemp("runs")
    changes = [ec.when("reached", ec.seed_agents(3), above=40)]
    run = ec.run(cascade(), interventions=changes, out=out, **HOW)
    more = [ec.at(at + later, ec.seed_agents(2)), ec.at(at, ec.set_parameter(transmission=chance))]
    branch = ec.branch(run, at, interventions=more, shards=shards)
    how = {**HOW, "checkpoint_every": None}
    whole = ec.run(cascade(), interventions=[*changes, *more], out=out / "other", **how)
    assert branch.record["run"] == whole.record["run"]
    assert_like(branch, whole)


def test_the_past_is_not_computed_again(parent, steps_taken):
    branch = ec.branch(parent, 7, transmission=0.1)
    assert steps_taken[0] == 6 and branch.record["went_on_from"] == 6
    assert list(branch.series["step"]) == list(range(branch.record["steps"] + 1))
    assert branch.series["reached"][:7].tolist() == parent.series["reached"][:7].tolist()


def test_without_a_checkpoint_it_is_computed_from_the_start(tmp_path, steps_taken):
    run = ec.run(cascade(), out=tmp_path, **{**HOW, "checkpoint_every": None})
    steps_taken.clear()
    ec.branch(run, 7, transmission=0.1)
    assert steps_taken[0] == 0


def test_its_record_says_of_which_run_where_and_what(parent):
    branch = ec.branch(parent, 4, transmission=0.25)
    kept = json.loads((branch.path / "run.json").read_text())
    assert kept["branch"] == {
        "parent": parent.record["run"],
        "at": 4,
        "changes": ["at 4: parameter transmission = 0.25"],
    }
    assert ec.branch(parent, 4, transmission=0.25).record["stored"]


def test_a_branch_of_a_branch_has_both_changes(parent):
    twice = ec.branch(ec.branch(parent, 4, transmission=0.25), 6, transmission=0.9)
    assert [one["change"] for one in twice.record["interventions"]] == [
        "at 4: parameter transmission = 0.25",
        "at 6: parameter transmission = 0.9",
    ]
    assert twice.record["went_on_from"] == 6


def test_a_parameter_that_reshapes_is_refused_with_the_reason(parent):
    with pytest.raises(InterventionError, match="reshapes who the agents are or whom they reach"):
        ec.branch(parent, 4, degree=6)
    with pytest.raises(InterventionError, match="has done its work when the run begins"):
        ec.branch(parent, 4, seeds=6)


def test_what_lies_before_the_branch_is_refused(parent):
    for late in (ec.at(3, ec.seed_agents(1)), ec.during(2, 9, ec.set_parameter(transmission=0.1))):
        with pytest.raises(InterventionError, match="lies before the step 4"):
            ec.branch(parent, 4, interventions=[late])
    watched = ec.when("reached", ec.seed_agents(1), above=0)
    branch = ec.branch(parent, 4, interventions=[watched])
    assert branch.record["interventions"][0]["first"] == 4


def test_a_step_that_it_did_not_take_is_refused(parent):
    for at in (-1, parent.record["steps"] + 1, 1.5):
        with pytest.raises(ParameterError, match="type one from 0 to"):
            ec.branch(parent, at)
    with pytest.raises(ParameterError, match="cannot end at step 3"):
        ec.branch(parent, 4, steps=3, transmission=0.1)


def test_it_ends_where_its_parent_was_to_end(tmp_path):
    run = ec.run(cascade(), steps=6, out=tmp_path, **HOW)
    assert ec.branch(run, 4, transmission=0.4).record["steps"] == 6
    assert ec.branch(run, 4, transmission=0.4, steps=8).record["steps"] == 8


def test_a_parent_is_found_by_name_and_its_ready_model_built_again(parent, tmp_path):
    by_name = ec.branch(parent.record["run"][:12], 4, transmission=0.25, out=tmp_path)
    assert_like(by_name, ec.branch(parent, 4, transmission=0.25, fresh=True))


def test_a_model_that_cannot_be_built_again_is_asked_for(tmp_path):
    model = society(ec.matchings(3), 40)
    run = ec.run(model, steps=4, out=tmp_path, **HOW)
    with pytest.raises(StoreError, match=r"`society` of society-.* is not one of Ecumene's own"):
        ec.branch("last", 2, out=tmp_path, pay=0.1)
    by_name = ec.branch("last", 2, out=tmp_path, model=model, fresh=True)
    assert by_name.record["digest"] == run.record["digest"]
    with pytest.raises(StoreError, match="as it is now would be another run"):
        ec.branch("last", 2, out=tmp_path, model=society(ec.matchings(4), 40), pay=0.1)
    people = cascade().with_background(ec.world_population(400))
    ec.run(people, out=tmp_path, **HOW)
    with pytest.raises(StoreError, match="people and ties given in Python have to be handed over"):
        ec.branch("last", 2, out=tmp_path, transmission=0.1)


def test_a_run_of_another_numbers_version_says_so(parent, tmp_path, monkeypatch):
    monkeypatch.setattr("ecumene.branches.origin.NUMBERS", 99)
    with pytest.raises(
        StoreError, match=r"under numbers version \d+ .* this is numbers version 99"
    ):
        ec.branch("last", 2, out=tmp_path)


def test_a_parents_damaged_checkpoint_is_said_and_the_one_before_used(parent):
    (parent.path / "checkpoints" / "step-000000000006.json").write_text("{")
    told = []
    branch = ec.branch(parent, 7, transmission=0.1, notice=told.append)
    assert branch.record["went_on_from"] == 4
    assert len(told) == 1 and "that of step 4 is used" in told[0]


def test_another_digest_is_refused(parent, monkeypatch):
    kept = parent.record["digest"]
    monkeypatch.setattr(ec.Simulation, "digest", lambda simulation: "0" * 32)
    with pytest.raises(DigestError, match="the stored one is kept"):
        ec.branch(parent, 0, fresh=True)
    (folder,) = [f for f in Store(parent.path.parent).list() if f.status == "finished"]
    assert folder.record["digest"] == kept


def test_a_model_that_works_out_numbers_is_built_again_from_its_name(tmp_path):
    """They stand among the parameters of its record and are not typed again."""
    model = MODELS["virality"].build(agents=300, ratio=2.0, seeds=10)
    run = ec.run(model, out=tmp_path, steps=6, **HOW)
    assert "per_ratio" in run.record["parameters"]
    other = ec.branch(run.record["run"], 3, fact_check=1.0, out=tmp_path)
    assert other.record["branch"]["parent"] == run.record["run"]
