"""A rule that draws another rule's luck again: the same draws, and nobody else's."""

from dataclasses import replace

import pytest

import ecumene as ec
from ecumene.engine import run_name
from ecumene.errors import ModelError


@ec.agent_rule(writes=("first", "many"), luck="once")
def notice(me, env, model, key):
    first = ec.integer(ec.fold(key, env.step), 8)
    return first, first < 3


@ec.agent_rule(on=ec.flagged("many"), writes="whole", luck="once", stream="notice")
def look(me, env, model, key):
    return ec.integer(ec.fold(key, env.step), 4096)


def model(*rules):
    columns = {"first": ec.whole(high=7), "whole": ec.whole(high=4095), "many": ec.flag()}
    return ec.Model(
        populations={"people": ec.Population(500, **columns)}, phases=[[rule] for rule in rules]
    )


@pytest.mark.parametrize("how", [{}, {"shards": 3}])
def test_what_one_has_drawn_another_draws_again(backend, how):
    simulation = ec.Simulation(model(notice, look), seed=3, backend=backend, **how)
    for _ in range(3):
        simulation.advance()
        many = simulation.column("many")
        assert 100 < many.sum() < 300
        first, whole = simulation.column("first")[many], simulation.column("whole")[many]
        assert (whole // 512 == first).all() and len({*whole.tolist()}) > 50
    alone = ec.Simulation(model(notice, replace(look, stream="")), seed=3, backend=backend)
    alone.advance()
    many = alone.column("many")
    assert (alone.column("whole")[many] // 512 != alone.column("first")[many]).any()


def test_nobody_elses_luck_changes_and_the_name_says_it():
    one, other = (replace(look, stream=s) for s in ("notice", ""))
    kept = []
    for rule in (one, other):
        simulation = ec.Simulation(model(notice, rule), seed=3)
        simulation.advance()
        kept.append(simulation.column("first").tolist())
    assert kept[0] == kept[1]
    assert run_name(model(notice, one), 0) != run_name(model(notice, other), 0)


def said(*rules):
    with pytest.raises(ModelError) as caught:
        ec.Simulation(model(*rules))
    return str(caught.value)


def test_a_stream_is_an_agent_rule_with_luck_of_its_own():
    text = said(notice, replace(look, stream="notic"))
    assert text.startswith("rule `look` draws the luck of no agent rule with luck of its own named")
    assert "Did you mean `notice`?" in text
    more = replace(look, name="more", stream="look")
    assert "rule `more` draws the luck of no agent rule" in said(notice, look, more)
    each = replace(look, luck="each")
    assert "`notice`, which draws it once; give both the same `luck=`" in said(notice, each)


def test_the_plan_says_whose_luck_is_drawn():
    assert "once, per agent, as `notice` draws it" in str(ec.plan(model(notice, look)))
