"""A family of small societies that use every part of the rule language at once.

All members share a few sets of rules, so that few kernels are compiled; what differs (how many
agents, which ties, how strong each mechanism is, which luck) is parameters, networks and starts.
"""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

import ecumene as ec
from ecumene.networks import Explicit
from ecumene.networks.numbering import Pairs
from ecumene.networks.rows import compress
from ecumene.population import Derived
from ecumene.random import fold

MODULUS = 97


def stirred(a, b):
    """A helper that rules call: whole numbers, loops, branches and a module's constant."""
    total = 0
    for j in range(3):
        total += (a * 31 - b * (j + 17)) % MODULUS
        if total > 150:
            total = total // 2
    return total - 40


def town_of(identity, tables):
    return (identity * 7 + tables.shift[0]) % 3


def age_of(identity, tables):
    return ec.uniform(ec.fold(tables.shift[1], identity)) * tables.oldest[0]


# -- tie rules: one for each way to combine --------------------------------------------------------


def accept_flag(me, tie, payload, env, model, key):
    return ec.chance(key, model.accept) or me.wealth % 5 == tie.number % 5


def accept_number(me, tie, payload, env, model, key):
    return payload + me.wealth % 3 if ec.chance(key, model.accept) else ec.NOTHING


@ec.tie_rule(over="ties", active="loud", into="rumour", combine="any", luck="once")
def whisper(me, tie, env, model, key):
    return ec.chance(key, model.whisper)


@ec.tie_rule(over="ties", active="loud", into="calls", combine="count", luck="each")
def shout(me, tie, env, model, key):
    return ec.chance(key, model.shout) and me.wealth > tie.number % 7


@ec.tie_rule(over="ties", active="rich", into="income", combine="sum", luck="each")
def pay(me, tie, env, model, key):
    return ec.integer(key, 7) - 3 + me.wealth // 4 if ec.chance(key, model.pay) else ec.NOTHING


@ec.tie_rule(over="ties", active="rich", into="lowest", combine="min", luck="each")
def undercut(me, tie, env, model, key):
    return stirred(me.wealth, env.step) if ec.chance(key, model.pay) else ec.NOTHING


@ec.tie_rule(over="ties", active="rich", into="highest", combine="max", luck="once")
def outbid(me, tie, env, model, key):
    return ec.integer(key, 100, 1) - 50 if ec.chance(key, model.pay) else ec.NOTHING


@ec.tie_rule(over="ties", active="loud", into="teller", combine="pick", luck="each")
def tell(me, tie, env, model, key):
    return int(me.mood * 16.0) if me.mood < model.candour else ec.NOTHING


SPREADING = (whisper, shout, pay, undercut, outbid, tell)


def _received(rules, odd):
    """The rules, every second of them (the odd or the even ones) with a receiving part."""
    return tuple(
        replace(rule, receive=accept_number if rule.carries else accept_flag)
        if number % 2 == odd
        else rule
        for number, rule in enumerate(rules)
    )


# -- agent rules: one for each `on=` ---------------------------------------------------------------


@ec.agent_rule(on=ec.reached_by(whisper), writes=("reached_at", "loud"))
def hear(me, env, model, key):
    if me.reached_at == ec.NEVER:
        return env.step, True
    return me.reached_at, ec.chance(key, model.again)


@ec.agent_rule(writes=("wealth", "mood", "rich"))
def live(me, env, model, key):
    wealth = me.wealth + me.calls
    if me.income != 0:
        wealth += me.income % 50
    if me.lowest != ec.NOTHING and me.lowest < wealth:
        wealth -= 1
    if me.highest != ec.NOTHING:
        wealth = max(wealth, me.highest)
    mood = me.mood * 0.75 + ec.uniform(key, 2) * model.noise - 0.125 * (me.town == 1)
    if me.teller != ec.NOTHING:
        mood = mood / (1.0 + abs(me.teller) / 3)
    return min(max(wealth, -900), 9000), mood, wealth > 12 or me.rumour


@ec.agent_rule(on=ec.changed("wealth"), writes="changes")
def notice(me, env, model, key):
    return min(me.changes + 1 + (me.drift > 0.5), 255)


@ec.agent_rule(on=ec.sample("share"), writes=("drift", "due"))
def wander(me, env, model, key):
    due = env.step + ec.integer(key, 4, 1)
    return me.drift * -0.5 + ec.uniform(key) + me.age / 100.0 + me.changes, due


def well_off(wealth):
    return wealth > 12


NAMES = ("whisper", "shout", "pay", "accept", "candour", "again", "noise", "share")


def background(agents, shift=0):
    return ec.Background(
        "test towns",
        agents,
        {
            "town": Derived(town_of, "int", ("Ashby", "Brill", "Cope")),
            "age": Derived(age_of, "float"),
        },
        {"shift": np.array([shift, 12345]), "oldest": np.array([90.5])},
    )


def society(network, agents, *, luck=None, loud=3, rich=5, shift=0, **strengths):
    """A society over `network`; `strengths` are the parameters in NAMES, one half if not given.

    Over matchings every second tie rule has a receiving part, over explicit rows every other one.
    """
    spreading = _received(SPREADING, odd=isinstance(network, Explicit))
    if luck is not None:
        spreading = tuple(replace(rule, luck=luck) for rule in spreading)
    return ec.Model(
        name="society",
        populations={
            "people": ec.Population(
                background(agents, shift),
                reached_at=ec.step_column(),
                loud=ec.pulse(),
                rich=ec.flag(),
                wealth=ec.whole(10, low=-1000, high=10_000),
                mood=ec.real(0.5),
                changes=ec.whole(),
                drift=ec.real(),
                due=ec.step_column(ahead=3),
            )
        },
        networks={"ties": network},
        phases=[list(spreading), [hear, live], [notice, wander]],
        start=[
            ec.set_agents(ec.sample_count(min(loud, agents)), reached_at=0, loud=True),
            ec.set_agents(ec.sample_count(min(rich, agents)), rich=True, wealth=20),
        ],
        measures={
            "reached": ec.count("reached_at", ec.happened),
            "reached_by_town": ec.share("reached_at", ec.happened, by="town"),
            "wealth": ec.mean("wealth"),
            "well_off": ec.count("wealth", well_off, by="town"),
            "rich": ec.mean("rich", by="town"),
            "moods": ec.quantiles("mood", [0.0, 0.5, 1.0]),
            "uneven": ec.gini("changes"),
        },
        parameters={name: strengths.get(name, 0.5) for name in NAMES},
    )


def rows(agents, pairs, directed):
    """An explicit network of `pairs`, parallel ties and self-ties and all, as a reader makes it."""
    first = np.array([a for a, _ in pairs], np.int64)
    second = np.array([b for _, b in pairs], np.int64)
    return compress(Pairs(agents, first, second, None), directed, "pairs")


def explicit(agents, pairs, directed=False):
    return Explicit(rows(agents, pairs, directed))


@st.composite
def networks(draw, agents):
    if draw(st.booleans()):
        return ec.matchings(draw(st.integers(0, 6)))
    place = st.integers(0, agents - 1)
    pairs = draw(st.lists(st.tuples(place, place), max_size=3 * agents))
    return explicit(agents, pairs, draw(st.booleans()))


strengths = st.sampled_from([0.0, 0.2, 0.5, 0.9, 1.0])


@st.composite
def societies(draw, most=60):
    """Any member of the family, small enough for plain Python."""
    agents = draw(st.integers(1, most))
    return society(
        draw(networks(agents)),
        agents,
        luck=draw(st.sampled_from(["once", "each"])),
        loud=draw(st.integers(0, 6)),
        rich=draw(st.integers(0, 20)),
        shift=draw(st.integers(0, 5)),
        **{name: draw(strengths) for name in NAMES},
    )


def everything(model, steps, **how):
    """All that can be seen of a run: steps, digest, measures after each step, and every column."""
    simulation = ec.Simulation(model, **how)
    series = [simulation.measure()]
    while simulation.step < steps and simulation.advance():
        series.append(simulation.measure())
    columns = {name: simulation.column(name).tolist() for name in model.population.names}
    return simulation.step, simulation.digest(), series, columns


def key_of(*numbers):
    """A 64-bit key made of some numbers."""
    key = 0
    for number in numbers:
        key = fold(key, number)
    return key
