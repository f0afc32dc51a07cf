"""EoN: `fast_SIR`, in continuous time, its quickest; a tie's chance of 0.2 is set by the rates.

Not the same cascade: how long an agent passes it on is drawn, so its ties are not independent of
one another. Who is reached at last has the same share.
"""

import warnings

import networkx
import numpy
from with_eon import begin as begin
from with_eon import setup as setup
from workload import TRANSMISSION

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import EoN


def run(ready: tuple[networkx.Graph, list[int], int]) -> int:
    contacts, first, seed = ready
    rate = TRANSMISSION / (1 - TRANSMISSION)  # against a rate of recovery of one
    luck = numpy.random.default_rng(seed)
    *_, reached = EoN.fast_SIR(contacts, rate, 1.0, initial_infecteds=first, rng=luck)
    return int(reached[-1])
