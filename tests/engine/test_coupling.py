"""Law 2: what was not changed stays as it was, agent by agent, under one seed."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec
from ecumene.models import MODELS

from ..societies import everything, networks, society


def reached_at(model, seed, **how):
    simulation = ec.Simulation(model, seed=seed, **how)
    while simulation.advance():
        pass
    return simulation.column("reached_at")


def cascade(network, agents, transmission, seeds=3):
    built = MODELS["cascade"].build(
        agents=agents, transmission=transmission, seeds=min(seeds, agents)
    )
    return replace(built, networks={"contacts": network})


@st.composite
def pairs_of_chances(draw):
    agents = draw(st.integers(1, 200))
    low, high = sorted((draw(st.floats(0, 1)), draw(st.floats(0, 1))))
    return draw(networks(agents)), agents, low, high


@settings(max_examples=30, deadline=None)
@given(pairs_of_chances(), st.integers(0, 2**40))
def test_raising_transmission_only_adds(drawn, seed):
    """Nobody is lost, and nobody is reached later."""
    network, agents, low, high = drawn
    less = reached_at(cascade(network, agents, low), seed)
    more = reached_at(cascade(network, agents, high), seed)
    assert np.all(more <= less)


@pytest.mark.parametrize("seed", [1, 2])
def test_raising_transmission_only_adds_at_size(seed):
    less, more = (reached_at(cascade(ec.matchings(10), 100_000, p), seed) for p in (0.15, 0.16))
    assert np.all(more <= less) and np.sum(more < less) > 1000


def test_more_seeds_only_add():
    """Who starts it is nested in how many do."""
    few, many = (reached_at(cascade(ec.matchings(4), 5000, 0.2, n), 3) for n in (2, 40))
    assert np.all(many <= few)


# -- a mechanism more ------------------------------------------------------------------------------


@ec.tie_rule(over="contacts", active="reached_now", into="gossip", combine="count", luck="each")
def gossip(me, tie, env, model, key):
    return ec.chance(key, model.gossip)


@ec.agent_rule(on=ec.reached_by(gossip), writes="overheard")
def overhear(me, env, model, key):
    return me.overheard + me.gossip + ec.integer(key, 3)


def with_gossip(model, strength):
    """`model` with a second tie rule, an agent rule, a column and a measure more, all put first."""
    people = model.population
    return replace(
        model,
        populations={
            "people": ec.Population(people.size, overheard=ec.whole(high=9999), **people.stored)
        },
        phases=[[gossip], [overhear], *model.phases],
        measures={"overheard": ec.mean("overheard"), **model.measures},
        parameters={**model.parameters, "gossip": strength},
    )


@pytest.fixture(scope="module")
def plain():
    return MODELS["cascade"].build(agents=2000, degree=4, transmission=0.4, seeds=5)


def test_a_mechanism_without_strength_is_a_placebo(plain, backend):
    """Law 2: its column stays at its default, which no digest sees."""
    model = plain if backend == "cpu" else cascade(ec.matchings(4), 150, 0.4)
    placebo = everything(with_gossip(model, 0.0), 99, seed=6, backend=backend)
    assert placebo[:2] == everything(model, 99, seed=6, backend=backend)[:2]


def test_a_rule_a_column_or_a_measure_more_changes_nobody_elses_luck(plain):
    model = with_gossip(plain, 0.9)
    assert np.array_equal(reached_at(model, 6), reached_at(plain, 6))
    assert everything(model, 99, seed=6)[3]["overheard"] != [0] * 2000


def test_a_background_changes_nobodys_luck(plain):
    over_people = plain.with_background(ec.world_population(2000))
    assert np.array_equal(reached_at(over_people, 6), reached_at(plain, 6))


def test_one_strength_of_a_society_leaves_the_others_luck():
    """What does not hang on `share` comes out alike whatever it is."""
    runs = [everything(society(ec.matchings(3), 60, share=s), 1, seed=2)[3] for s in (0.0, 1.0)]
    for column in ("reached_at", "loud", "wealth", "mood", "rich", "changes"):
        assert runs[0][column] == runs[1][column]
    assert runs[0]["drift"] != runs[1]["drift"]


@ec.tie_rule(over="ties", active="up", into="heard", combine="count", luck="once")
def call(me, tie, env, model, key):
    return ec.chance(key, model.p)


@ec.agent_rule(on=ec.reached_by(call), writes="calls")
def note(me, env, model, key):
    return me.calls + me.heard


def calls_after(steps, luck):
    """How often each of 400 agents, all active for ever, was called along its one tie."""
    model = ec.Model(
        populations={"people": ec.Population(400, up=ec.flag(), calls=ec.whole(high=999))},
        networks={"ties": ec.matchings(1)},
        phases=[[replace(call, luck=luck)], [note]],
        start=[ec.set_agents(ec.sample_count(400), up=True)],
        parameters={"p": 0.3},
    )
    simulation = ec.Simulation(model, seed=1)
    for _ in range(steps):
        simulation.advance()
    return simulation.column("calls"), simulation.program.networks["ties"]


def test_luck_for_life_is_drawn_once_and_each_step_anew():
    once, each = (np.bincount(calls_after(10, luck)[0], minlength=11) for luck in ("once", "each"))
    assert once[1:10].sum() == 0 and 60 < once[10] < 180
    assert each[1:6].sum() > 350


def test_both_ends_of_a_tie_share_its_luck():
    """It passes both ways or neither way: nobody calls without being called."""
    for luck in ("once", "each"):
        calls, net = calls_after(1, luck)
        fields = SimpleNamespace(**net.numbers, **{k: v.tolist() for k, v in net.arrays.items()})
        partner = [net.neighbour(fields, i, 0) for i in range(400)]
        assert np.array_equal(calls, calls[partner]) and 0 < calls.sum() < 400


def test_another_seed_is_another_run(plain):
    assert not np.array_equal(reached_at(plain, 1), reached_at(plain, 2))
