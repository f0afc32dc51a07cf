"""NDlib: `SIRModel` with a recovery in every step, and no status of single nodes handed out.

Its `IndependentCascadesModel` is the same cascade, and slower: a chance is kept per tie.
"""

import networkx
import numpy
from ndlib.models import epidemics
from ndlib.models.ModelConfig import Configuration
from workload import TRANSMISSION, graph, starters


def setup(file: str, agents: int) -> networkx.Graph:
    return graph(file, agents)


def begin(contacts: networkx.Graph, seed: int) -> epidemics.SIRModel:
    model = epidemics.SIRModel(contacts)
    config = Configuration()
    config.add_model_parameter("beta", TRANSMISSION)
    config.add_model_parameter("gamma", 1.0)
    config.add_model_initial_configuration("Infected", starters(len(contacts), seed))
    model.set_initial_status(config)
    numpy.random.seed(seed)  # the luck that NDlib draws from
    return model


def run(model: epidemics.SIRModel) -> int:
    while True:
        count = model.iteration(node_status=False)["node_count"]
        if not count[1]:
            return int(count[2])
