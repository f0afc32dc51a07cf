"""Interventions in Python: what is wrong is said before anything runs, with what there is."""

import pytest

import ecumene as ec
from ecumene.engine import checked, notices, run_name
from ecumene.errors import InterventionError
from ecumene.models import MODELS

from ..societies import society

CASCADE = MODELS["cascade"].build(agents=500)
SOCIETY = society(ec.matchings(3), 60)


@ec.agent_rule(on=ec.everyone, writes="seen")
def look(me, env, model, key):
    return env.price + model.fee if env.stock[1] > 0 else me.seen


MARKET = ec.Model(
    populations={"people": ec.Population(9, seen=ec.whole(high=1000))},
    phases=[[look]],
    environment={"price": ec.whole(10, high=100), "stock": ec.whole(5, cells=3)},
    parameters={"fee": 1},
    measures={"seen": ec.mean("seen"), "price": ec.value("price"), "stock": ec.value("stock")},
)


def refused(intervention, model=CASCADE):
    with pytest.raises(InterventionError) as error:
        ec.Simulation(model, interventions=[intervention], backend="reference")
    return str(error.value)


@pytest.mark.parametrize(
    ("intervention", "said"),
    [
        (ec.at(3, ec.set_parameter(transmision=0.1)), "Did you mean `transmission`?"),
        (ec.at(3, ec.set_parameter(transmission=2)), "outside its range 0 to 1"),
        (ec.at(3, ec.set_parameter(transmission="much")), "type a number"),
        (ec.at(3, ec.set_parameter(degree=3)), "`degree` reshapes"),
        (ec.at(3, ec.set_parameter(seeds=3)), "no rule reads"),
        (ec.at(3, ec.set_parameter()), "names none"),
        (ec.at(-1, ec.seed_agents(3)), "a step is a whole number from 0"),
        (ec.at(1.5, ec.seed_agents(3)), "a step is a whole number from 0"),
        (ec.during(3, 3, ec.seed_agents(3)), "let it end at 4 or later"),
        (ec.when("reach", ec.seed_agents(3), above=1), "Did you mean `reached`?"),
        (ec.when("reached", ec.seed_agents(3), above=True), "held against a number"),
        (ec.at(1, ec.seed_agents(501)), "type a whole number from 0 to 500"),
        (ec.at(1, ec.seed_agents(2.5)), "type a whole number from 0 to 500"),
        (ec.at(1, ec.set_column("reached", True)), "there are: reached_at, reached_now"),
        (ec.at(1, ec.set_column("reached_now", 3)), "type true or false"),
        (ec.at(1, ec.set_column("reached_at", 1.5)), "never, now, or a step"),
        (ec.at(1, ec.set_column("reached_now", True, where={"country": "NGA"})), "no column named"),
        (ec.at(1, ec.set_column("reached_now", True, where={"reached_at": "x"})), "no labels"),
        (ec.at(1, ec.set_column("reached_now", True, where={"reached_at": ()})), "one of no val"),
        (ec.at(1, ec.set_column("reached_now", True, agents=ec.sample_share(2))), "from 0 to 1"),
        (ec.at(1, ec.set_column("reached_now", True, agents=ec.sample_count(501))), "0 to 500"),
        (ec.at(1, ec.set_column("reached_now", True, agents=ec.these_agents(500))), "no agent 500"),
        (ec.at(1, ec.broadcast("loudest")), "there are: largest, number"),
        (ec.at(1, ec.broadcast("number")), "names no agent"),
        (ec.at(1, ec.broadcast(agents=(3,))), "leave out one of the two"),
        (ec.at(1, ec.broadcast(over="ties")), "there are: contacts"),
        (ec.at(1, ec.broadcast(reached_at=3)), "type never, now, or a step from 0 to 1"),
        (ec.at(1, ec.broadcast(reached_at=1)), "reaches nobody"),
        (ec.at(1, ec.set_environment(price=3)), "no environment value named `price`"),
        (ec.at(1, ec.set_environment()), "names no value"),
        (ec.set_parameter(transmission=0.1), "without a moment"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_with_what_can(intervention, said):
    assert said in refused(intervention)


def test_an_error_says_which_intervention_it_is_about():
    plan = [ec.at(1, ec.seed_agents(1)), ec.at(2, ec.set_parameter(transmission=7))]
    with pytest.raises(InterventionError, match="intervention 2, `at 2: parameter transmission"):
        checked(plan, CASCADE)


def test_an_error_shows_a_group_as_it_was_given():
    said = refused(ec.at(1, ec.set_column("reached_now", True, where={"country": "NGA"})))
    assert "where country = NGA`" in said


def test_a_measure_is_held_against_one_limit():
    for limits in ({}, {"above": 1, "below": 3}):
        with pytest.raises(InterventionError, match="either above= or below="):
            ec.when("reached", ec.seed_agents(1), **limits)


def test_a_model_of_many_starts_must_be_told_what_seeds_get():
    assert "starts in 2 ways" in refused(ec.at(1, ec.seed_agents(3)), SOCIETY)


def test_parameters_of_which_nothing_more_is_known_keep_their_type():
    assert "type one like 0.5" in refused(ec.at(1, ec.set_parameter(pay=True)), SOCIETY)
    assert "a number from 0 to 1" in refused(ec.at(1, ec.set_parameter(share=1.5)), SOCIETY)
    assert "named `again`" not in str(checked([ec.at(1, ec.set_parameter(again=1))], SOCIETY))


def test_seeds_get_what_the_start_gives_told_from_now():
    (one,) = checked([ec.at(8, ec.seed_agents(3))], CASCADE)
    assert str(one) == "at 8: seed 3 with reached_at = now, reached_now = true"


def test_the_run_has_another_name_only_with_interventions():
    def name(*plan):
        return run_name(CASCADE, 1, interventions=checked(plan, CASCADE))

    less = ec.at(3, ec.set_parameter(transmission=0.1))
    assert name() == run_name(CASCADE, 1)
    names = {
        name(),
        name(less),
        name(less, less),
        name(ec.at(4, ec.set_parameter(transmission=0.1))),
        name(ec.at(3, ec.seed_agents(1))),
    }
    assert len(names) == 5
    assert name(ec.at(3, ec.seed_agents(1))) == name(
        ec.at(3, ec.seed_agents(1, reached_now=True, reached_at=ec.NOW))
    )


def test_what_costs_or_comes_too_late_is_said():
    plan = [
        ec.at(3, ec.broadcast("largest", over="ties", loud=True)),
        ec.when("moods[0.5]", ec.set_parameter(pay=0.1), above=1),
        ec.when("wealth", ec.set_parameter(pay=0.1), above=1),
        ec.at(40, ec.set_parameter(pay=0.1)),
    ]
    said = notices(checked(plan, SOCIETY), SOCIETY, 40)
    assert len(said) == 3
    assert "counts the ties of all 60 agents" in said[0]
    assert "looks at all 60 agents at the start of each step" in said[1]
    assert "does not happen: the run has at most 40 steps" in said[2]


def seen(plan, steps=4, **how):
    simulation = ec.Simulation(MARKET, interventions=plan, **how)
    rows = [simulation.measure()]
    while simulation.step < steps and simulation.advance():
        rows.append(simulation.measure())
    return rows, simulation.digest()


@pytest.mark.parametrize("shards", [1, 2])
def test_environment_values_are_set_and_rules_read_them(backend, shards):
    plan = [
        ec.at(1, ec.set_environment(price=50)),
        ec.at(2, ec.set_environment(**{"stock[1]": 0})),
        ec.when("stock[1]", ec.set_parameter(fee=7), below=1),
        ec.at(3, ec.set_environment(stock=(1, 2, 3))),
    ]
    rows, digest = seen(plan, backend=backend, shards=shards)
    assert [row["seen"] for row in rows] == [0, 11, 51, 51, 57]
    assert rows[3]["stock"] == {"0": 5, "1": 0, "2": 5}
    assert rows[4]["stock"] == {"0": 1, "1": 2, "2": 3}
    assert digest == seen(plan, backend="reference")[1] != seen([], backend="reference")[1]


def test_setting_an_environment_value_to_itself_changes_no_bit(backend):
    plan = [ec.at(1, ec.set_environment(price=10, stock=(5, 5, 5)))]
    assert seen(plan, backend=backend) == seen([], backend=backend)
