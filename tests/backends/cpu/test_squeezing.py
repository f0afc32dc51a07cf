"""A word's members, listed in one go, are those that the loops over its bits list."""

import inspect

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ecumene.backends.cpu import common, prelude, squeezing
from ecumene.backends.cpu.module import imported
from ecumene.backends.cpu.text import HEAD

KINDS = [np.int64, np.uint32, np.uint16]
FULL = 2**64 - 1
WORDS = st.integers(0, FULL) | st.sets(st.integers(0, 63), max_size=20).map(
    lambda bits: sum(1 << bit for bit in bits)
)

CALLED = """
@kernel
def listed(bits, base, tile, n):
    return list_word(bits, base, tile, n)


@kernel
def picked(bits, values, at, kept, n):
    return pick_word(bits, values, at, kept, n)
"""


@pytest.fixture(scope="module")
def loops():
    """The loops for processors that squeeze vectors; others do it too, if slowly."""
    return imported("\n\n".join([HEAD, common.squeezed_words(), CALLED]))


def members(bits):
    return [bit for bit in range(64) if bits >> bit & 1]


@pytest.mark.parametrize("kind", KINDS)
@given(WORDS, st.integers(0, 60_000), st.integers(0, 9))
@example(FULL, 7, 0)
@example(0, 0, 0)
@example(1 << 63, 0, 3)
def test_the_members_of_a_word_are_listed(loops, kind, bits, base, n):
    found, plain = (np.full(n + 64, 9, k) for k in (kind, np.int64))
    end = loops.listed(np.uint64(bits), base, found, n)
    assert end == prelude.list_word(bits, base, plain, n) == n + bits.bit_count()
    assert found[:end].tolist() == [9] * n + [base + bit for bit in members(bits)]
    assert found[:end].tolist() == plain[:end].tolist()


@pytest.mark.parametrize("kind", KINDS)
@given(WORDS, st.integers(0, 40), st.integers(0, 9))
@example(FULL, 0, 0)
def test_the_values_at_the_members_of_a_word_are_picked(loops, kind, bits, at, n):
    values = np.arange(40 + 64, dtype=kind) * 3 + 1
    found, plain = (np.full(n + 64, 9, k) for k in (kind, np.int64))
    end = loops.picked(np.uint64(bits), values, at, found, n)
    assert end == prelude.pick_word(bits, values, at, plain, n) == n + bits.bit_count()
    assert found[:end].tolist() == [9] * n + [3 * (at + bit) + 1 for bit in members(bits)]
    assert found[:end].tolist() == plain[:end].tolist()


@pytest.mark.parametrize("squeezes", [False, True])
def test_programs_have_the_loops_that_suit_the_processor(squeezes, monkeypatch):
    monkeypatch.setattr(common, "squeezes", lambda: squeezes)
    text = common.of_sets.__wrapped__()
    for loop in (prelude.list_word, prelude.pick_word):
        assert text.count(f"def {loop.__name__}(") == 1
        assert (inspect.getsource(loop) in text) == (not squeezes)
    assert (inspect.getsource(squeezing.squeezed) in text) == squeezes
