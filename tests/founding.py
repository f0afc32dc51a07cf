"""A family of small economies in which people and firms enter and leave while they are linked."""

from hypothesis import strategies as st

import ecumene as ec
from ecumene.population import Derived

MOST = 1_000_000_000


def region_of(identity, tables):
    return identity % 3


@ec.agent_rule(writes="wants")
def look_around(me, env, model, key):
    return ec.pick(key, env.hiring, me.region, 1)


@ec.claim(capacity="firms.vacancies", into="hired")
def apply(me, env, model, key):
    """Also at a firm that closes in this very phase, or that a friend told of long ago."""
    if me.employer != ec.NOBODY or me.wants == ec.NOBODY:
        return 0, 0, 0
    return me.rumour if me.rumour >= 0 and ec.chance(key, 0.3, 1) else me.wants, 1, me.skill


@ec.agent_rule(writes=("employer", "pay", "rumour"))
def start_work(me, env, model, key):
    """A rumour is a number that stays: what it names may have closed, and is no employer then."""
    employer = me.wants if me.hired > 0 else me.employer
    if employer == ec.NOBODY and ec.chance(key, 0.2):
        employer = me.rumour
    return employer, me.employer_wage if me.employer_big else 0, max(me.rumour, me.wants)


@ec.agent_rule(writes=("purse", "present", "colleagues"))
def live(me, env, model, key):
    return me.purse + me.pay, not ec.chance(key, model.deaths), me.employer_staff_seen


def child(me, env, model, key):
    return me.identity, me.employer, ec.integer(key, 10)


@ec.entry(on=ec.sample("births"), writes=("parent", "employer", "skill"), begins=child)
def birth(me, env, model, key):
    return 1 + ec.chance(key, 0.2)


@ec.agent_rule(of="firms", writes=("cash", "wage", "vacancies", "staff_seen", "big", "mood"))
def manage(me, env, model, key):
    free = me.vacancies + (me.staff < model.size) - (me.staff > 2 * model.size)
    return (
        me.cash + 10 * me.staff - me.payroll + me.supplier_wage,
        min(max(me.wage + ec.integer(key, 3, 1) - 1, 1), 99),
        min(max(free, 0), 50),
        me.staff,
        me.staff > 1,
        me.mood / 2 + me.clients + me.founder_skill,
    )


@ec.agent_rule(of="firms", writes="present")
def close(me, env, model, key):
    return not ec.chance(key, model.failures)


def spin_off(me, env, model, key):
    return me.identity, 1 + ec.integer(key, 9), 1 + ec.integer(key, 4, 1)


BEGUN = ("supplier", "wage", "vacancies")


@ec.entry(of="firms", on=ec.sample("ideas"), writes=BEGUN, begins=spin_off)
def found(me, env, model, key):
    return ec.chance(key, 0.8)


def begun(me, env, model, key):
    return me.identity, 5 + me.skill, ec.integer(key, 3), ec.chance(key, 0.5, 1)


@ec.entry(
    on=ec.sample("ideas"),
    enters="firms",
    into="venture",
    writes=("founder", "wage", "vacancies", "big"),
    begins=begun,
)
def venture_out(me, env, model, key):
    return me.skill > 6 and 1 + ec.chance(key, 0.3)


@ec.agent_rule(on=ec.reached_by(venture_out), writes="employer")
def join(me, env, model, key):
    return me.venture


def settled(env, model, key):
    return 2, 1 + ec.integer(key, 30)


@ec.entry(of="firms", on=ec.outside, writes=("vacancies", "wage"), begins=settled)
def settle(env, model, key):
    return env.step % 2


@ec.agent_rule(on=ec.changed("employer"), writes="moves")
def count_moves(me, env, model, key):
    return me.moves + 1


PHASES = (
    [look_around, manage],
    [apply, close, settle],
    [start_work, found, venture_out],
    [live, birth, join],
    [count_moves],
)
SHOWN = ("wage", "big", "staff_seen", "since", "mood", "region")


def boom(people=40, firms=8, room=250, deaths=0.05, failures=0.2, phases=PHASES, **changes):
    """An economy; without `room` nobody enters or leaves, and populations are closed."""
    regions = {"region": Derived(region_of, "int", ("a", "b", "c"))}
    opened = {"people": people + 3 * room, "firms": firms + room} if room else {}
    described = {
        "populations": {
            "people": ec.Population(
                ec.Background("people", people, regions, {}),
                capacity=opened.get("people"),
                employer=ec.link("firms", shows=SHOWN),
                wants=ec.link("firms"),
                parent=ec.link("people", shows=("purse", "employer")),
                rumour=ec.whole(-1, low=-1, high=2**62 - 1),
                skill=ec.whole(high=9),
                pay=ec.whole(high=99),
                purse=ec.whole(high=MOST),
                colleagues=ec.whole(high=MOST),
                moves=ec.whole(high=MOST),
            ),
            "firms": ec.Population(
                ec.Background("firms", firms, regions, {}),
                capacity=opened.get("firms"),
                supplier=ec.link("firms", shows="wage"),
                founder=ec.link("people", shows="skill"),
                cash=ec.whole(low=-MOST, high=MOST),
                wage=ec.whole(10, low=1, high=99),
                vacancies=ec.whole(2, high=50),
                staff_seen=ec.whole(high=MOST),
                big=ec.flag(),
                since=ec.step_column(),
                mood=ec.real(0.5),
            ),
        },
        "groups": {"hiring": ec.group("region", weight="wage", of="firms")},
        "tallies": {
            "staff": ec.count("employer", ec.points, by="employer"),
            "payroll": ec.total("pay", by="employer"),
            "clients": ec.count("supplier", ec.points, by="supplier", of="firms"),
        },
        "phases": phases,
        "start": [
            ec.set_agents(ec.sample_count(min(people, 20)), employer=0, skill=7),
            ec.set_agents(ec.sample_count(min(firms, 3)), of="firms", since=0, supplier=firms - 1),
        ],
        "measures": {
            "employed": ec.count("employer", ec.points),
            "purse": ec.total("purse"),
            "cash": ec.total("cash", of="firms"),
            "vacancies": ec.total("vacancies", of="firms"),
        },
        "parameters": {
            "size": 3,
            "deaths": deaths,
            "failures": failures,
            "births": 0.1,
            "ideas": 0.3,
        },
    }
    return ec.Model(**(described | changes))


@st.composite
def booms(draw):
    return boom(
        people=draw(st.integers(1, 50)),
        firms=draw(st.integers(1, 12)),
        deaths=draw(st.sampled_from([0.0, 0.1, 0.6])),
        failures=draw(st.sampled_from([0.0, 0.3, 1.0])),
    )
