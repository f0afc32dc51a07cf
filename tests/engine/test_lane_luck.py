"""A lane is the plain run with another luck over the same people and ties."""

from dataclasses import replace

import numpy as np
import pytest

import ecumene as ec
from ecumene.engine import run_name
from ecumene.models import MODELS

from ..societies import everything, society


@pytest.fixture
def model():
    return MODELS["cascade"].build(agents=300, degree=4, transmission=0.4, seeds=3)


def test_lane_0_is_the_plain_run(model, backend):
    plain = everything(model, 99, seed=4, backend=backend)
    assert everything(model, 99, seed=4, lane=0, backend=backend) == plain
    assert run_name(model, 4, 0) == run_name(model, 4)


def test_another_lane_is_another_run_with_another_name(model, backend):
    runs = [everything(model, 99, seed=4, lane=lane, backend=backend)[1] for lane in range(9)]
    assert len(set(runs)) == 9
    assert len({run_name(model, 4, lane) for lane in range(9)}) == 9


@pytest.mark.parametrize("lane", [1, 2**40, 2**62 - 1])
def test_every_backend_and_shard_draws_a_lane_alike(lane):
    model = society(ec.matchings(3), 40)
    oracle = everything(model, 3, seed=2, lane=lane, backend="reference")
    assert everything(model, 3, seed=2, lane=lane) == oracle
    assert everything(model, 3, seed=2, lane=lane, shards=3) == oracle


def test_lanes_share_their_network(model):
    keys = [
        ec.Simulation(model, seed=seed, lane=lane).program.networks["contacts"].arrays["keys"]
        for seed, lane in [(4, 1), (4, 2), (5, 1)]
    ]
    assert np.array_equal(keys[0], keys[1]) and not np.array_equal(keys[0], keys[2])


def test_a_lane_of_one_seed_is_no_lane_of_another(model):
    runs = {
        (s, lane): everything(model, 99, seed=s, lane=lane)[1] for s in (1, 2) for lane in (1, 2)
    }
    assert len(set(runs.values())) == 4


@pytest.mark.parametrize("lane", [-1, 2**62, 1.5, True])
def test_what_is_no_lane_is_refused(model, lane):
    with pytest.raises(ec.EcumeneError, match="type a whole number from 0"):
        ec.Simulation(model, lane=lane)


def test_a_run_of_a_lane_says_so(model, tmp_path):
    run = ec.run(model, seed=4, lane=7, out=tmp_path)
    assert run.record["lane"] == 7
    assert run.record["digest"] == everything(model, 99, seed=4, lane=7)[1]
    assert "lane" not in ec.run(model, seed=4, out=tmp_path).record
    assert "<td>7</td>" in run.report_path.read_text().replace("\n", "").replace(" ", "")


# -- starts that name their agents -----------------------------------------------------------------


def test_named_agents_start_and_nobody_else(model, backend):
    start = [ec.set_agents(ec.these_agents(7, 250), reached_at=0, reached_now=True)]
    simulation = ec.Simulation(replace(model, start=start), seed=1, backend=backend)
    assert np.flatnonzero(simulation.column("reached_now")).tolist() == [7, 250]
    named = run_name(replace(model, start=start), 1)
    drawn = [ec.set_agents(ec.sample_count(2), reached_at=0, reached_now=True)]
    assert named != run_name(replace(model, start=drawn), 1)


@pytest.mark.parametrize("agents", [(300,), (-1,), (3, 3)])
def test_who_is_not_there_or_twice_cannot_start(model, agents):
    start = [ec.set_agents(ec.these_agents(*agents), reached_at=0)]
    with pytest.raises(ec.EcumeneError, match="name each once, from 0 to 299"):
        ec.Simulation(replace(model, start=start))


def test_naming_nobody_is_refused():
    with pytest.raises(ec.EcumeneError, match="names nobody"):
        ec.these_agents()


# -- who an agent is -------------------------------------------------------------------------------


@ec.tie_rule(over="ties", active="up", into="teller", combine="pick")
def tell(me, tie, env, model, key):
    return me.identity


@ec.agent_rule(on=ec.reached_by(tell), writes=("told_by", "own"))
def note(me, env, model, key):
    return me.teller, me.identity


def test_a_rule_reads_its_own_identity(backend):
    model = ec.Model(
        populations={
            "people": ec.Population(
                50, up=ec.flag(), told_by=ec.whole(-1, low=-1, high=99), own=ec.whole()
            )
        },
        networks={"ties": ec.matchings(1)},
        phases=[[tell], [note]],
        start=[ec.set_agents(ec.sample_count(50), up=True)],
    )
    simulation = ec.Simulation(model, backend=backend)
    simulation.advance()
    partner = simulation.column("told_by")
    assert simulation.column("own").tolist() == list(range(50))
    assert partner[partner].tolist() == list(range(50)) and (partner != np.arange(50)).all()
