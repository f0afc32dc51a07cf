"""The picture of the ready model `trust`: the spread between seeds over the number of people.

`make pictures` runs it.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np

import ecumene as ec
from ecumene.models import MODELS

HERE = Path(__file__).parent
SIZES, SEEDS = (1_000, 10_000, 100_000, 1_000_000, 10_000_000), range(12)


def spread(agents: int) -> float:
    """The standard deviation between seeds of the mean share sent."""
    model = MODELS["trust"](agents=agents)
    sent: list[float] = []
    for seed in SEEDS:
        simulation = ec.Simulation(model, seed=seed, threads=2)
        simulation.advance()
        sent.append(simulation.measured("sent"))
    return float(np.std(sent, ddof=1))


def main() -> None:
    """Write `trust.png` beside this file and say the slope."""
    mpl.use("agg")
    spreads = [spread(n) for n in SIZES]
    slope = np.polyfit(np.log(SIZES), np.log(spreads), 1)[0]
    figure, axes = plt.subplots(figsize=(5, 3.4), layout="constrained")
    line = [spreads[0] * (SIZES[0] / n) ** 0.5 for n in SIZES]
    axes.loglog(SIZES, line, color="#6a6a6a", linewidth=1)
    axes.loglog(SIZES, spreads, "o", color="#2660a4")
    axes.set(xlabel="people", ylabel="SD of the share sent, between seeds")
    axes.set_title(f"slope {slope:.2f}", loc="left", fontsize=10)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    figure.savefig(HERE / "trust.png", dpi=130, metadata={"Software": None})
    plt.close(figure)


if __name__ == "__main__":
    main()
