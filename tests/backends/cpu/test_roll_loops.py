"""A roll is a set: whoever is put on it is found, once; whoever was let go is not.

The loops run as plain Python here, over whole numbers without bound.
"""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ecumene.backends.cpu import prelude, roll_loops
from ecumene.backends.cpu.roll_loops import BASE, BASES, COUNT, FIRST, LIVE, SEATED
from ecumene.backends.cpu.storage import Bits

PLACES = 20_000
SOME = st.lists(st.integers(0, PLACES - 1), max_size=60)


def fresh():
    roll = np.zeros(FIRST + 61, np.int64).astype(object)
    roll[BASE] = BASES
    return roll, np.zeros(128, np.int64).astype(object)


def enroll(roll, table, places):
    for place in places:
        roll[COUNT] = roll_loops.enroll_if(roll, table, roll[COUNT], place, True)


def members(roll):
    return roll[FIRST : FIRST + roll[COUNT]].tolist()


@given(st.lists(SOME, min_size=1, max_size=5))
def test_a_roll_holds_whom_it_was_told_since_all_were_let_go(several):
    roll, table = fresh()
    before: list[int] = []
    for places in several:
        enroll(roll, table, places)
        assert members(roll) == list(dict.fromkeys(places))
        for place in [*places, *before]:
            assert roll_loops.on_roll(roll, table, place) == (place in places)
        assert roll_loops.enroll_if(roll, table, roll[COUNT], PLACES, False) == roll[COUNT]
        roll_loops.let_go(roll)
        assert members(roll) == []
        before = places


@given(SOME)
def test_whoever_is_met_has_one_seat_and_nobody_else_has_it(places):
    seats, table = np.zeros(SEATED + 61, np.int64), np.zeros(128, np.uint8).astype(object)
    assert [roll_loops.seat_of(seats, table, place) for place in places] == places  # not yet
    seats[LIVE] = 1
    found = [roll_loops.seat_of(seats, table, place) for place in places]
    met = list(dict.fromkeys(places))
    assert found == [met.index(place) for place in places]
    assert seats[COUNT] == len(met) and seats[SEATED : SEATED + len(met)].tolist() == met


@given(st.sets(st.integers(0, PLACES - 1), max_size=60), st.integers(1, 30))
def test_a_set_is_taken_up_and_called_tile_by_tile(places, size):
    levels = [np.array(level.tolist(), object) for level in Bits.none(PLACES).levels]
    for place in places:
        prelude.put(*levels, place)
    roll, table = fresh()
    roll_loops.take_up(*levels, roll)
    roll_loops.tell(roll, table)
    assert members(roll) == sorted(places)
    assert all(roll_loops.on_roll(roll, table, place) for place in places)

    def called():
        tile, at, found = np.zeros(size, object), 0, []
        while at < PLACES:
            n, at = roll_loops.called(roll, *levels, at, PLACES, tile)
            found += tile[:n].tolist()
        return found

    assert called() == sorted(places)
    roll[COUNT : FIRST + 60] = -1  # From now on it is none, and the set is asked.
    assert called() == sorted(places)
