"""The picture of hostility in a feed on the page on virality; `make pictures` runs it.

Left, what part of all that is seen is hostile to the other side, by how much more people pass such
stories on: ranked by the engagement expected, and in order of time under the same luck. Right, how
much more the right is amplified than the left, by how many of its stories are hostile, where people
pass on mostly their own side's stories and where they pass on both sides' alike.
"""

from __future__ import annotations

import sys
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from style import BLUE, GREY, ORANGE, STYLE

import ecumene as ec
from ecumene.models import MODELS

HERE = Path(__file__).parent
STORE = HERE.parent / "_build" / "runs"
VIRALITY = MODELS["virality"]
PREMIUMS, RIGHTS = (1.0, 1.67, 3.0), (0.38, 0.57, 0.76)
MIXED = (0.38, 0.76)


def run(**changed: float) -> ec.Run:
    """The preset `feed` with something changed."""
    model = VIRALITY(**{**VIRALITY.presets["feed"], **changed})
    return ec.run(model, seed=0, out=STORE, preset="feed")


def draw(axes: Axes, x: tuple[float, ...], runs: list[ec.Run], measure: str, colour: str) -> None:
    """A measure with its intervals over worlds."""
    values = [100 * one.record["measures"][measure] for one in runs]
    ends = [[100 * end for end in one.record["intervals"][measure]] for one in runs]
    lower = [v - low for v, (low, _) in zip(values, ends, strict=True)]
    upper = [high - v for v, (_, high) in zip(values, ends, strict=True)]
    axes.errorbar(x, values, (lower, upper), color=colour, marker="o", capsize=3, linewidth=1.6)


def draw_premiums(axes: Axes, runs: list[ec.Run]) -> None:
    """What is seen, ranked and in order of time."""
    draw(axes, PREMIUMS, runs, "hostile_share_ranked", ORANGE)
    draw(axes, PREMIUMS, runs, "hostile_share_chronological", BLUE)
    axes.axhline(38, color=GREY, linestyle=":", linewidth=0.9)
    axes.annotate("of the stories", (3.05, 38.4), color=GREY, ha="right", fontsize=9)
    axes.annotate("ranked by engagement", (2.2, 60), color=ORANGE, weight="bold", ha="right")
    axes.annotate("in order of time", (2.9, 44), color=BLUE, weight="bold", ha="right")
    axes.set(xlabel="times as often one's own side passes on", ylabel="hostile, % of what is seen")
    axes.set_title("hostile stories are seen more", loc="left", fontsize=10)


def draw_rights(axes: Axes, apart: list[ec.Run], mixed: list[ec.Run]) -> None:
    """The right over the left, by how hostile its stories are."""
    draw(axes, tuple(100 * r for r in RIGHTS), apart, "right_over_left", ORANGE)
    draw(axes, tuple(100 * r for r in MIXED), mixed, "right_over_left", BLUE)
    axes.annotate("mostly one's own side's", (74, 78), color=ORANGE, weight="bold", ha="right")
    axes.annotate("both sides' alike", (74, 134), color=BLUE, weight="bold", ha="right")
    axes.axhline(100, color=GREY, linestyle=":", linewidth=0.9)
    axes.axvline(38, color=GREY, linestyle=":", linewidth=0.9)
    axes.annotate("as on the left", (39, 62), color=GREY, fontsize=9)
    axes.set(
        xlabel="hostile, % of the right's stories (the left's: 38)",
        ylabel="amplification of the right, % of the left's",
        ylim=(60, 160),
    )
    axes.set_title("by whose stories people pass on", loc="left", fontsize=10)


def main() -> None:
    """Write the picture beside this file and print its numbers."""
    premiums = [run(hostile_over_other=premium) for premium in PREMIUMS]
    rights = [run(hostile_right=right) for right in RIGHTS]
    mixed = [run(hostile_right=right, across=1.0) for right in MIXED]
    with mpl.rc_context(STYLE):
        figure, axes = plt.subplots(1, 2, figsize=(9.6, 3.8), layout="constrained")
        draw_premiums(axes[0], premiums)
        draw_rights(axes[1], rights, mixed)
        figure.savefig(HERE / "virality_feed.png", dpi=130, metadata={"Software": None})
    runs = (*premiums, *rights, *mixed)
    for x, one in zip((*PREMIUMS, *RIGHTS, *MIXED), runs, strict=True):
        names = ("hostile_share_ranked", "hostile_share_chronological", "hostile_share_added")
        for name in (*names, "amplification_of_all", "amplification_of_hostile", "right_over_left"):
            low, high = one.record["intervals"][name]
            sys.stdout.write(
                f"{x:g} {name} {one.record['measures'][name]:.3f} {low:.3f} {high:.3f}\n"
            )


if __name__ == "__main__":
    main()
