"""Luck deserves its name: a short battery, and proof that it sees luck that does not.

The long one, TestU01 over the orders of `luck.py`, is recorded in docs/luck_battery.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numba
import numpy as np
import pytest
from scipy import stats

from ecumene.engine.lower import SEED_KEY
from ecumene.random import GOLDEN, INJECT, MASK, MIX_1, MIX_2, fold

from .luck import BLOCK, DEGREE, PAIRS, SEEDS, STEPS, STREAMS, STRIDES

from .luck import drawn_by, fold_as_compiled, orders  # isort: skip

Draws = Callable[[Any, Any], np.ndarray]

u = np.uint64
MANY, LENGTH = 1 << 14, 1 << 11  # Of an order, and of each of many streams.
FAR = 6.5  # Standard deviations: of all z looked at here one is so far in 2,000 runs.
RARE = 1e-7
G, M1, M2 = u(GOLDEN), u(MIX_1), u(MIX_2)


@pytest.fixture(scope="module")
def draws() -> Draws:
    return drawn_by(fold_as_compiled())


# -- what is looked at -----------------------------------------------------------------------------


def seed_key(draws: Draws, seed: int) -> int:
    return int(draws(SEED_KEY, [seed])[0])


def key_of(draws: Draws, seed: int, stream: int, when: int) -> int:
    rule = int(draws(seed_key(draws, seed), [int(STREAMS[stream].view(np.int64))])[0])
    return int(draws(rule, [when])[0])


def lives(draws: Draws) -> dict[str, np.ndarray]:
    """Draws in the orders of a run: `draws(key, numbers)` all the way down, as in the engine."""
    count, same = np.arange(MANY), np.full(MANY, 7)
    stream = np.full(MANY, STREAMS[0]).view(np.int64)
    rule, key = int(draws(seed_key(draws, 0), stream[:1])[0]), key_of(draws, 0, 0, 1)
    luck, ties = draws(key, count), draws(key, count % DEGREE * PAIRS + count // DEGREE)
    runs = draws(draws(draws(SEED_KEY, count), stream), np.zeros(MANY))
    return {
        "agents": luck,
        "far agents": draws(key, count << 32),
        "steps": draws(draws(rule, count + 1), same),
        "seeds": draws(runs, same),
        "ties": ties,
        "again": np.stack([ties, draws(ties, same // 7), draws(ties, same // 7 + 1)], 1).ravel(),
    }


def streams(draws: Draws) -> np.ndarray:
    """Many streams, one a row: of a few runs, and under keys as alike as keys can be."""
    keys = [key_of(draws, s, r, step) for s in range(4) for r in range(6) for step in range(4)]
    base, apart = keys[0], (GOLDEN, MIX_1, MIX_2, INJECT)
    keys += [base ^ (1 << j) for j in range(64)] + [base + j for j in range(1, 9)]
    keys += [base + j * step for step in apart for j in (1, 5, 100, -3)]
    unique = {key & MASK: None for key in keys}
    return np.array([draws(key, np.arange(LENGTH)) for key in unique])


def bits(words: np.ndarray) -> np.ndarray:
    """-1 and 1 for every bit."""
    flat = np.ascontiguousarray(words).view(np.uint8).reshape(-1, 8)
    return np.unpackbits(flat, axis=1).astype(np.float32) * 2 - 1


def undone(words: np.ndarray) -> np.ndarray:
    """The words before a last `x ^ (x >> 27)`, which is no more than a veil."""
    return words ^ (words >> u(27)) ^ (words >> u(54))


def together(a: np.ndarray, b: np.ndarray) -> float:
    """The most telling correlation of any bit of `a` with any of `b`, in standard deviations."""
    differing = np.concatenate([differences(a, b), differences(undone(a), undone(b))])
    return float(np.abs(differing / len(a) - 0.5).max()) * 2 * np.sqrt(len(a))


@numba.njit
def differences(a, b):
    """How often bit j of `a` and bit k of `b` differ, by j and k."""
    counts = np.zeros((64, 64), np.int64)
    for i in range(a.size):
        for j in range(64):
            other = b[i] ^ (u(0) - ((a[i] >> u(j)) & u(1)))
            for k in range(64):
                counts[j, k] += np.int64((other >> u(k)) & u(1))
    return counts


def weights_are_binomial(words: np.ndarray) -> bool:
    """Whether as many bits are set as among fair coins."""
    seen = np.bincount(np.bitwise_count(words).ravel(), minlength=65)
    expected = stats.binom.pmf(np.arange(65), 64, 0.5) * seen.sum()
    body = expected >= 5
    seen = np.append(seen[body], seen[~body].sum())
    expected = np.append(expected[body], expected[~body].sum())
    return stats.chisquare(seen, expected).pvalue > RARE


# -- the checks ------------------------------------------------------------------------------------


def bytes_are_even(draws: Draws) -> bool:
    p = []
    for words in lives(draws).values():
        for byte in words.view(np.uint8).reshape(-1, 8).T:
            p.append(stats.chisquare(np.bincount(byte, minlength=256)).pvalue)
    return min(p) > RARE and max(p) < 1 - RARE


def neighbours_are_strangers(draws: Draws) -> bool:
    return all(
        together(words[lag:], words[:-lag]) < FAR
        and weights_are_binomial(words[lag:] ^ words[:-lag])
        for words in lives(draws).values()
        for lag in (1, 2, DEGREE)
    )


def every_bit_of_who_and_what_for_counts(draws: Draws) -> bool:
    """Avalanche: flipping one bit of the key or the number flips each of a draw's with a half."""
    return all(flips_are_fair(flipped) for flipped in avalanche(draws))


def and_under_the_veil(draws: Draws) -> bool:
    """The same before the last `x ^ (x >> 27)`; numbers stay below 2**60."""
    return all(flips_are_fair(undone(flipped)) for flipped in avalanche(draws))


def avalanche(draws: Draws) -> Iterator[np.ndarray]:
    numbers = np.arange(1 << 11)
    keys = draws(key_of(draws, 3, 1, 0), numbers)
    before = draws(keys, numbers)
    for j in range(64):
        yield before ^ draws(keys ^ u(1 << j), numbers)
        if j < 60:
            yield before ^ draws(keys, numbers ^ (1 << j))


def flips_are_fair(flipped: np.ndarray) -> bool:
    return float(np.abs(bits(flipped).sum(0)).max()) < FAR * np.sqrt(flipped.size)


def streams_that_overlap_under_way_end_as_strangers(draws: Draws) -> bool:
    """Keys a multiple of the counter's multiplier apart may go through the same numbers."""
    count = np.arange(MANY)
    far = (
        together(draws(key, count), draws((key - shift * GOLDEN) & MASK, count + shift))
        for key, shift in ((fold(1, 2), 1), (fold(3, 4), 12_345), (fold(5, 6), 1 << 32))
    )
    return max(far) < FAR


def no_draw_comes_twice(draws: Draws) -> bool:
    """No stream is another's, shifted or in another order."""
    tables = (streams(draws), *lives(draws).values())
    return all(np.unique(words).size == words.size for words in tables)


def no_stream_is_another_xored_or_added_to(draws: Draws) -> bool:
    rows = streams(draws)
    steps = (rows[:, 1:] ^ rows[:, :-1], rows[:, 1:] - rows[:, :-1])
    return all(np.unique(step).size == step.size for step in steps)


def no_stream_is_another_with_its_bits_in_another_order(draws: Draws) -> bool:
    """The numbers of bits set in 16 draws on end are a fingerprint that any such copy shares."""
    rows = streams(draws)
    return all(not_alike(words) for words in (rows, rows[:, 1:] ^ rows[:, :-1]))


def not_alike(rows: np.ndarray) -> bool:
    counts = np.bitwise_count(rows).astype(u)
    width = rows.shape[1] - 15
    marks = np.zeros((len(rows), width), u)
    for j in range(16):
        marks = marks * M1 + counts[:, j : j + width]
    return np.unique(marks).size == marks.size


def streams_are_strangers(draws: Draws) -> bool:
    """Of all pairs of streams, draw by draw: as many bits differ as among fair coins."""
    rows = streams(draws)[:, :64]
    pairs = [rows[a] ^ rows[:a] for a in range(1, len(rows))]
    return weights_are_binomial(np.concatenate(pairs))


def halves_collide_as_often_as_chance_has_it(draws: Draws) -> bool:
    words = streams(draws).ravel()
    expected = words.size**2 / 2**33
    low, high = stats.poisson.ppf([RARE, 1 - RARE], expected)
    halves = (words >> u(32), words & u(0xFFFFFFFF))
    return all(low <= words.size - np.unique(half).size <= high for half in halves)


CHECKS = [
    bytes_are_even,
    neighbours_are_strangers,
    every_bit_of_who_and_what_for_counts,
    and_under_the_veil,
    streams_that_overlap_under_way_end_as_strangers,
    no_draw_comes_twice,
    no_stream_is_another_xored_or_added_to,
    no_stream_is_another_with_its_bits_in_another_order,
    streams_are_strangers,
    halves_collide_as_often_as_chance_has_it,
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_in_the_engines_luck(draws: Draws, check: Callable[[Draws], bool]):
    assert check(draws)


def test_the_long_battery_reads_what_the_engine_draws():
    """Each order of `luck.py` against the text of the luck and of `Program.streams`."""
    fill, out = orders(fold_as_compiled()), np.empty(BLOCK, u)

    def key(seed: int, stream: int, when: int) -> int:
        return fold(fold(fold(SEED_KEY, seed), int(STREAMS[stream])), when)

    pair = BLOCK // (3 * DEGREE) + 1
    for order, block, at, expected in [
        ("agents", 13, 77, fold(key(0, 1, 3), 77)),
        ("steps", 2, STEPS * 3 + 5, fold(key(0, 0, 6), 2 * (BLOCK // STEPS) + 3)),
        ("streams", 4, 18 * 7 + 14, fold(fold(key(1, 4, 5), 7), 2)),
        ("ties", 33, 3 * (DEGREE + 2) + 1, fold(fold(key(1, 3, 0), 2 * PAIRS + pair), 1)),
        ("seeds", 1, 3, fold(key(3, 0, 0), BLOCK // SEEDS)),
        ("strided", 1, 6 * 9 + 5, fold(key(2, 5, 2), 9 * int(STRIDES[5]))),
    ]:
        fill[order](out, block)
        assert int(out[at]) == expected, order


# -- luck that does not deserve it -----------------------------------------------------------------


@numba.njit
def mixed(x):
    x = (x ^ (x >> u(27))) * M1
    x = (x ^ (x >> u(33))) * M2
    return x ^ (x >> u(27))


@numba.njit
def mixed_32(x):
    x = x & u(0xFFFFFFFF)
    x = ((x ^ (x >> u(16))) * u(0x7FEB352D)) & u(0xFFFFFFFF)
    x = ((x ^ (x >> u(15))) * u(0x846CA68B)) & u(0xFFFFFFFF)
    return x ^ (x >> u(16))


@numba.njit
def xored_in_32_bits(key, number):
    x = u(number) ^ key
    return (mixed_32(x) << u(32)) | mixed_32(~x)


@numba.njit
def xored_in_front(key, number):
    return mixed(u(number) * G ^ key)


@numba.njit
def added_in_front(key, number):
    return mixed(u(number) * G + key)


@numba.njit
def xored_behind(key, number):
    return mixed(u(number) * G + u(1)) ^ mixed(key)


@numba.njit
def added_behind(key, number):
    return mixed(u(number) * G + u(1)) + mixed(key)


@numba.njit
def turned(key, number):
    by = key >> u(59)
    x = mixed(u(number) * G + (key & u(3)))
    return (x << by) | (x >> (u(63) - by) >> u(1))


@numba.njit
def added_in_front_and_between(key, number):
    x = u(number) * G + key
    x = (x ^ (x >> u(27))) * M1 + ((key * u(INJECT)) ^ (key >> u(32)))
    x = (x ^ (x >> u(33))) * M2
    return x ^ (x >> u(27))


@numba.njit
def one_round(key, number):
    x = u(number) * G + key
    x = (x ^ (x >> u(33))) * M2
    return x ^ (x >> u(27))


@numba.njit
def mixed_behind(key, number):
    return mixed(key) + u(number) * G


@numba.njit
def numbers_in_32_bits(key, number):
    x = mixed((u(number) & u(0xFFFFFFFF)) * G + key)
    return mixed(x + key)


SEEN = [
    (xored_in_32_bits, halves_collide_as_often_as_chance_has_it),
    (xored_in_front, and_under_the_veil),
    (added_in_front, no_draw_comes_twice),
    (added_in_front_and_between, and_under_the_veil),  # numbers version 1
    (added_in_front_and_between, streams_that_overlap_under_way_end_as_strangers),
    (xored_behind, streams_are_strangers),
    (added_behind, no_stream_is_another_xored_or_added_to),
    (turned, no_stream_is_another_with_its_bits_in_another_order),
    (one_round, every_bit_of_who_and_what_for_counts),
    (one_round, neighbours_are_strangers),
    (mixed_behind, bytes_are_even),
    (numbers_in_32_bits, no_draw_comes_twice),
]


@pytest.mark.parametrize(("bad", "check"), SEEN, ids=lambda function: function.__name__)
def test_bad_luck_is_seen(bad: Any, check: Callable[[Draws], bool]):
    assert not check(drawn_by(bad))


def test_every_check_has_seen_some():
    assert {check for _, check in SEEN} == set(CHECKS)
