"""`ecumene branch`: a run's past, its luck, and one stated change."""

from __future__ import annotations

from typing import Any

import click

from .options import (
    backend_option,
    every_option,
    json_option,
    keep_option,
    out_option,
    shards_option,
    threads_option,
)
from .output import print_json, say

MOST_STEPS = 10**12

EXAMPLES = """\b
Examples:
  ecumene branch last --at 5 --set transmission=0.1
  ecumene branch cascade-8fdd --at 5 --do "at 8: seed 100"
  ecumene branch last --at 5 --fresh       no change: the digest of RUN, or exit status 1
"""


@click.command("branch", epilog=EXAMPLES)
@click.argument("run")
@click.option("--at", "at", metavar="T", required=True, help="Before which step it branches off.")
@click.option(
    "--set", "settings", metavar="NAME=VALUE", multiple=True, help="A parameter from there on."
)
@click.option(
    "--do",
    "changes",
    metavar='"MOMENT: CHANGE"',
    multiple=True,
    help="Change something from there on; see `ecumene run --help`.",
)
@click.option("--steps", metavar="T", help="At which step it ends at the latest; default: as RUN.")
@threads_option
@shards_option
@backend_option
@every_option
@keep_option
@click.option("--fresh", is_flag=True, help="Compute again; exit 1 if the stored digest differs.")
@out_option
@json_option
@click.pass_context
def command(context: click.Context, run: str, out: str, as_json: bool, **options: Any) -> None:
    """Go on from where RUN stood before step T, under the same luck, with only the stated change.

    RUN is a name, the beginning of one, a path, or `last`. Nothing before its nearest checkpoint is
    computed again.
    """
    from ..branches import branch, task_of
    from ..engine import parse_intervention
    from ..engine.sizes import parse_whole
    from ..store import Store
    from .progress import progress
    from .rebuild import how_of, model_of
    from .summary import json_record, summary
    from .values import parse_settings

    how = how_of(options)
    steps = options["steps"]
    how["steps"] = None if steps is None else parse_whole(steps, "`--steps`", 1, MOST_STEPS)
    at = parse_whole(options["at"], "`--at`", 0, MOST_STEPS)
    folder = Store(out).find(run)
    model = task_of(folder, model_of(folder)).model
    values = parse_settings(options["settings"], model.parameter_table)
    planned = [parse_intervention(line, model) for line in options["changes"]]
    with progress(how["steps"], model.step_unit) as show:
        done = branch(
            folder.path,
            at,
            interventions=planned,
            model=model,
            fresh=options["fresh"],
            command=context.obj,
            progress=show,
            notice=lambda text: say(f"checkpoint: {text}"),
            **how,
            **values,
        )
    if as_json:
        more = {name: done.record.get(name) for name in ("branch", "went_on_from")}
        print_json({**json_record(done.record), **more})
        say(f"report: {done.report_path}")
    else:
        click.echo(summary(done.record, done.report_path))
