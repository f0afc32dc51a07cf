"""Everybody: a complete graph, for few agents where ties are gone along."""

import networkx as nx
import pytest

import ecumene as ec
from ecumene.backends import net_of
from ecumene.errors import ModelError

from .whole import check_both_ends, check_compiled, slowly


@pytest.mark.parametrize("agents", [1, 2, 3, 10, 41])
def test_it_is_the_complete_graph(agents):
    lowered = ec.everybody().lowered(agents, 1)
    check_both_ends(lowered, agents)
    check_compiled(lowered, agents)
    pairs = sorted((i, j) for i, j, _ in slowly(lowered, agents) if i < j)
    assert pairs == sorted(nx.complete_graph(agents).edges)


def test_each_pair_has_a_number_and_none_is_left_out():
    rows = slowly(ec.everybody().lowered(20, 1), 20)
    assert {number for *_, number in rows} == set(range(190))


def test_one_of_ten_billion_can_be_drawn():
    lowered = ec.everybody().lowered(10**10, 1)
    assert lowered.memory_bytes == 0
    net = net_of(lowered)
    others = [lowered.neighbour(net, 7, k) for k in (0, 6, 7, 10**10 - 2)]
    assert others == [0, 6, 8, 10**10 - 1]


@ec.tie_rule(over="all", active="loud", into="heard")
def call(me, tie, env, model, key):
    return True


@ec.agent_rule(on=ec.reached_by(call), writes="told")
def hear(me, env, model, key):
    return True


def crowd(agents):
    people = ec.Population(agents, loud=ec.pulse(), told=ec.flag())
    return ec.Model(
        populations={"people": people},
        networks={"all": ec.everybody()},
        phases=[[call], [hear]],
        start=[ec.set_agents(ec.sample_count(1), loud=True)],
    )


def test_one_call_reaches_all_others(backend):
    run = ec.Simulation(crowd(50), seed=1, backend=backend)
    run.advance()
    assert run.column("told").sum() == 49


def test_for_many_a_tie_rule_is_refused_with_the_arithmetic():
    with pytest.raises(ModelError, match=r"`call` goes over `all`.*1,000,000 x 999,999 = 1.0e\+12"):
        ec.Simulation(crowd(1_000_000), backend="reference")
    ec.plan(crowd(20_000))
