"""How much faster more threads are: python -m benchmarks.threads [--threads 1,2,4] [--write]

One cascade with each number of threads in turn, several times over, in one process; every run must
end with the same digest. `--everybody` then runs it once among 8.2 billion agents from the shell,
with as many threads as the table has at most. `--write` puts what is found into RESULTS.md.
"""

import argparse
import os
import platform
from pathlib import Path
from statistics import median
from time import perf_counter

import ecumene as ec
from ecumene.models import MODELS

from ..peers.section import processor, put
from ..spreading.section import load, now
from ..spreading.shell import from_shell

BEGIN, END = "<!-- threads: begin -->", "<!-- threads: end -->"
EVERYBODY = 8_200_000_000


def doubled(most: int) -> list[int]:
    """1, 2, 4, ... and `most`."""
    return sorted({most, *(1 << j for j in range(most.bit_length()))})


def cascade(agents: int, threads: int) -> tuple[float, str]:
    """The seconds of a run, without compiling and allocation, and its digest."""
    model = MODELS["cascade"].build(agents=agents)
    simulation = ec.Simulation(model, seed=1, threads=threads)
    started = perf_counter()
    while simulation.advance():
        pass
    return perf_counter() - started, simulation.digest()


def table(found: dict[int, list[float]]) -> list[str]:
    """A row for each number of threads: the median, and how many times the first's speed."""
    first = median(next(iter(found.values())))
    rows = [
        f"| {threads} | {median(times):.3g} | {min(times):.3g} | {max(times):.3g} | "
        f"{first / median(times):.2f} |"
        for threads, times in found.items()
    ]
    return [
        "| threads | run, s | least | greatest | times as fast |",
        "|--:|--:|--:|--:|--:|",
        *rows,
    ]


def everybody(threads: int, agents: int = EVERYBODY) -> str:
    found = from_shell(agents, threads=threads)
    return (
        f"Among {agents:,} agents from the shell, {threads} threads, once: "
        f"{found['seconds']:.1f} s (whole process {found['process_s']:.1f} s), "
        f"{found['peak_memory_bytes'] / 1e9:.2f} GB, "
        f"digest `{found['digest']}`."
    )


def measured(agents: int, threads: list[int], times: int) -> tuple[dict[int, list[float]], str]:
    """The seconds of every run by threads, and the digest of them all.

    Raises `AssertionError` where they have more than one.
    """
    cascade(100_000, threads[-1])  # compiles
    found: dict[int, list[float]] = {number: [] for number in threads}
    digests = set()
    for _ in range(times):
        for number in threads:
            took, digest = cascade(agents, number)
            found[number].append(took)
            digests.add(digest)
    assert len(digests) == 1, f"threads change the digest: {sorted(digests)}"
    return found, digests.pop()


def arguments() -> argparse.Namespace:
    cores = len(os.sched_getaffinity(0))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", default="1e8")
    parser.add_argument("--threads", default=",".join(map(str, doubled(cores))))
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--everybody", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--out", default=str(Path(__file__).parents[1] / "RESULTS.md"))
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    agents, threads = int(float(asked.agents)), [int(n) for n in asked.threads.split(",")]
    before = load()
    found, digest = measured(agents, threads, asked.times)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    text = "\n".join(
        [
            BEGIN,
            "## More threads\n",
            f"Written by `python -m benchmarks.threads --write`: `cascade` among {agents:,} "
            f"agents, seed 1, {asked.times} times with each number of threads in turn; medians, "
            f"without compiling and allocation. {now()}; {processor()}, {os.cpu_count()} cores, "
            f"{memory:.0f} GiB, Python {platform.python_version()}; load {before} to {load()}.\n",
            *table(found),
            f"\nEvery run ended with the digest `{digest}`.",
            *([f"\n{everybody(max(threads))}"] if asked.everybody else []),
            END,
        ]
    )
    print(text)
    if asked.write:
        put(Path(asked.out), text, BEGIN, END)


if __name__ == "__main__":
    main()
