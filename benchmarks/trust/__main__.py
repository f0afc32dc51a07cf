"""Rounds of the ready model `trust`: `python -m benchmarks.trust 1e7`.

The time of all cores is said beside what passed, since a machine may be busy with other things.
"""

from __future__ import annotations

import argparse
import resource
from time import perf_counter, process_time

import ecumene as ec
from ecumene.models import MODELS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("agents", type=float, nargs="?", default=1e6)
    parser.add_argument("--rounds", type=int, default=5, help="timed, after one that is not")
    parser.add_argument("--learning", action="store_true", help="who plays again remembers")
    parser.add_argument("--threads", type=int, default=2)
    typed = parser.parse_args()
    model = MODELS["trust"].build(agents=int(typed.agents), rounds=250 if typed.learning else 1)
    simulation = ec.Simulation(model, seed=1, threads=typed.threads)
    simulation.advance()
    passed, used = perf_counter(), process_time()
    for _ in range(typed.rounds):
        simulation.advance()
    passed, used = perf_counter() - passed, process_time() - used
    each = 1e9 / (typed.rounds * model.agents)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(
        f"{model.agents:,} agents, {typed.threads} threads: {passed / typed.rounds:.3f} s a round,"
    )
    print(f"{each * passed:.1f} ns an agent; {each * used:.1f} ns of all cores together,")
    print(f"peak memory {peak / 1e9:.2f} GB; digest {simulation.digest()}")


if __name__ == "__main__":
    main()
