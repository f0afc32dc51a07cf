"""The models that are timed: the ready cascade, and rules as a user would write them."""

import numpy as np

import ecumene as ec
from ecumene.models import MODELS
from ecumene.population import Derived

DEGREE, SEEDS = 10, 1000
AGE_KEY = 0x41474553


def cascade(agents: int, transmission: float = 0.15, seeds: int = SEEDS) -> ec.Model:
    """Once reached, an agent tries each of its ties once."""
    return MODELS["cascade"].build(agents=agents, transmission=transmission, seeds=seeds)


def edge_list(agents: int) -> ec.Model:
    """The same over an edge list in memory: a random graph of that mean degree."""
    ends = np.random.default_rng(1).integers(0, agents, (2, agents * DEGREE // 2))
    ties = ec.network({"source": ends[0], "target": ends[1]}, directed=False)
    model = cascade(ties.agents, transmission=0.2)
    return model.with_network("contacts", ties)


def _model(agents, phases, columns, start, **parameters) -> ec.Model:
    return ec.Model(
        name="timed",
        populations={"people": ec.Population(agents, **columns)},
        networks={"contacts": ec.matchings(DEGREE)},
        phases=phases,
        start=[ec.set_agents(ec.sample_count(SEEDS), **start)],
        measures={},
        parameters=parameters,
    )


# -- a threshold, with `count`: one voice is enough for the easy, two for the others ---------------


@ec.tie_rule(over="contacts", active="adopted_now", into="voices", combine="count", luck="once")
def speak(me, tie, env, model, key):
    return ec.chance(key, model.audible)


@ec.agent_rule(on=ec.reached_by(speak), writes=("heard", "adopted_now"), luck="once")
def adopt(me, env, model, key):
    heard = min(me.heard + me.voices, 255)
    needs = 1 if ec.chance(key, model.easy) else 2
    return heard, me.heard < needs and heard >= needs


def threshold(agents: int) -> ec.Model:
    columns = {"heard": ec.whole(), "adopted_now": ec.pulse()}
    start = {"adopted_now": True, "heard": 2}
    return _model(agents, [[speak], [adopt]], columns, start, audible=0.3, easy=0.5)


# -- a chance that depends on the receiver: its age (derived) and whether it was reached -----------


def age(identity, tables):
    return ec.integer(ec.fold(tables.key[0], identity), 100)


def believe(me, tie, payload, env, model, key):
    return me.reached_at == ec.NEVER and ec.chance(key, model.young if me.age < 30 else model.old)


@ec.tie_rule(
    over="contacts", active="reached_now", into="told", combine="any", luck="once", receive=believe
)
def tell(me, tie, env, model, key):
    return ec.chance(key, model.talk)


@ec.agent_rule(on=ec.reached_by(tell), writes=("reached_at", "reached_now"))
def learn(me, env, model, key):
    return env.step, True


def receiver(agents: int) -> ec.Model:
    table = {"key": np.array([AGE_KEY])}
    people = ec.Background("timed", agents, {"age": Derived(age, "int")}, table)
    columns = {"reached_at": ec.step_column(), "reached_now": ec.pulse()}
    start = {"reached_at": 0, "reached_now": True}
    chances = {"talk": 0.4, "young": 0.6, "old": 0.3}
    return _model(people, [[tell], [learn]], columns, start, **chances)


# -- a payload, with `pick`: which strain one catches, from one tie drawn among those that pass ----


@ec.tie_rule(over="contacts", active="ill_now", into="caught", combine="pick", luck="once")
def infect(me, tie, env, model, key):
    if not ec.chance(key, model.transmission):
        return ec.NOTHING
    return ec.integer(key, 999, 3) + 2 if ec.chance(key, model.mutation, 4) else me.strain


@ec.agent_rule(on=ec.reached_by(infect), writes=("strain", "ill_now"))
def fall_ill(me, env, model, key):
    return (me.caught, True) if me.strain == 0 else (me.strain, False)


def pick(agents: int) -> ec.Model:
    columns = {"strain": ec.whole(high=1000), "ill_now": ec.pulse()}
    start = {"strain": 1, "ill_now": True}
    chances = {"transmission": 0.15, "mutation": 0.01}
    return _model(agents, [[infect], [fall_ill]], columns, start, **chances)


# -- two columns written: when it was reached, and the side it then takes --------------------------


@ec.tie_rule(over="contacts", active="reached_now", into="told", combine="any", luck="once")
def mention(me, tie, env, model, key):
    return ec.chance(key, model.transmission)


@ec.agent_rule(on=ec.reached_by(mention), writes=("reached_at", "side", "reached_now"))
def take_sides(me, env, model, key):
    if me.reached_at != ec.NEVER:
        return me.reached_at, me.side, False
    return env.step, 1 + ec.integer(key, 5), True


def two_columns(agents: int) -> ec.Model:
    columns = {"reached_at": ec.step_column(), "side": ec.whole(), "reached_now": ec.pulse()}
    start = {"reached_at": 0, "side": 1, "reached_now": True}
    return _model(agents, [[mention], [take_sides]], columns, start, transmission=0.15)


# -- everyone, every step --------------------------------------------------------------------------


@ec.agent_rule(writes="mood")
def drift(me, env, model, key):
    return me.mood + 3 if me.mood < 200 else 0


@ec.agent_rule(writes="mood")
def gamble(me, env, model, key):
    return min(me.mood + 1, 200) if ec.chance(key, model.p) else me.mood


def dense(agents: int, rule=drift) -> ec.Model:
    return ec.Model(
        name="timed",
        populations={"people": ec.Population(agents, mood=ec.whole())},
        phases=[[rule]],
        measures={},
        parameters={"p": 0.3},
    )


# -- each agent looks at all its neighbours --------------------------------------------------------


@ec.tie_rule(over="contacts", active="present", into="around", combine="sum")
def show(me, tie, env, model, key):
    return me.mood


def gather(agents: int) -> ec.Model:
    return ec.Model(
        name="timed",
        populations={"people": ec.Population(agents, mood=ec.whole(), present=ec.flag())},
        networks={"contacts": ec.matchings(DEGREE)},
        phases=[[show]],
        start=[
            ec.set_agents(ec.sample_count(agents), present=True, mood=1),
            ec.set_agents(ec.sample_count(agents // 2), mood=7),
        ],
        measures={},
    )
