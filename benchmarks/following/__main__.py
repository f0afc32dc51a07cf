"""What following 1,000 chosen agents adds to a run: `python -m benchmarks.following`.

A cascade of ten million agents, with and without, taking turns in one process: each run with them
is held against those right before and after it, and the middle one of these shares is told, of the
time and of the processors' time, which others on the machine do not lengthen.
"""

import argparse
from itertools import pairwise
from statistics import median
from time import perf_counter, process_time

import numpy as np

import ecumene as ec
from ecumene.engine import Following
from ecumene.models import MODELS


def taken(model, followed, threads) -> tuple[tuple[float, float], tuple[str, int, int]]:
    """How long all steps take, and how much of processors; digest, steps and events."""
    simulation = ec.Simulation(model, seed=1, threads=threads)
    agents = np.arange(followed) * (model.agents // max(1, followed))
    following = Following(simulation, agents) if followed else None
    take = following.advance if following else simulation.advance
    began = perf_counter(), process_time()
    while take():
        pass
    times = perf_counter() - began[0], process_time() - began[1]
    events = len(following.events) if following else 0
    return times, (simulation.digest(), simulation.step, events)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=float, default=1e7)
    parser.add_argument("--followed", type=int, default=1000)
    parser.add_argument("--repeated", type=int, default=15)
    parser.add_argument("--threads", type=int, default=2)
    typed = parser.parse_args()
    model = MODELS["cascade"].build(agents=int(typed.agents))
    alone, (digest, steps, _) = [], taken(model, 0, typed.threads)[1]
    with_them, events = [], 0
    alone.append(taken(model, 0, typed.threads)[0])
    for _ in range(typed.repeated):
        times, (same, _, events) = taken(model, typed.followed, typed.threads)
        assert same == digest, "following changed the run"
        with_them.append(times)
        alone.append(taken(model, 0, typed.threads)[0])
    print(
        f"{model.agents:,} agents, {steps} steps, {typed.threads} threads; {typed.followed:,} of "
        f"them followed, {events:,} events; {typed.repeated} pairs"
    )
    for which, name in enumerate(("time", "processors' time")):
        base = [a[which] for a in alone]
        between = [(a + b) / 2 for a, b in pairwise(base)]
        shares = [one[which] / b - 1 for one, b in zip(with_them, between, strict=True)]
        print(f"  {name}: {median(base):.3f} s alone, {100 * median(shares):+.1f} % with them")


if __name__ == "__main__":
    main()
