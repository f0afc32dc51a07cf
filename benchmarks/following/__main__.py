"""What following 1,000 chosen agents adds to a run: `python -m benchmarks.following`.

A cascade of ten million agents, with and without, taking turns in one process; medians.
"""

import argparse
from statistics import median
from time import perf_counter

import numpy as np

import ecumene as ec
from ecumene.engine import Following
from ecumene.models import MODELS


def seconds(model, followed, threads) -> tuple[float, str, int]:
    """How long all steps take, the digest, and how many steps there were."""
    simulation = ec.Simulation(model, seed=1, threads=threads)
    agents = np.arange(followed) * (model.agents // max(1, followed))
    started = perf_counter()
    take = Following(simulation, agents).advance if followed else simulation.advance
    while take():
        pass
    return perf_counter() - started, simulation.digest(), simulation.step


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=float, default=1e7)
    parser.add_argument("--followed", type=int, default=1000)
    parser.add_argument("--repeated", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    typed = parser.parse_args()
    model = MODELS["cascade"].build(agents=int(typed.agents))
    alone, with_them = [], []
    for _ in range(typed.repeated):
        one = seconds(model, 0, typed.threads)
        two = seconds(model, typed.followed, typed.threads)
        assert one[1:] == two[1:], "following changed the run"
        alone.append(one[0])
        with_them.append(two[0])
    share = median(with_them) / median(alone) - 1
    print(f"{model.agents:,} agents, {one[2]} steps: {median(alone):.3f} s alone,")
    print(f"{median(with_them):.3f} s with {typed.followed:,} followed: {100 * share:+.1f} %")


if __name__ == "__main__":
    main()
