"""Whom an intervention is for: groups, samples, spans, hubs, numbers."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import ecumene as ec

from ..purses import coins
from ..societies import explicit, society


def purses(change, backend="reference", **how):
    model = coins()
    simulation = ec.Simulation(model, interventions=[ec.at(0, change)], backend=backend, **how)
    simulation.advance()
    return simulation.column("coins"), simulation.column("town")


def test_a_group_gets_it_and_nobody_else(backend):
    found, town = purses(ec.set_column("coins", 9, where={"town": "Brill"}), backend)
    assert ((found == 9) == (town == 1)).all() and 0 < (town == 1).sum() < 10
    found, town = purses(ec.set_column("coins", 9, where={"town": ("Brill", "Cope")}), backend)
    assert ((found == 9) == (town != 0)).all()


def test_a_group_may_be_told_by_what_agents_carry(backend):
    model = coins()
    some = ec.at(0, ec.set_column("coins", 9, agents=ec.sample_count(4)))
    those = ec.at(1, ec.set_column("coins", 3, where={"coins": 9}))
    simulation = ec.Simulation(model, interventions=[some, those], backend=backend)
    while simulation.advance():
        pass
    assert sorted(simulation.column("coins")) == [3] * 4 + [5] * 6
    assert simulation.measure()["poor"] == 4


@given(st.integers(0, 10), st.integers(0, 10), st.integers(0, 2**32))
def test_more_agents_are_the_same_and_others(a, b, seed):
    few, many = (
        purses(ec.set_column("coins", 9, agents=ec.sample_count(n)), seed=seed)[0] == 9
        for n in sorted((a, b))
    )
    assert (few <= many).all() and few.sum() == min(a, b) and many.sum() == max(a, b)
    share = purses(ec.set_column("coins", 9, agents=ec.sample_share(a / 10)), seed=seed)[0]
    assert (share == 9).sum() == int(a / 10 * 10)


def test_a_number_is_counted_within_the_group(backend):
    change = ec.set_column("coins", 9, where={"town": "Brill"}, agents=ec.sample_count(2))
    found, town = purses(change, backend)
    assert (found == 9).sum() == 2 and (town[found == 9] == 1).all()


def test_the_same_people_all_along_a_span_but_other_seeds_each_step(backend):
    changes = {
        "set": ec.set_column("coins", 9, agents=ec.sample_count(3)),
        "seed": ec.seed_agents(3, coins=9),
    }
    counts = {}
    for name, change in changes.items():
        model = coins()
        plan = [ec.during(0, 6, change)]
        simulation = ec.Simulation(model, interventions=plan, backend=backend)
        while simulation.advance():
            pass
        counts[name] = int((simulation.column("coins") == 9).sum())
    assert counts["set"] == 3 < counts["seed"]


def test_two_changes_alike_are_for_people_drawn_apart():
    plan = [ec.at(0, ec.seed_agents(5, coins=9)), ec.at(0, ec.seed_agents(5, coins=8))]
    drawn = []
    for seed in range(20):
        simulation = ec.Simulation(coins(), interventions=plan, seed=seed, backend="reference")
        simulation.advance()
        drawn.append(int((simulation.column("coins") == 9).sum()))
    assert set(drawn) != {0} and set(drawn) != {5}


STAR = [(0, i) for i in range(1, 20)] + [(i, i + 20) for i in range(1, 20)]


def star(**how):
    return society(explicit(50, STAR), 50, loud=0, rich=0, **how)


def test_the_largest_hub_acts(backend):
    model = star(whisper=1.0, accept=1.0)
    change = ec.at(1, ec.broadcast("largest", over="ties", reached_at=ec.NOW, loud=True))
    simulation = ec.Simulation(model, interventions=[change], backend=backend)
    simulation.advance()
    assert simulation.measure()["reached"] == 0
    simulation.advance()
    assert simulation.column("reached_at")[0] == 1
    assert simulation.measure()["reached"] == 20


def test_of_equal_hubs_luck_draws_some_and_more_only_add(backend):
    model = society(ec.matchings(4), 40, loud=0, rich=0, whisper=0.0)
    found = []
    for count in (3, 7):
        change = ec.at(0, ec.broadcast(count=count, reached_at=ec.NOW, loud=True))
        simulation = ec.Simulation(model, interventions=[change], seed=4, backend=backend)
        simulation.advance()
        found.append(set(np.flatnonzero(simulation.column("reached_at") == 0).tolist()))
    assert found[0] < found[1] and (len(found[0]), len(found[1])) == (3, 7)
    assert found[0] != {0, 1, 2}


def test_agents_of_a_number_act(backend):
    model = star(whisper=1.0, accept=1.0)
    change = ec.at(0, ec.broadcast("number", agents=(45, 7), reached_at=0, loud=True))
    simulation = ec.Simulation(model, interventions=[change], backend=backend)
    simulation.advance()
    assert np.flatnonzero(simulation.column("reached_at") == 0).tolist() == [0, 7, 27, 45]
