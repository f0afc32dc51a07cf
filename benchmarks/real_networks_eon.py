"""Sizes of cascades by EoN (Miller and Ting 2019), in an environment that `real_networks.py` makes.

    python real_networks_eon.py FILE DIRECTED TRANSMISSION REPLICATIONS

prints one size per line. EoN's `basic_discrete_SIR` tries every tie of a newly reached agent once,
in rounds: the independent cascade. Its luck is Python's and has nothing in common with Ecumene's.
"""

import random
import sys
import warnings

import networkx

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # EoN 2.0's own, about names that SciPy has moved
    import EoN


def main(file: str, directed: str, transmission: str, replications: str) -> None:
    kind = networkx.DiGraph if directed == "directed" else networkx.Graph
    graph = networkx.read_edgelist(file, nodetype=int, create_using=kind)
    agents = list(graph)
    random.seed(2026)
    for _ in range(int(replications)):
        seed = random.choice(agents)
        _, _, _, reached = EoN.basic_discrete_SIR(
            graph, float(transmission), initial_infecteds=[seed]
        )
        print(int(reached[-1]))


if __name__ == "__main__":
    main(*sys.argv[1:])
