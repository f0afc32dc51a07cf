"""The workload that every adapter runs, and what the adapters share. Needs numpy only."""

import random
from typing import Any

TRANSMISSION = 0.2  # chance that a tie passes it on, tried once
STARTERS = 10  # agents who have it at the start


def pairs(file: str) -> Any:
    """The edge list as an array of two columns, by the quickest reader of numpy."""
    import numpy

    return numpy.loadtxt(file, dtype=numpy.int64)


def graph(file: str, agents: int) -> Any:
    """The network as a networkx graph, agents without ties included."""
    import networkx

    made = networkx.empty_graph(agents)
    made.add_edges_from(pairs(file).tolist())
    return made


def starters(agents: int, seed: int) -> list[int]:
    return random.Random(seed).sample(range(agents), STARTERS)
