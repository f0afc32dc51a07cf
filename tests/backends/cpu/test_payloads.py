"""Payloads travel and are combined in narrow types, and no number is another for it."""

import numpy as np

import ecumene as ec
from ecumene.backends.cpu.payloads import arrival_type, payload_type
from ecumene.engine.lower import lowered

from ...societies import everything

SIZE = 400


@ec.tie_rule(over="contacts", active="up", into="worst", combine="min")
def complain(me, tie, env, model, key):
    return me.mood - 200 if me.mood < 50 else ec.NOTHING


@ec.tie_rule(over="contacts", active="up", into="around", combine="sum")
def show(me, tie, env, model, key):
    return me.mood + 100


def believe(me, tie, payload, env, model, key):
    return payload + 1000 * me.up


@ec.tie_rule(over="contacts", active="up", into="caught", combine="pick", receive=believe)
def infect(me, tie, env, model, key):
    return ec.integer(key, 300)


@ec.tie_rule(over="contacts", active="up", into="shouted", combine="max")
def shout(me, tie, env, model, key):
    return model.far * me.mood


@ec.agent_rule(on=ec.reached_by(show), writes=("mood", "heard", "up"))
def keep(me, env, model, key):
    heard = me.around + 7 * me.caught + (me.worst if me.worst != ec.NOTHING else 0)
    heard += me.shouted if me.shouted != ec.NOTHING else 0
    return abs(heard + me.identity) % 256 - 100, heard, heard % 3 != 0


def model():
    columns = {
        "mood": ec.whole(low=-100, high=155),
        "heard": ec.whole(low=-(10**12), high=10**12),
        "up": ec.pulse(),
    }
    return ec.Model(
        populations={"people": ec.Population(SIZE, **columns)},
        networks={"contacts": ec.matchings(10)},
        phases=[[complain, show, infect, shout], [keep]],
        start=[
            ec.set_agents(ec.sample_count(SIZE), up=True, mood=155),
            ec.set_agents(ec.sample_count(SIZE // 2), mood=-100),
        ],
        measures={"heard": ec.total("heard")},
        parameters={"far": 3_000_000_000},
    )


def test_types_are_as_narrow_as_the_rules_allow():
    program = lowered(model(), 1)
    parts = program.arrivals.values()
    types = {part.rule.name: arrival_type(program, part) for part in parts}
    assert types == {
        "complain": np.int16,  # -300 to -45
        "show": np.uint16,  # ten times 0 to 255
        "infect": np.uint16,  # 0 to 1299
        "shout": np.int64,  # a parameter may be anything
    }
    assert payload_type(program) is np.int64


def test_numbers_are_those_of_plain_python():
    oracle = everything(model(), 4, seed=5, backend="reference")
    for how in ({}, {"direction": "pull"}, {"shards": 3}):
        assert everything(model(), 4, seed=5, **how) == oracle
