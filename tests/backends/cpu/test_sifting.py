"""Claims sifted a word of agents at a time: the same as asking one after another."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec
from ecumene.backends.cpu import sifting
from ecumene.errors import RuleError

from ...societies import everything


@ec.agent_rule(writes=("waits", "keen", "wants"))
def mind(me, env, model, key):
    """Some are keen; who is not may want what nobody may ask for."""
    keen = ec.chance(key, model.keen)
    wants = ec.integer(key, 3, 1) if keen else -me.waits - 1
    return me.waits + ec.integer(key, 3, 2), keen, wants


@ec.claim(capacity="stock", into="got", on=ec.flagged("keen"), asked="wanted", last="lowest")
def want(me, env, model, key):
    return 0, me.wants, min(me.waits, 4) + (1 if me.vip else 0) if model.queues else 0


@ec.claim(capacity="spare", into="more", asked="hoped")
def hope(me, env, model, key):
    return 0, 1 if ec.chance(key, 0.3) and me.keen else 0, ec.integer(key, 3, 1)


@ec.agent_rule(writes="held")
def keep(me, env, model, key):
    return me.held + me.got + me.more


@ec.environment_rule(writes=("stock", "spare"))
def refill(env, model, key):
    return model.stock, model.stock


def shop(agents: int, stock: int, keen: float, queues: bool = True) -> ec.Model:
    whole = ec.whole(low=-(10**6), high=10**6)
    names = ("stock", "spare", "wanted", "hoped", "lowest")
    return ec.Model(
        populations={
            "people": ec.Population(
                agents, waits=whole, wants=whole, held=whole, keen=ec.flag(), vip=ec.flag()
            )
        },
        environment=dict.fromkeys(names, ec.whole(high=10**6)),
        phases=[[mind, refill], [want], [hope], [keep]],
        start=[ec.set_agents(ec.sample_count(agents // 3), vip=True)],
        measures={"held": ec.total("held")},
        parameters={"keen": keen, "stock": stock, "queues": queues},
    )


@settings(max_examples=15, deadline=None)
@given(
    agents=st.sampled_from([1, 63, 64, 65, 300, 641]),
    stock=st.sampled_from([0, 1, 40, 10_000]),
    keen=st.sampled_from([0.0, 0.03, 0.5, 1.0]),
    queues=st.booleans(),
    seed=st.integers(0, 2**40),
    how=st.sampled_from([{}, {"threads": 2}, {"shards": 3}]),
)
def test_sifted_claims_are_the_claims(agents, stock, keen, queues, seed, how):
    society = shop(agents, stock, keen, queues)
    oracle = everything(society, 3, seed=seed, backend="reference")
    assert everything(society, 3, seed=seed, **how) == oracle


def test_with_a_bar_few_are_kept_and_they_are_the_same(monkeypatch):
    """Of 200,000 nearly all are sifted out; where there is room for all, nobody is."""

    def held(**how):
        simulation = ec.Simulation(shop(200_000, 3_000, 0.7), seed=2, **how)
        simulation.advance()
        simulation.advance()
        return simulation.digest(), simulation.measure()["held"]

    few = held()
    assert few[1] == 12_000 and held(threads=2) == few
    monkeypatch.setattr("ecumene.backends.cpu.claiming.ROOM", 200_000)
    assert held() == few


def test_an_error_of_who_asks_is_said_and_of_nobody_else(backend):
    @ec.claim(capacity="stock", into="got", on=ec.flagged("keen"))
    def wrong(me, env, model, key):
        return 0 if me.identity < 150 else 1, me.identity - 70, 0

    def said(first):
        society = replace(shop(200, 5, 0.0), phases=[[wrong]], measures={})
        keen = ec.set_agents(ec.these_agents(*range(first, 200)), keen=True)
        with pytest.raises(RuleError) as caught:
            simulation = ec.Simulation(replace(society, start=[keen]), backend=backend)
            simulation.advance()
        return str(caught.value)

    assert "asks for -2 units for agent 68 in step 0" in said(68)
    assert "asks for cell 1 for agent 150 in step 0" in said(70)


def test_only_rules_that_cannot_fail_are_asked_of_those_they_are_not_for():
    def safe(me, env, model, key):
        return 0, 1 if ec.chance(key, 0.5) and me.a > 2 else 0, min(me.a, 3)

    def divides(me, env, model, key):
        return 0, 12 // me.a, 0

    def divides_in_place(me, env, model, key):
        n = 12
        n //= me.a
        return 0, n, 0

    def loops(me, env, model, key):
        n = 0
        while n < me.a:
            n = n + 1
        return 0, n, 0

    def picks(me, env, model, key):
        return 0, env.cells[me.a], 0

    assert sifting.cannot_fail(safe)
    assert not any(map(sifting.cannot_fail, (divides, divides_in_place, loops, picks)))
