"""Draws in bulk, compiled from the luck's own text, in the orders in which runs make them.

Used by `test_random_battery.py` and, at full length, by `benchmarks/luck`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np

from ecumene import random
from ecumene.backends import name_number
from ecumene.engine.lower import SEED_KEY
from ecumene.rules.source import Reach

BLOCK = 90 << 12  # Draws in a block: whole lives, whole agents, whole pairs.
RULES = ["age", "meet", "learn", "pass it on", "vote", "move"]
STREAMS = np.array([name_number(f"rule:{name}") for name in RULES], np.uint64)
STRIDES = np.array([10, 1_000, 1 << 16, 1 << 20, 1 << 32, 8_200_000_000], np.int64)
STEPS, SEEDS = 1 << 13, 1 << 12
PAIRS, DEGREE = 500_000, 10  # Of a random regular graph of a million agents.
ONCE, FIRST, SECOND = 0, 1, 2


@numba.njit
def unsigned(number):
    return np.uint64(number)


def fold_as_compiled() -> Any:
    """`ecumene.random.fold`, compiled from its text as a backend does it."""
    reach = Reach()
    name = reach.add(random.fold, "luck")
    space: dict[str, Any] = {"unsigned": unsigned, "int": np.int64, "float": np.float64}
    exec("\n".join(reach.definitions), space)
    return numba.njit(space[name])


def drawn_by(fold: Any) -> Callable[..., np.ndarray]:
    """`draws(key, numbers)`: many draws under one key, or each number under its own."""

    @numba.njit
    def fill(keys, numbers, out):
        for i in range(out.size):
            out[i] = fold(keys[i if keys.size > 1 else 0], numbers[i])

    def draws(key, numbers):
        numbers = np.asarray(numbers, np.int64)
        out = np.empty(numbers.size, np.uint64)
        fill(np.atleast_1d(np.asarray(key, np.uint64)), numbers, out)
        return out

    return draws


def orders(fold: Any) -> dict[str, Callable[[np.ndarray, int], None]]:
    """Fill a block with the draws of a run (`program.streams`), by what goes fastest."""

    @numba.njit
    def key(seed, stream, when):
        return fold(fold(fold(np.uint64(SEED_KEY), seed), np.int64(stream)), when)

    @numba.njit
    def keys_of(seed, when):
        keys = np.empty(STREAMS.size, np.uint64)
        for s in range(keys.size):
            keys[s] = key(seed, STREAMS[s], when)
        return keys

    @numba.njit
    def three(out, at, luck):
        out[at], out[at + 1], out[at + 2] = luck, fold(luck, FIRST), fold(luck, SECOND)

    @numba.njit
    def agents(out, block):  # One rule in one step after another, over all agents.
        luck = key(0, STREAMS[block % STREAMS.size], block // STREAMS.size + 1)
        for i in range(out.size):
            out[i] = fold(luck, i)

    @numba.njit
    def steps(out, block):  # One agent's life after another.
        stream = fold(fold(np.uint64(SEED_KEY), 0), np.int64(STREAMS[0]))
        lives = out.size // STEPS
        for life in range(lives):
            for step in range(STEPS):
                out[life * STEPS + step] = fold(fold(stream, step + 1), block * lives + life)

    @numba.njit
    def streams(out, block):  # All rules' draws of one agent, three each, then the next agent's.
        keys = keys_of(1, block + 1)
        for i in range(out.size // 3):
            three(out, 3 * i, fold(keys[i % STREAMS.size], i // STREAMS.size))

    @numba.njit
    def ties(out, block):  # Pair by pair, over ten matchings: to send, to receive, to choose by.
        luck = key(block // 32, STREAMS[3], ONCE)
        first = block % 32 * (out.size // (3 * DEGREE))
        for i in range(out.size // 3):
            three(out, 3 * i, fold(luck, i % DEGREE * PAIRS + first + i // DEGREE))

    @numba.njit
    def seeds(out, block):  # One agent in the runs of seeds 0, 1, 2, ..., then the next agent.
        for i in range(out.size):
            out[i] = fold(
                key(i % SEEDS, STREAMS[0], ONCE), block * (out.size // SEEDS) + i // SEEDS
            )

    @numba.njit
    def strided(out, block):  # Rules in turn, each over numbers far apart.
        keys = keys_of(2, block + 1)
        for i in range(out.size):
            rule = i % STREAMS.size
            out[i] = fold(keys[rule], i // STREAMS.size * STRIDES[rule])

    every = (agents, steps, streams, ties, seeds, strided)
    return {f.__name__: f for f in every}
