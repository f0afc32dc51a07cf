"""What nobody has any more is gone at once: memory waits for no look for garbage."""

import gc
import weakref

import pytest

import ecumene as ec
from ecumene.models import MODELS

from ...societies import explicit, society


@pytest.mark.parametrize(
    "model",
    [
        MODELS["cascade"].build(agents=500),
        society(explicit(40, [(j * j % 40, j % 40) for j in range(120)]), 40),
        MODELS["trust"].build(agents=2_000),
    ],
    ids=["cascade", "society", "trust"],
)
def test_a_simulations_shard_goes_with_it(model):
    gc.collect()
    gc.disable()
    try:
        simulation = ec.Simulation(model, seed=1)
        simulation.advance()
        (shard,) = simulation._shards
        held = [weakref.ref(shard), weakref.ref(shard.state)]
        del simulation, shard
        assert [one() for one in held] == [None, None]
    finally:
        gc.enable()
