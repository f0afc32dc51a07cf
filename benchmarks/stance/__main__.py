"""Rounds of the ready model `stance`: `python -m benchmarks.stance 1e7`.

With `--plainly` the same people meet in turns one after another and in stages, in one process: the
draws of a configuration model agent by agent and a sorted sample, against those the engine takes.
"""

from __future__ import annotations

import argparse
import dataclasses
import resource
from statistics import median
from time import perf_counter, process_time

import ecumene as ec
from ecumene.backends.cpu import rounds
from ecumene.models import MODELS


@dataclasses.dataclass(frozen=True)
class Plain:
    """A network whose ties are followed one after another."""

    network: ec.Network
    notices: tuple[str, ...] = ()

    def lowered(self, agents, key):
        return dataclasses.replace(self.network.lowered(agents, key), walk=None)

    def identity(self):
        return self.network.identity()


def seconds(simulation: ec.Simulation) -> float:
    """How long a round takes."""
    started = perf_counter()
    simulation.advance()
    return perf_counter() - started


def compare(model: ec.Model, typed: argparse.Namespace) -> None:
    """Both ways in turns, and what one takes of the other."""
    plain = model.with_network("ties", Plain(model.networks["ties"]))
    ways = [ec.Simulation(m, seed=1, threads=typed.threads) for m in (plain, model)]
    taken, at_once = ([], []), rounds.SAMPLED_AT_ONCE
    for _ in range(typed.rounds):
        for way, least in enumerate((1 << 60, at_once)):
            rounds.SAMPLED_AT_ONCE = least
            taken[way].append(seconds(ways[way]))
    assert ways[0].digest() == ways[1].digest(), "the two ways differ"
    one, other = median(taken[0]), median(taken[1])
    print(f"{1e3 * one:.1f} ms a round plainly, {1e3 * other:.1f} ms in stages: {one / other:.2f}x")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("agents", type=float, nargs="?", default=1e6)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--plainly", action="store_true", help="compare with one after another")
    typed = parser.parse_args()
    model = MODELS["stance"].build(agents=int(typed.agents))
    if typed.plainly:
        compare(model, typed)
        return
    simulation = ec.Simulation(model, seed=1, threads=typed.threads)
    print(f"{model.agents:,} agents, {typed.threads} threads; compiled and made ready in", end=" ")
    print(f"{simulation.compile_seconds:.1f} s")
    used = process_time()
    each = [seconds(simulation) for _ in range(typed.rounds)]
    used = process_time() - used
    met = model.parameters["sampled"] * model.agents
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(f"{typed.rounds} rounds in {sum(each):.2f} s: {1e3 * median(each):.1f} ms a round,")
    print(f"{1e9 * median(each) / met:.0f} ns an encounter, on all cores together", end=" ")
    print(f"{1e9 * used / typed.rounds / met:.0f} ns; peak memory {peak / 1e9:.2f} GB")
    print(f"digest {simulation.digest()}")


if __name__ == "__main__":
    main()
