"""What `ec.tie_rule` takes, and what it refuses."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec
from ecumene.errors import ModelError
from ecumene.rules.tie_rule import COMBINES

from ..societies import everything


@pytest.mark.parametrize("combine", COMBINES)
def test_only_flags_travel_without_a_payload(combine):
    @ec.tie_rule(over="ties", active="up", into="heard", combine=combine)
    def tell(me, tie, env, model, key):
        return 1

    assert tell.carries == (combine not in ("any", "count"))
    assert tell.names_tie == (combine == "pick")
    assert tell.luck == "each"


def test_an_unknown_way_to_combine_names_the_nearest():
    with pytest.raises(ModelError, match="Did you mean `count`"):
        ec.tie_rule(over="ties", active="up", into="heard", combine="counts")


def test_luck_lasts_a_step_or_a_life():
    with pytest.raises(ModelError, match='luck="each"'):
        ec.tie_rule(over="ties", active="up", into="heard", luck="never")


def halve(me, tie, payload, env, model, key):
    return payload / 2 + model.more


@ec.tie_rule(over="ties", active="up", into="plain", combine="sum")
def owe(me, tie, env, model, key):
    return (ec.uniform(key) - 0.5) * model.much if ec.chance(key, 0.8, 1) else ec.NOTHING


@ec.tie_rule(over="ties", active="up", into="halved", combine="sum", receive=halve)
def owe_half(me, tie, env, model, key):
    return (ec.uniform(key) - 0.5) * model.much


@ec.agent_rule(writes=("debt", "half"))
def keep(me, env, model, key):
    return me.debt + me.plain, me.half + me.halved


@settings(max_examples=10, deadline=None)
@given(st.integers(1, 40), st.floats(-9, 9), st.floats(0, 1000), st.integers(0, 2**40))
def test_payloads_are_cut_to_whole_numbers_where_they_are_sent(agents, more, much, seed):
    """Sums of halves would come out otherwise pushed than pulled."""
    columns = {"up": ec.flag(), "debt": ec.whole(low=-(10**6), high=10**6)}
    columns["half"] = columns["debt"]
    model = ec.Model(
        populations={"people": ec.Population(agents, **columns)},
        networks={"ties": ec.matchings(5)},
        phases=[[owe, owe_half], [keep]],
        start=[ec.set_agents(ec.sample_count(agents), up=True)],
        parameters={"more": more, "much": much},
    )
    oracle = everything(model, 2, seed=seed, backend="reference", direction="push")
    for how in ({"backend": "reference"}, {"backend": "cpu"}):
        for direction in ("push", "pull"):
            assert everything(model, 2, seed=seed, direction=direction, **how) == oracle


@ec.tie_rule(over="ties", active="up", into="got", combine="pick", luck="each")
def send_a_draw(me, tie, env, model, key):
    return ec.integer(key, 1000, model.k)


@ec.agent_rule(on=ec.reached_by(send_a_draw), writes="kept")
def keep_it(me, env, model, key):
    return me.got


@pytest.mark.parametrize("k", [1, 2, 3])
def test_what_pick_chooses_by_is_none_of_the_draws_of_send(k):
    """Were it the second, the one picked would be the one with the smallest such draw."""
    people = ec.Population(2000, up=ec.flag(), kept=ec.whole(high=999))
    model = ec.Model(
        populations={"people": people},
        networks={"ties": ec.matchings(20)},
        phases=[[send_a_draw], [keep_it]],
        start=[ec.set_agents(ec.sample_count(2000), up=True)],
        parameters={"k": k},
    )
    simulation = ec.Simulation(model, seed=1)
    simulation.advance()
    assert abs(simulation.column("kept").mean() - 499.5) < 40  # SD of the mean 6.5


def accept_by_its_own_draw(me, tie, payload, env, model, key):
    return payload if ec.uniform(key) < 0.1 else ec.NOTHING


@pytest.mark.parametrize("k", [1, 2, 3])
def test_what_receive_draws_is_none_of_the_draws_of_send(k):
    rule = replace(send_a_draw, receive=accept_by_its_own_draw)
    people = ec.Population(2000, up=ec.flag(), kept=ec.whole(high=999))
    model = ec.Model(
        populations={"people": people},
        networks={"ties": ec.matchings(20)},
        phases=[[rule], [replace(keep_it, on=ec.reached_by(rule))]],
        start=[ec.set_agents(ec.sample_count(2000), up=True)],
        parameters={"k": k},
    )
    simulation = ec.Simulation(model, seed=1)
    simulation.advance()
    kept = simulation.column("kept")
    assert abs(kept[kept > 0].mean() - 499.5) < 40
