"""A small society whose agents enter and leave, with every kind of rule."""

import numpy as np
from hypothesis import strategies as st

import ecumene as ec
from ecumene.population import Derived


def town_of(identity, tables):
    return (identity * 7 + tables.shift[0]) % 3


def background(agents):
    towns = {"town": Derived(town_of, "int", ("Ashby", "Brill", "Cope"))}
    return ec.Background("towns", agents, towns, {"shift": np.array([1])})


# -- the rules -------------------------------------------------------------------------------------


@ec.tie_rule(over="ties", active="loud", into="calls", combine="count", luck="each")
def call(me, tie, env, model, key):
    return ec.chance(key, 0.7)


@ec.encounter(over="ties", shows=("coins", "identity"), writes=("coins", "met"))
def visit(me, other, env, model, key):
    return min(me.coins + (other.coins > me.coins), 999), other.identity


@ec.meeting(within="town", shows="age", writes=("partner", "led"))
def pair_up(me, other, env, model, key):
    return other.identity if other.age > 0 else ec.integer(key, 99), me.leads


@ec.claim(capacity="rooms", into="room")
def ask(me, env, model, key):
    return me.coins % 2, 1, me.age


@ec.agent_rule(on=ec.awake("next_look"), writes=("next_look", "loud", "seen"))
def look(me, env, model, key):
    later = env.step + 1 + ec.integer(key, 4)
    return later, ec.chance(key, 0.5, 1), env.step + ec.integer(key, 3, 2)


@ec.agent_rule(on=ec.reached_by(call), writes="coins")
def listen(me, env, model, key):
    return min(me.coins + me.calls + me.room, 999)


@ec.agent_rule(on=ec.changed("coins"), writes="mood")
def feel(me, env, model, key):
    return me.mood * 0.5 + ec.uniform(key) + (me.town == 1)


@ec.agent_rule(on=ec.sample("move"), writes="age")
def grow(me, env, model, key):
    return min(me.age + 1 + ec.integer(key, 3), 200)


@ec.agent_rule(writes="present")
def die(me, env, model, key):
    return not ec.chance(key, model.death * (1 + me.age % 3))


def newborn(me, env, model, key):
    return me.coins // 2, ec.chance(key, 0.5), me.mood * ec.uniform(key, 1), env.step


@ec.entry(on=ec.everyone, writes=("coins", "loud", "mood", "seen"), begins=newborn)
def birth(me, env, model, key):
    return int(ec.uniform(key) * (1 + me.age % 2) * model.birth * 3)


def newcomer(env, model, key):
    return ec.integer(key, 50), env.step + 1 + ec.integer(key, 5, 1)


@ec.entry(on=ec.outside, writes=("coins", "next_look"), begins=newcomer)
def immigrate(env, model, key):
    return ec.integer(key, 3) if model.birth > 0 else env.rooms[0] * 0


@ec.entry(on=ec.changed("coins"))
def follow(me, env, model, key):
    return ec.chance(key, model.birth / 4)


@ec.environment_rule(writes="rooms")
def build(env, model, key):
    return tuple(rooms + 3 for rooms in env.rooms)


def grown(age):
    return age > 2


COLUMNS = {
    "coins": ec.whole(5, high=999),
    "age": ec.whole(high=200),
    "met": ec.whole(-1, low=-1, high=(1 << 62) - 1),
    "partner": ec.whole(-1, low=-1, high=(1 << 62) - 1),
    "led": ec.flag(),
    "loud": ec.pulse(),
    "mood": ec.real(0.25),
    "seen": ec.step_column(ahead=3),
    "next_look": ec.wake_column(first=ec.between(0, 3), ahead=20),
}
PHASES = (
    [call, pair_up, visit],
    [ask, look, grow, birth],
    [listen],
    [die, immigrate],
    [feel, follow],
    [build],
)
ENTRIES = (birth, immigrate, follow)


def turnover(
    network, agents=30, capacity=40, *, phases=PHASES, death=0.05, birth=0.0, move=0.3, **parameters
) -> ec.Model:
    """The society over `network`; without a capacity, and then without death, it is closed."""
    is_open = capacity is not None
    here = {"here": ec.present(), "by_town": ec.present(by="town")}
    here |= {"entered": ec.entered(), "born": ec.entered("birth"), "left": ec.left()}
    here |= {"gone": ec.left(holding="coins"), "come": ec.entered(holding="coins")}
    if not is_open:
        phases = [[r for r in phase if r not in (die, *ENTRIES)] for phase in phases]
    return ec.Model(
        name="turnover",
        populations={"people": ec.Population(background(agents), capacity=capacity, **COLUMNS)},
        networks={"ties": network},
        environment={"rooms": ec.whole(high=10**6, cells=[4, 2])},
        phases=[list(phase) for phase in phases],
        start=[ec.set_agents(ec.sample_count(agents // 3), loud=True, coins=9)],
        measures={
            "coins": ec.total("coins"),
            "age": ec.mean("age", by="town"),
            "grown": ec.share("age", grown),
            "led": ec.count("led", by="town"),
            "moods": ec.quantiles("mood", [0.0, 0.5, 1.0]),
            "rooms": ec.value("rooms"),
            **(here if is_open else {}),
        },
        parameters={"death": death, "birth": birth, "move": move, **parameters},
    )


@st.composite
def turnovers(draw, build=turnover, most=40):
    """Any of them, small enough for plain Python."""
    agents = draw(st.integers(1, most))
    capacity = 300 + draw(st.integers(0, 20))
    chances = {name: draw(st.sampled_from([0.0, 0.1, 0.3])) for name in ("death", "birth", "move")}
    return build(ec.matchings(draw(st.integers(0, 5))), agents, capacity, **chances)
