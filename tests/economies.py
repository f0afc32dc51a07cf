"""A family of small economies: people linked to firms, and everything that crosses between them."""

from hypothesis import strategies as st

import ecumene as ec
from ecumene.population import Derived

MOST = 1_000_000_000


def region_of(identity, tables):
    return identity % 3


@ec.agent_rule(writes=("wants", "employer"))
def look_around(me, env, model, key):
    """Quits now and then, and picks a firm of its region, larger ones more often."""
    employer = me.employer
    if employer != ec.NOBODY and ec.chance(key, model.quits):
        employer = ec.NOBODY
    wanted = ec.pick(key, env.by_region, me.region, 1)
    if wanted != ec.NOBODY and env.wage[wanted] < me.asks:
        wanted = ec.NOBODY
    return wanted, employer


@ec.claim(capacity="firms.vacancies", into="hired")
def apply(me, env, model, key):
    if me.employer != ec.NOBODY or me.wants == ec.NOBODY:
        return 0, 0, 0
    return me.wants, 1, me.skill


@ec.agent_rule(writes=("employer", "pay"))
def start_work(me, env, model, key):
    employer = me.wants if me.hired > 0 else me.employer
    return employer, me.employer_wage if me.employer_open else 0


@ec.agent_rule(writes=("purse", "asks", "joined"))
def earn(me, env, model, key):
    asks = me.asks + (me.employer == ec.NOBODY and -1) + me.employer_headcount_seen % 2
    return me.purse + me.pay, min(max(asks, 0), 99), me.employer_founded


@ec.agent_rule(of="firms", writes=("cash", "wage", "vacancies", "headcount_seen", "open", "mood"))
def manage(me, env, model, key):
    free = me.vacancies + (me.headcount < model.size) - (me.headcount > 2 * model.size)
    colleague = ec.pick(key, env.staff, me.identity)
    return (
        me.cash + 10 * me.headcount - me.payroll,
        min(max(me.wage + ec.integer(key, 3, 1) - 1, 1), 99),
        min(max(free, 0), 50),
        me.headcount,
        ec.chance(key, 0.8, 2),
        me.mood / 2 + colleague % 7,
    )


@ec.agent_rule(on=ec.changed("employer"), writes="moves")
def count_moves(me, env, model, key):
    return me.moves + 1


@ec.environment_rule(writes="highest")
def note(env, model, key):
    return max(env.wage)


PHASES = ([look_around, manage], [apply], [start_work], [earn, note], [count_moves])


def economy(people=60, firms=8, quits=0.2, size=4, vacancies=2, phases=PHASES, **changes):
    regions = {"region": Derived(region_of, "int", ("a", "b", "c"))}
    described = {
        "populations": {
            "people": ec.Population(
                ec.Background("people", people, regions, {}),
                employer=ec.link(
                    "firms", shows=("wage", "open", "headcount_seen", "founded", "mood")
                ),
                wants=ec.link("firms"),
                skill=ec.whole(high=9),
                asks=ec.whole(10, high=99),
                pay=ec.whole(high=99),
                purse=ec.whole(high=MOST),
                joined=ec.step_column(),
                moves=ec.whole(high=MOST),
            ),
            "firms": ec.Population(
                ec.Background("firms", firms, regions, {}),
                cash=ec.whole(low=-MOST, high=MOST),
                wage=ec.whole(10, low=1, high=99),
                vacancies=ec.whole(vacancies, high=50),
                headcount_seen=ec.whole(high=MOST),
                open=ec.flag(),
                founded=ec.step_column(),
                mood=ec.real(0.5),
            ),
        },
        "environment": {"highest": ec.whole(high=99)},
        "reads_anybody": {"wage": "firms.wage"},
        "groups": {
            "by_region": ec.group("region", weight="wage", of="firms"),
            "staff": ec.group("employer", weight="asks"),
        },
        "tallies": {
            "headcount": ec.count("employer", ec.points, by="employer"),
            "payroll": ec.total("pay", by="employer"),
        },
        "phases": phases,
        "start": [
            ec.set_agents(ec.sample_count(min(people, 5)), skill=7),
            ec.set_agents(ec.sample_count(min(firms, 3)), of="firms", founded=0),
        ],
        "measures": {
            "employed": ec.count("employer", ec.points),
            "purse": ec.total("purse"),
            "cash": ec.total("cash", of="firms"),
            "vacancies": ec.total("vacancies", of="firms"),
            "highest": ec.value("highest"),
            "by_firm": ec.count("employer", ec.points, by="employer"),
        },
        "parameters": {"quits": quits, "size": size},
    }
    return ec.Model(**(described | changes))


@st.composite
def economies(draw):
    return economy(
        people=draw(st.integers(1, 70)),
        firms=draw(st.integers(1, 12)),
        quits=draw(st.sampled_from([0.0, 0.3, 1.0])),
        size=draw(st.integers(0, 6)),
        vacancies=draw(st.integers(0, 5)),
    )
