"""Two runs as a plot: each measure's difference with its paired and its unpaired interval."""

from __future__ import annotations

from pathlib import Path

from ..errors import InputError
from .compare import Comparison
from .paired import Difference

WIDTH, ROW = 7.5, 1.1  # inches
PAIRED, UNPAIRED = "#2a78b5", "#b0b0b0"


def draw(found: Comparison, file: Path) -> Path:
    """Write the plot as the kind of file that its name ends in (.svg, .png, .pdf).

    Raises `InputError` where matplotlib is missing, the name ends in something else, or one pair
    of runs gives no interval.
    """
    rows = [one for one in found.measures if one.half_width is not None or one.unpaired is not None]
    if not rows:
        raise InputError("one pair of runs has no interval to draw: type `--replications 20` too.")
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        said = "drawing needs matplotlib: type `pip install 'ecumene[plot]'`."
        raise InputError(said) from error
    figure = Figure(figsize=(WIDTH, 1.0 + ROW * len(rows)), layout="constrained")
    for axes, one in zip(figure.subplots(len(rows), squeeze=False)[:, 0], rows, strict=True):
        _row(axes, one)
    n, (first, last) = len(found.seeds), (found.seeds[0], found.seeds[-1])
    figure.suptitle(
        f"{found.run_b} less {found.run_a}: means of {n} pairs of runs (seeds {first} to {last}) "
        "\nwith 95 % intervals: paired blue, unpaired grey",
        fontsize=9,
    )
    try:
        figure.savefig(file, dpi=150)
    except (OSError, ValueError) as error:
        raise InputError(f"the plot cannot be written to {file}: {error}.") from error
    return file


def _row(axes, one: Difference) -> None:  # pyright: ignore[reportMissingParameterType, reportUnknownParameterType]
    for height, width, colour in ((1, one.half_width, PAIRED), (0, one.unpaired, UNPAIRED)):
        if width is not None:
            axes.errorbar(
                one.difference, height, xerr=width, fmt="o", color=colour, capsize=4, markersize=5
            )
    axes.axvline(0.0, color="#d0d0d0", linewidth=1, zorder=0)
    axes.set_ylim(-0.8, 1.8)
    axes.set_yticks([])
    axes.set_ylabel(one.measure, rotation=0, ha="right", va="center", fontsize=9)
    axes.ticklabel_format(axis="x", useOffset=False)
    axes.spines[["top", "right", "left"]].set_visible(False)
