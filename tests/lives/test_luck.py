"""Luck drawn anew: what is computed once and what ends early comes out as whole runs do."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec
from ecumene.engine import Drawing, Following, Reached, checked
from ecumene.lives import own_luck, past
from ecumene.lives.ending import ending
from ecumene.lives.in_lanes import lane_endings, lanes_can, own_lane_endings
from ecumene.lives.luck import cost_of
from ecumene.lives.own_luck import own_endings
from ecumene.lives.world_luck import world_endings
from ecumene.lives.worlds import OWN, Asked, World, worlds_of
from ecumene.models import MODELS

from ..backends.test_lanes import talk
from ..engine.test_bonding import circle
from ..engine.test_occasions import square
from ..societies import society
from ..turnover import turnover

CASCADE = MODELS["cascade"].build(agents=300, degree=4, transmission=0.4, seeds=3)
TOWN = society(ec.matchings(3), 40)


def turnover_of_few(agents):
    return turnover(ec.matchings(2), agents, 300, birth=0.1)


def asked(model, agent, seed=4, steps=30, backend="reference", changes=()):
    how = {"backend": backend, "threads": 1}
    return Asked(model, seed, 0, steps, checked(changes, model), agent, model.first, how)


def whole(common, world, lane=0, draw=0):
    """The same, run from its first step to its last."""
    simulation = common.simulation(world, lane=lane, draw=draw)
    while simulation.step < common.steps and simulation.advance():
        pass
    return ending(common, simulation)


def drew(common, world=OWN):
    simulation = common.simulation(world)
    drawing = Drawing(simulation, common.agent)
    while simulation.step < common.steps and simulation.advance():
        pass
    return drawing.steps


def digests(common, draw, steps):
    simulation = common.simulation(OWN, draw=draw)
    found = [simulation.digest()]
    for _ in range(steps):
        simulation.advance()
        found.append(simulation.digest())
    return found


@settings(max_examples=25, deadline=None)
@given(agent=st.integers(0, 299), seed=st.integers(0, 2**32))
def test_until_an_agent_draws_its_luck_is_nobodys_business(agent, seed):
    common = asked(CASCADE, agent, seed, steps=12)
    steps = [*drew(common), 12]
    plain, other = digests(common, 0, steps[0]), digests(common, 1, steps[0])
    assert plain == other


def test_what_it_draws_is_noticed_and_makes_a_difference():
    """Of those who pass it on, most do so otherwise under another luck, from that very step on."""
    found = 0
    for agent in range(40):
        common = asked(CASCADE, agent, seed=3, steps=12)
        steps = drew(common)
        if steps:
            plain, other = digests(common, 0, steps[0] + 1), digests(common, 5, steps[0] + 1)
            found += plain[-1] != other[-1]
    assert found > 5


def test_an_agent_with_rules_for_everyone_draws_in_every_step():
    assert drew(asked(TOWN, 7, steps=5)) == [0, 1, 2, 3, 4]


# -- who meets and who asks ------------------------------------------------------------------------


@ec.tie_rule(over="ties", active="loud", into="heard")
def call(me, tie, env, model, key):
    return True


@ec.agent_rule(on=ec.reached_by(call), writes="loud")
def answer(me, env, model, key):
    return env.step < 3


@ec.encounter(over="ties", on=ec.reached_by(call), shows="coins", writes="mood")
def chat(me, other, env, model, key):
    return me.mood * 0.5 + other.coins + ec.uniform(key)


@ec.meeting(shows="coins", writes="coins")
def trade(me, other, env, model, key):
    pot = me.coins + other.coins
    part = ec.integer(key, pot + 1)
    return part if me.leads else pot - part


HALL = ec.Model(
    populations={
        "people": ec.Population(40, loud=ec.pulse(), coins=ec.whole(5, high=999), mood=ec.real())
    },
    networks={"ties": ec.matchings(2)},
    phases=[[call, trade], [answer, chat]],
    start=[ec.set_agents(ec.sample_count(2), loud=True)],
)


def test_whom_an_agent_meets_it_draws_when_it_does_and_what_a_pair_draws_is_not_its_own():
    quiet = 0
    for agent in range(40):
        common = asked(HALL, agent, steps=6)
        simulation = common.simulation(OWN)
        following = Following(simulation, [agent])
        while simulation.step < 6 and following.advance():
            pass
        reached = [event.step for event in following.events if isinstance(event, Reached)]
        assert drew(common) == reached
        quiet += not reached
        if agent % 4 == 0:
            before = [*reached, 6][0]
            assert digests(common, 0, before) == digests(common, 1, before)
            assert own_endings(common, OWN, 1) == [whole(common, OWN, draw=1)]
    assert 0 < quiet < 40


@ec.claim(capacity="rooms", into="room", on=ec.flagged("asks"))
def ask(me, env, model, key):
    return 0, 1, 0


@ec.agent_rule(on=ec.reached_by(ask), writes="had")
def move_in(me, env, model, key):
    return me.had + me.room


@ec.entry(on=ec.flagged("bears"), into="child")
def bear(me, env, model, key):
    return ec.chance(key, 0.5)


@ec.agent_rule(on=ec.reached_by(bear), writes="children")
def count_them(me, env, model, key):
    return me.children + 1


def inn(agents):
    return ec.Model(
        populations={
            "guests": ec.Population(
                agents,
                capacity=10 * agents,
                asks=ec.flag(),
                bears=ec.flag(),
                had=ec.whole(),
                children=ec.whole(),
            )
        },
        environment={"rooms": ec.whole(agents // 4)},
        phases=[[ask, bear], [move_in, count_them]],
        start=[
            ec.set_agents(ec.sample_count(agents // 2), asks=True),
            ec.set_agents(ec.sample_count(agents // 2), bears=True),
        ],
    )


def test_who_asks_and_who_has_children_draws_luck_of_its_own():
    """Where one stands among equals is drawn, though the rule that asks does not look at luck."""
    quiet, others = 0, set()
    for agent in range(20):
        common = asked(inn(20), agent, seed=1, steps=3)
        simulation = common.simulation(OWN)
        asks, bears = (bool(simulation.column(name)[agent]) for name in ("asks", "bears"))
        assert drew(common) == ([0, 1, 2] if asks or bears else [])
        found, last = own_endings(common, OWN, 3), whole(common, OWN)
        assert found == [whole(common, OWN, draw=draw) for draw in (1, 2, 3)]
        others |= {name for one in found for name in one if one[name] != last[name]}
        quiet += not (asks or bears)
    assert quiet and others == {"had", "children"}


@pytest.mark.parametrize("build", [square, turnover_of_few, circle])
def test_an_agent_that_may_not_draw_may_draw_what_it_likes(build):
    """Entries, claims, encounters and ties that form: nothing is overlooked."""
    for agent in range(0, 30, 6):
        common = asked(build(30), agent, seed=agent, steps=6)
        before = [*drew(common), 6][0]
        assert digests(common, 0, before) == digests(common, 1, before)
        assert own_endings(common, OWN, 1) == [whole(common, OWN, draw=1)]


@pytest.mark.parametrize("model", [CASCADE, TOWN], ids=["cascade", "town"])
def test_an_agents_own_luck_is_that_of_whole_runs(model):
    for agent in (0, 7, 31):
        common = asked(model, agent, steps=8)
        at_three = (ec.at(3, ec.set_column("wealth" if model is TOWN else "reached_at", 1)),)
        for world in (OWN, World("changed", checked(at_three, model))):
            found = own_endings(common, world, 3)
            assert found == [whole(common, world, draw=draw) for draw in (1, 2, 3)]


def test_a_luck_that_changes_nothing_ends_as_the_run_does(monkeypatch):
    """Whoever has passed it on to nobody who matters is back where the run was."""
    common, made = asked(CASCADE, 5, steps=30), []
    expected = [whole(common, OWN, draw=draw) for draw in range(1, 7)]
    steps = []
    advance = ec.Simulation.advance

    def counted(simulation):
        steps.append(simulation.step)
        return advance(simulation)

    monkeypatch.setattr(ec.Simulation, "advance", counted)
    assert own_endings(common, OWN, 6, lambda: made.append(1)) == expected
    alone = common.simulation(OWN)
    while alone.advance():
        pass
    assert len(made) <= 8 and len(steps) < 9 * alone.step


def test_among_many_few_looks_tell_that_a_change_died_out(monkeypatch):
    """A look at everybody may take longer than a step: their number grows as a logarithm."""
    monkeypatch.setattr(past, "MANY", 100)
    looks, digest = [], ec.Simulation.digest
    monkeypatch.setattr(ec.Simulation, "digest", lambda s: looks.append(s.step) or digest(s))
    common = asked(CASCADE, 5, steps=30)
    found = own_endings(common, OWN, 6)
    many, steps = len(looks), drew(common)
    assert found == [whole(common, OWN, draw=draw) for draw in range(1, 7)]
    assert steps and looks[0] == steps[-1] + 1
    behind = {step - steps[-1] for step in looks}
    assert behind <= {1, 2, 3, 4, 6, 8, 12, 16, 24} and many <= 7 * len(behind)


def test_who_never_draws_costs_one_run():
    quiet = replace(CASCADE, parameters={**CASCADE.parameters, "transmission": 0.0})
    made = []
    common = asked(quiet, 5)
    assert drew(common) == []
    assert len(own_endings(common, OWN, 50, lambda: made.append(1))) == 50
    assert len(made) == 1


@pytest.mark.parametrize("step", [0, 2])
def test_the_worlds_luck_is_that_of_whole_runs(step):
    common = asked(CASCADE, 9, steps=20)
    nothing = checked(
        [ec.at(2, ec.set_column("reached_at", 0, agents=ec.sample_count(0)))], CASCADE
    )
    worlds = [
        *worlds_of(CASCADE, {"transmission": [0.1, 0.8]}, (), step),
        World("nothing", nothing),
    ]
    for draw in (1, 2, 3):
        found = world_endings(common, worlds, draw)
        assert found == [whole(common, world, lane=draw) for world in (OWN, *worlds)]


def test_the_worlds_luck_in_lanes_is_that_of_whole_runs():
    common, plain = asked(CASCADE, 9, backend="cpu"), asked(CASCADE, 9)
    worlds = worlds_of(CASCADE, {"transmission": [0.2, 0.6]}, (), 0)
    assert cost_of(common, worlds, 8, 0.1).lanes == 0
    cost = cost_of(common, worlds, 8, 10.0)
    assert cost.lanes == 3 * 8 and cost.runs == 3 * (8 + 2)
    found = lane_endings(common, worlds, 8)
    by_draw = [world_endings(plain, worlds, draw) for draw in range(1, 9)]
    assert found == [list(one) for one in zip(*by_draw, strict=True)]
    assert found[0] != found[1] != found[2]


def test_an_agents_own_luck_in_lanes_is_that_of_whole_runs():
    differing = 0
    for agent in range(0, 60, 12):
        common, plain = (asked(talk(), agent, steps=6, backend=b) for b in ("cpu", "reference"))
        for world in (OWN, *worlds_of(talk(), {"belief": [0.3]}, (), 0)):
            found = own_lane_endings(common, world, range(2, 8))
            assert found == [whole(plain, world, draw=draw) for draw in range(2, 8)]
            differing += len({str(one) for one in found}) > 1
    assert differing > 1


def test_lanes_take_the_rest_where_setting_a_world_up_is_what_takes_time(monkeypatch):
    agent = next(agent for agent in range(40) if drew(asked(CASCADE, agent, seed=3, steps=8)))
    common, taken = asked(CASCADE, agent, seed=3, steps=8), []
    expected = [whole(common, OWN, draw=draw) for draw in range(1, 9)]

    def in_lanes(asked, world, draws):
        taken.extend(draws)
        return [whole(asked, world, draw=draw) for draw in draws]

    monkeypatch.setattr(own_luck, "own_lane_endings", in_lanes)
    assert own_endings(common, OWN, 8) == expected and not taken  # not worth it
    monkeypatch.setattr(own_luck, "WORTH", 0.0)
    monkeypatch.setattr(own_luck, "LANE", 0.0)
    assert own_endings(common, OWN, 8) == expected and not taken  # the reference has none
    monkeypatch.setattr(own_luck, "lanes_can", lambda asked, worlds: True)
    assert own_endings(common, OWN, 8) == expected and taken == [4, 5, 6, 7, 8]


@pytest.mark.parametrize(
    ("model", "changes", "step"),
    [
        (CASCADE, (ec.at(1, ec.seed_agents(1)),), 0),
        (CASCADE, (), 2),
        (TOWN, (), 0),
    ],
    ids=["changed", "later", "rules for everyone"],
)
def test_what_lanes_cannot_is_run_one_by_one(model, changes, step):
    common = asked(model, 3, backend="cpu", changes=changes)
    name = "transmission" if model is CASCADE else "whisper"
    worlds = worlds_of(model, {name: [0.2]}, (), step)
    assert not lanes_can(common, worlds)
    assert cost_of(common, worlds, 3, 1e9).lanes == 0
    assert np.isfinite(cost_of(common, worlds, 3, 1.0).runs)
