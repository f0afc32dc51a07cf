"""`ecumene run`: the plan, the run, the summary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .options import json_option, out_option
from .output import print_json, say

if TYPE_CHECKING:
    from ..run import Run

BACKENDS = ("cpu", "reference")
MOST_STEPS = 10**12
MOST_WORKERS = 1024
LARGEST_SEED = 2**64 - 1


EXAMPLES = """\b
Examples of --do (one change each; several are made in their order):
  --do "at 12: transmission = 0.05"
  --do "from 5 until 20: transmission = 5%"
  --do "when reached_share > 0.1: transmission = 0.02"
  --do "at 8: seed 100"
  --do "at 3: mood = 2 for 10% where country = NGA and age_band = 15-19"
  --do "at 4: broadcast by largest"
"""


@click.command("run", epilog=EXAMPLES)
@click.argument("model")
@click.option("--agents", metavar="N", help="How many agents: 10_000, 1e6, 10M, 8.2B.")
@click.option(
    "--steps", metavar="T", help="At most how many steps; default: until nothing changes."
)
@click.option(
    "--seed", metavar="S", default="0", show_default=True, help="Which luck: a whole number."
)
@click.option("--set", "settings", metavar="NAME=VALUE", multiple=True, help="Set a parameter.")
@click.option(
    "--do",
    "changes",
    metavar='"MOMENT: CHANGE"',
    multiple=True,
    help="Change something while it runs; examples below.",
)
@click.option("--preset", metavar="P", help="A named set of parameters of the model.")
@click.option(
    "--population",
    metavar="world|ISO3[,ISO3...]|FILE",
    help="Whose people: the world's, some countries', or a CSV or Parquet file of persons, "
    "resampled by its column `weight` if it has one.",
)
@click.option(
    "--network",
    metavar="FILE",
    help="Whose ties: an edge list (Parquet, CSV, SNAP text). It sets the number of agents.",
)
@click.option("--directed/--undirected", default=None, help="How to read the network's ties.")
@click.option("--strict", is_flag=True, help="Refuse self-loops, duplicates and odd ids in it.")
@click.option("--threads", metavar="n", help="On how many cores; default: all.")
@click.option("--shards", metavar="n", default="1", help="In how many parts; same results.")
@click.option("--backend", metavar="|".join(BACKENDS), default="cpu", show_default=True)
@click.option("--fresh", is_flag=True, help="Compute again; exit 1 if the stored digest differs.")
@out_option
@json_option
@click.pass_obj
def command(typed: str, as_json: bool, **options: Any) -> None:
    """Run MODEL and keep what came out.

    `ecumene models` lists the models, `ecumene models MODEL` its parameters.
    """
    run = _run(typed, **options)
    if as_json:
        from .summary import json_record

        print_json(json_record(run.record))
        say(f"report: {run.report_path}")
    else:
        from .summary import summary

        click.echo(summary(run.record, run.report_path))


def _run(typed: str, **options: Any) -> Run:
    """The finished run that was asked for: all that was typed is checked before it starts."""
    from ..engine import notices, parse_intervention
    from ..run import run
    from .build import Wish, build_model
    from .plan import describe
    from .progress import progress

    how = _how(options)
    model = build_model(Wish(**{field: options[field] for field in Wish.__dataclass_fields__}))
    planned = [parse_intervention(line, model) for line in options["changes"]]
    for notice in notices(planned, model, how["steps"] or model.max_steps):
        say(f"change: {notice}")

    with progress(how["steps"], model.step_unit) as show:
        return run(
            model,
            **how,
            interventions=planned,
            fresh=options["fresh"],
            out=options["out"],
            preset=options["preset"],
            command=typed,
            progress=show,
            before=lambda plan: say(describe(plan, model)),
        )


def _how(options: dict[str, Any]) -> dict[str, Any]:
    """What says how to run and not what: numbers in their ranges, a backend that exists."""
    from ..engine.sizes import parse_whole
    from ..errors import ParameterError, unknown

    def whole(name: str, low: int, high: int) -> int | None:
        text = options[name]
        return None if text is None else parse_whole(text, f"`--{name}`", low, high)

    if options["backend"] not in BACKENDS:
        raise ParameterError(unknown("backend", options["backend"], BACKENDS))
    return {
        "seed": whole("seed", 0, LARGEST_SEED),
        "steps": whole("steps", 1, MOST_STEPS),
        "threads": whole("threads", 1, MOST_WORKERS),
        "shards": whole("shards", 1, MOST_WORKERS),
        "backend": options["backend"],
    }
