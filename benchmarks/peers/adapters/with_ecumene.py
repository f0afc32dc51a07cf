"""Ecumene: `read_network`, the ready model `cascade` with that network, `Simulation`.

Many ties are read on two cores, as for any user; the simulation takes one thread. The starters are
drawn by Ecumene's own luck among the agents who have ties; no run folder.
"""

from workload import STARTERS, TRANSMISSION

import ecumene as ec
from ecumene.models import cascade


def setup(file: str, agents: int) -> ec.Model:
    network = ec.read_network(file, directed=False)
    model = cascade.model.build(agents=network.agents, transmission=TRANSMISSION, seeds=STARTERS)
    return model.with_network("contacts", network)


def begin(model: ec.Model, seed: int) -> ec.Simulation:
    return ec.Simulation(model, seed=seed)


def run(simulation: ec.Simulation) -> int:
    simulation.advance_all()
    return int(simulation.measure()["reached"])
