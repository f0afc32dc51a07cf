"""EoN: `basic_discrete_SIR`, which its documentation names the faster of its two discrete ones."""

import warnings

import networkx
import numpy
from workload import TRANSMISSION, graph, starters

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # EoN's own, about names that SciPy has moved
    import EoN


def setup(file: str, agents: int) -> networkx.Graph:
    return graph(file, agents)


def begin(contacts: networkx.Graph, seed: int) -> tuple[networkx.Graph, list[int], int]:
    return contacts, starters(len(contacts), seed), seed


def run(ready: tuple[networkx.Graph, list[int], int]) -> int:
    contacts, first, seed = ready
    luck = numpy.random.default_rng(seed)
    *_, reached = EoN.basic_discrete_SIR(contacts, TRANSMISSION, initial_infecteds=first, rng=luck)
    return int(reached[-1])
