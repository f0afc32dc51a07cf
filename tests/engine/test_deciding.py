"""Mistakes between policies and rules are found before anything runs; names know their policies."""

from dataclasses import replace

import pytest

import ecumene as ec
from ecumene.engine.identity import described, run_name
from ecumene.engine.lower import lowered
from ecumene.errors import ModelError

COLUMNS = (ec.levels("trust", 2), ec.binned("money", (5, 10)))
TWO = {"keep": "keeps all", "all": "gives all"}
SEND = ec.table_policy(COLUMNS, TWO, [[0.5, 0.5]] * 6, source="x")


@ec.agent_rule(on=ec.everyone, writes="money")
def act(me, env, model, key):
    cell = ec.situation(model.send, me.trust, me.money)
    return ec.choose(model.send, cell, key) * model.gain


@ec.agent_rule(on=ec.everyone, writes="money")
def misspell(me, env, model, key):
    return ec.choose(model.sned, 0, key)


@ec.agent_rule(on=ec.everyone, writes="money")
def forget(me, env, model, key):
    return ec.choose(model.send, ec.situation(model.send, me.trust), key)


@ec.agent_rule(on=ec.everyone, writes="money")
def choose_by_a_number(me, env, model, key):
    return ec.choose(model.gain, 0, key)


def society(rule=act, **changes):
    given = {"policies": {"send": SEND}, "parameters": {"gain": 2}}
    columns = {"trust": ec.flag(), "money": ec.whole(0, low=0, high=99)}
    people = {"people": ec.Population(10, **columns)}
    return ec.Model(populations=people, phases=[[rule]], **{**given, **changes})


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (lambda: society(misspell), "no parameter or policy named `sned`.*Did you mean `send`"),
        (lambda: society(forget), "1 values for a situation of 2 columns: trust, money"),
        (lambda: society(choose_by_a_number), "`choose_by_a_number` chooses by no policy named"),
        (lambda: society(policies={"gain": SEND}), "`gain` is a policy and a parameter"),
        (lambda: society(policies={"my policy": SEND}), "cannot be called `my policy`"),
        (lambda: society(policies={"send": [0.5]}), "ec.table_policy"),
    ],
)
def test_a_mistake_is_one_clear_error(model, said):
    with pytest.raises(ModelError, match=said):
        lowered(model(), 0)


def test_another_table_is_another_run_and_the_same_one_is_not():
    other = ec.table_policy(COLUMNS, TWO, [[0.5, 0.5]] * 5 + [[0.4, 0.6]], source="x")
    again = replace(SEND, sources=("elsewhere",))
    names = [run_name(society(policies={"send": p}), 1) for p in (SEND, other, again)]
    assert names[0] == names[2] != names[1]
    assert described(society(), 1)["policies"] == {"send": SEND.digest()}


@ec.environment_rule(writes="price")
def set_price(env, model, key):
    return ec.choose(model.send, ec.situation(model.send, 1, env.price), key) + 1


def test_an_environment_rule_chooses_too():
    sure = ec.table_policy(COLUMNS, TWO, [[0, 1]] * 6, source="x")
    market = society(set_price, policies={"send": sure}, environment={"price": ec.whole(0)})
    simulation = ec.Simulation(market, backend="reference")
    simulation.advance()
    assert simulation.environment["price"] == 2


def test_a_plan_counts_the_memory_of_policies():
    assert ec.plan(society()).memory["policy send"] == SEND.memory_bytes


def test_explain_says_what_was_chosen_and_up_to_which_draws():
    told = str(ec.explain(society(), 3, 0))
    assert "choose(situation=0, k=0, up_to=(0.5), drew=0." in told
    assert "Policy" not in told


def test_a_changed_parameter_leaves_policies_as_they_are():
    change = [ec.at(1, ec.set_parameter(gain=3))]
    simulation = ec.Simulation(society(), seed=2, backend="reference", interventions=change)
    simulation.advance()
    assert set(simulation.column("money").tolist()) == {0, 2}
    simulation.advance()
    assert set(simulation.column("money").tolist()) == {0, 3}
