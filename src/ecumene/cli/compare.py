"""`ecumene compare`: two runs side by side, paired where they share people, ties and luck."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from .options import json_option, out_option
from .output import columns, number, print_json, say

if TYPE_CHECKING:
    from ..branches import Comparison

MOST = 1_000_000


@click.command("compare")
@click.argument("run_a", metavar="RUN_A")
@click.argument("run_b", metavar="RUN_B")
@click.option("--replications", metavar="R", help="Run both under so many shared seeds.")
@click.option(
    "--until",
    metavar="HALF_WIDTH",
    help="Add seeds until the interval is no wider than twice this.",
)
@click.option("--measure", metavar="NAME", help="Which measure's interval `--until` looks at.")
@click.option("--plot", metavar="FILE", help="Draw the differences: .svg, .png or .pdf.")
@out_option
@json_option
def command(run_a: str, run_b: str, out: str, as_json: bool, **options: Any) -> None:
    """Hold RUN_B against RUN_A: measures, differences with 95 % intervals, and agents who differ.

    A RUN is a name, the beginning of one, a path, or `last`.
    """
    from ..branches import compare
    from ..engine.sizes import parse_whole
    from ..store import Store
    from .rebuild import model_of
    from .values import parse_value

    asked = options["replications"]
    seeds = None if asked is None else parse_whole(asked, "`--replications`", 1, MOST)
    until = options["until"]
    a, b = Store(out).find(run_a), Store(out).find(run_b)
    found = compare(
        a.path,
        b.path,
        replications=seeds,
        until=None if until is None else parse_value("until", until, "float"),
        measure=options["measure"],
        model_a=model_of(a),
        model_b=model_of(b),
        out=out,
        notice=lambda text: say(f"checkpoint: {text}"),
    )
    if options["plot"] is not None:
        from pathlib import Path

        from ..branches.figure import draw

        say(f"plot: {draw(found, Path(options['plot']))}")
    if as_json:
        print_json(_json(found))
    else:
        click.echo(_text(found))


def _json(found: Comparison) -> dict[str, Any]:
    measures = [{**asdict(one), "narrower": one.narrower} for one in found.measures]
    agents = [{**asdict(one), "who": [list(pair) for pair in one.who]} for one in found.agents]
    return {
        "run_a": found.run_a,
        "run_b": found.run_b,
        "seeds": list(found.seeds),
        "paired": found.unpaired_because is None,
        "unpaired_because": found.unpaired_because,
        "measures": measures,
        "agents": agents,
    }


def _text(found: Comparison) -> str:
    n = len(found.seeds)
    seeds = f"seed {found.seeds[0]}" if n == 1 else f"seeds {found.seeds[0]} to {found.seeds[-1]}"
    lines = [f"A {found.run_a}", f"B {found.run_b}"]
    if found.unpaired_because:
        lines.append(f"not paired: {found.unpaired_because}")
    head = ["measure", "A", "B", "B - A"]
    head += ["95 % paired", "95 % unpaired", "narrower"] if n > 1 else []
    rows = [head]
    for one in found.measures:
        row = [one.measure, *map(number, (one.a, one.b, one.difference))]
        if n > 1:
            row += [_within(one.half_width), _within(one.unpaired)]
            row.append("" if one.narrower is None else f"{one.narrower:.1f} times")
        rows.append(row)
    lines += [f"{n} {'pair' if n == 1 else 'pairs'} of runs, {seeds}", columns(rows)]
    if n == 1:
        lines.append("  one pair says nothing of how sure it is: type --replications 20")
    return "\n".join([*lines, *_agents(found)])


def _within(width: float | None) -> str:
    return "" if width is None else f"+- {number(width)}"


def _agents(found: Comparison) -> list[str]:
    """Who differs, under the first seed."""
    lines: list[str] = []
    for one in found.agents:
        of = f" of {one.population}" if one.population else ""
        if one.first_step is None:
            lines.append(f"all {one.agents:,} agents{of} are the same at every step")
            continue
        apart = f"{one.at_end:,} of {one.agents:,} agents{of} differ in the end, {one.ever:,} ever"
        lines.append(f"{apart}, the first before step {one.first_step:,}")
        lines.append("  " + ", ".join(f"{agent} (from {step})" for agent, step in one.who))
    return lines
