"""An unfinished run goes on by its name, and is the run that it would have been."""

import pytest

import ecumene as ec
from ecumene.errors import StoreError
from ecumene.models import MODELS
from ecumene.store import Store
from ecumene.store.ownership import Owner

from ..societies import society

HOW = {"backend": "reference", "seed": 3}


class StoppedError(Exception):
    """The run was stopped by its test."""


@pytest.fixture(autouse=True)
def hasty(monkeypatch):
    """Nothing waits for the disk: no test here cuts the power."""
    monkeypatch.setattr("ecumene.store.disk.flush", lambda path: None)


def cascade():
    return MODELS["cascade"].build(agents=400, degree=4, transmission=0.5)


def stopped(out, model=None, **how):
    def progress(step, measures):
        del measures
        if step == 5:
            raise StoppedError

    asked = {"checkpoint_every": 2, **HOW, **how}
    with pytest.raises(StoppedError):
        ec.run(model or cascade(), out=out, progress=progress, **asked)
    return next(f for f in reversed(Store(out).list()) if f.status == "unfinished")


def test_it_goes_on_by_name_prefix_path_and_last(tmp_path):
    whole = ec.run(cascade(), out=tmp_path / "whole", **HOW)
    for number, meant in enumerate((str, lambda name: name[:10], None, lambda name: "last")):
        out = tmp_path / str(number)
        folder = stopped(out)
        again = ec.resume(folder.path if meant is None else meant(folder.name), out=out)
        assert again.record["run"] == whole.record["run"]
        assert again.record["digest"] == whole.record["digest"]
        assert again.record["went_on_from"] == 4
        assert ec.resume(again.record["run"], out=out).record["stored"]


def test_it_goes_on_as_it_was_asked_for(tmp_path):
    changes = [ec.at(3, ec.seed_agents(2)), ec.during(4, 8, ec.set_parameter(transmission=0.9))]
    whole = ec.run(cascade(), interventions=changes, steps=9, out=tmp_path / "whole", **HOW)
    stopped(tmp_path, interventions=changes, steps=9)
    again = ec.resume("last", out=tmp_path, shards=2)
    assert again.record["run"] == whole.record["run"]
    assert again.record["digest"] == whole.record["digest"]
    assert again.record["interventions"] == whole.record["interventions"]
    assert again.record["checkpoint_every"] == 2


def test_an_interrupted_branch_goes_on(tmp_path):
    parent = ec.run(cascade(), out=tmp_path, **HOW, checkpoint_every=3, keep_checkpoints=9)

    def progress(step, measures):
        del measures
        if step == 8:
            raise StoppedError

    with pytest.raises(StoppedError):
        ec.branch(parent, 4, transmission=0.6, progress=progress)
    again = ec.resume("last", out=tmp_path)
    assert again.record["went_on_from"] == 6
    assert again.record["branch"]["parent"] == parent.record["run"]
    fresh = ec.branch(parent, 4, transmission=0.6, fresh=True)
    assert fresh.record["digest"] == again.record["digest"]


def test_a_run_without_checkpoints_begins_anew_and_says_so(tmp_path):
    stopped(tmp_path, checkpoint_every=None)
    told = []
    again = ec.resume("last", out=tmp_path, notice=told.append)
    assert len(told) == 1 and "kept no checkpoint; it begins at its start" in told[0]
    assert again.record["ended"] == "quiet"


def test_a_run_that_is_being_computed_is_left_alone(tmp_path):
    folder = stopped(tmp_path)
    owner = Owner.of(folder.path)
    with pytest.raises(StoreError, match="another process is computing"):
        ec.resume("last", out=tmp_path)
    owner.release()
    assert ec.resume("last", out=tmp_path).record["went_on_from"] == 4


def test_another_model_is_refused(tmp_path):
    stopped(tmp_path, society(ec.matchings(3), 40))
    with pytest.raises(StoreError, match="is not one of Ecumene's own"):
        ec.resume("last", out=tmp_path)
    with pytest.raises(StoreError, match="would be another run"):
        ec.resume("last", out=tmp_path, model=society(ec.matchings(3), 41))


def test_an_unfinished_run_that_is_asked_for_as_a_result_says_how_to_go_on(tmp_path):
    folder = stopped(tmp_path)
    with pytest.raises(StoreError, match=f"`ecumene resume {folder.name}` goes on from step 4"):
        Store(tmp_path).find(folder.name)
