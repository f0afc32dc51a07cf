"""Who has a flag up, listed without looking at everybody."""

import numpy as np
import pytest

import ecumene as ec
from ecumene.errors import ModelError


def test_those_who_have_a_flag_up_are_listed_over_all_shards(backend):
    model = ec.Model(
        populations={"people": ec.Population(200, told=ec.flag(), age=ec.whole())},
        phases=[],
        start=[ec.set_agents(ec.sample_count(37), told=True)],
    )
    for shards in (1, 3):
        simulation = ec.Simulation(model, seed=4, backend=backend, shards=shards)
        found = simulation.up("told")
        assert found.tolist() == np.flatnonzero(simulation.column("told")).tolist()
        assert len(found) == 37
    with pytest.raises(ModelError, match="no flag or pulse named `age`"):
        simulation.up("age")
