"""A roll is a set: whoever is put on it is found, once; whoever was let go is not.

The loops run as plain Python here, over whole numbers without bound.
"""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ecumene.backends.cpu import prelude, roll_loops
from ecumene.backends.cpu.roll_loops import BASE, BASES, COUNT, FIRST, LAST_BASE
from ecumene.backends.cpu.storage import Bits

PLACES = 20_000
SOME = st.lists(st.integers(0, PLACES - 1), max_size=60)


def fresh(base=BASES):
    roll = np.zeros(FIRST + 61, np.int64).astype(object)
    roll[BASE] = base
    return roll, np.zeros(128, np.int64).astype(object)


def enroll(roll, table, places):
    for place in places:
        roll[COUNT] = roll_loops.enroll_if(roll, table, roll[COUNT], place, True)


def members(roll):
    return roll[FIRST : FIRST + roll[COUNT]].tolist()


@given(st.lists(SOME, min_size=1, max_size=5), st.integers(0, 3))
def test_a_roll_holds_whom_it_was_told_since_all_were_let_go(several, generations_left):
    """Also where its base cannot rise any more, and the table begins anew."""
    roll, table = fresh(LAST_BASE - (1 + generations_left) * BASES)
    before: list[int] = []
    for places in several:
        enroll(roll, table, places)
        assert members(roll) == list(dict.fromkeys(places))
        for place in [*places, *before]:
            assert roll_loops.on_roll(roll, table, place) == (place in places)
        assert roll_loops.enroll_if(roll, table, roll[COUNT], PLACES, False) == roll[COUNT]
        roll_loops.let_go(roll, table)
        assert members(roll) == [] and roll[BASE] < LAST_BASE
        assert (table < roll[BASE]).all()  # Every slot is free.
        before = places


@given(st.sets(st.integers(0, PLACES - 1), max_size=60), st.integers(1, 30))
def test_a_set_is_taken_up_and_laid_down(places, size):
    levels = [np.array(level.tolist(), object) for level in Bits.none(PLACES).levels]
    for place in places:
        prelude.put(*levels, place)
    roll, table = fresh()
    roll_loops.take_up(*levels, roll, table, PLACES, 60)
    assert set(members(roll)) == places and prelude.count(*levels) == 0
    assert all(roll_loops.on_roll(roll, table, place) for place in places)
    tile, at, found = np.zeros(size, object), 0, []
    while at < PLACES:
        n, at = roll_loops.called(roll, *levels, at, PLACES, tile)
        found += tile[:n].tolist()
    assert found == members(roll)
    roll_loops.lay_down(roll, *levels)
    n, _ = prelude.gather(*levels, 0, PLACES, tile := np.zeros(60, object))
    assert tile[:n].tolist() == sorted(places)
    roll[COUNT] = -1  # From now on it is none, and the set is asked.
    again = np.zeros(60, object)
    assert roll_loops.called(roll, *levels, 0, PLACES, again)[0] == n
    assert again[:n].tolist() == sorted(places)
