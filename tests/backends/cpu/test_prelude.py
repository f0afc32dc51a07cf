"""Sets of places as three levels of words: what the loops over them find, stale upper bits or not.

The loops run as plain Python here, over whole numbers without bound.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecumene.backends.cpu import prelude
from ecumene.backends.cpu.storage import Bits

PLACES = 20_000
SOME = st.sets(st.integers(0, PLACES - 1)) | st.sets(
    st.integers(0, PLACES // 64 - 1).map(lambda w: 64 * w), max_size=50
).map(lambda firsts: {first + b for first in firsts for b in range(64)})


def filled(members, left=()):
    """The levels of a set of `members`, in which `left` were before them."""
    levels = [np.array(level.tolist(), object) for level in Bits.none(PLACES).levels]
    for place in [*members, *left]:
        prelude.put(*levels, place)
    for place in set(left) - set(members):
        prelude.drop(levels[0], place)
    return levels


@given(SOME, SOME, st.data())
def test_members_are_listed_from_anywhere_tile_by_tile(members, left, data):
    levels = filled(members, left)
    first = data.draw(st.integers(0, PLACES), "first")
    last = data.draw(st.integers(first, PLACES), "last")
    tile = np.zeros(data.draw(st.integers(1, 200), "tile"), np.int64)
    found, at = [], first
    while at < last:
        n, after = prelude.gather(*levels, at, last, tile)
        assert after > at or n == 0
        found += tile[:n].tolist()
        at = after
    assert found == sorted(place for place in members if first <= place < last)


@pytest.mark.parametrize("dense", [False, True])
@given(SOME, SOME, st.data())
def test_whether_there_are_more_is_whether_so_many_are_counted(dense, members, left, data):
    if dense:
        members = set(range(PLACES)) - members
    near = st.integers(max(0, len(members) - 2), len(members) + 2)
    most = data.draw(near | st.integers(0, PLACES), "most")
    levels = filled(members, left)
    assert prelude.more(*levels, most, PLACES) == (len(members) > most)
    assert prelude.count(*levels) == len(members)


@given(SOME.filter(bool), st.data())
def test_so_many_are_counted_of_a_run_up_to_a_word_s_end(members, data):
    near = data.draw(st.sampled_from(sorted(members)), "near")
    first = max(0, near - data.draw(st.integers(0, 200), "before"))
    last = min(PLACES, first + data.draw(st.integers(1, 400), "places"))
    end = (last + 63) >> 6 << 6
    counted = prelude.count_run(filled(members)[0], first, last)
    assert counted == sum(first <= place < end for place in members)


@given(SOME, SOME)
def test_nobody_is_left_where_everybody_was_taken_out(members, left):
    levels = filled(members, left)
    prelude.empty(*levels)
    assert not any(word for level in levels for word in level)


@given(SOME, SOME, st.integers(0, PLACES // 4096))
def test_upper_levels_put_right_afterwards_are_those_of_putting(members, before, block):
    first, last = 4096 * block, min(4096 * (block + 1), PLACES)
    members = {place for place in members if first <= place < last}
    levels, oracle = filled(before), filled(before | members)
    for place in members:
        prelude.put_low(*levels, place, True)
    prelude.lift(*levels, first, 4096 * (block + 1))
    assert [level.tolist() for level in levels] == [level.tolist() for level in oracle]
