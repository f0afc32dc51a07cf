"""`other.degree`: how many ties the agent has whom an encounter meets, alike on every backend."""

import numpy as np
import pytest

import ecumene as ec
from ecumene.errors import ModelError

from ..societies import rows


@ec.encounter(over="ties", shows="seen", writes="seen")
def look(me, other, env, model, key):
    return other.degree


def society(agents, **columns):
    people = ec.Population(agents, seen=ec.whole(high=100), **columns)
    return ec.Model(
        populations={"people": people}, networks={"ties": ec.matchings(3)}, phases=[[look]]
    )


@pytest.mark.parametrize("shards", [1, 3])
def test_a_star_s_spokes_see_its_hub(backend, shards):
    star = rows(40, [(0, j) for j in range(1, 40)], directed=False)
    model = society(40).with_network("ties", star)
    simulation = ec.Simulation(model, backend=backend, shards=shards)
    simulation.advance()
    assert simulation.column("seen").tolist() == [1, *[39] * 39]


def test_degrees_are_those_of_the_network():
    model = society(300).with_network("ties", ec.configuration(ec.power_law(2.5, 1, 50)))
    simulations = [ec.Simulation(model, seed=4, backend=b) for b in ("cpu", "reference")]
    for simulation in simulations:
        simulation.advance()
    seen, again = (simulation.column("seen") for simulation in simulations)
    degrees = simulations[0].degrees("ties", np.arange(300))
    assert (seen == again).all() and set(seen.tolist()) <= {0, *degrees.tolist()}
    assert seen.mean() > degrees.mean()  # one's neighbours have more friends than oneself


def test_a_column_of_that_name_is_refused():
    with pytest.raises(ModelError, match=r"would hide `other.degree`"):
        ec.Simulation(society(10, degree=ec.whole()), backend="reference")
