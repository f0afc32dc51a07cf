"""The first picture of the README and of the page on virality; `make pictures` runs it.

Left, how many have shared a story with a fact-check from the fourth hour on and without one, under
the same luck. Right, in which countries. It also prints the replay of the post of January 2023 from
`examples/scenarios/cerebral_valley.toml`: how many shared it, and the shape that came out.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from style import BLUE, GREY, ORANGE, STYLE

import ecumene as ec
from ecumene.engine import parse_intervention
from ecumene.engine.trees import shape_of
from ecumene.models import MODELS

HERE = Path(__file__).parent
STORE = HERE.parent / "_build" / "runs"
SCENARIO = HERE.parents[1] / "examples" / "scenarios" / "cerebral_valley.toml"
AGENTS, CHECKED, CONVINCED, HOURS = 1_000_000, 24, 0.5, 60
VIRALITY = MODELS["virality"]


def told(checked: bool) -> ec.Run:
    """One story that spreads far, with or without the fact-check."""
    story = VIRALITY(agents=AGENTS, ratio=12.0, seeds=10, decay=0.2)
    check = ec.at(CHECKED, ec.set_parameter(fact_check=CONVINCED))
    return ec.run(story, seed=1, interventions=[check] if checked else [], out=STORE)


def draw_hours(axes: Axes, without: ec.Run, checked: ec.Run) -> None:
    """Both over time, each named where it ends."""
    for run, colour, said in ((without, BLUE, "no fact-check"), (checked, ORANGE, "fact-check")):
        hours, sharers = run.series["step"] / 6, run.series["sharers"] / 1000
        shown = hours <= HOURS
        axes.plot(hours[shown], sharers[shown], color=colour, linewidth=2)
        ends = f"{said}: {run.record['measures']['sharers']:,} in the end"
        axes.annotate(
            ends, (HOURS, sharers[shown][-1] + 4), color=colour, weight="bold", ha="right"
        )
    axes.axvline(CHECKED / 6, color=GREY, linestyle=":", linewidth=0.9)
    axes.set(xlim=(0, HOURS), ylim=(0, 190), xlabel="hours", ylabel="have shared it, thousands")
    axes.set_title("one story, the same luck", loc="left", fontsize=10)


def draw_countries(axes: Axes, without: ec.Run, checked: ec.Run) -> None:
    """The countries with most sharers, and what is left of them."""
    before, after = (run.record["measures"]["sharers_by_country"] for run in (without, checked))
    most = sorted(before, key=lambda name: -before[name])[:8]
    places = np.arange(len(most))
    axes.barh(places, [before[c] / 1000 for c in most], color=BLUE, height=0.75, alpha=0.35)
    axes.barh(places, [after[c] / 1000 for c in most], color=ORANGE, height=0.45)
    for place, name in enumerate(most):
        said = f"{100 * (after[name] / before[name] - 1):.0f} %".replace("-", "\N{MINUS SIGN}")
        axes.annotate(said, (before[name] / 1000 + 0.5, place), va="center", fontsize=9)
    axes.set_yticks(places, most)
    axes.invert_yaxis()
    axes.set(xlabel="have shared it, thousands", xlim=(0, 44))
    axes.set_title("what the fact-check changed, by country", loc="left", fontsize=10)


def replay() -> str:
    """What came out of the scenario, in a line."""
    asked = tomllib.loads(SCENARIO.read_text(encoding="utf-8"))
    model = VIRALITY(agents=asked["agents"], **asked["parameters"])
    changes = [parse_intervention(line, model) for line in asked["interventions"]]
    simulation = ec.Simulation(model, seed=asked["seed"], interventions=changes)
    while simulation.step < asked["steps"] and simulation.advance():
        pass
    agents = np.flatnonzero(simulation.column("shared")).astype(np.int64)
    parents = simulation.column("parent")[agents].astype(np.int64)
    shape = shape_of(agents[parents >= 0], parents[parents >= 0], agents[parents < 0])
    fewest, most = model.parameters["fewest_followers"], asked["agents"] // 10
    law = ec.power_law(model.parameters["exponent"], fewest, most)
    return (
        f"a hub with {law.classes(asked['agents'])[0][-1]:,} followers: {shape.size:,} share, "
        f"{100 * shape.levels[:2].sum() / shape.size:.1f} % within one hop, at most {shape.depth} "
        f"hops, structural virality {shape.distances / shape.pairs:.2f}"
    )


def main() -> None:
    """Write the picture beside this file and print what is said of it."""
    runs = told(False), told(True)
    with mpl.rc_context(STYLE):
        figure, axes = plt.subplots(1, 2, figsize=(9.6, 3.8), layout="constrained")
        draw_hours(axes[0], *runs)
        draw_countries(axes[1], *runs)
        figure.savefig(HERE / "virality.png", dpi=130, metadata={"Software": None})
    said = [f"{run.record['measures']['sharers']:,} sharers" for run in runs]
    sys.stdout.write("\n".join([*said, replay(), ""]))


if __name__ == "__main__":
    main()
