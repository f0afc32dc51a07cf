"""The permutation sixteen at a time is the permutation, in worlds of any size."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecumene.backends.cpu import spreading
from ecumene.backends.cpu.module import imported
from ecumene.backends.cpu.permuting import sixteen_at_once
from ecumene.backends.cpu.sixteen import MOST, send_back, send_forth
from ecumene.backends.cpu.text import HEAD
from ecumene.models import MODELS
from ecumene.networks.permutation import backward_once, forward_once, round_keys, side_of
from ecumene.population import AGENTS_LIMIT
from ecumene.rules import Reach

from ...societies import everything

WORLDS = st.integers(2, 10**6) | st.integers(10**9, MOST) | st.just(MOST)


@given(WORLDS, st.integers(0, 2**64 - 1), st.lists(st.integers(0, MOST), min_size=1, max_size=20))
def test_numbers_go_where_one_at_a_time_they_go(agents, key, numbers):
    side, keys = side_of(agents), round_keys(key)
    numbers = [number % (side * side) for number in numbers]
    rooms = [np.zeros(len(numbers), object) for _ in range(2)]
    for together, alone in ((send_forth, forward_once), (send_back, backward_once)):
        sent = np.array(numbers, object)
        together(sent, len(numbers), side, 1.0 / side, keys, *rooms)
        assert sent.tolist() == [alone(number, side, 1.0 / side, keys) for number in numbers]


def test_no_world_is_larger():
    assert AGENTS_LIMIT <= MOST


CALLED = """
@kernel
def forth(numbers, side, per_side, keys, lefts, rights):
    five = (keys[0], keys[1], keys[2], keys[3], keys[4])
    send_forth(numbers, numbers.shape[0], side, per_side, five, lefts, rights)


@kernel
def back(numbers, side, per_side, keys, lefts, rights):
    five = (keys[0], keys[1], keys[2], keys[3], keys[4])
    send_back(numbers, numbers.shape[0], side, per_side, five, lefts, rights)
"""


def test_compiled_they_go_there_and_back():
    reach = Reach()
    loops = sixteen_at_once(reach.add)
    functions = [f"@jit\n{text}" for text in reach.definitions]
    compiled = imported("\n\n".join([HEAD, *functions, loops, CALLED]))
    rooms = [np.zeros(1000, np.uint32) for _ in range(2)]
    for agents in (1000, 10**8, 2**32, 8_200_000_000, MOST):
        side, keys = side_of(agents), round_keys(agents)
        numbers = np.random.default_rng(agents).integers(0, side * side, 1000)
        sent = numbers.copy()
        compiled.forth(sent, side, 1.0 / side, np.array(keys, np.int64), *rooms)
        one_by_one = [forward_once(number, side, 1.0 / side, keys) for number in numbers.tolist()]
        assert sent.tolist() == one_by_one
        compiled.back(sent, side, 1.0 / side, np.array(keys, np.int64), *rooms)
        assert sent.tolist() == numbers.tolist()


@pytest.mark.parametrize("how", [{}, {"direction": "pull"}, {"shards": 2}], ids=str)
def test_ties_are_the_same_ties(how, monkeypatch):
    model = MODELS["cascade"].build(agents=3001, seeds=5)
    oracle = everything(model, 6, seed=2, **how)
    monkeypatch.setattr(spreading, "MANY", 0)
    assert everything(model, 6, seed=2, **how) == oracle
