"""Whom an agent encounters: one of its ties, all alike, and luck of its own for what follows."""

import numpy as np
import pytest
from scipy import stats

import ecumene as ec

from ..gatherings import background
from ..societies import explicit


@ec.encounter(over="ties", shows="number", writes=("met", "times", "lucky"))
def note(me, other, env, model, key):
    return other.number, me.times + 1, ec.chance(key, 0.5)


@ec.encounter(over="ties", shows="number", writes=("met", "times", "lucky"), luck="once")
def note_once(me, other, env, model, key):
    return other.number, me.times + 1, ec.chance(key, 0.5)


def notes(network, agents, rule=note):
    columns = {"met": ec.whole(-1, low=-1, high=10**9), "times": ec.whole(), "lucky": ec.flag()}
    return ec.Model(
        populations={"people": ec.Population(background([0] * agents), **columns)},
        networks={"ties": network},
        phases=[[rule]],
    )


def met_in(simulation, steps):
    """Whom each agent met in each of some steps, and whether it was lucky."""
    for _ in range(steps):
        simulation.advance()
        yield simulation.column("met"), simulation.column("lucky")


STAR = [(0, j) for j in range(1, 5)]


def test_ties_are_drawn_alike_and_apart_from_the_rules_own_luck(backend):
    simulation = ec.Simulation(notes(explicit(5, STAR), 5), seed=2, backend=backend)
    table = np.zeros((4, 2), int)
    for met, lucky in met_in(simulation, 250):
        table[met[0] - 1, int(lucky[0])] += 1
        assert met[1:].tolist() == [0] * 4
    assert stats.chisquare(table.ravel()).pvalue > 1e-4


def test_an_agent_alone_encounters_nobody(backend):
    simulation = ec.Simulation(notes(explicit(4, [(0, 1)], directed=True), 4), backend=backend)
    simulation.advance()
    assert simulation.column("met").tolist() == [1, -1, -1, -1]
    assert simulation.column("times").tolist() == [1, 0, 0, 0]


@pytest.mark.parametrize("shards", [1, 2])
def test_the_odd_one_out_of_a_matching_encounters_nobody(backend, shards):
    simulation = ec.Simulation(notes(ec.matchings(1), 7), backend=backend, shards=shards)
    simulation.advance()
    met = simulation.column("met").tolist()
    assert sorted(simulation.column("times").tolist()) == [0, 1, 1, 1, 1, 1, 1]
    assert all(met[other] == one for one, other in enumerate(met) if other >= 0)


def test_with_luck_for_life_it_is_always_the_same_one(backend):
    simulation = ec.Simulation(notes(ec.matchings(6), 40, note_once), seed=5, backend=backend)
    first, *others = [(met.tolist(), lucky.tolist()) for met, lucky in met_in(simulation, 3)]
    assert all(other == first for other in others)


def test_one_encounters_its_ties_evenly_whatever_its_number():
    """Chi-square over the ties of 2,000 agents of 12 ties in 60 steps."""
    model = notes(ec.matchings(12), 2000)
    simulation = ec.Simulation(model, seed=1)
    net = simulation.program.networks["ties"]
    fields = type("Net", (), {**net.numbers, **net.arrays})
    ties = np.array([[net.neighbour(fields, i, k) for k in range(12)] for i in range(2000)])
    drawn = np.zeros(12)
    for met, _ in met_in(simulation, 60):
        which = ties == met[:, None]
        assert which.any(axis=1).all()
        drawn += (which / which.sum(axis=1, keepdims=True)).sum(axis=0)
    assert stats.chisquare(drawn).pvalue > 1e-4
