"""Messages in flight: no more memory of many threads than they need."""

import ecumene as ec
from ecumene.backends import Part
from ecumene.backends.cpu.bins import FEWEST, bins_bytes, capacity
from ecumene.engine.lower import lowered
from ecumene.models import MODELS


def program(agents):
    return lowered(MODELS["cascade"].build(agents=agents), 0)


def test_of_many_threads_each_holds_fewer_but_no_bin_too_few():
    large = program(100_000_000)
    held = [workers * capacity(large, 512, workers) for workers in (1, 2, 4, 8, 16, 64)]
    assert held == sorted(held) and held[1] == 2 * held[0] == held[2]
    assert held[4] <= 4 * held[1] and held[5] == 4 * held[4]
    small = program(5_000)
    assert capacity(small, 1, 16) == capacity(small, 1, 1) == small.networks["contacts"].ties + 1
    assert capacity(large, 1 << 20, 64) == FEWEST


def test_what_bins_occupy_is_what_is_planned():
    agents, workers = 3_000_000, 8
    planned = bins_bytes(program(agents), Part(0, 1, agents), workers)
    simulation = ec.Simulation(MODELS["cascade"].build(agents=agents), threads=workers)
    (shard,) = simulation._all_shards
    assert planned == sum(shard.bins.of(w)["bin_place"].nbytes for w in range(workers))
