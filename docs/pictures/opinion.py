"""The picture of the ready model `opinion`: camps under three ways of listening.

Each panel shows how many of the agents hold which opinion, round by round: darker is more.
`make pictures` runs it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

import ecumene as ec
from ecumene.models import MODELS

HERE = Path(__file__).parent
AGENTS, ONE, SEED = 20_000, 1_000_000, 1
STYLE = {"font.size": 10, "axes.spines.top": False, "axes.spines.right": False}
PANELS: tuple[tuple[str, str, dict[str, Any], int, float, float], ...] = (
    ("meetings, tolerance 0.2", "deffuant", {}, 60, 0, 1),
    ("means over all within 0.1", "hegselmann-krause", {"tolerance": 0.1}, 20, 0, 1),
    ("activity and homophily", "polarised", {}, 600, -6, 6),
)


def opinions(preset: str, changes: dict[str, Any], rounds: int) -> list[Any]:
    """Everybody's opinion after each of about sixty rounds."""
    model = MODELS["opinion"]
    built = model.build(**{**model.presets[preset], **changes, "agents": AGENTS})
    simulation, kept = ec.Simulation(built, seed=SEED), []
    for at in range(rounds):
        simulation.advance()
        if at % max(1, rounds // 60) == 0:
            kept.append(simulation.column("opinion") / ONE)
    return kept


def draw(axes: Axes, kept: list[Any], rounds: int, low: float, high: float) -> None:
    """A heat map: rounds across, opinions up."""
    counts = [np.histogram(x, bins=80, range=(low, high))[0] / AGENTS for x in kept]
    shown = np.log10(np.array(counts).T + 1e-4)
    axes.imshow(
        shown, origin="lower", aspect="auto", cmap="Blues", extent=(0, rounds, low, high), vmax=-0.5
    )
    axes.set(xlabel="round")


def main() -> None:
    """Write `opinion.png` beside this file."""
    mpl.use("agg")
    with mpl.rc_context(STYLE):
        figure, panels = plt.subplots(1, 3, figsize=(9.6, 3.2), layout="constrained")
        for axes, (title, preset, changes, rounds, low, high) in zip(panels, PANELS, strict=True):
            draw(axes, opinions(preset, changes, rounds), rounds, low, high)
            axes.set_title(title, loc="left", fontsize=10)
        panels[0].set(ylabel="opinion")
        figure.savefig(HERE / "opinion.png", dpi=130, metadata={"Software": None})
        plt.close(figure)


if __name__ == "__main__":
    main()
