"""A sample drawn by all threads and listed from a set is the one drawn and sorted."""

from itertools import pairwise

import numpy as np
import pytest

import ecumene as ec
from ecumene.backends.cpu import binning, sampling
from ecumene.networks.permutation import drawn_places

BLOCK = 1 << 18  # Places that share no word with others: where workers' runs may end.


def inline(work, items, few):
    return [work(item) for item in items]


def in_three(size):
    """Three runs; of places, at ends of blocks."""
    unit = BLOCK if size > BLOCK else 1
    cuts = [min(size, -(-size // unit) * w // 3 * unit) for w in range(4)]
    return list(pairwise(cuts))


@pytest.mark.parametrize("n", [600_000, 786_432, 1])
@pytest.mark.parametrize("share", [0.0, 0.0001, 0.02])
def test_it_is_what_is_drawn_and_sorted(monkeypatch, n, share):
    monkeypatch.setattr(sampling, "PIECE", 1 << 12)
    sample, count = sampling.Sample(0, n, in_three, inline), round(n * share)
    for luck in (1, 2):  # The second time nobody is left of the first.
        marked = sample.mark(luck, n, count)
        into = np.empty(sum(marked), np.int32)
        sample.take(marked, into)
        assert into.tolist() == sorted(drawn_places(luck, n, count).tolist())
    assert not any(level.any() for level in sample.levels)


def test_a_shard_lists_its_own():
    n, first, size = 900_000, 300_000, 500_000
    sample = sampling.Sample(first, size, in_three, inline)
    marked = sample.mark(7, n, 9_000)
    into = np.empty(sum(marked), np.int64)
    sample.take(marked, into)
    drawn = np.sort(drawn_places(7, n, 9_000))
    drawn = drawn[(drawn >= first) & (drawn < first + size)]
    assert (into + first).tolist() == drawn.tolist()


@pytest.mark.parametrize("n", [600_000, 786_433, 1])
@pytest.mark.parametrize("count", [0, 1, 9_000])
@pytest.mark.parametrize("part", [1, 3])
def test_drawn_into_bins_it_is_the_same(n, count, part):
    """Of a whole population, and of a part of one that begins and ends anywhere."""
    first, size, count = n // part // 2 * (part > 1), n // part, min(n, count)
    sample = binning.Binned(first, size, 3, inline)
    for luck, kind in ((1, np.int32), (2, np.int64), (3, np.int32)):
        into = np.empty(count, kind)
        found = into[: sample.list(luck, n, count, lambda size, into=into: into[:size])]
        drawn = np.sort(drawn_places(luck, n, count))
        drawn = drawn[(drawn >= first) & (drawn < first + size)]
        assert (found + first).tolist() == drawn.tolist()
    assert not any(words.any() for words in sample.words)


def test_a_sparse_sample_needs_less_room_than_its_list():
    assert binning.is_sparse(10, 160) and not binning.is_sparse(11, 160)
    assert binning.room_bytes(10_000_000, 10**9, 10**9, 4) == 40_000_000
    assert binning.room_bytes(10**9, 10**9, 10**9, 4) == sampling.sample_bytes(10**9)


@ec.encounter(over="ties", on=ec.sample("share"), shows="seen", writes="seen")
def look(me, other, env, model, key):
    return (me.seen + other.degree + ec.integer(key, 3)) % 100


@pytest.mark.parametrize("share", [0.1, 0.05])  # Marked in a set, and drawn into bins.
def test_threads_shards_and_a_sorted_sample_give_the_same_bits(monkeypatch, share):
    people = ec.Population(600_000, seen=ec.whole(high=100))
    model = ec.Model(
        populations={"people": people},
        networks={"ties": ec.configuration({1: 0.5, 2: 0.3, 9: 0.2})},
        phases=[[look]],
        parameters={"share": share},
    )
    digests = {digest_of(model, **h) for h in ({}, {"threads": 2}, {"shards": 3, "threads": 2})}
    monkeypatch.setattr("ecumene.backends.cpu.rounds.SAMPLED_AT_ONCE", 1 << 40)
    assert digests == {digest_of(model)}


def digest_of(model, **how):
    simulation = ec.Simulation(model, seed=2, **how)
    for _ in range(2):
        simulation.advance()
    return simulation.digest()
