"""Ids of any kind become 0..n-1 in ascending order, by a table or by sorting alike."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecumene.networks import loops
from ecumene.networks.halves import ONE_BY_ONE
from ecumene.networks.numbering import (
    by_loops,
    by_sorting,
    by_table,
    encode,
    is_plain,
    number_codes,
    number_integers,
)

ids = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=30)
words = st.lists(st.tuples(st.text(max_size=3), st.text(max_size=3)), min_size=1, max_size=30)


def column(values: list[int]) -> np.ndarray:
    return np.array(values, dtype=np.int64)


@given(ids)
def test_the_table_and_sorting_number_alike(ties):
    first, second = column([i for i, _ in ties]), column([j for _, j in ties])
    slow = by_sorting(first, second, [first, second])
    table = by_table(first, second, [first, second])
    largest = max(first.max(), second.max())
    for fast in (table, by_loops(first, second, largest, loops, ONE_BY_ONE)):
        assert fast.agents == slow.agents
        assert fast.first.tolist() == slow.first.tolist()
        assert fast.second.tolist() == slow.second.tolist()
        assert (fast.names is None) == (slow.names is None)
        assert fast.names is None or fast.names.tolist() == slow.names.tolist()


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=30))
def test_ends_are_counted_on_the_way_where_ids_are_close(ties):
    """Unless a tie is a loop, which is said; of ids far apart neither is known."""
    first, second = column([i for i, _ in ties]), column([j for _, j in ties])
    largest = int(max(first.max(), second.max()))
    pairs = by_loops(first, second, largest, loops, ONE_BY_ONE)
    close, looped = largest < len(ties), any(i == j for i, j in ties)
    assert pairs.looped == (close and looped)
    assert (pairs.ends is not None) == (close and not looped)
    if pairs.ends is not None:
        wanted = [
            np.bincount(end(pairs.first, pairs.second), minlength=pairs.agents).tolist()
            for end in (np.minimum, np.maximum)
        ]
        assert [count.tolist() for count in pairs.ends] == wanted


@given(words)
def test_names_give_every_id_back(ties):
    codes: dict[str, int] = {}
    first, second = (encode(codes, [tie[k] for tie in ties]) for k in (0, 1))
    pairs = number_codes(tuple(codes), first, second)
    called = range(pairs.agents) if pairs.names is None else pairs.names
    back = [
        (str(called[i]), str(called[j])) for i, j in zip(pairs.first, pairs.second, strict=True)
    ]
    assert back == ties


@given(ids, st.integers(1, 2**55), st.integers(0, 2**60))
def test_ids_stretched_and_shifted_keep_their_numbers(ties, stretch, shift):
    near = number_integers(column([i for i, _ in ties]), column([j for _, j in ties]))
    far = number_integers(
        column([i * stretch + shift for i, _ in ties]),
        column([j * stretch + shift for _, j in ties]),
    )
    assert far.first.tolist() == near.first.tolist()
    assert far.second.tolist() == near.second.tolist()


@pytest.mark.parametrize("word", ["0", "7", "10", str(2**63 - 1)])
def test_plain_whole_numbers(word):
    assert is_plain([word])


@pytest.mark.parametrize("word", ["", "007", "-1", "+1", "1.0", "1e3", "x", "٣", "²", str(2**63)])
def test_anything_else_is_text(word):
    assert not is_plain(["5", word])


def test_ids_that_are_numbered_already_have_no_map():
    assert number_integers(column([0, 2]), column([1, 0])).names is None
