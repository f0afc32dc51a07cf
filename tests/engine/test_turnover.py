"""Who enters and leaves: identities, luck, places and the ledger of an open population."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec
from ecumene.engine.lines import parse_intervention
from ecumene.population import BORN
from ecumene.testing import check_model

from ..turnover import background, turnover

# -- a people without ties, whose members live and have children -----------------------------------


@ec.agent_rule(writes=("age", "present"))
def live(me, env, model, key):
    return me.age + 1, not ec.chance(key, model.death)


def child(me, env, model, key):
    return me.identity, ec.integer(key, 100)


@ec.entry(writes=("parent", "talent"), begins=child)
def bear(me, env, model, key):
    more = 1 if me.identity == model.extra and env.step == 2 else 0
    return ec.chance(key, model.birth) + more


@ec.agent_rule(on=ec.sample("share"), writes="talent")
def learn(me, env, model, key):
    return min(me.talent + ec.integer(key, 5), 999)


def people(agents=40, capacity=200, *, death=0.1, birth=0.15, extra=-1, phases=None):
    return ec.Model(
        populations={
            "people": ec.Population(
                agents,
                capacity=capacity,
                age=ec.whole(high=1000),
                parent=ec.whole(-1, low=-1, high=(1 << 62) - 1),
                talent=ec.whole(high=999),
            )
        },
        phases=phases or [[live, bear], [learn]],
        measures={"here": ec.present(), "entered": ec.entered(), "left": ec.left("live")},
        parameters={"death": death, "birth": birth, "extra": extra, "share": 0.3},
    )


def lives(simulation):
    """By identity: age, parent and talent."""
    names = ("identity", "age", "parent", "talent")
    rows = zip(*(simulation.column(name).tolist() for name in names), strict=True)
    return {who: rest for who, *rest in rows}


def after(model, steps, **how):
    simulation = ec.Simulation(model, **{"backend": "reference", **how})
    for _ in range(steps):
        simulation.advance()
    return simulation


def at_places(simulation, name):
    """A column place by place, whoever is there."""
    return simulation.values(name, np.arange(simulation.places()))


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 39), st.integers(0, 2**40))
def test_one_birth_more_changes_nobody_elses_luck(extra, seed):
    """Those who are there without it are there with it, with the same lives; and who comes later
    has the same identity, though it may stand at another place."""
    without = after(people(), 6, seed=seed)
    with_it = lives(after(people(extra=extra), 6, seed=seed))
    told = lives(without)
    assert {who: with_it[who] for who in told} == told
    added = with_it.keys() - told.keys()
    known = (told.keys() | set(range(40))) - {extra}
    assert not {with_it[who][1] for who in added} & known


def test_there_is_a_birth_more_at_all():
    there = [len(lives(after(people(extra=e, death=0.0), 8, seed=1))) for e in (-1, 7)]
    assert there[1] > there[0]


def test_newcomers_are_told_apart_from_first_holders_and_from_each_other():
    who = after(people(death=0.0), 8).column("identity")
    assert len(set(who.tolist())) == who.size > 40
    assert np.array_equal(np.sort(who)[:40], np.arange(40)) and (np.sort(who)[40:] >= BORN).all()


def test_free_places_are_taken_in_order_of_identity(backend):
    simulation = ec.Simulation(people(capacity=60), seed=3, backend=backend)
    for _ in range(6):
        before = set(simulation.column("identity").tolist())
        taken = at_places(simulation, "present")
        simulation.advance()
        now, who = at_places(simulation, "present"), at_places(simulation, "identity")
        born = [int(p) for p in np.flatnonzero(now) if int(who[p]) not in before]
        assert [int(who[p]) for p in born] == sorted(int(who[p]) for p in born)
        stayed = {int(p) for p in np.flatnonzero(taken & now) if int(who[p]) in before}
        free = [p for p in range(60) if p not in stayed]
        assert born == free[: len(born)]


def test_a_full_population_is_one_error(backend):
    simulation = ec.Simulation(people(capacity=41, death=0.0, birth=1.0), backend=backend)
    with pytest.raises(ec.EcumeneError, match="`bear` lets 40 agents enter in step 0, and 1 "):
        simulation.advance()


def test_the_ledger_is_kept_by_rule():
    simulation = after(people(), 9, seed=2)
    last = simulation.measure()
    assert last["entered"] > 0 and last["left"] > 0
    assert last["here"] == 40 + last["entered"] - last["left"] == len(lives(simulation))
    assert simulation.turnover("entered", "bear") == last["entered"]


# -- its shape -------------------------------------------------------------------------------------


@ec.entry(on=ec.outside)
def arrive(env, model, key):
    return model.births


def test_the_age_pyramid_is_that_of_a_birth_and_death_process():
    """With B newcomers a step and a chance d to die in each, there are B (1 - d)^a of age a, each
    cohort a binomial draw of its own (a stable stationary population)."""
    births, death = 200, 0.05
    model = people(1, 8000, death=death, phases=[[live, arrive]])
    model.parameters["births"] = births
    ages = after(model, 120, seed=5, backend="cpu").column("age")
    a = np.arange(60)
    chance = (1 - death) ** a
    found = np.bincount(ages[ages < 60], minlength=60)
    scores = (found[1:] - births * chance[1:]) ** 2 / (births * chance * (1 - chance))[1:]
    assert found[0] == births
    assert abs(scores.sum() - 59) < 4 * np.sqrt(2 * 59)  # chi-square of 59 cohorts


# -- what newcomers have ---------------------------------------------------------------------------


@ec.entry(on=ec.outside)
def two_more(env, model, key):
    return 2


def test_newcomers_are_like_a_person_of_the_background_for_life():
    model = turnover(ec.matchings(0), 30, 60, phases=[[two_more]])
    simulation = after(model, 6, seed=1)
    who, town = simulation.column("identity").tolist(), simulation.column("town").tolist()
    origin = [i if i < BORN else (i - BORN) % 30 for i in who]
    assert town == background(30).values("town", origin) and len(who) == 42


def test_newcomers_wake_after_they_came():
    model = turnover(ec.matchings(0), 30, 60, phases=[[two_more]])
    simulation = ec.Simulation(model, seed=1, backend="reference")
    for step in range(5):
        known = set(simulation.column("identity").tolist())
        simulation.advance()
        pairs = zip(simulation.column("identity"), simulation.column("next_look"), strict=True)
        wakes = [int(wake) for who, wake in pairs if int(who) not in known]
        assert len(wakes) == 2 and all(step < wake <= step + 4 for wake in wakes)


# -- what is refused -------------------------------------------------------------------------------


def closed(rule):
    return ec.Model(
        populations={"people": ec.Population(10, age=ec.whole(), parent=ec.whole())},
        phases=[[rule]],
        parameters={"death": 0.1},
    )


@ec.agent_rule(writes="identity")
def rename(me, env, model, key):
    return me.identity + 1


@ec.agent_rule(on=ec.outside, writes="age")
def nobody_ages(me, env, model, key):
    return me.age


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (closed(live), "rule `live` writes `present`.*capacity=10"),
        (closed(two_more), "entry `two_more` lets agents enter.*capacity=20"),
        (people(phases=[[rename]]), "rule `rename` writes `identity`; who an agent is stays"),
        (people(phases=[[nobody_ages]]), "rule `nobody_ages` is on=ec.outside"),
    ],
)
def test_what_a_population_cannot_do_is_refused(model, said):
    with pytest.raises(ec.EcumeneError, match=said):
        ec.Simulation(model)


def test_lanes_are_refused_by_name():
    with pytest.raises(ec.EcumeneError, match="agents enter and leave; lanes keep only"):
        ec.run_lanes(people(), 2)


@pytest.mark.parametrize("capacity", [9, 0, 2.5, True])
def test_a_capacity_below_the_agents_is_refused(capacity):
    with pytest.raises(ec.EcumeneError, match=re.escape("type a whole number from 10")):
        ec.Population(10, capacity=capacity)


def test_columns_of_open_populations_are_not_hidden():
    with pytest.raises(ec.EcumeneError, match="column `present` is one that every population"):
        ec.Population(10, capacity=20, present=ec.flag())


def test_the_plan_tells_of_entries_and_places():
    plan = ec.plan(people())
    row = plan.table()[1]
    assert row["for"] == "newcomers of everyone" and row["writes"] == "a place, parent, talent"
    assert "column identity" in plan.memory and "who leaves, and free places" in plan.memory
    assert plan.summary.startswith("40 agents at first on 200 places, one step is one step;")
    assert plan.summary.endswith("bytes a place")


# -- from outside the rules ------------------------------------------------------------------------


def quiet_people(**how):
    return people(phases=[[learn]], **how)


@pytest.mark.parametrize("how", [{}, {"backend": "cpu"}, {"backend": "cpu", "shards": 3}])
def test_agents_enter_and_leave_by_interventions(how):
    changes = [
        ec.at(1, ec.enter(30, talent=7)),
        ec.at(2, ec.leave(where={"talent": 7}, agents=ec.sample_count(10))),
        ec.during(3, 5, ec.leave(agents=ec.sample_share(0.2))),
        ec.at(5, ec.enter(5)),
        ec.at(5, ec.leave(agents=ec.these_agents(1, 2))),
    ]
    also = {"seed": 1, "interventions": changes}
    runs = [ec.Simulation(quiet_people(), **h, **also) for h in (how, {"backend": "reference"})]
    for _ in range(7):
        assert runs[0].digest() == runs[1].digest()
        for run in runs:
            run.advance()
    happened = [one.agents for one in runs[0].happened]
    assert happened[0] == 30 and happened[1] == 10 and happened[3] == 5 and happened[2] > 10
    gone = happened[1] + happened[2] + happened[4]
    assert runs[0].agents == 40 + 35 - gone == runs[0].column("age").size
    assert runs[0].turnover("entered", "at 5: enter 5") == 5
    assert not {1, 2} & set(runs[0].column("identity").tolist())


def test_more_of_them_are_the_same_and_others():
    """Paired: thirty who enter are among forty, and a larger share of leavers holds the smaller."""
    came, left = [], []
    for count, share in ((30, 0.2), (40, 0.4)):
        changes = [ec.at(0, ec.enter(count)), ec.at(1, ec.leave(agents=ec.sample_share(share)))]
        simulation = ec.Simulation(
            quiet_people(), seed=2, backend="reference", interventions=changes
        )
        simulation.advance()
        came.append(set(simulation.column("identity").tolist()))
        simulation.advance()
        left.append(came[-1] - set(simulation.column("identity").tolist()))
    assert came[0] < came[1] and left[0] < left[1]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("at 3: enter 10 with talent = 9, age = 1", "at 3: enter 10 with age = 1, talent = 9"),
        ("at 3: leave for 10% of agents", "at 3: leave for 0.1 of agents"),
        ("at 3: leave for 5 agents where talent = 3", None),
        ("when here > 60: leave where age = 2 or 3", None),
    ],
)
def test_lines_say_what_python_says(line, said):
    found = parse_intervention(line, people())
    assert str(found) == (said or line) and parse_intervention(str(found), people()) == found


@pytest.mark.parametrize(
    ("line", "model", "said"),
    [
        ("at 3: enter 201", people(), "201 newcomers on 200 places"),
        ("at 3: enter 1 with talnt = 3", people(), "Did you mean `talent`?"),
        ("at 3: enter 1 with present = true", people(), "no stored column named `present`"),
        ("at 3: lave for 1 agents", people(), "Did you mean `leave`?"),
        ("at 3: leave", closed(learn), "only where their population has a capacity"),
        ("at 3: present = false", people(), "present"),
    ],
)
def test_what_cannot_be_is_refused_with_what_may(line, model, said):
    with pytest.raises(ec.EcumeneError, match=re.escape(said)):
        parse_intervention(line, model)


def test_too_many_who_enter_are_one_error(backend):
    changes = [ec.at(1, ec.enter(30))]
    simulation = ec.Simulation(quiet_people(capacity=60), backend=backend, interventions=changes)
    simulation.advance()
    with pytest.raises(ec.EcumeneError, match="`at 1: enter 30` lets 30 agents enter in step 1"):
        simulation.advance()


# -- what else knows of it -------------------------------------------------------------------------


def test_a_leavers_last_step_is_explained():
    simulation = ec.Simulation(people(), seed=2, backend="reference")
    before = set(simulation.column("identity").tolist())
    simulation.advance()
    gone = min(before - set(simulation.column("identity").tolist()))
    told = str(ec.explain(people(), gone, 0, seed=2))
    assert "phase 1, live:" in told and told.endswith("after: it has left")
    with pytest.raises(ec.EcumeneError, match=f"agent {gone} is not there in step 1"):
        ec.explain(people(), gone, 1, seed=2)
    born = max(simulation.column("identity").tolist())
    assert f"agent {born:,} in step 1" in str(ec.explain(people(), born, 1, seed=2))


def test_check_model_holds_the_ledger():
    found = check_model(people(), steps=4)
    assert "turnover" in {check.law for check in found}


# -- what they hold --------------------------------------------------------------------------------


@ec.meeting(shows="coins", writes="coins")
def trade(me, other, env, model, key):
    pot = me.coins + other.coins
    share = ec.integer(key, pot + 1)
    return share if me.leads else pot - share


@ec.agent_rule(writes="present")
def pass_away(me, env, model, key):
    return not ec.chance(key, 0.1)


def dowry(env, model, key):
    return ec.integer(key, 20)


@ec.entry(on=ec.outside, writes="coins", begins=dowry)
def settle(env, model, key):
    return 4


def test_money_is_what_there_was_and_came_without_what_was_taken_along(backend):
    model = ec.Model(
        populations={"people": ec.Population(30, capacity=90, coins=ec.whole(10, high=10**6))},
        phases=[[trade], [pass_away, settle]],
        measures={
            "coins": ec.total("coins"),
            "brought": ec.entered("settle", holding="coins"),
            "taken": ec.left(holding="coins"),
        },
    )
    simulation = ec.Simulation(model, seed=1, backend=backend)
    for _ in range(6):
        simulation.advance()
        now = simulation.measure()
        assert now["coins"] == 300 + now["brought"] - now["taken"] > 0
    assert now["brought"] > 0 and now["taken"] > 0
