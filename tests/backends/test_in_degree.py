"""What reaches an agent may depend on how many ties lead to it: on every backend, and in lanes."""

import numpy as np
import pytest

import ecumene as ec
from ecumene.errors import ModelError

from ..societies import everything, explicit

TIES = [(0, 1), (2, 1), (3, 1), (0, 2), (4, 0)]


def count(me, tie, payload, env, model, key):
    return 100 * payload + tie.in_degree


@ec.tie_rule(over="ties", active="up", into="heard", combine="sum", receive=count)
def call(me, tie, env, model, key):
    return 1


@ec.agent_rule(on=ec.reached_by(call), writes="total")
def keep(me, env, model, key):
    return me.heard


def model(network, agents=5):
    return ec.Model(
        populations={"people": ec.Population(agents, up=ec.pulse(), total=ec.whole(high=10**9))},
        networks={"ties": network},
        phases=[[call], [keep]],
        start=[ec.set_agents(ec.sample_count(agents), up=True)],
        measures={"total": ec.total("total")},
    )


@pytest.mark.parametrize("how", [{}, {"direction": "pull"}, {"shards": 2}], ids=str)
def test_it_is_the_number_of_ties_that_lead_there(how, backend):
    one = ec.Simulation(model(explicit(5, TIES, directed=True)), backend=backend, **how)
    one.advance()
    assert one.column("total").tolist() == [101, 309, 101, 0, 0]


@pytest.mark.slow
def test_it_is_the_same_everywhere_over_a_network_by_groups():
    network = ec.configuration(
        {1: 0.5, 3: 0.5},
        directed=True,
        in_degrees=ec.log_normal(high=9),
        groups=[20, 12],
        inside=0.7,
    )
    oracle = everything(model(network, 32), 2, seed=3, backend="reference")
    for how in ({}, {"direction": "pull"}, {"shards": 3}):
        assert everything(model(network, 32), 2, seed=3, **how) == oracle
    lanes = ec.run_lanes(model(network, 32), 3, seed=3)
    alone = ec.Simulation(model(network, 32), seed=3, lane=2, backend="reference")
    while alone.advance():
        pass
    assert lanes.digest(2) == alone.digest() and np.all(lanes["total"] > 0)


@ec.tie_rule(over="ties", active="up", into="heard", combine="sum")
def shout(me, tie, env, model, key):
    return tie.in_degree


def test_a_sender_does_not_know_it():
    wrong = ec.Model(
        populations={"people": ec.Population(5, up=ec.pulse())},
        networks={"ties": ec.matchings(2)},
        phases=[[shout]],
    )
    with pytest.raises(ModelError, match="no property of a tie named `in_degree`; there are: numb"):
        ec.Simulation(wrong)
