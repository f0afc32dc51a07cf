"""What is noticed of chosen agents is what a look at all of them finds."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec

from ...societies import society

MODEL = society(ec.matchings(3), 200)
CHOSEN = np.array([199, 0, 63, 64, 7, 128], np.int64)


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_who_has_another_value_is_noticed(seed):
    simulation = ec.Simulation(MODEL, seed=seed)
    shard = simulation.only_shard()
    names = list(simulation.program.stored)
    for _ in range(4):
        before = {name: simulation.values(name, CHOSEN) for name in names}
        simulation.advance()
        for name in names:
            now = simulation.values(name, CHOSEN)
            assert shard.unlike(name, CHOSEN, now).size == 0
            differing = np.flatnonzero(before[name] != now)
            assert shard.unlike(name, CHOSEN, before[name]).tolist() == differing.tolist()


def test_steps_are_noticed_in_any_width():
    simulation = ec.Simulation(MODEL, seed=1)
    shard = simulation.only_shard()
    (column, *_) = [n for n, s in simulation.program.stored.items() if s.kind == "step"]
    first = simulation.values(column, CHOSEN)
    assert ec.NEVER in first
    shard.state.widen(70_000)
    assert shard.unlike(column, CHOSEN, first).size == 0
    simulation.step = 70_000
    simulation.assign(CHOSEN[2:4], {column: 69_999}, "test")
    assert shard.unlike(column, CHOSEN, first).tolist() == [2, 3]
