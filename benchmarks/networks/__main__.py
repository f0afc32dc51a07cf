"""How many neighbours a second each kind of network gives, on one core.

    python -m benchmarks.networks [AGENTS] [LOOKUPS]

Agents are drawn by luck; of each, every tie's number and neighbour are asked for, as the engine
does when all that an agent sends arrives. Compiling is not counted; the best of five is shown.
"""

import sys
from collections import namedtuple
from time import thread_time

import numpy as np

import ecumene as ec
from ecumene.backends.cpu.text import HEAD
from ecumene.random import fold
from ecumene.rules import Reach

KINDS = {
    "matchings, degree 10": ec.matchings(10),
    "configuration, two degrees": ec.configuration({5: 0.5, 15: 0.5}),
    "configuration, power law": ec.configuration(ec.power_law(2.3, 2, 1_000_000)),
    "configuration, power law, directed": ec.configuration(
        ec.power_law(2.3, 2, 1_000_000), directed=True
    ),
    "ring, ordered": ec.lattice(1, reach=5, ordered=True),
    "torus": ec.lattice(2),
    "torus, ordered": ec.lattice(2, ordered=True),
    "small world, degree 10": ec.small_world(10, 0.1),
    "households": ec.circles({1: 0.3, 2: 0.35, 3: 0.15, 4: 0.2}),
    "circles of 150": ec.circles(150),
    "everybody": ec.everybody(),
}
LOOK = """\
@kernel
def look({fields}, source, most):
    net, total, count = Net({fields}), 0, 0
    for s in range(len(source)):
        i = source[s]
        ties = min({degree}(net, i), most - count)
        for k in range(ties):
            total += {tie}(net, i, k) ^ {neighbour}(net, i, k)
        count += ties
    return total, count
"""


def main(agents: str = "1e9", lookups: str = "2e6") -> None:
    n, most = int(float(agents)), int(float(lookups))
    source = np.random.default_rng(1).integers(0, n, most // 2)
    print(f"{n:,} agents, {most:,} slots at most; ns per slot (tie and neighbour), one core")
    print(f"{'network':38}{'ns':>8}{'million/s':>12}{'kB':>10}")
    for name, network in KINDS.items():
        lowered = network.lowered(n, fold(1, 2))
        look, values = compiled(lowered), [*lowered.numbers.values(), *lowered.arrays.values()]
        times = []
        for _ in range(5):
            started = thread_time()
            _, count = look(*values, source, most)
            times.append((thread_time() - started) / count)
        best = min(times[1:])  # the first one compiles
        print(f"{name:38}{best * 1e9:8.1f}{1e-6 / best:12.1f}{lowered.memory_bytes / 1000:10.1f}")


def compiled(lowered):
    reach = Reach()
    names = {
        part: reach.add(getattr(lowered, part), part) for part in ("degree", "neighbour", "tie")
    }
    fields = [*lowered.numbers, *lowered.arrays]
    text = "\n\n".join(
        [
            HEAD.replace("cache=True", "cache=False"),
            *(f"@jit\n{definition}" for definition in reach.definitions),
            LOOK.format(fields=", ".join(f"n_{field}" for field in fields), **names),
        ]
    )
    space = {"Net": namedtuple("Net", fields)}
    exec(text, space)
    return space["look"]


if __name__ == "__main__":
    main(*sys.argv[1:])
