"""Counting gives the rows that sorting gives, and says the same about what was left out."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ecumene.networks import by_counting, by_sorting, loops
from ecumene.networks.ends import whom
from ecumene.networks.numbering import Pairs
from ecumene.networks.rows import compress

AGENTS = 6

agent = st.integers(0, AGENTS - 1)
ties = st.lists(st.tuples(agent, agent), max_size=30)


def pairs_of(ties: list[tuple[int, int]], agents: int = AGENTS) -> Pairs:
    ends = np.array(ties, dtype=np.int64).reshape(-1, 2)
    return Pairs(agents, ends[:, 0], ends[:, 1], None)


def with_room(pairs: Pairs) -> Pairs:
    """The same ties, whose first column lies where others may go on."""
    room = np.empty(2 * len(pairs.first) + 3, np.int64)
    room[: len(pairs.first)] = pairs.first
    return replace(pairs, first=room[: len(pairs.first)], room=room)


def same(one: by_sorting.Way, two: by_sorting.Way) -> bool:
    return all(np.array_equal(a, b) and a.dtype == b.dtype for a, b in zip(one, two, strict=True))


@settings(max_examples=300, deadline=None)
@given(ties, st.booleans())
@example([(1, 0), (0, 1), (2, 2), (0, 1), (5, 0)], False)
@example([(1, 0), (0, 1), (2, 2), (0, 1), (5, 0)], True)
def test_counting_is_sorting(ties, directed):
    one = by_sorting.build(pairs_of(ties), directed, asked=not directed)
    left_out = ("self_loops", "first_loop", "repeats", "first_repeat", "turned", "mutual")
    for pairs in (pairs_of(ties), with_room(pairs_of(ties))):
        two = by_counting.build(pairs, directed, loops)
        assert same(one.forth, two.forth)
        assert same(one.back, two.back)
        assert [getattr(one, field) for field in left_out] == [
            getattr(two, field) for field in left_out
        ]
        if not directed or one.repeats:
            assert one.one_way == two.one_way


@pytest.mark.parametrize("directed", [None, False, True])
def test_notices_are_the_same(directed):
    pairs = pairs_of([(0, 1), (1, 0), (2, 3), (3, 3), (2, 3), (4, 5), (5, 0)])
    one = compress(pairs, directed, "made")
    two = compress(pairs, directed, "made", choose=lambda ties: loops)
    assert one.notices == two.notices and len(one.notices) >= 2
    assert one.digest() == two.digest()


def test_columns_that_are_read_only_or_not_in_one_piece_are_taken():
    ends = np.array([[0, 1], [1, 2], [2, 0]])
    ends.flags.writeable = False
    built = by_counting.build(Pairs(3, ends[:, 0], ends[:, 1], None), True, loops)
    assert whom(built.forth[1]).tolist() == [1, 2, 0]


def test_what_does_not_fit_into_64_bits_is_sorted():
    few = np.zeros(1, np.int64)
    assert by_counting.fits(Pairs((1 << 31) - 1, few, few, None))
    assert not by_counting.fits(Pairs(1 << 31, few, few, None))
