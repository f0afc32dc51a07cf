"""The README's picture of its model: what a chance does to how far something gets.

Left, the share of the world's people reached, round by round, at two chances and under the same
luck. Right, the final share over the chance, against bond percolation on a random regular graph
(Newman 2002): S = 1 - u**k with u = 1 - p + p*u**(k - 1).

`make pictures` runs it; the numbers come from `ec.run`, and runs that are kept are not repeated.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from style import BLUE, GREY, ORANGE, STYLE

import ecumene as ec
from ecumene.models import MODELS

HERE = Path(__file__).parent
STORE = HERE.parent / "_build" / "runs"
AGENTS, SWEEP_AGENTS, DEGREE, SEED = 10_000_000, 1_000_000, 10, 1
HIGH, LOW = 0.15, 0.13
CHANCES = [n / 100 for n in (2, 5, 8, 10, 11, 12, 13, 14, 15, 16, 18, 20, 22, 25, 30)]


def cascade(agents: int, transmission: float, seeds: int) -> ec.Run:
    """A cascade among the world's people, begun by some of them."""
    model = MODELS["cascade"](agents=agents, degree=DEGREE, transmission=transmission, seeds=seeds)
    return ec.run(model.with_background(ec.world_population(agents)), seed=SEED, out=STORE)


def percolation(p: float, k: int) -> float:
    """The share of a random k-regular graph that a large cascade reaches."""
    u = 0.5
    for _ in range(10_000):
        u = 1 - p + p * u ** (k - 1)
    return 1 - u**k


def draw_rounds(axes: Axes) -> None:
    """Two curves under one luck, each named where it ends."""
    for chance, colour in ((HIGH, BLUE), (LOW, ORANGE)):
        series = cascade(AGENTS, chance, seeds=10).series
        rounds, share = series["step"], 100 * series["reached_share"]
        axes.plot(rounds, share, color=colour, linewidth=2)
        said = f"chance {100 * chance:.0f} %: {share[-1]:.1f} %"
        axes.annotate(said, (160, share[-1] + 1.5), color=colour, weight="bold", ha="right")
    axes.set(xlim=(0, 165), ylim=(0, 65), xlabel="round", ylabel="reached, % of all agents")
    axes.set_title(
        f"{AGENTS // 10**6} million of the world's people, the same luck", loc="left", fontsize=10
    )


def draw_sizes(axes: Axes) -> None:
    """Theory as a line, runs as points."""
    fine = [n / 1000 for n in range(10, 301)]
    theory = [100 * percolation(p, DEGREE) for p in fine]
    axes.plot([100 * p for p in fine], theory, color=GREY, label="percolation theory")
    for chance in CHANCES:
        share = 100 * float(cascade(SWEEP_AGENTS, chance, seeds=100).series["reached_share"][-1])
        colour = {HIGH: BLUE, LOW: ORANGE}.get(chance, "black")
        axes.plot(100 * chance, share, "o", color=colour, markersize=5)
    axes.plot([], [], "o", color="black", markersize=5, label="runs of one million agents")
    axes.axvline(100 / (DEGREE - 1), color=GREY, linewidth=0.8, linestyle=":")
    axes.annotate("threshold 1/(degree - 1)", (100 / (DEGREE - 1) - 0.6, 99), rotation=90, va="top",
                  ha="right", color=GREY, fontsize=8)  # fmt: skip
    axes.set(xlim=(0, 31), ylim=(-2, 102), xlabel="chance that a tie passes it on, %")
    axes.set_title("reached in the end, % of all agents", loc="left", fontsize=10)
    axes.legend(frameon=False, loc="lower right", fontsize=9)


def main() -> None:
    """Write `cascade.png` beside this file."""
    mpl.use("agg")
    with mpl.rc_context(STYLE):
        figure, (left, right) = plt.subplots(1, 2, figsize=(9.6, 3.6), layout="constrained")
        draw_rounds(left)
        draw_sizes(right)
        figure.savefig(HERE / "cascade.png", dpi=130, metadata={"Software": None})
        plt.close(figure)


if __name__ == "__main__":
    main()
