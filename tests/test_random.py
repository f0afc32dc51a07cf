"""Luck: pinned for ever, even, independent, and the same once compiled."""

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import ecumene as ec
from ecumene import random
from ecumene.random import MASK, chance, draw, fold, integer, uniform
from ecumene.rules.source import Reach

words = st.integers(0, MASK)

PINNED = [0, 13190958424272077119, 15018592134753223415, 6526424811535786798]
PINNED_TWICE = 13891328115578721327
PINNED_DIGITS = [6, 4, 0, 6, 5, 1, 2, 9, 0, 1, 3, 8]
PINNED_UNIFORM = 0.8706164316542774


@pytest.fixture(scope="module")
def compiled():
    """The functions of luck, from their own text, compiled."""

    @numba.njit
    def unsigned(number):
        return np.uint64(number)

    reach = Reach()
    names = {f: reach.add(f, f.__name__) for f in (fold, draw, uniform, chance, integer)}
    space = {"unsigned": unsigned, "njit": numba.njit, "int": np.int64, "float": np.float64}
    exec("\n".join(f"@njit\n{text}" for text in reach.definitions), space)
    return {function: space[name] for function, name in names.items()}


@pytest.fixture(scope="module")
def folded(compiled):
    """`folded(key, numbers)`: draws of many counters at once, as an array."""
    one = compiled[fold]

    @numba.njit
    def many(key, numbers, out):
        for i in range(numbers.size):
            out[i] = one(key, numbers[i])

    def draws(key, numbers):
        out = np.empty(len(numbers), np.uint64)
        many(np.uint64(key), np.asarray(numbers, np.int64), out)
        return out

    return draws


def test_the_values_are_pinned():
    """Changing these changes every result there ever was: raise NUMBERS and say so."""
    assert [fold(0, 0), fold(0, 1), fold(1, 0), fold(MASK, MASK)] == PINNED
    assert fold(fold(42, 7), 1_000_000_007) == PINNED_TWICE
    assert [integer(fold(3, n), 10) for n in range(12)] == PINNED_DIGITS
    assert uniform(fold(5, 5), 1) == PINNED_UNIFORM


@settings(deadline=None)
@given(words, st.integers(-(2**63), 2**63 - 1), st.integers(0, 9), st.integers(1, 2**31))
def test_compiled_draws_are_the_plain_ones(compiled, key, number, k, n):
    word = np.uint64(key)
    assert int(compiled[fold](word, number)) == fold(key, number)
    assert int(compiled[draw](word, k)) == draw(key, k)
    assert compiled[uniform](word, k) == uniform(key, k)
    assert compiled[integer](word, n, k) == integer(key, n, k)


@settings(deadline=None)
@given(words, st.floats(0.0, 1.0), st.integers(0, 3))
def test_compiled_chances_are_the_plain_ones(compiled, key, p, k):
    assert compiled[chance](np.uint64(key), p, k) == chance(key, p, k)


@given(words, st.integers(0, 5))
def test_no_chance_never_comes_and_certainty_always(key, k):
    assert not chance(key, 0.0, k) and not chance(key, -1.0, k)
    assert chance(key, 1.0, k) and chance(key, 2.0, k)


@given(words, st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_raising_a_chance_only_adds(key, p, q):
    assert chance(key, min(p, q)) <= chance(key, max(p, q))


@given(words, st.integers(0, 5), st.integers(1, 2**31))
def test_draws_stay_inside_their_ranges(key, k, n):
    assert 0.0 <= uniform(key, k) < 1.0
    assert 0 <= integer(key, n, k) < n


@given(words)
def test_the_key_itself_is_draw_nought(key):
    assert draw(key, 0) == key and uniform(key) == (key >> 11) / 2**53


@given(words, words)
def test_folding_one_key_is_one_to_one(a, b):
    """No two counters share a draw under one key."""
    assert (fold(11, a) == fold(11, b)) == (a == b)


# -- even and independent --------------------------------------------------------------------------

MANY = 1 << 18


@pytest.mark.parametrize("bits", [(0, 8), (28, 36), (56, 64)])
def test_every_part_of_a_draw_is_even(folded, bits):
    low, high = bits
    part = (folded(fold(1, 2), range(MANY)) >> np.uint64(low)) & np.uint64((1 << high - low) - 1)
    counts = np.bincount(part.astype(np.int64), minlength=1 << high - low)
    assert 1e-4 < stats.chisquare(counts).pvalue < 1 - 1e-4


def flips(a, b):
    """How often each of the 64 bits differs between two arrays of draws, in SDs from a half."""
    changed = a ^ b
    share = np.array([np.mean(changed >> np.uint64(j) & np.uint64(1)) for j in range(64)])
    return np.abs(share - 0.5) * 2 * np.sqrt(len(a))


@pytest.mark.parametrize("apart", [1, 2, 3, 64, 1 << 20, 1 << 40])
def test_neighbouring_agents_draw_independently(folded, apart):
    numbers = np.arange(MANY)
    key = fold(5, 6)
    assert flips(folded(key, numbers), folded(key, numbers + apart)).max() < 4.8


@pytest.mark.parametrize("other", [1, 2, 7, 1 << 30, 1 << 63])
def test_streams_and_steps_draw_independently(folded, other):
    numbers, seed = np.arange(MANY), fold(9, 9)
    for a, b in [
        (fold(seed, 0), fold(seed, other)),  # two streams, or two steps, of a seed
        (fold(fold(seed, 1), 4), fold(fold(seed, 1 ^ other), 4)),
        (seed, seed ^ other),  # two keys that differ in one bit
    ]:
        assert flips(folded(a, numbers), folded(b, numbers)).max() < 4.8


def test_neighbours_in_agents_streams_and_steps_are_uncorrelated(folded):
    """Uniforms over a cube of agent, stream and step: no pair of neighbours goes together."""
    seed, side = fold(1, 1), 64
    cube = np.array(
        [
            [folded(fold(fold(seed, stream), step), range(side)) for step in range(side)]
            for stream in range(side)
        ]
    ) / float(2**64)
    for axis in range(3):
        a, b = np.delete(cube, 0, axis).ravel(), np.delete(cube, -1, axis).ravel()
        assert abs(np.corrcoef(a, b)[0, 1]) * np.sqrt(a.size) < 4.5


def test_no_stream_is_a_copy_of_another_shifted_xored_or_in_another_order(folded):
    """With keys that are only added or xored in front, streams share their values: none may here.

    2**15 draws of each of 48 streams at related keys: among 2**21 numbers of 64 bits two alike
    are a matter of one in 2**23, in whichever order they stand.
    """
    counters = np.arange(1 << 15)
    keys = [fold(3, 0) ^ (1 << j) for j in range(16)] + [fold(3, 1) + j for j in range(16)]
    keys += [fold(3, 2) + j * random.GOLDEN for j in range(16)]  # what a counter's step adds
    streams = np.array([folded(key & MASK, counters) for key in keys])
    assert np.unique(streams).size == streams.size
    for a in range(len(keys)):
        for b in range(a):
            offsets = streams[a] ^ streams[b]  # xored by one number: all alike
            assert np.unique(offsets[:64]).size == 64
            assert np.unique((streams[a] - streams[b])[:64]).size == 64  # or added to


def test_partial_draws_collide_as_often_as_chance_has_it(folded):
    """The upper 32 bits of related streams together: the expected number of pairs alike."""
    seed, n = fold(2, 2), 1 << 16
    upper = np.concatenate(
        [folded(fold(seed, s), range(n // 16)) >> np.uint64(32) for s in range(16)]
    )
    alike = n - np.unique(upper).size
    assert stats.poisson.ppf(1e-5, n * n / 2**33) <= alike
    assert alike <= stats.poisson.ppf(1 - 1e-5, n * n / 2**33)


def test_what_users_draw_is_what_is_tested_here():
    assert (ec.fold, ec.uniform, ec.chance, ec.integer) == (fold, uniform, chance, integer)
    assert random.unsigned(-1) == MASK
