"""A family of small towns: people and firms, with rules of every kind.

The few rules of `PHASES` compile in seconds; `EVERY_KIND` has encounters, meetings and claims too.
"""

from hypothesis import strategies as st

import ecumene as ec
from ecumene.population import Derived

MOST = 100_000_000


def trade_of(identity, tables):
    return identity * 5 % 3


def firms(count):
    return ec.Background("firms", count, {"trade": Derived(trade_of, "int", ("x", "y", "z"))}, {})


@ec.tie_rule(over="friends", active="talks", into="heard", combine="count")
def talk(me, tie, env, model, key):
    return ec.chance(key, model.talk)


@ec.agent_rule(on=ec.reached_by(talk), writes=("mood", "talks"))
def listen(me, env, model, key):
    return min(me.mood + me.heard, 200), ec.chance(key, 0.5)


@ec.encounter(over="friends", shows="mood", writes="wealth")
def envy(me, other, env, model, key):
    return min(me.wealth + (other.mood > me.mood), 900) + env.firms_open % 2


@ec.tie_rule(over="suppliers", active="open", into="orders", combine="sum")
def order(me, tie, env, model, key):
    return ec.integer(key, 5) if ec.chance(key, model.talk) else ec.NOTHING


@ec.agent_rule(of="firms", writes=("stock", "open", "wealth"))
def produce(me, env, model, key):
    stock = (me.stock + me.orders + ec.integer(key, 3) + me.trade) % 100
    return stock, ec.chance(key, 0.7, 1), me.wealth + env.talking % 5


@ec.meeting(of="firms", shows="wealth", writes="wealth", within="trade")
def merge(me, other, env, model, key):
    pot = me.wealth + other.wealth
    share = ec.integer(key, pot + 1)
    return share if me.leads else pot - share


@ec.claim(of="firms", capacity="loans", into="loan", on=ec.sample("part"))
def borrow(me, env, model, key):
    return 0, 1 + ec.integer(key, 3), me.stock


@ec.agent_rule(of="firms", on=ec.awake("next"), writes=("next", "wealth"))
def report(me, env, model, key):
    return env.step + 1 + ec.integer(key, 3), min(me.wealth + 10 * me.loan, MOST)


@ec.agent_rule(on=ec.changed("mood"), writes="wealth")
def spend(me, env, model, key):
    return max(me.wealth - 1, 0)


@ec.environment_rule(writes="loans")
def lend(env, model, key):
    return env.loans + env.step % 3 + env.firms_open % 2


@ec.agent_rule(of="firms", on=ec.awake("next"), writes=("next", "wealth"))
def audit(me, env, model, key):
    return env.step + 1 + ec.integer(key, 3), min(me.wealth + env.talking, MOST)


PHASES = ([talk, order], [listen, produce], [lend], [spend, audit])
EVERY_KIND = ([talk, order], [listen, produce, borrow], [envy, merge, lend], [spend, report])
TALLIES = {"firms_open": ec.count("open", of="firms"), "talking": ec.count("talks")}


def happy(mood):
    return mood > 3


def town(people=40, count=7, talk=0.5, degree=4, phases=PHASES, **changes):
    described = {
        "populations": {
            "people": ec.Population(
                people, mood=ec.whole(), wealth=ec.whole(9, high=1000), talks=ec.flag()
            ),
            "firms": ec.Population(
                firms(count),
                stock=ec.whole(5),
                wealth=ec.whole(50, high=10**9),
                open=ec.flag(),
                next=ec.wake_column(first=ec.between(0, 4), ahead=9),
            ),
        },
        "networks": {"friends": ec.matchings(degree), "suppliers": ec.matchings(3)},
        "among": {"suppliers": "firms"},
        "phases": phases,
        "start": [
            ec.set_agents(ec.sample_count(min(people, 10)), talks=True),
            ec.set_agents(ec.sample_count(min(count, 3)), of="firms", open=True, stock=20),
        ],
        "environment": {"loans": ec.whole(3, high=10**9)},
        "tallies": TALLIES,
        "measures": {
            "wealth": ec.mean("wealth"),
            "happy": ec.share("mood", happy, of="people"),
            "open": ec.count("open", of="firms"),
            "firms_wealth": ec.total("wealth", by="trade", of="firms"),
            "stock_by_trade": ec.mean("stock", by="trade", of="firms"),
            "stocks": ec.quantiles("stock", [0.0, 0.5, 1.0], of="firms"),
            "uneven": ec.gini("wealth", of="firms"),
            "loans": ec.value("loans"),
        },
        "parameters": {"talk": talk, "part": 0.5},
    }
    return ec.Model(**(described | changes))


@st.composite
def towns(draw, phases=PHASES):
    return town(
        phases=phases,
        people=draw(st.integers(1, 60)),
        count=draw(st.integers(1, 12)),
        talk=draw(st.sampled_from([0.0, 0.3, 1.0])),
        degree=draw(st.integers(0, 4)),
    )


def everything(model, steps, **how):
    """All that can be seen of a run of several populations."""
    simulation = ec.Simulation(model, **how)
    series = [simulation.measure()]
    while simulation.step < steps and simulation.advance():
        series.append(simulation.measure())
    columns = {
        (of, name): simulation.column(name, of).tolist()
        for of, one in simulation.inhabitants.items()
        for name in one.program.stored
    }
    return simulation.step, simulation.digest(), series, columns
