"""Luck drawn anew: what is computed once and what ends early comes out as whole runs do."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec
from ecumene.engine import Drawing, checked
from ecumene.lives.ending import ending
from ecumene.lives.in_lanes import lane_endings, lanes_can
from ecumene.lives.luck import cost_of
from ecumene.lives.own_luck import own_endings
from ecumene.lives.world_luck import world_endings
from ecumene.lives.worlds import OWN, Asked, World, worlds_of
from ecumene.models import MODELS

from ..societies import society

CASCADE = MODELS["cascade"].build(agents=300, degree=4, transmission=0.4, seeds=3)
TOWN = society(ec.matchings(3), 40)


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
    assert not lanes_can(common, worlds, 1e9)
    assert np.isfinite(cost_of(common, worlds, 3, 1.0).runs)
