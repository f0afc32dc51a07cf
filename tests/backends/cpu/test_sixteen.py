"""The permutation in vectors is the permutation, in worlds of any size."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecumene.backends.cpu.module import imported
from ecumene.backends.cpu.permuting import in_vectors
from ecumene.backends.cpu.sixteen import MOST, SPARE
from ecumene.backends.cpu.text import HEAD
from ecumene.models import MODELS
from ecumene.networks.permutation import backward_once, forward_once, round_keys, side_of
from ecumene.population import AGENTS_LIMIT

from ...societies import everything

SMALL = st.integers(2, 10**6) | st.integers(10**9, 2**32) | st.sampled_from([2**32 - 1, 2**32])
WORLDS = SMALL | st.integers(10**9, MOST)
WORLDS |= st.sampled_from([2**32 + 1, 8_200_000_000, AGENTS_LIMIT, MOST])

CALLED = """
{loops}


@kernel
def forth(numbers, n, side, per_side, keys, lefts, rights):
    halve(numbers, n, side, per_side, lefts, rights)
    five = (keys[0], keys[1], keys[2], keys[3], keys[4])
    send_forth(lefts, rights, n, side, five, numbers)


@kernel
def back(numbers, n, side, per_side, keys):
    send_back(numbers, n, side, per_side, (keys[0], keys[1], keys[2], keys[3], keys[4]))
"""


def room(n, kind=np.int64):
    return np.zeros(n + SPARE, kind)


def compiled(numbers):
    loops = imported("\n\n".join([HEAD, CALLED.format(loops=in_vectors(numbers))]))
    keys, halves = np.zeros(5, np.int64), (room(1, np.uint32), room(1, np.uint32))
    loops.forth(room(1), 1, 1, 1.0, keys, *halves)
    loops.back(room(1), 1, 1, 1.0, keys)
    return loops


@pytest.fixture(scope="module")
def loops():
    return compiled(MOST)


@pytest.fixture(scope="module")
def narrow():
    return compiled(2**32)


def go_where_one_at_a_time_they_go(loops, agents, key, numbers):
    side, keys = side_of(agents), round_keys(key)
    last = side * side - 1
    numbers = [0, last, side - 1, side, last - side] + [n % (last + 1) for n in numbers]
    numbers = [n for n in numbers if 0 <= n <= last]
    n, arrays = len(numbers), (room(len(numbers), np.uint32), room(len(numbers), np.uint32))
    sent, given = room(n), (n, side, 1.0 / side, np.array(keys, np.int64))
    sent[:n] = numbers
    loops.forth(sent, *given, *arrays)
    forth = sent[:n].tolist() == [forward_once(i, side, 1.0 / side, keys) for i in numbers]
    sent[:n] = numbers
    loops.back(sent, *given)
    back = sent[:n].tolist() == [backward_once(i, side, 1.0 / side, keys) for i in numbers]
    return forth and back


KEYS, NUMBERS = st.integers(0, 2**64 - 1), st.lists(st.integers(0, 1 << 62), min_size=1)


@given(WORLDS, KEYS, NUMBERS)
def test_numbers_go_where_one_at_a_time_they_go(loops, agents, key, numbers):
    assert go_where_one_at_a_time_they_go(loops, agents, key, numbers)


@given(SMALL, KEYS, NUMBERS)
def test_so_they_do_in_fewer_operations_where_a_row_has_16_bits(narrow, agents, key, numbers):
    assert go_where_one_at_a_time_they_go(narrow, agents, key, numbers)


def test_a_world_with_longer_rows_takes_all_operations():
    assert in_vectors(2**32) == in_vectors(2) != in_vectors(2**32 + 1) == in_vectors(MOST)


def test_no_world_is_larger():
    assert AGENTS_LIMIT <= MOST


@pytest.mark.parametrize("how", [{}, {"direction": "pull"}, {"shards": 2}], ids=str)
@pytest.mark.parametrize("agents", [1, 2, 63, 3001])
def test_ties_are_the_same_ties(agents, how):
    model = MODELS["cascade"].build(agents=agents, seeds=min(agents, 5))
    oracle = everything(model, 6, seed=2, backend="reference")
    assert everything(model, 6, seed=2, **how) == oracle
