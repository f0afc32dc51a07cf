"""Stories over ever more people, and ever more stories over the same: seconds by shares.

    python -m benchmarks.virality [--threads 2] [--picture docs/pictures/virality_cost.png]

Each time is that of all stories less that of one: what people and network take to be laid out is
taken off. Processor seconds stand beside seconds, as they hang less on what else the machine does.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from time import perf_counter, process_time

import ecumene as ec
from ecumene.models import MODELS

PEOPLE = (10**5, 10**6, 10**7, 10**8, 10**9)
STORIES = (30_000, 100_000, 300_000, 1_000_000)
FIXED_PEOPLE, FIXED_STORIES = 10**7, 100_000


def cost(people: int, stories: int, threads: int) -> tuple[int, float, float]:
    """Shares in all, seconds and processor seconds."""
    model = MODELS["virality"](agents=people, ratio=0.3, decay=0.0)
    model = replace(model, measures={"sharers": model.measures["sharers"]})
    timed(model, 1, threads)  # compiles, where it has to
    laid_out = timed(model, 1, threads)
    shares, seconds, busy = timed(model, stories, threads)
    return shares, seconds - laid_out[1], busy - laid_out[2]


def timed(model: ec.Model, stories: int, threads: int) -> tuple[int, float, float]:
    """The same with what is laid out."""
    started, busy = perf_counter(), process_time()
    lanes = ec.run_lanes(model, stories, seed=1, keep=("sharers",), threads=threads)
    return int(lanes["sharers"].sum()), perf_counter() - started, process_time() - busy


def draw(path: Path, by_people: list[list[float]], by_shares: list[list[float]]) -> None:
    """Both on one scale of processor time for each share."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    with mpl.rc_context({"font.size": 10, "axes.spines.top": False, "axes.spines.right": False}):
        figure, axes = plt.subplots(1, 2, figsize=(9, 3.4), layout="constrained", sharey=True)
        axes[0].loglog([r[2] for r in by_shares], [r[4] for r in by_shares], "o-", color="#2660a4")
        axes[0].set(xlabel="shares in all", ylabel="processor seconds")
        axes[0].set_title("ever more stories over 10 million people", loc="left", fontsize=10)
        axes[1].loglog([r[0] for r in by_people], [r[4] for r in by_people], "o-", color="#d1731f")
        axes[1].set(xlabel="people")
        axes[1].set_title("100,000 stories over ever more people", loc="left", fontsize=10)
        figure.savefig(path, dpi=130, metadata={"Software": None})


def main() -> None:
    """Print a table of each kind, and draw both if asked."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--threads", type=int, default=2)
    asked.add_argument("--picture", type=Path)
    given = asked.parse_args()
    cost(10**5, 10, given.threads)  # compiles
    tables: list[list[list[float]]] = []
    for pairs in (
        [(people, FIXED_STORIES) for people in PEOPLE],
        [(FIXED_PEOPLE, stories) for stories in STORIES],
    ):
        print("| people | stories | shares | seconds | processor seconds | µs a share |")
        print("| --- | --- | --- | --- | --- | --- |")
        rows: list[list[float]] = []
        for people, stories in pairs:
            shares, seconds, busy = cost(people, stories, given.threads)
            rows.append([people, stories, shares, seconds, busy])
            each = 1e6 * busy / shares
            cells = f"{people:,}", f"{stories:,}", f"{shares:,}", f"{seconds:.2f}", f"{busy:.2f}"
            print("|", " | ".join([*cells, f"{each:.1f}"]), "|", flush=True)
        tables.append(rows)
    if given.picture is not None:
        draw(given.picture, *tables)


if __name__ == "__main__":
    main()
