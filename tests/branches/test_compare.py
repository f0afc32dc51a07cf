"""Two runs side by side: paired where they share people, ties and luck, and else not called so."""

import numpy as np
import pytest

import ecumene as ec
from ecumene.errors import InputError, ParameterError
from ecumene.models import MODELS

HOW = {"backend": "reference", "seed": 3, "checkpoint_every": 2, "keep_checkpoints": 99}


@pytest.fixture(autouse=True)
def hasty(monkeypatch):
    """Nothing waits for the disk: no test here cuts the power."""
    monkeypatch.setattr("ecumene.store.disk.flush", lambda path: None)


def cascade(**changes):
    return MODELS["cascade"].build(**{"agents": 300, "degree": 4, "transmission": 0.5, **changes})


@pytest.fixture
def parent(tmp_path):
    return ec.run(cascade(), out=tmp_path, **HOW)


def column(model, **how):
    simulation = ec.Simulation(model, seed=3, backend="reference", **how)
    while simulation.advance():
        pass
    return simulation.column("reached_at")


def test_a_run_and_itself_are_the_same(parent):
    found = ec.compare(parent, parent)
    (everybody,) = found.agents
    assert (everybody.at_end, everybody.ever, everybody.first_step) == (0, 0, None)
    assert found.unpaired_because is None and found["reached"].difference == 0


def test_agents_who_differ_are_those_whose_columns_do_and_from_then_on(parent, monkeypatch):
    branch = ec.branch(parent, 5, transmission=0.3)
    begun = []
    advance = ec.Simulation.advance
    monkeypatch.setattr(ec.Simulation, "advance", lambda s: begun.append(s.step) or advance(s))
    found = ec.compare(parent, branch)
    monkeypatch.undo()
    assert begun[0] == 4  # from the last checkpoint that both have
    change = [ec.at(5, ec.set_parameter(transmission=0.3))]
    a, b = column(cascade()), column(cascade(), interventions=change)
    (everybody,) = found.agents
    assert everybody.at_end == np.count_nonzero(a != b) > 0
    assert everybody.agents == 300
    for agent, step in everybody.who:
        assert a[agent] != b[agent]
        assert step == min(a[agent], b[agent]) + 1  # seen before the step after it happened
    assert everybody.first_step == everybody.who[0][1] >= 6


def test_a_run_that_goes_on_longer_is_compared_to_its_end(tmp_path):
    """Beyond step 254 steps lie in two bytes, in the run that ended before in one."""
    ring = cascade(agents=1200, transmission=1.0, seeds=1).with_network("contacts", ec.lattice(1))
    how = {**HOW, "backend": "cpu", "checkpoint_every": None}
    long = ec.run(ring, out=tmp_path, **how)
    short = ec.branch(long, 300, transmission=0.0)
    assert long.record["steps"] > 500 > short.record["steps"]
    (everybody,) = ec.compare(long, short).agents
    missed = 1200 - short.record["measures"]["reached"]
    assert (everybody.at_end, everybody.first_step) == (missed, 301)


def test_over_replications_the_first_pair_is_the_two_runs(parent):
    branch = ec.branch(parent, 3, transmission=0.4)
    found = ec.compare(parent, branch, replications=6)
    assert found.seeds == (3, 4, 5, 6, 7, 8)
    change = [ec.at(3, ec.set_parameter(transmission=0.4))]
    reached = [
        [_reached(cascade(), seed, changes) for seed in found.seeds] for changes in ([], change)
    ]
    assert found["reached"].a == np.mean(reached[0])
    assert found["reached"].b == np.mean(reached[1])
    assert found["reached"].difference < 0 < found["reached"].half_width
    assert ec.compare(parent, branch, replications=1)["reached"].n == 1


def _reached(model, seed, changes):
    simulation = ec.Simulation(model, seed=seed, backend="reference", interventions=changes)
    while simulation.advance():
        pass
    return simulation.measure()["reached"]


def test_luck_drawn_once_makes_the_paired_interval_narrower(tmp_path):
    """Of the two sources of spread, who starts it and the change, pairing leaves the second."""
    model = cascade(agents=400, transmission=0.34, seeds=12)
    run = ec.run(model, out=tmp_path, **HOW)
    branch = ec.branch(run, 0, transmission=0.35)
    found = ec.compare(run, branch, replications=12)
    assert found["reached"].difference > 0 and found["reached"].narrower > 1.5


def test_seeds_are_added_until_the_interval_is_narrow_enough(parent):
    branch = ec.branch(parent, 3, transmission=0.4)
    wide = ec.compare(parent, branch, until=0.2, measure="reached_share")
    assert len(wide.seeds) >= 5 and wide["reached_share"].half_width <= 0.2
    narrow = ec.compare(parent, branch, until=0.05, measure="reached_share", replications=60)
    assert 60 > len(narrow.seeds) > len(wide.seeds)
    assert narrow["reached_share"].half_width <= 0.05
    few = ec.compare(parent, branch, until=0.02, measure="reached_share", replications=7)
    assert few["reached_share"].half_width > 0.02 and len(few.seeds) == 7


def test_across_what_reshapes_nothing_is_called_paired(parent, tmp_path):
    other = ec.run(cascade(degree=5), out=tmp_path, **HOW)
    found = ec.compare(parent, other, replications=5)
    assert "`degree`, which reshapes people or ties, is 4 and 5" in found.unpaired_because
    assert found.agents == () and found["reached"].half_width is None
    assert found["reached"].unpaired > 0
    seed = ec.run(cascade(), out=tmp_path, **{**HOW, "seed": 4})
    assert "their seeds differ (3 and 4)" in ec.compare(parent, seed).unpaired_because
    ties = cascade().with_network("contacts", ec.lattice(2))
    placed = ec.run(ties, out=tmp_path, **HOW)
    assert ec.compare(parent, placed).unpaired_because == "their people or ties are others"


def test_what_cannot_be_asked_is_refused(parent):
    for wrong in ({"replications": 0}, {"until": 0.0}, {"until": -1.0}, {"measure": "reach"}):
        with pytest.raises(ParameterError):
            ec.compare(parent, parent, **wrong)
    with pytest.raises(ParameterError, match="name it: reached, reached_share"):
        ec.compare(parent, parent, until=0.1)
    with pytest.raises(ParameterError, match="Did you mean `reached`"):
        ec.compare(parent, parent)["reach"]


def test_a_plot_shows_each_interval_and_needs_more_than_one_pair(parent, tmp_path):
    from ecumene.branches.figure import draw

    branch = ec.branch(parent, 5, transmission=0.3)
    found = ec.compare(parent, branch, replications=3)
    text = draw(found, tmp_path / "differences.svg").read_text()
    assert text.count('<g id="axes_') == len(found.measures)
    with pytest.raises(InputError, match="--replications 20"):
        draw(ec.compare(parent, branch), tmp_path / "one.svg")
    assert not (tmp_path / "one.svg").exists()
