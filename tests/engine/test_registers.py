"""Links to agents who enter and leave: in every phase they point to who is there, or to nobody."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec
from ecumene.backends import Register
from ecumene.backends.register import LEFT, STRAY
from ecumene.errors import InterventionError, ModelError, RuleError
from ecumene.population import BORN

from ..economies import economy
from ..founding import boom, booms, join, venture_out
from ..towns import everything

seeds = st.integers(0, 2**40)
HOWS = [{}, {"threads": 2}, {"shards": 3}, {"shards": 2, "backend": "reference"}]
LINKS = (
    ("people", "employer", "firms"),
    ("people", "wants", "firms"),
    ("people", "parent", "people"),
    ("firms", "supplier", "firms"),
    ("firms", "founder", "people"),
)


@settings(max_examples=4, deadline=None)
@given(booms(), seeds, st.sampled_from(HOWS))
def test_however_firms_come_and_go_it_is_the_same(model, seed, how):
    oracle = everything(model, 5, seed=seed, backend="reference")
    assert everything(model, 5, seed=seed, **how) == oracle


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(booms(), seeds, st.sampled_from(HOWS))
def test_so_it_is_in_many_economies(model, seed, how):
    oracle = everything(model, 5, seed=seed, backend="reference")
    assert everything(model, 5, seed=seed, **how) == oracle


@settings(max_examples=15, deadline=None)
@given(booms(), seeds)
def test_links_point_to_who_is_there(model, seed):
    simulation = ec.Simulation(model, seed=seed, backend="reference", shards=2)
    for _ in range(5):
        simulation.advance()
        for of, link, to in LINKS:
            there = {ec.NOBODY, *simulation.column("identity", to).tolist()}
            assert {*simulation.column(link, of).tolist()} <= there


def test_what_firms_read_is_what_their_people_add_up_to(backend):
    """Who is counted at the beginning of a step, firm by firm, among those who stay."""
    simulation = ec.Simulation(boom(), seed=2, backend=backend)
    told = []
    for _ in range(6):
        employers = simulation.column("employer")
        simulation.advance()
        firms = simulation.column("identity", "firms")
        told.append(int((employers >= 0).sum()))
        seen = dict(
            zip(firms.tolist(), simulation.column("staff_seen", "firms").tolist(), strict=True)
        )
        for firm, staff in seen.items():  # founded firms have seen nobody yet
            assert staff == int((employers == firm).sum())
    assert min(told) > 0 and (simulation.column("identity", "firms") >= BORN).any()


def test_founders_know_their_firms_and_these_know_them(backend):
    """Who caused a firm works there next; of two firms at once the first is told."""
    simulation = ec.Simulation(boom(deaths=0.0, failures=0.0), seed=3, backend=backend)
    for _ in range(3):
        simulation.advance()
    firms, founders = (simulation.column(n, "firms") for n in ("identity", "founder"))
    who, employers = (simulation.column(n).tolist() for n in ("identity", "employer"))
    works = dict(zip(who, employers, strict=True))
    founded = dict(zip(firms.tolist(), founders.tolist(), strict=True))
    assert sum(1 for firm, founder in founded.items() if works.get(founder) == firm) > 3
    assert simulation.turnover("entered", "venture_out", of="firms") == sum(founders >= 0)


def test_where_there_is_no_room_it_says_whose():
    venture = replace(venture_out, function=everybody, on=ec.everyone)
    model = boom(people=9, firms=5, room=4, phases=[[venture]])
    with pytest.raises(RuleError) as caught:
        ec.Simulation(model, backend="reference").advance()
    assert str(caught.value) == (
        "entry `venture_out` lets 9 agents enter in step 0, and 4 of the 9 places are free; give "
        "`firms` a larger capacity, say capacity=18, or let fewer enter."
    )


def everybody(me, env, model, key):
    return 1


def without_turnover(backend):
    """The same economy on closed populations, and on open ones that nobody enters or leaves."""
    phases = [[p for p in phase if p.name in STAYING] for phase in boom().phases]
    for room in (0, 9):
        yield everything(boom(room=room, phases=phases), 4, seed=5, backend=backend)[:3]


def test_without_coming_and_going_it_is_a_closed_economy():
    one, other = without_turnover("reference")
    assert one == other


@pytest.mark.slow
def test_so_it_is_when_compiled():
    one, other = without_turnover("cpu")
    assert one == other


STAYING = ("look_around", "manage", "apply", "start_work", "count_moves")


def test_it_does_not_hang_on_how_many_places_are_free():
    one, other = (everything(boom(room=r), 6, seed=6, backend="reference") for r in (60, 95))
    assert one[:3] == other[:3]


# -- one firm, and who works there ---------------------------------------------------------------


@ec.agent_rule(of="firms", writes="present")
def fail(me, env, model, key):
    return me.identity != 1 or env.step < 1


@ec.claim(capacity="firms.jobs", into="hired")
def ask(me, env, model, key):
    return model.asked, 1, me.identity


@ec.agent_rule(writes=("seen", "wage", "got"))
def look(me, env, model, key):
    return me.employer, me.employer_wage, me.hired


@ec.agent_rule(on=ec.changed("employer"), writes="moved")
def notice(me, env, model, key):
    return env.step


@ec.agent_rule(writes="employer")
def stray(me, env, model, key):
    return model.strays_to if me.identity == 4 and model.strays_to >= 0 else me.employer


def firm_of(asked=1, strays_to=-1):
    """Six people who work for firm 1, which fails in step 1."""
    people = ec.Population(
        6,
        employer=ec.link("firms", shows="wage"),
        seen=ec.whole(-1, low=-1, high=2**62 - 1),
        wage=ec.whole(),
        got=ec.whole(),
        moved=ec.step_column(),
    )
    firms = ec.Population(3, capacity=5, wage=ec.whole(9), jobs=ec.whole(2, high=9))
    return ec.Model(
        populations={"people": people, "firms": firms},
        phases=[[fail, ask], [look], [notice, stray]],
        start=[ec.set_agents(ec.sample_count(6), employer=1)],
        measures={"employed": ec.count("employer", ec.points)},
        parameters={"asked": asked, "strays_to": strays_to},
    )


def test_who_left_is_no_target_from_the_next_phase_on(backend):
    simulation = ec.Simulation(firm_of(), backend=backend)
    for step, seen, wage, moved in ((0, 1, 9, 0), (1, ec.NOBODY, 0, 1), (2, ec.NOBODY, 0, 1)):
        simulation.advance()
        assert simulation.column("seen").tolist() == [seen] * 6, step
        assert simulation.column("wage").tolist() == [wage] * 6
        assert simulation.column("moved").tolist() == [moved] * 6
        assert simulation.measure()["employed"] == (6 if seen == 1 else 0)


def test_a_link_that_is_set_to_who_left_points_to_nobody(backend):
    simulation = ec.Simulation(firm_of(strays_to=1), backend=backend)
    for employed in (6, 0, 0):
        simulation.advance()
        assert simulation.measure()["employed"] == employed


def test_nobody_gets_anything_of_who_left_and_no_job_is_lost(backend):
    """In the phase in which the firm leaves it still grants; what it kept leaves with it."""
    simulation = ec.Simulation(firm_of(), backend=backend, shards=2)
    for step, got, jobs, left in ((0, 2, 4, 0), (1, 0, 4, 0), (2, 0, 4, 0)):
        simulation.advance()
        assert sum(simulation.column("got")) == got, step
        assert sum(simulation.column("jobs", "firms")) == jobs
        assert simulation.turnover("left:jobs", of="firms") == left
    keeping = ec.Simulation(firm_of(asked=0), backend=backend)
    keeping.advance()
    keeping.advance()
    assert keeping.turnover("left:jobs", of="firms") == 2


def test_what_is_nobodys_identity_is_an_error(backend):
    with pytest.raises(RuleError, match="asks for cell 5 for agent 0 in step 0, which is not ther"):
        ec.Simulation(firm_of(asked=5), backend=backend).advance()
    with pytest.raises(RuleError) as caught:
        ec.Simulation(firm_of(strays_to=1000), backend=backend).advance()
    assert str(caught.value) == (
        "agent 4 points by `employer` to 1000 in step 0, which is nobody's identity; write the "
        "identity of one of firms, or ec.NOBODY."
    )


# -- from outside, and going on ------------------------------------------------------------------


def test_interventions_leave_no_link_behind(backend):
    gone = ec.at(1, ec.leave(of="firms", agents=ec.sample_share(1.0)))
    late = ec.at(2, ec.set_column("employer", 1, agents=ec.sample_count(2)))
    simulation = ec.Simulation(firm_of(), interventions=[gone, late], backend=backend)
    for seen in (1, ec.NOBODY, ec.NOBODY):
        simulation.advance()
        assert set(simulation.column("seen").tolist()) == {seen}
    with pytest.raises(InterventionError) as caught:
        far = ec.at(0, ec.set_column("employer", 7))
        ec.Simulation(firm_of(), interventions=[far], backend="reference")
    assert str(caught.value).endswith(
        "column `employer` cannot be 7; type -1, or the identity of one of firms: from 0 to 2 at "
        "first, and that of a newcomer."
    )


def test_newcomers_from_outside_point_to_who_is_there():
    come = [ec.at(1, ec.leave(of="firms")), ec.at(1, ec.enter(2, employer=0))]
    model = firm_of()
    people = ec.Population(6, capacity=9, **model.populations["people"].stored)
    model = replace(model, populations={**model.populations, "people": people})
    simulation = ec.Simulation(model, interventions=come, backend="reference")
    for employed in (6, 0):
        simulation.advance()
        assert simulation.measure()["employed"] == employed


def test_it_goes_on_from_where_it_stood():
    through, half = (ec.Simulation(boom(), seed=4, backend="reference") for _ in range(2))
    for _ in range(4):
        through.advance()
    half.advance()
    half.advance()
    resumed = ec.Simulation(boom(), seed=4, backend="reference", shards=3, state=half.state())
    resumed.advance()
    resumed.advance()
    assert resumed.digest() == through.digest()


def test_explain_says_what_a_newcomer_saw_of_another():
    simulation = ec.Simulation(boom(), seed=2, backend="reference")
    for _ in range(4):
        simulation.advance()
    who, employers = simulation.column("identity"), simulation.column("employer")
    someone = int(who[(who >= BORN) & (employers >= BORN)][0])
    said = str(ec.explain(boom(), agent=someone, step=4, seed=2))
    assert "employer_wage = " in said and "below(" in said


def test_explain_says_whose_link_was_let_go():
    said = str(ec.explain(firm_of(), agent=3, step=1))
    assert "let go: employer = 1, who left\nafter: employer = -1, " in said
    assert "let go" not in str(ec.explain(firm_of(), agent=3, step=0))


# -- the register --------------------------------------------------------------------------------


@given(st.sets(st.integers(0, 20)), st.sets(st.integers(BORN, 2 * BORN - 1), max_size=40))
def test_a_register_knows_who_is_there_and_nobody_else(first, born):
    from ecumene.backends.cpu.finding import PLACE_OF, REGISTER

    who = np.array([*first, *born], np.int64)
    places = np.array([*first, *range(30, 30 + len(born))], np.int64)
    register = Register.of(21, who, places)
    names = {"int": int, "jit": lambda f: f, "kernel": lambda f: f}
    exec(PLACE_OF, names)
    arrays = [getattr(register, name) for name in REGISTER]
    known = dict(zip(who.tolist(), places.tolist(), strict=True))
    asked = [*known, *range(-2, 24), BORN - 1, BORN, 2 * BORN - 1, 2 * BORN, *(b ^ 1 for b in born)]
    for identity in asked:
        possible = 0 <= identity < 21 or BORN <= identity < 2 * BORN
        expected = known.get(identity, LEFT if possible else STRAY)
        assert names["place_of"](identity, *arrays) == expected
    assert register.in_order()[0].tolist() == sorted(known)
    assert all(known[w] == p for w, p in zip(*register.in_order(), strict=True))


# -- what is said, and what is refused -----------------------------------------------------------


def test_the_plan_says_what_links_cost():
    rows = {row["rule"]: row for row in ec.plan(boom()).table()}
    assert rows["start_work"]["cost"].endswith("; a pass over all employer links")
    assert (
        rows["venture_out"]["writes"] == "a place of firms, founder, wage, vacancies, big, venture"
    )
    assert rows["venture_out"]["cost"].endswith("; a pass over all founder links")
    assert rows["birth"]["cost"].endswith("; a pass over all parent and employer links")
    assert not any(" links" in row["cost"] for row in ec.plan(economy()).table())


def test_what_would_take_numbers_for_identities_is_refused():
    with pytest.raises(ModelError) as caught:
        ec.plan(replace(boom(), reads_anybody={"wages": "firms.wage"}))
    assert str(caught.value) == (
        "`wages` would be read of any of firms, who enter and leave, by numbers that are no "
        'identities; let a link show it: ec.link("firms", shows="wage").'
    )
    with pytest.raises(ModelError, match="entry `venture_out` lets agents enter no population na"):
        ec.plan(boom(phases=[[replace(venture_out, enters="firmz")]]))
    with pytest.raises(ModelError, match="begin with no stored column named `founder`; there are:"):
        ec.plan(boom(phases=[[replace(venture_out, enters="")]]))
    with pytest.raises(
        ModelError, match="reached by `venture_out`, an entry that tells nobody whom"
    ):
        ec.plan(boom(phases=[[replace(venture_out, into="")], [join]]))
    with pytest.raises(ModelError, match="nobody causes who comes from outside; leave out enters="):
        ec.entry(on=ec.outside, enters="firms")
    with pytest.raises(ModelError, match="group `staff` is by `employer`, which points to firms"):
        ec.plan(replace(boom(), groups={"staff": ec.group("employer")}))
