"""The picture of time against the number of agents."""

from pathlib import Path

from .bench import Result, seconds


def draw(results: list[Result], file: Path) -> None:
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.fonttype"] = "none"
    matplotlib.rcParams["svg.hashsalt"] = "peers"  # the same numbers give the same file
    from matplotlib import pyplot

    figure, (left, right) = pyplot.subplots(1, 2, figsize=(10, 4.2), sharey=True)
    for axes, title, parts in (
        (left, "run", ("run",)),
        (right, "set-up and run", ("setup", "begin", "run")),
    ):
        for result in results:
            line(axes, result, parts)
        axes.set(xscale="log", yscale="log", xlabel="agents", title=title)
        axes.grid(alpha=0.3)
    left.set_ylabel("seconds (warm, median)")
    right.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False, fontsize=8)
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})
    pyplot.close(figure)


def line(axes: object, result: Result, parts: tuple[str, ...]) -> None:
    known = {n: found for n, found in result.warm.items() if "problem" not in found}
    if known:
        ours = result.peer.title == "Ecumene"
        axes.plot(
            list(known),
            [seconds(found, *parts) for found in known.values()],
            marker="o",
            markersize=3,
            linewidth=2.5 if ours else 1.2,
            color="black" if ours else None,
            label=result.peer.title,
        )
