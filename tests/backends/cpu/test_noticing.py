"""What is noticed of chosen agents is what a look at all of them finds."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec

from ...societies import society

MODEL = society(ec.matchings(3), 200)
CHOSEN = np.array([199, 0, 63, 64, 7, 128], np.int64)


ALL = np.arange(CHOSEN.size)


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 2**32), among=st.sets(st.sampled_from(ALL.tolist())))
def test_what_is_known_of_the_chosen_is_brought_up_to_date(seed, among):
    simulation = ec.Simulation(MODEL, seed=seed)
    shard, some = simulation.only_shard(), np.array(sorted(among), np.int64)
    names = list(simulation.program.stored)
    for _ in range(4):
        before = {name: simulation.values(name, CHOSEN) for name in names}
        simulation.advance()
        for name in names:
            now, known = simulation.values(name, CHOSEN), before[name].copy()
            differing = np.flatnonzero(known != now)
            at, had = shard.renew(name, CHOSEN, known, some)
            assert at.tolist() == [j for j in differing if j in among]
            assert (had == before[name][at]).all() and (known[some] == now[some]).all()
            assert shard.renew(name, CHOSEN, known, ALL)[0].size == differing.size - at.size
            assert (known == now).all()


def test_steps_are_noticed_in_any_width():
    simulation = ec.Simulation(MODEL, seed=1)
    shard = simulation.only_shard()
    (column, *_) = [n for n, s in simulation.program.stored.items() if s.kind == "step"]
    known = simulation.values(column, CHOSEN)
    assert ec.NEVER in known
    shard.state.widen(70_000)
    assert shard.renew(column, CHOSEN, known, ALL)[0].size == 0
    simulation.step = 70_000
    simulation.assign(CHOSEN[2:4], {column: 69_999}, "test")
    assert shard.renew(column, CHOSEN, known, ALL)[0].tolist() == [2, 3]
    assert (known[2:4] == 69_999).all()
