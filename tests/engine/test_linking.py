"""What crosses between populations: links, tallies by them, and claims on columns."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec
from ecumene.engine import run_name
from ecumene.errors import InterventionError, RuleError

from ..economies import PHASES, apply, economies, economy, look_around, manage, start_work
from ..towns import everything

seeds = st.integers(0, 2**40)
HOWS = [{}, {"threads": 2}, {"shards": 3}, {"shards": 9}, {"shards": 2, "backend": "reference"}]


@settings(max_examples=5, deadline=None)
@given(economies(), seeds, st.sampled_from(HOWS))
def test_however_an_economy_is_run_it_is_the_same(model, seed, how):
    oracle = everything(model, 5, seed=seed, backend="reference")
    assert everything(model, 5, seed=seed, **how) == oracle


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(economies(), seeds, st.sampled_from(HOWS))
def test_so_are_many_economies(model, seed, how):
    oracle = everything(model, 5, seed=seed, backend="reference")
    assert everything(model, 5, seed=seed, **how) == oracle


def step_by_step(model, steps=6, **how):
    """The columns of people and firms before each step."""
    simulation = ec.Simulation(model, seed=3, **how)
    for _ in range(steps):
        yield (
            {n: simulation.column(n) for n in model.population.names},
            {n: simulation.column(n, "firms") for n in model.populations["firms"].names},
        )
        simulation.advance()


def test_what_firms_read_is_what_their_people_add_up_to(backend):
    """Headcount and payroll of the moment before, against numpy."""
    history = list(step_by_step(economy(), backend=backend))
    for (people, firms), (_, after) in pairwise(history):
        employed = people["employer"] >= 0
        at = people["employer"][employed]
        headcount, payroll = np.zeros(8, np.int64), np.zeros(8, np.int64)
        np.add.at(headcount, at, 1)
        np.add.at(payroll, at, people["pay"][employed].astype(np.int64))
        assert after["headcount_seen"].tolist() == headcount.tolist()
        assert (after["cash"] - firms["cash"] == 10 * headcount - payroll).all()


def test_a_link_shows_those_it_points_to_as_they_were():
    """`wage` as it was before the phase, though another rule of that phase writes it."""

    @ec.agent_rule(writes=("seen", "lit", "since", "felt", "where"))
    def see(me, env, model, key):
        return me.to_wage, me.to_open, me.to_founded, me.to_mood, me.to_region

    @ec.agent_rule(of="firms", writes=("wage", "open", "founded", "mood"))
    def change(me, env, model, key):
        return me.wage + 1 + me.identity, not me.open, env.step, me.mood + 1.0

    @ec.agent_rule(writes="to")
    def move(me, env, model, key):
        return me.identity % 7 - 1

    firms = economy(firms=6).populations["firms"]
    model = ec.Model(
        populations={
            "people": ec.Population(
                20,
                to=ec.link("firms", shows=("wage", "open", "founded", "mood", "region")),
                seen=ec.whole(high=99),
                lit=ec.flag(),
                since=ec.step_column(),
                felt=ec.real(9.0),
                where=ec.whole(high=9),
            ),
            "firms": firms,
        },
        phases=[[see, change, move]],
    )
    simulation = ec.Simulation(model, backend="reference", shards=3)
    names = ("seen", "lit", "since", "felt", "where")
    simulation.advance()
    first = [simulation.column(n).tolist() for n in names]
    assert first == [[0] * 20, [False] * 20, [ec.NEVER] * 20, [0.0] * 20, [0] * 20]
    simulation.advance()
    to = [i % 7 - 1 for i in range(20)]
    expected = {
        "seen": [10 + 1 + j if j >= 0 else 0 for j in to],
        "lit": [j >= 0 for j in to],
        "since": [0 if j >= 0 else ec.NEVER for j in to],
        "felt": [1.5 if j >= 0 else 0.0 for j in to],
        "where": [j % 3 if j >= 0 else 0 for j in to],
    }
    assert {n: simulation.column(n).tolist() for n in names} == expected


def test_a_link_that_is_shown_through_nobody_points_to_nobody(backend):
    @ec.agent_rule(writes="grand")
    def look_up(me, env, model, key):
        return me.parent_parent

    @ec.agent_rule(writes="parent")
    def adopt(me, env, model, key):
        return me.identity - 2 if me.identity > 1 else ec.NOBODY

    people = ec.Population(6, parent=ec.link("people", shows="parent"), grand=ec.link("people"))
    model = ec.Model(populations={"people": people}, phases=[[adopt], [look_up]])
    simulation = ec.Simulation(model, backend=backend)
    simulation.advance()
    assert simulation.column("grand").tolist() == [-1, -1, -1, -1, 0, 1]
    assert run_name(model, 0) != run_name(replace(model, phases=[[adopt]]), 0)


def test_people_may_point_to_people():
    @ec.agent_rule(writes=("friend", "hears"))
    def follow(me, env, model, key):
        return (me.identity + 1) % 9, me.friend_says

    @ec.agent_rule(writes="says")
    def speak(me, env, model, key):
        return me.says + me.fans

    people = ec.Population(
        9,
        friend=ec.link("people", shows="says"),
        hears=ec.whole(high=99),
        says=ec.whole(3, high=99),
    )
    model = ec.Model(
        populations={"people": people},
        phases=[[follow, speak]],
        tallies={"fans": ec.count("friend", ec.points, by="friend")},
    )
    simulation = ec.Simulation(model, backend="reference", shards=2)
    for hears, says in (([0] * 9, [3] * 9), ([3] * 9, [4] * 9), ([4] * 9, [5] * 9)):
        simulation.advance()
        assert simulation.column("hears").tolist() == hears
        assert simulation.column("says").tolist() == says


# -- jobs ------------------------------------------------------------------------------------------


@settings(max_examples=15, deadline=None)
@given(economies(), seeds)
def test_no_job_is_lost_and_none_is_made(model, seed):
    """Nobody quits, no vacancy opens: who is employed and what is vacant add up, firm by firm."""
    phases = [[look_around], [apply], [start_work]]
    model = replace(model, phases=phases, parameters={"quits": 0.0, "size": 0})
    simulation = ec.Simulation(model, seed=seed, backend="reference")
    jobs = simulation.column("vacancies", "firms").astype(int)
    for _ in range(4):
        simulation.advance()
        vacant = simulation.column("vacancies", "firms").astype(int)
        at = [j for j in simulation.column("employer").tolist() if j >= 0]
        assert (vacant + np.bincount(at, minlength=vacant.size) == jobs).all()
        assert (vacant >= 0).all()


def test_the_more_skilled_get_the_jobs_and_both_sides_read_so(backend):
    @ec.claim(capacity="firms.vacancies", into="hired")
    def ask(me, env, model, key):
        return me.identity % 2, 1, me.identity

    @ec.agent_rule(writes="got")
    def keep(me, env, model, key):
        return me.hired

    @ec.agent_rule(of="firms", writes="left")
    def look(me, env, model, key):
        return me.vacancies

    @ec.agent_rule(of="firms", on=ec.changed("vacancies"), writes="noticed")
    def notice(me, env, model, key):
        return me.noticed + 1

    firms = ec.Population(
        3, vacancies=ec.whole(2, high=9), left=ec.whole(9), noticed=ec.whole(high=9)
    )
    model = ec.Model(
        populations={"people": ec.Population(9, got=ec.whole()), "firms": firms},
        phases=[[ask, look], [keep, notice]],
        measures={
            "vacancies": ec.total("vacancies", of="firms"),
            "full": ec.count("vacancies", full, of="firms"),
        },
    )
    for shards in (1, 2, 5):
        simulation = ec.Simulation(model, backend=backend, shards=shards)
        simulation.advance()
        assert simulation.column("got").tolist() == [0, 0, 0, 0, 0, 1, 1, 1, 1]
        assert simulation.column("left", "firms").tolist() == [2, 2, 2]
        assert simulation.column("vacancies", "firms").tolist() == [0, 0, 2]
        assert simulation.column("noticed", "firms").tolist() == [1, 1, 0]
        assert simulation.measure() == {"vacancies": 2, "full": 2}


def full(vacancies):
    return vacancies == 0


def test_a_firm_more_changes_nobodys_luck():
    """Whoever does not meet the new firm does what it did."""

    @ec.agent_rule(writes="wants")
    def throw(me, env, model, key):
        return ec.integer(key, 4)

    model = economy(firms=5, phases=[[throw], [apply], [start_work]], groups={}, reads_anybody={})
    more = economy(firms=9, phases=[[throw], [apply], [start_work]], groups={}, reads_anybody={})
    one, other = (everything(m, 3, seed=7, backend="reference")[3] for m in (model, more))
    for column in ("employer", "wants", "pay"):
        assert one["people", column] == other["people", column]


# -- exactness, saving, interventions --------------------------------------------------------------


def rich(high, agents=4):
    @ec.agent_rule(writes="to")
    def point(me, env, model, key):
        return 0

    @ec.agent_rule(of="firms", writes="sum")
    def add(me, env, model, key):
        return me.owed if me.owed < model.most else -me.owed % 1000

    return ec.Model(
        populations={
            "people": ec.Population(
                agents, to=ec.link("firms"), owes=ec.whole(high, low=-high, high=high)
            ),
            "firms": ec.Population(2, sum=ec.whole(low=-(1 << 60), high=1 << 60)),
        },
        phases=[[point], [add]],
        tallies={"owed": ec.total("owes", by="to")},
        parameters={"most": 1000},
    )


def test_sums_are_exact_up_to_2_to_the_63_and_refused_beyond(backend):
    almost = rich((1 << 61) - 1)
    for shards in (1, 3):
        simulation = ec.Simulation(almost, backend=backend, shards=shards)
        simulation.advance()
        assert simulation.column("sum", "firms").tolist() == [-(4 * ((1 << 61) - 1)) % 1000, 0]
    with pytest.raises(RuleError, match=r"the tally `owed` is beyond 2\*\*63 in step 0"):
        ec.Simulation(rich(1 << 61), backend=backend).advance()


def test_an_economy_goes_on_from_where_it_stood():
    through, half = (ec.Simulation(economy(), seed=4, backend="reference") for _ in range(2))
    for _ in range(4):
        through.advance()
    half.advance()
    half.advance()
    resumed = ec.Simulation(economy(), seed=4, backend="reference", shards=3, state=half.state())
    resumed.advance()
    resumed.advance()
    assert resumed.digest() == through.digest()


def test_a_branch_differs_only_through_what_firms_were_given(tmp_path):
    how = {"seed": 1, "steps": 6, "backend": "reference"}
    rise = ec.at(3, ec.set_column("wage", 50, of="firms"))
    parent = ec.run(economy(), out=tmp_path / "a", **how)
    branch = ec.branch(parent, 3, interventions=[rise])
    whole = ec.run(economy(), out=tmp_path / "b", interventions=[rise], **how)
    assert branch.record["digest"] == whole.record["digest"] != parent.record["digest"]


def test_links_are_set_from_outside_within_their_range():
    change = ec.at(0, ec.set_column("employer", 3, agents=ec.sample_count(5)))
    model = economy(phases=[[manage]])
    simulation = ec.Simulation(model, interventions=[change], backend="reference")
    simulation.advance()
    assert simulation.column("headcount_seen", "firms").tolist() == [0, 0, 0, 5, 0, 0, 0, 0]
    too_far = ec.at(0, ec.set_column("employer", 8))
    with pytest.raises(InterventionError, match="type a whole number from -1 to 7"):
        ec.Simulation(model, interventions=[too_far], backend="reference")
    begun = ec.set_agents(ec.sample_count(5), employer=3)
    begun = ec.Simulation(replace(model, start=[begun]), backend="reference")
    begun.advance()
    assert sum(begun.column("headcount_seen", "firms")) == 5


def test_a_link_to_nobody_that_there_is_is_an_error():
    @ec.agent_rule(writes="wants")
    def stray(me, env, model, key):
        return 8

    model = economy(phases=[[stray]], measures={}, tallies={})
    with pytest.raises(RuleError) as caught:
        ec.Simulation(model, backend="reference").advance()
    assert str(caught.value) == (
        "rule `stray` gave agent 0 the wants 8, outside its range -1..7; write the identity of one "
        "of firms, or ec.NOBODY."
    )


def test_the_plan_says_what_crosses_and_what_that_costs():
    chosen = ec.plan(economy())
    rows = {row["rule"]: row for row in chosen.table()}
    assert rows["apply"]["writes"] == "hired, firms.vacancies"
    assert "employer_wage" in rows["start_work"]["reads"]
    assert rows["start_work"]["cost"].endswith("; a copy of firms.open; a copy of firms.wage")
    assert "a pass over all people" in rows["manage"]["cost"]
    assert "sorting people by employer" in rows["manage"]["cost"]
    assert chosen.memory["copies of others"] > 0


def test_what_crosses_is_in_the_name():
    names = {
        run_name(model, 0)
        for model in (
            economy(),
            economy(reads_anybody={"wage": "firms.cash"}),
            economy(groups={**economy().groups, "staff": ec.group("employer")}),
            economy(phases=[*PHASES[:1], [replace(apply, capacity="firms.cash")], *PHASES[2:]]),
        )
    }
    assert len(names) == 4


def test_explain_says_what_was_looked_up_and_picked():
    said = str(ec.explain(economy(), agent=4, step=2))
    assert "employer_wage = " in said and "below(" in said
    firm = str(ec.explain(economy(), agent=4, step=2, population="firms"))
    assert "headcount = " in firm and "payroll = " in firm
