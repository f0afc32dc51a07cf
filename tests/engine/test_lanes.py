"""Many small runs in one call: how they are asked for, what is kept, and what theory expects."""

from dataclasses import replace

import numpy as np
import pytest

import ecumene as ec
from ecumene.models import MODELS

from ..societies import everything, explicit
from ..stories import sparse_society, story


@pytest.fixture
def model():
    return story(ec.matchings(4), 200)


def refused(model, *args, **how):
    with pytest.raises(ec.EcumeneError) as caught:
        ec.run_lanes(model, *args, **how)
    return str(caught.value)


# -- when a count is reached -----------------------------------------------------------------------


def test_the_step_in_which_so_many_were_told_is_that_of_the_run_alone(backend):
    """The first step after which as many as that are told; -1 where they never are."""
    model = story(ec.matchings(4), 200, share=0.6)
    reaching = {"to_1": ("told", 1), "to_20": ("told", 20), "to_all": ("told", 201)}
    lanes = ec.run_lanes(model, 5, seed=2, reaching=reaching, backend=backend)
    assert lanes["to_1"].tolist() == [0] * 5 and lanes["to_all"].tolist() == [-1] * 5
    for lane in range(5):
        alone = ec.Simulation(model, seed=2, lane=lane, backend="reference")
        told = [alone.measured("told")]
        while alone.advance():
            told.append(alone.measured("told"))
        first = next((step for step, many in enumerate(told) if many >= 20), -1)
        assert lanes["to_20"][lane] == first
    exact = {"exactly": ("told", int(told[-1]))}
    assert ec.run_lanes(model, [4], seed=2, reaching=exact, backend=backend)["exactly"][0] >= 0


# -- theory ----------------------------------------------------------------------------------------


def test_few_pass_it_on_and_stories_are_a_branching_process():
    """Over matchings a teller reaches k others and each of those k - 1, until it dies out.

    Mean size 1 + k p / (1 - (k - 1) p); it goes no deeper than one hop when nobody who was told
    is heard (Harris 1963, The theory of branching processes).
    """
    k, p, lanes = 10, 0.05, 20_000
    found = ec.run_lanes(story(ec.matchings(k), 1_000_000, share=p), lanes, seed=4, tree="told_by")
    sizes = found["size"]
    mean = 1 + k * p / (1 - (k - 1) * p)
    assert abs(sizes.mean() - mean) < 4 * sizes.std() / lanes**0.5
    silent, shallow = (1 - p) ** k, (1 - p + p * (1 - p) ** (k - 1)) ** k
    for part, chance in [(found["depth"] == 0, silent), (found["depth"] <= 1, shallow)]:
        assert abs(part.mean() - chance) < 4 * (chance * (1 - chance) / lanes) ** 0.5


@pytest.mark.slow
def test_around_a_ring_a_story_goes_geometric_distances_both_ways():
    n, p, lanes = 2000, 0.5, 8000
    ring = explicit(n, [(i, (i + 1) % n) for i in range(n)])
    found = ec.run_lanes(story(ring, n, share=p), lanes, seed=1, tree="told_by")
    sizes = found["size"]
    assert abs(sizes.mean() - (1 + 2 * p / (1 - p))) < 4 * sizes.std() / lanes**0.5
    assert abs((sizes == 1).mean() - (1 - p) ** 2) < 0.02
    chains = sizes > 1  # a chain of n has structural virality (n + 1)/3
    assert np.allclose(found["virality"][chains], (sizes[chains] + 1) / 3)


# -- asking ----------------------------------------------------------------------------------------


def test_so_many_lanes_or_these(model, backend):
    assert ec.run_lanes(model, 3, backend=backend)["lane"].tolist() == [0, 1, 2]
    assert ec.run_lanes(model, range(4, 6), backend=backend)["lane"].tolist() == [4, 5]
    assert ec.run_lanes(model, np.array([9, 2]), backend=backend)["lane"].tolist() == [9, 2]
    nobody = ec.run_lanes(model, 0, tree="told_by", backend=backend)
    assert len(nobody) == 0 and "size" in nobody


@pytest.mark.parametrize("lanes", [[-1], [2**62], [0.5], [[1, 2]], "many"])
def test_what_are_no_lanes_is_refused(model, lanes):
    assert "type how many, or their numbers" in refused(model, lanes)


def test_each_lane_may_start_from_an_agent_of_its_own(model, backend):
    who = [17, 3, 3]
    lanes = ec.run_lanes(model, 3, seed=2, starts=who, tree="told_by", backend=backend)
    for lane, agent in enumerate(who):
        start = [ec.set_agents(ec.these_agents(agent), **model.start[0].values)]
        steps, digest, series, _ = everything(
            replace(model, start=start), 99, seed=2, lane=lane, backend=backend
        )
        assert (lanes["steps"][lane], lanes.digest(lane)) == (steps, digest)
        assert lanes["told"][lane] == series[-1]["told"]


@pytest.mark.parametrize("starts", [[1], [1, 200], [1, -1], [0.5, 1.0]])
def test_starts_are_one_agent_per_lane(model, starts):
    assert refused(model, 2, starts=starts).startswith("starts: give 2 agents from 0 to 199")


def test_starts_need_one_start_to_stand_for():
    society = sparse_society(ec.matchings(2), 30)
    assert "this model has 2" in refused(society, 2, starts=[1, 2])


def test_steps_end_a_lane(model, backend):
    lanes = ec.run_lanes(model, 9, max_steps=2, backend=backend)
    assert lanes["steps"].max() == 2


VARIED = [
    ({"shar": [0.1, 0.2]}, "no parameter named `shar`; there are: share. Did you mean `share`?"),
    ({"share": [0.1]}, "vary `share`: float64 values of shape (1,); give 2"),
    ({"share": ["a", "b"]}, "give 2 of the kind of 0.3"),
]


@pytest.mark.parametrize(("vary", "said"), VARIED)
def test_what_varies_is_a_parameter_with_one_value_per_lane(model, vary, said):
    assert said in refused(model, 2, vary=vary)


def test_what_lanes_share_or_no_rule_reads_cannot_vary():
    cascade = MODELS["cascade"].build(agents=100)
    assert "reshapes the people or the network" in refused(cascade, 2, vary={"degree": [1, 2]})
    assert "no rule reads `model.seeds`" in refused(cascade, 2, vary={"seeds": [1, 2]})
    assert "outside its range 0 to 1" in refused(cascade, 2, vary={"transmission": [0.1, 1.5]})


def test_only_what_is_asked_for_is_kept(model, backend):
    lanes = ec.run_lanes(model, 5, tree="told_by", keep=("virality", "told"), backend=backend)
    assert lanes.names == ("lane", "told", "virality")
    everything_ = ec.run_lanes(model, 5, tree="told_by", generations=2, backend=backend)
    assert everything_.names == (
        *("lane", "steps", "digest_low", "digest_high", "told", "part"),
        *("size", "depth", "breadth", "virality", "generation_0", "generation_1"),
    )
    assert np.array_equal(lanes["told"], everything_["told"])
    said = refused(model, 5, keep=("sise",), tree="told_by")
    assert "no result of lanes named `sise`" in said and "Did you mean `size`" in said


def test_a_measure_by_group_has_a_column_for_each():
    lanes = ec.run_lanes(sparse_society(ec.matchings(3), 30), 4, max_steps=2, backend="reference")
    assert {"well_off[Ashby]", "reached_by_town[Cope]"} <= set(lanes.names)
    assert "uneven" not in lanes and "moods" not in lanes


def test_a_tree_needs_a_column_of_identities(model):
    assert "no stored column of whole numbers named `told_at`" in refused(model, 1, tree="told_at")
    assert "type a number from 0, and `tree=`" in refused(model, 1, generations=3)
    assert "no backend named `gpu`" in refused(model, 1, backend="gpu")


def test_results_that_do_not_fit_are_refused_before_anything_runs(model, monkeypatch):
    monkeypatch.setattr("ecumene.engine.memory.available_memory", lambda: 10_000)
    assert "steps and digests" in refused(model, 1000)


# -- what came out ---------------------------------------------------------------------------------


def test_lanes_are_a_table(model):
    lanes = ec.run_lanes(model, 6, tree="told_by")
    assert lanes.arrow().num_rows == len(lanes.pandas()) == len(lanes.polars()) == 6
    assert list(lanes.pandas()) == list(lanes) == list(lanes.names)
    assert repr(lanes).startswith("Lanes(6 lanes of lane, steps,")
    with pytest.raises(KeyError, match="Did you mean `size`"):
        lanes["sizes"]
    with pytest.raises(ec.EcumeneError, match="there is no lane 6"):
        lanes.digest(6)
