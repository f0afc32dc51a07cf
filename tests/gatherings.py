"""Small societies of encounters and meetings, in every form, beside other rules."""

import numpy as np
from hypothesis import strategies as st

import ecumene as ec
from ecumene.population import Derived

from .societies import networks


def number_of(identity, tables):
    return identity


def place_of(identity, tables):
    return tables.place[identity]


def town_of(identity, tables):
    return tables.place[identity] % 3


def height_of(identity, tables):
    return identity * 0.25


# -- the rules -------------------------------------------------------------------------------------


@ec.tie_rule(over="ties", active="spark", into="rumour", combine="any")
def whisper(me, tie, env, model, key):
    return ec.chance(key, model.whisper)


@ec.encounter(over="ties", shows=("mood", "town", "spark", "since"), writes=("mood", "since"))
def catch(me, other, env, model, key):
    mood = other.mood if ec.chance(key, model.catch) else me.mood * 0.5
    late = other.since if other.spark or other.town == 1 else env.step + 2
    return mood, late


@ec.meeting(shows=("coins", "number"), writes=("coins", "partner", "led"))
def trade(me, other, env, model, key):
    paid = ec.integer(key, 1 + me.coins + other.coins)
    coins = paid if me.leads else me.coins + other.coins - paid
    return coins, other.number, me.leads


@ec.agent_rule(writes=("room", "spark"))
def move(me, env, model, key):
    return (me.room + ec.integer(key, 2) + (me.mood > 0.5)) % 5, me.coins > 12


@ec.meeting(on=ec.reached_by(whisper), within="room", shows="height", writes=("talked", "seen"))
def talk(me, other, env, model, key):
    return not me.talked if ec.chance(key, 0.5) else other.height > 3.0, min(me.seen + 1, 255)


@ec.encounter(on=ec.sample("share"), over="ties", shows=(), writes="spark", luck="once")
def wake(me, other, env, model, key):
    return ec.chance(key, 0.5)


@ec.meeting(on=ec.changed("coins"), within="place", shows=("coins", "room"), writes="envy")
def compare(me, other, env, model, key):
    return max(min(me.envy + other.coins - me.coins, 99), -99)


@ec.encounter(on=ec.changed("room"), over="ties", shows=("talked", "coins"), writes="room")
def follow(me, other, env, model, key):
    return other.coins % 5 if other.talked else me.room


@ec.meeting(on=ec.flagged("led"), within="room", shows="coins", writes="talked")
def gossip(me, other, env, model, key):
    return other.coins > 10 and ec.chance(key, 0.5)


@ec.meeting(on=ec.sample("share"), within="town", shows="mood", writes="mood")
def agree(me, other, env, model, key):
    return (me.mood + other.mood) / 2 + ec.uniform(key, 3)


def rich(coins):
    return coins > 10


def background(places):
    functions = {"place": place_of, "town": town_of, "number": number_of}
    derived = {name: Derived(f, "int") for name, f in functions.items()}
    derived["town"] = Derived(town_of, "int", ("Ashby", "Brill", "Cope"))
    derived["height"] = Derived(height_of, "float")
    return ec.Background("gathering", len(places), derived, {"place": np.array(places)})


def gathering(network, places, **strengths):
    """A society of `len(places)` agents, of whom those with one number in `places` meet."""
    return ec.Model(
        name="gathering",
        populations={
            "people": ec.Population(
                background(places),
                coins=ec.whole(10, low=0, high=100_000),
                partner=ec.whole(-1, low=-1, high=10**9),
                mood=ec.real(0.5),
                since=ec.step_column(ahead=2),
                led=ec.flag(),
                talked=ec.flag(),
                spark=ec.pulse(),
                room=ec.whole(high=4),
                seen=ec.whole(),
                envy=ec.whole(low=-99, high=99),
            )
        },
        networks={"ties": network},
        phases=[[whisper], [catch, trade, move], [talk, wake], [compare, follow, agree, gossip]],
        start=[
            ec.set_agents(ec.sample_count(len(places) // 2), spark=True, mood=1.0),
            ec.set_agents(ec.sample_count(len(places) // 3), coins=15, room=2),
        ],
        measures={
            "coins": ec.mean("coins"),
            "rich": ec.count("coins", rich, by="town"),
            "late": ec.count("since", ec.happened),
            "led": ec.mean("led"),
        },
        parameters={name: strengths.get(name, 0.5) for name in ("whisper", "catch", "share")},
    )


@st.composite
def gatherings(draw, most=40):
    """Any of them, small enough for plain Python."""
    places = draw(st.lists(st.integers(-2, 9), min_size=1, max_size=most))
    shares = {name: draw(st.sampled_from([0.2, 0.7, 1.0])) for name in ("whisper", "share")}
    return gathering(draw(networks(len(places))), places, **shares)


# -- who meets whom --------------------------------------------------------------------------------


@ec.meeting(shows="number", writes=("partner", "led"))
def meet(me, other, env, model, key):
    return other.number, me.leads


@ec.meeting(within="place", shows="number", writes=("partner", "led"))
def meet_in_place(me, other, env, model, key):
    return other.number, me.leads


@ec.meeting(within="town", shows="number", writes=("partner", "led"))
def meet_in_town(me, other, env, model, key):
    return other.number, me.leads


def meetings(rule, places):
    """A society in which one meeting notes whom each agent met last."""
    columns = {"partner": ec.whole(-1, low=-1, high=10**9), "led": ec.flag()}
    return ec.Model(
        name="meetings",
        populations={"people": ec.Population(background(places), **columns)},
        phases=[[rule]],
    )


def partners(rule, places, *, steps=1, **how):
    """Whom each agent met in the last of `steps` steps, or -1 if nobody ever; and who led."""
    simulation = ec.Simulation(meetings(rule, places), **how)
    for _ in range(steps):
        simulation.advance()
    return simulation.column("partner"), simulation.column("led")
