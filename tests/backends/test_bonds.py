"""Who gets a tie when there are too many who ask: held to one pair after another."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ecumene.backends import Bonds, matched


def one_after_another(pairs, free, mutual):
    """The same by inspection: each pair in turn, in the order of its luck."""
    free, found = dict(free), []
    asked = {(place, other) for place, other, _ in pairs}
    lucks = {(min(a, b), max(a, b)): luck for a, b, luck in pairs}
    for luck, (low, high) in sorted((luck, pair) for pair, luck in lucks.items()):
        both = (low, high) in asked and (high, low) in asked
        if (both or not mutual) and free[low] > 0 and free[high] > 0:
            free[low] -= 1
            free[high] -= 1
            found.append((low, high, luck))
    return found


@st.composite
def asked(draw):
    """Who asks whom; the luck hangs on the pair, and a few pairs share theirs."""
    agent = st.integers(0, 7)
    pairs = draw(st.sets(st.tuples(agent, agent).filter(lambda pair: pair[0] != pair[1])))
    lucks = draw(st.lists(st.integers(0, 2**64 - 1), min_size=64, max_size=64))
    shared = draw(st.sampled_from([1, 2**63]))
    order = draw(st.permutations(sorted(pairs)))
    return [(a, b, lucks[min(a, b) * 8 + max(a, b)] // shared) for a, b in order]


@given(asked(), st.lists(st.integers(0, 3), min_size=8, max_size=8), st.booleans())
def test_it_is_as_if_one_pair_came_after_another(pairs, free, mutual):
    places, others, lucks = (
        np.array([pair[n] for pair in pairs], kind)
        for n, kind in enumerate((np.int64, np.int64, np.uint64))
    )
    room, others_room = (np.array([free[i] for i in some], np.int64) for some in (places, others))
    found = matched(Bonds(places, others, lucks), room, others_room, mutual)
    assert list(zip(*(part.tolist() for part in found), strict=True)) == one_after_another(
        pairs, dict(enumerate(free)), mutual
    )
