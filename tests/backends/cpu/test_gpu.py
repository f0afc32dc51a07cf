"""A GPU gives the bits that the CPU gives, function by function; skipped where there is none.

There is no backend for it yet. Held here is what one would stand on: luck, functions of numbers,
permutations and networks, each of a million inputs, compiled from the very text that the CPU
compiles. Whole kernels of models are in `test_gpu_kernels.py`.
"""

import numpy as np
import pytest

import ecumene as ec
from ecumene import functions, random
from ecumene.networks import permutation

from ...on_gpu import on_both, same_bits, unfused
from ...societies import key_of

MANY = 1_000_000


def numbers(low, high, seed=1):
    return np.random.default_rng(seed).integers(low, high, MANY, np.int64)


def counters(seed=2):
    """Whole numbers of every size from 0."""
    return numbers(0, 2**62, seed) >> numbers(0, 62, seed + 100)


def keys():
    return np.random.default_rng(3).integers(0, 2**64, MANY, np.uint64)


def evenly(low, high, seed=4):
    return np.random.default_rng(seed).uniform(low, high, MANY)


def floats(seed, least=-150, most=150):
    """Of any size, powers of ten from `least` to `most`, of either sign."""
    sizes = 10.0 ** evenly(least, most, seed) * evenly(0.5, 1.0, seed + 100)
    return np.where(evenly(0, 1, seed + 200) < 0.5, -sizes, sizes)


def chances():
    return np.where(counters() % 5 == 0, numbers(-1, 3) / 1.0, evenly(0, 1))


def whole(seed):
    """Whole numbers of every size and either sign, none of them 0."""
    return np.where(numbers(0, 2, seed) == 0, -1 - counters(seed), 1 + counters(seed))


def zeros(axis):
    some = np.array([0.0, -0.0, 1.0, -1.0, np.inf, -np.inf])
    return np.meshgrid(some, some)[axis].ravel()


def second(key):
    return ec.uniform(key, 2)


def of_two(key, p):
    return ec.chance(key, p, 1)


def die(key, n):
    return ec.integer(key, n, 3)


LUCK = {
    "fold": lambda: (random.fold, keys(), counters()),
    "fold of the other sign": lambda: (random.fold, keys(), ~counters()),
    "natural": lambda: (random.natural, keys(), counters()),
    "uniform": lambda: (second, keys()),
    "chance": lambda: (of_two, keys(), chances()),
    "integer": lambda: (die, keys(), 1 + numbers(0, 2**31)),
    "below": lambda: (random.below, keys(), 1 + counters()),
    "normal": lambda: (functions.normal, keys()),
}


def product_and_sum(x, y, z):
    return x * y + z


def differences(x, y, z):
    return (x - y * z) * (x + 0.1) - z / 3.0


def share(x, y):
    return x / y


def ratio(a, b):
    return a / b


def quotient(a, b):
    return a // b


def remainder(a, b):
    return a % b


def lesser(x, y):
    return min(x, y)


def greater(x, y):
    return max(x, y)


def size(x):
    return abs(x)


def cut(x):
    return int(x)


def order(x, y):
    return (x < y) + 2 * (x <= y) + 4 * (x == y)


NUMBERS = {
    "product and sum": lambda: (product_and_sum, floats(1), floats(2), floats(3)),
    "what cancels": lambda: (product_and_sum, floats(1), floats(2), -floats(1) * floats(2)),
    "differences": lambda: (differences, floats(1), floats(2), floats(3)),
    "share": lambda: (share, floats(1), floats(2)),
    "small share": lambda: (share, floats(1, -323, -290), floats(2, -10, 30)),
    "small product": lambda: (product_and_sum, floats(1, -200, -150), floats(2, -160, -100), 0.0),
    "ratio": lambda: (ratio, whole(1), whole(2)),
    "quotient": lambda: (quotient, whole(1), whole(2)),
    "remainder": lambda: (remainder, whole(1), whole(2)),
    "lesser": lambda: (lesser, floats(1), floats(2)),
    "greater": lambda: (greater, floats(1), floats(2)),
    "lesser of zeros": lambda: (lesser, zeros(0), zeros(1)),
    "greater of zeros": lambda: (greater, zeros(0), zeros(1)),
    "greater of two kinds": lambda: (greater, whole(1), floats(1, 0, 18)),
    "size": lambda: (size, floats(1)),
    "cut": lambda: (cut, floats(1, -3, 18)),
    "order": lambda: (order, zeros(0), zeros(1)),
    "exp": lambda: (functions.exp, evenly(-800.0, 800.0)),
    "log": lambda: (functions.log, np.abs(floats(1, -300, 300))),
    "sqrt": lambda: (functions.sqrt, np.abs(floats(1, -300, 300))),
    "quantile": lambda: (functions.quantile, np.maximum(evenly(0, 1) ** numbers(1, 9), 1e-300)),
}


@pytest.fixture(scope="module")
def gpu():
    with unfused() as jit:
        yield jit


@pytest.mark.parametrize("what", LUCK)
def test_luck_is_the_same(gpu, what):
    same_bits(*on_both(gpu, *LUCK[what]()))


@pytest.mark.parametrize("what", NUMBERS)
def test_functions_of_numbers_are_the_same(gpu, what):
    same_bits(*on_both(gpu, *NUMBERS[what]()))


def sent(i, side, per_side, a, b, c, d, e):
    return permutation.forward_once(i, side, per_side, (a, b, c, d, e))


def sent_back(i, side, per_side, a, b, c, d, e):
    return permutation.backward_once(i, side, per_side, (a, b, c, d, e))


@pytest.mark.parametrize("agents", [MANY, 8_200_000_000])
@pytest.mark.parametrize("way", [sent, sent_back])
def test_a_permutation_is_the_same(gpu, way, agents):
    side = permutation.side_of(agents)
    keys = permutation.round_keys(key_of(5))
    same_bits(*on_both(gpu, way, numbers(0, side * side), side, 1.0 / side, *keys))


NETWORKS = {
    "matchings": (ec.matchings(10), MANY + 1),
    "matchings of all people": (ec.matchings(10), 8_200_000_000),
    "configuration": (ec.configuration({1: 0.4, 2: 0.4, 12: 0.2}), MANY),
    "power law": (ec.configuration(ec.power_law(2.3, 1, 1000)), MANY),
    "lattice": (ec.lattice(2, "von_neumann", sides=(1000, 1000)), MANY),
    "small world": (ec.small_world(6, 0.2), MANY),
    "circles": (ec.circles({1: 0.3, 2: 0.4, 5: 0.3}), MANY),
}


@pytest.mark.parametrize("kind", NETWORKS)
def test_everybody_has_the_same_neighbours_by_the_same_ties(gpu, kind):
    network, agents = NETWORKS[kind]
    lowered = network.lowered(agents, key_of(6))
    who = numbers(0, agents)
    [degrees, _] = on_both(gpu, lowered.degree, who, net=lowered)
    tie = numbers(0, 2**40) % np.maximum(degrees, 1)
    for look in (lowered.degree, lowered.neighbour, lowered.tie):
        columns = (who,) if look is lowered.degree else (who, tie)
        same_bits(*on_both(gpu, look, *columns, net=lowered))


def test_the_remainder_of_fractions_is_another(gpu):
    """Seen here so that a backend brings its own: a quotient may be rounded up.

    The compiler for GPUs takes x - floor(x / y) * y for it; 1.0 % 0.1 is then 0 and not 0.09999...
    """
    cpu, there = on_both(gpu, remainder, np.abs(floats(1, 0, 2)), np.abs(floats(2, -2, 0)))
    assert not np.array_equal(cpu, there)
