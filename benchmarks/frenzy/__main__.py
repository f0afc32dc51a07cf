"""A year of weeks of a phone's launch, for a given number of buyers: seconds and memory.

python -m benchmarks.frenzy 1e8
"""

from __future__ import annotations

import resource
import sys
from time import perf_counter

import ecumene as ec
from ecumene.models import MODELS

WEEKS = 52


def main() -> None:
    agents = int(float(sys.argv[1])) if len(sys.argv) > 1 else 1_000_000
    threads = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    # Deliveries for a fiftieth a week: the rush comes in the second half of the year.
    model = MODELS["frenzy"](agents=agents, delivery=0.02)
    simulation = ec.Simulation(model, seed=1, threads=threads)
    print(f"{agents:,} buyers, {threads} threads; compiled in {simulation.compile_seconds:.1f} s")
    started, most = perf_counter(), 0
    for _ in range(WEEKS):
        simulation.advance()
        most = max(most, int(simulation.environment["asked"]))
    seconds = perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    each = seconds / WEEKS / agents * 1e9
    print(f"{WEEKS} weeks in {seconds:.1f} s: {each:.1f} ns a buyer and week")
    print(f"at most {most / agents:.0%} asked in a week; peak memory {peak / 1e9:.2f} GB")
    print(f"digest {simulation.digest()}")


if __name__ == "__main__":
    main()
