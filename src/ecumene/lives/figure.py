"""The lives as a plot: one row a world, what reached the agent and what it did over time."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill

from ..engine import Reached
from ..errors import InputError
from .life import Life
from .lives import Lives

WIDTH, ROW = 8.0, 0.55  # inches
LETTERS = 34  # in a line of a world's name
REACHED, CHANGED = "#2a78b5", "#c8553d"


def draw(lives: Lives, file: Path) -> Path:
    """Write the plot as the kind of file that its name ends in (.svg, .png, .pdf).

    Raises `InputError` where matplotlib is missing or the name ends in something else.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        said = "drawing needs matplotlib: type `pip install 'ecumene[plot]'`."
        raise InputError(said) from error
    rows = [("the run", lives.own), *lives.others.items()]
    figure = Figure(figsize=(WIDTH, 1.5 + ROW * len(rows)), layout="constrained")
    axes = figure.add_subplot()
    for height, (_, life) in enumerate(reversed(rows)):
        _row(axes, life, height)
    axes.set_yticks(range(len(rows)), [fill(name, LETTERS) for name, _ in reversed(rows)])
    axes.set_ylim(-0.6, len(rows) - 0.4)
    axes.set_xlim(-0.5, max(life.steps for _, life in rows) + 0.5)
    axes.set_xlabel(lives.step_unit)
    figure.suptitle(f"Agent {lives.own.agent:,} in {lives.run} and in other worlds", fontsize=10)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    marks = {"something reached it": ("o", REACHED), "something about it changed": ("|", CHANGED)}
    for label, (marker, colour) in marks.items():
        axes.plot([], [], marker, color=colour, markersize=9, label=label)
    figure.legend(loc="outside lower center", ncols=2, frameon=False)
    try:
        figure.savefig(file, dpi=150)
    except (OSError, ValueError) as error:
        raise InputError(f"the plot cannot be written to {file}: {error}.") from error
    return file


def _row(axes, life: Life, height: int) -> None:  # pyright: ignore[reportMissingParameterType, reportUnknownParameterType]
    axes.hlines(height, 0, life.steps, color="#d0d0d0", linewidth=1, zorder=1)
    reached = sorted({event.step for event in life.events if isinstance(event, Reached)})
    changed = sorted({event.step for event in life.changes if event.column not in life.pulses})
    axes.plot(reached, [height] * len(reached), "o", color=REACHED, markersize=6, zorder=2)
    axes.plot(changed, [height] * len(changed), "|", color=CHANGED, markersize=16, mew=2, zorder=3)
