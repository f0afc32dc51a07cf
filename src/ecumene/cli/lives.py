"""`ecumene lives`: one agent's life in a run, and its other possible lives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from .options import json_option, out_option
from .output import print_json, say

if TYPE_CHECKING:
    from ..lives import Cost

LARGEST = 10**10
MOST_DRAWS = 10**6

EXAMPLES = """\b
Examples:
  ecumene lives last --agent 4711
  ecumene lives last --agent 4711 --vary transmission=0.10,0.12,0.20
  ecumene lives last --agent 4711 --vary transmission=0.10 --at 5 --draws 20
  ecumene lives last --agent 4711 --do "at 3: reached_at = now, reached_now = yes for agents 12"
"""


@click.command("lives", epilog=EXAMPLES)
@click.argument("run")
@click.option("--agent", metavar="I", required=True, help="Whose lives: an agent's number.")
@click.option("--of", "population", default="", help="Of several populations, whose agent it is.")
@click.option(
    "--vary",
    "varied",
    metavar="NAME=V1,V2,...",
    multiple=True,
    help="A world for each value of a parameter that a rule reads.",
)
@click.option("--at", metavar="T", default="0", help="From which step on the values hold.")
@click.option(
    "--do", "changes", metavar='"MOMENT: CHANGE"', multiple=True, help="A world for each change."
)
@click.option(
    "--draws",
    metavar="K",
    default="0",
    help="Tell effect from luck: all worlds under K other lucks of the agent, and of the world.",
)
@click.option("--threads", metavar="n", default="1", show_default=True, help="On how many cores.")
@click.option("--plot", metavar="FILE", help="Draw the lives: a file that ends in .svg or .png.")
@out_option
@json_option
def command(run: str, out: str, as_json: bool, plot: str | None, **options: Any) -> None:
    """Tell one agent's life in RUN, and how it would have been in other worlds."""
    from ..branches import task_of
    from ..engine import parse_intervention
    from ..engine.sizes import parse_whole
    from ..lives import lives
    from ..run import Run
    from ..store import Store
    from .rebuild import model_of

    folder = Store(out).find(run)
    task = task_of(folder, model_of(folder))
    made = Run(folder, True, task.model, task.interventions)
    draws = parse_whole(options["draws"], "`--draws`", 0, MOST_DRAWS)
    found = lives(
        made,
        parse_whole(options["agent"], "`--agent`", 0, LARGEST),
        vary=_varied(options["varied"], made.model),
        do=[parse_intervention(line, made.model) for line in options["changes"]],
        at=parse_whole(options["at"], "`--at`", 0, LARGEST),
        draws=draws,
        population=options["population"],
        threads=parse_whole(options["threads"], "`--threads`", 1, 1024),
        quote=_quote,
    )
    if plot is not None:
        from pathlib import Path

        from ..lives.figure import draw

        say(f"plot: {draw(found, Path(plot))}")
    if as_json:
        print_json(found.as_json())
    else:
        click.echo(str(found))


def _quote(cost: Cost) -> None:
    """What drawing luck anew will cost, before it begins."""
    from ..report.words import seconds as spoken

    lanes = f", and {cost.lanes:,} lanes in one call" if cost.lanes else ""
    say(
        f"luck: at most {cost.runs:,} runs of about {spoken(cost.seconds)}, "
        f"{spoken(cost.runs * cost.seconds)} in all{lanes}; what they share is computed once"
    )


def _varied(settings: Sequence[str], model: Any) -> dict[str, list[Any]]:
    """`name=v1,v2` as the values of each parameter."""
    from ..errors import ParameterError
    from .values import parse_settings

    found: dict[str, list[Any]] = {}
    for setting in settings:
        name, _, values = setting.partition("=")
        if not values.strip():
            raise ParameterError(f"`--vary {setting}`: type NAME=V1,V2, say transmission=0.1,0.2.")
        for value in values.split(","):
            read = parse_settings([f"{name}={value}"], model.parameter_table)
            found.setdefault(name.strip(), []).append(read[name.strip()])
    return found
