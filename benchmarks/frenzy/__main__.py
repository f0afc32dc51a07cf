"""A year of weeks of a phone's launch, for a given number of buyers: seconds and memory.

    python -m benchmarks.frenzy 1e8 [--threads 2] [--delivery 0.02] [--hand]

It is the model by its defaults; with more delivered in a week fewer ask for a phone. `--hand`
goes through each week by loops for this one shop, too (`hand.py`), right after the engine, and
holds what people have in the end against the engine's. Processor seconds stand beside seconds, as
they hang less on what else the machine does.
"""

from __future__ import annotations

import argparse
import resource
from time import perf_counter, process_time

import numpy as np

import ecumene as ec
from ecumene.models import MODELS

from .hand import KEPT, Year

WEEKS = 52


class Clock:
    """Seconds and processor seconds, added up."""

    def __init__(self) -> None:
        self.seconds = self.processor = 0.0

    def __call__(self, work) -> None:
        started, busy = perf_counter(), process_time()
        work()
        self.seconds += perf_counter() - started
        self.processor += process_time() - busy

    def told(self, agents: int) -> str:
        each = [1e9 * t / WEEKS / agents for t in (self.seconds, self.processor)]
        return (
            f"{self.seconds:.1f} s, {self.processor:.1f} of processors: "
            f"{each[0]:.1f} ns and {each[1]:.1f} ns a buyer and week"
        )


def main() -> None:
    asked = arguments()
    agents = int(float(asked.agents))
    if asked.hand:
        gone_through(20_000, asked)  # compiles the loops
    print(f"{agents:,} buyers, {asked.threads} threads, {asked.delivery:.0%} delivered in a week")
    engine, hand, most, simulation = gone_through(agents, asked)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(f"{WEEKS} weeks in {engine.told(agents)}")
    print(f"at most {most / agents:.0%} asked in a week; peak memory {peak / 1e9:.2f} GB")
    print(f"digest {simulation.digest()}")
    if asked.hand:
        print(f"by hand in {hand.told(agents)}; everybody ends with the same")


def gone_through(agents: int, asked: argparse.Namespace):
    """What the engine took, and the loops; the most that asked in a week; and the simulation."""
    model = MODELS["frenzy"](agents=agents, delivery=asked.delivery)
    simulation = ec.Simulation(model, seed=1, threads=asked.threads)
    engine, hand, most = Clock(), Clock(), 0
    year = Year(simulation) if asked.hand else None
    for week in range(WEEKS):
        engine(simulation.advance)
        most = max(most, int(simulation.environment["asked"]))
        if year is not None:
            env = {name: simulation.environment[name] for name in KEPT}
            hand(lambda env=env, week=week: year.week(env, week))
    for name in ("holds", "stash", "waited", "memory", "cash") if year is not None else ():
        assert np.array_equal(getattr(year.people, name), simulation.column(name)), name
    return engine, hand, most, simulation


def arguments() -> argparse.Namespace:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("agents", nargs="?", default="1e6")
    asked.add_argument("--threads", type=int, default=2)
    asked.add_argument("--delivery", type=float, default=0.01, help="units per buyer and week")
    asked.add_argument("--hand", action="store_true")
    return asked.parse_args()


if __name__ == "__main__":
    main()
