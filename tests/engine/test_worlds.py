"""A run that is several worlds, each beside what it is held against under the same luck."""

from dataclasses import replace

import numpy as np
import pytest

import ecumene as ec
from ecumene.errors import ParameterError

from ..stories import story

AGENTS, COUNT = 120, 4


def many(against, **how):
    """Worlds of a story; `more` and `least` are held against the model's own share."""
    design = ec.in_worlds(COUNT, MEASURES, against=against, **how)
    return replace(story(ec.matchings(4), AGENTS, share=0.3), lanes=design)


MEASURES = {
    "told": lambda worlds: worlds["told"].mean(),
    "more": lambda worlds: (worlds["eager:told"] - worlds["told"]).mean(),
}
EAGER = {"eager": {"share": 0.6}}


def taken(model, tmp_path, **how):
    run = ec.run(model, seed=3, backend="reference", out=tmp_path, **how)
    return run, ec.engine.take(model, 3, backend="reference", threads=1).table


def alone(lane, seed=3, share=0.3):
    model = story(ec.matchings(4), AGENTS, share=share)
    simulation = ec.Simulation(model, seed=seed, lane=lane, backend="reference")
    while simulation.advance():
        pass
    return simulation


def test_a_world_is_the_run_made_alone_and_so_is_what_it_is_held_against(tmp_path):
    run, table = taken(many(EAGER), tmp_path)
    for lane in range(COUNT):
        own, other = alone(lane), alone(lane, share=0.6)
        assert table["told"][lane] == own.measured("told")
        assert table["eager:told"][lane] == other.measured("told")
        assert table["eager:told"][lane] >= table["told"][lane]  # a higher chance only adds
        assert table["steps"][lane] == max(own.step, other.step)
    assert run.record["measures"]["more"] == (table["eager:told"] - table["told"]).mean() > 0
    low, high = run.record["intervals"]["told"]
    assert low < run.record["measures"]["told"] < high
    assert (run.path / "worlds.parquet").stat().st_size > 0


def test_held_against_itself_nothing_differs(tmp_path):
    """The placebo: no world differs from itself, to the digest."""
    _, table = taken(many({"eager": {"share": 0.3}}), tmp_path)
    assert np.array_equal(table["told"], table["eager:told"])
    for lane in range(COUNT):
        digest = alone(lane).digest()
        assert table["digest_low"][lane] == 2 * int(digest[:16], 16) % 2**64


def test_worlds_of_several_networks_have_each_a_seed_of_their_own(tmp_path):
    design = many(EAGER, networks=COUNT).lanes
    run, table = taken(many(EAGER, networks=COUNT), tmp_path)
    for at, seed in enumerate(design.seeds(3)):
        assert table["told"][at] == alone(0, seed=seed).measured("told")
    assert run.record["digest"] != taken(many(EAGER), tmp_path)[0].record["digest"]


def test_it_is_the_same_run_computed_again_and_one_world_can_be_run_alone(tmp_path):
    run, _ = taken(many(EAGER), tmp_path)
    again = ec.run(many(EAGER), seed=3, backend="reference", out=tmp_path, fresh=True)
    assert again.record["digest"] == run.record["digest"] and not again.record["stored"]
    one = ec.run(many(EAGER), seed=3, lane=2, backend="reference", out=tmp_path)
    assert one.record["digest"] == alone(2).digest()
    other = ec.run(many({"eager": {"share": 0.5}}), seed=3, backend="reference", out=tmp_path)
    assert other.record["digest"] != run.record["digest"]


def test_a_measure_that_has_no_value_is_no_number_and_steps_are_limited(tmp_path):
    model = many({}, keep=("told",))
    run = ec.run(
        replace(model, lanes=replace(model.lanes, measures={"told": MEASURES["told"]})),
        backend="reference",
        out=tmp_path,
        steps=1,
    )
    assert run.record["steps"] == 1 and run.record["ended"] == "steps"


def test_a_parameter_that_there_is_not_is_refused(tmp_path):
    with pytest.raises(ParameterError, match="no parameter named `shares`"):
        taken(many({"eager": {"shares": 0.5}}), tmp_path)
