"""The pictures of the page on frenzy; `make pictures` runs it.

The numbers come from `ec.Simulation`, each from a command or a preset that the page names.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from style import BLUE, GREY, ORANGE, STYLE

import ecumene as ec
from ecumene.models import MODELS
from ecumene.models.frenzy.scoring import gini

HERE = Path(__file__).parent
GREEN, RED = "#3a7d44", "#a4262c"
FRENZY = MODELS["frenzy"]
CHANGES = {
    "nothing": (),
    "restock for half the people": (ec.at(20, ec.set_environment(stock=25_000)),),
    "price 1,000 to 1,150": (ec.at(20, ec.set_parameter(price=1150)),),
    "four in five calmed": (ec.at(20, ec.set_column("calmed", True, agents=ec.sample_share(0.8))),),
    "a rival's offer": (ec.at(20, ec.set_parameter(rival=300.0)),),
    "one a person": (ec.at(20, ec.set_parameter(limit=1)),),
}
COLOURS = ("black", GREEN, ORANGE, BLUE, RED, GREY)


def course(
    steps: int, watched: tuple[str, ...], *, preset: str = "", seed: int = 1,
    interventions: Any = (), **parameters: Any,
) -> dict[str, np.ndarray]:  # fmt: skip
    """Environment values of a run, step by step."""
    model = FRENZY(**{**FRENZY.presets.get(preset, {}), "agents": 50_000, **parameters})
    simulation = ec.Simulation(model, seed=seed, threads=2, interventions=interventions)
    rows = []
    for _ in range(steps):
        simulation.advance()
        rows.append([simulation.environment[name] for name in watched])
    return dict(zip(watched, np.array(rows, float).T, strict=True))


def draw_launches(axes: Axes, beside: Axes) -> None:
    """Two launches, several worlds; and beside it what resale costs."""
    for seed in range(1, 7):
        found = course(104, ("asked", "resale_price", "offered"), preset="two-launches", seed=seed)
        axes.plot(found["asked"] / 500, color=BLUE, alpha=0.6, linewidth=1.3)
        price = np.where(found["offered"] > 0, found["resale_price"], np.nan)
        beside.plot(price, ".", color=ORANGE, alpha=0.5, markersize=4)
    axes.axvline(52, color=GREY, linestyle=":", linewidth=0.9)
    axes.annotate("second launch", (53, 33), color=GREY, fontsize=9)
    axes.set(xlabel="week", ylabel="ask for one, % of all", xlim=(0, 104), ylim=(0, None))
    axes.set_title("six worlds: a rush, and then none", loc="left", fontsize=10)
    beside.axhline(1000, color=GREY, linewidth=0.9)
    beside.annotate("shop's price", (70, 1010), color=GREY, fontsize=9)
    beside.set(xlabel="week", ylabel="coins", xlim=(0, 104))
    beside.set_title("what scalpers get", loc="left", fontsize=10)


def draw_changes(axes: Axes) -> None:
    """One frenzy and five changes of it, under the same luck."""
    for (name, changes), colour in zip(CHANGES.items(), COLOURS, strict=True):
        found = course(45, ("asked",), interventions=changes)
        wide = 2.4 if name == "nothing" else 1.5
        style = "--" if name == "one a person" else "-"
        axes.plot(found["asked"] / 500, style, color=colour, label=name, linewidth=wide)
    axes.axvline(20, color=GREY, linestyle=":", linewidth=0.9)
    axes.set(xlabel="week", ylabel="ask for one, % of all", ylim=(0, 108), xlim=(0, 44))
    axes.legend(frameon=False, fontsize=8.5, loc="upper left", ncols=2)
    axes.set_title("the same luck, changed in week 20", loc="left", fontsize=10)


def stable_demands(b: float) -> list[float]:
    """Where share = logistic(b (share - 1/2) / 100) settles, from below and from above."""
    ends = []
    for share in (0.0, 1.0):
        for _ in range(3000):
            share = 1 / (1 + np.exp(-b * (share - 0.5) / 100))
        ends.append(share)
    return ends


def draw_equilibria(axes: Axes) -> None:
    """What share asks in the end, from nobody and from all, over the bandwagon."""
    fine = np.linspace(200, 600, 200)
    theory = np.array([stable_demands(b) for b in fine])
    axes.plot(fine / 100, 100 * theory, color=GREY, linewidth=1.2)
    for b in np.arange(200.0, 601.0, 25.0):
        for start, colour in ((0.0, BLUE), (1.0, ORANGE)):
            found = course(
                100, ("asked",), agents=20_000, bandwagon=b, value=1000 - b / 2, lifetime=1.0,
                having=start, taste=0.0, scarcity=0.0, scalpers=0.0, talk=0.0,
                first_stock=1.0, delivery=1.0,
            )  # fmt: skip
            axes.plot(b / 100, found["asked"][-20:].mean() / 200, "o", color=colour, markersize=4)
    axes.axvline(4, color=GREY, linestyle=":", linewidth=0.9)
    axes.annotate("four times scale", (3.95, 97), rotation=90, va="top", ha="right", color=GREY,
                  fontsize=8.5)  # fmt: skip
    axes.set(xlabel="bandwagon / scale", ylabel="ask in the end, % of all", ylim=(-2, 102))
    axes.set_title("begun with nobody (blue) and with all (orange)", loc="left", fontsize=10)


def draw_panic(axes: Axes) -> None:
    """Units sold over a normal day, with and without limits."""
    for limit, colour in ((255, "black"), (3, BLUE), (2, ORANGE)):
        found = course(100, ("sold",), preset="panic", limit=limit)
        days = np.arange(-20, 40)
        said = "no limit" if limit == 255 else f"at most {limit} a trip"
        sold = 100 * (found["sold"] / found["sold"][30:60].mean() - 1)
        axes.plot(days, sold[40:100], color=colour, label=said)
    axes.axhline(0, color=GREY, linewidth=0.8)
    axes.set(xlabel="days after the alarm", ylabel="sold over a normal day, %")
    axes.legend(frameon=False, fontsize=9)
    axes.set_title("panic buying", loc="left", fontsize=10)


def draw_bass(axes: Axes) -> None:
    """The closed form, and runs of steps of a year, a quarter and a month."""
    t = np.linspace(0, 12, 200)
    grown = np.exp(-0.41 * t)
    axes.plot(t, 100 * (1 - grown) / (1 + 0.38 / 0.03 * grown), color=GREY, label="Bass (1969)")
    for steps, colour in ((1, RED), (4, ORANGE), (12, BLUE)):
        model = FRENZY(innovation=0.03, imitation=0.38, contacts=0, agents=50_000,
                       steps_per_year=steps)  # fmt: skip
        simulation = ec.Simulation(model, seed=1, threads=2)
        shares = [0.0]
        for _ in range(12 * steps):
            simulation.advance()
            shares.append(100 * simulation.measure()["adopted_share"])
        said = {1: "steps of a year", 4: "of a quarter", 12: "of a month"}[steps]
        axes.plot(
            np.arange(len(shares)) / steps, shares, ".", color=colour, label=said, markersize=4
        )
    axes.set(xlabel="year", ylabel="have it, %")
    axes.legend(frameon=False, fontsize=9)
    axes.set_title("adoption by hazard", loc="left", fontsize=10)


def draw_songs(axes: Axes) -> None:
    """Market shares of the songs in each world, against the share without influence."""
    model = FRENZY(**FRENZY.presets["music-lab"])
    simulation = ec.Simulation(model, seed=1, threads=2)
    while simulation.step < model.max_steps:
        simulation.advance()
    counts = np.array(simulation.environment["downloads"], float).reshape(20, 48)
    shares = 100 * counts / counts.sum(1, keepdims=True)
    alone = shares[16:].mean(0)
    for first, colour, said in ((8, ORANGE, "strong"), (0, BLUE, "weak")):
        worlds = slice(first, first + 8)
        label = f"{said} influence, Gini {gini(counts[worlds]).mean():.2f}"
        axes.plot(
            np.tile(alone, 8), shares[worlds].ravel(), ".", color=colour, alpha=0.5, label=label
        )
    axes.plot([0, 4.5], [0, 4.5], color=GREY, linewidth=0.9)
    axes.set(xlabel="share of downloads without influence, %", ylabel="share in a world, %")
    axes.legend(frameon=False, fontsize=9)
    axes.set_title("48 songs in 16 worlds", loc="left", fontsize=10)


def draw_ways(axes: Axes) -> None:
    """Three other ways into use."""
    for preset, colour, said in (
        ("default-on", GREEN, "on by default"),
        ("mandate", BLUE, "ordered, district by district"),
        ("trust-gated", ORANGE, "by trust"),
    ):
        model = FRENZY(**{**FRENZY.presets[preset], "agents": 50_000})
        simulation = ec.Simulation(model, seed=1, threads=2)
        shares = []
        while simulation.step < 365 * 5:
            shares.append(100 * simulation.measure()["adopted_share"])
            simulation.advance()
        axes.plot(np.arange(len(shares)) / 365, shares, color=colour, label=said)
    axes.set(xlabel="year", ylabel="have it, %", ylim=(0, 102))
    axes.legend(frameon=False, fontsize=9, loc="lower right", bbox_to_anchor=(1.0, 0.1))
    axes.set_title("trust, a mandate, a default", loc="left", fontsize=10)


PICTURES = {
    "frenzy-launches": (draw_launches,),
    "frenzy-changes": (draw_changes, draw_equilibria),
    "frenzy-others": (draw_panic, draw_bass),
    "frenzy-songs": (draw_songs, draw_ways),
}


def main() -> None:
    """Write the pictures beside this file."""
    mpl.use("agg")
    with mpl.rc_context(STYLE):
        for name, drawn in PICTURES.items():
            figure, both = plt.subplots(1, 2, figsize=(9.6, 3.7), layout="constrained")
            if name == "frenzy-launches":
                draw_launches(*both)
            else:
                for draw, axes in zip(drawn, both, strict=True):
                    draw(axes)
            figure.savefig(HERE / f"{name}.png", dpi=110, metadata={"Software": None})
            plt.close(figure)


if __name__ == "__main__":
    main()
