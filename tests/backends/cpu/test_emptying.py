"""Law 6: a crowded set that workers empty together is empty, like one that is emptied alone."""

import numpy as np
import pytest

import ecumene as ec
from ecumene.models import MODELS

AGENTS = 600_000  # Three blocks, the last of them not whole.


@pytest.mark.parametrize("members", [AGENTS, AGENTS // 8, 40])
def test_workers_leave_nobody_in_a_set(members, monkeypatch):
    monkeypatch.setattr("ecumene.backends.cpu.emptying.LARGE", 1)
    simulation = ec.Simulation(MODELS["cascade"].build(agents=AGENTS), backend="cpu", threads=2)
    shard = simulation._shards[0]
    bits = shard.state.arrived["pass_on"]
    places = np.random.default_rng(members).permutation(AGENTS)[:members]
    shard.module.put_all(*bits.levels, places)
    shard.end_step()
    assert [level.any() for level in bits.levels] == [False, False, False]
