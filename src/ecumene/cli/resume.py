"""`ecumene resume`: an interrupted run goes on from its last whole checkpoint."""

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


@click.command("resume")
@click.argument("run")
@threads_option
@shards_option
@backend_option
@every_option
@keep_option
@out_option
@json_option
def command(run: str, out: str, as_json: bool, **options: Any) -> None:
    """Go on with the unfinished RUN from its last whole checkpoint, to the digest that it would
    have had without the interruption.

    RUN is a name, the beginning of one, a path, or `last`: the latest unfinished run.
    """
    from ..branches import resume
    from ..store import Store
    from .progress import progress
    from .rebuild import how_of, model_of
    from .summary import json_record, summary

    how = how_of(options)
    folder = Store(out).find_unfinished(run)
    record = folder.record
    with progress(record.get("asked_steps"), record.get("step_unit", "step")) as show:
        done = resume(
            folder.path,
            model=model_of(folder),
            out=out,
            progress=show,
            notice=lambda text: say(f"checkpoint: {text}"),
            **how,
        )
    if as_json:
        print_json({**json_record(done.record), "went_on_from": done.record.get("went_on_from")})
        say(f"report: {done.report_path}")
    else:
        click.echo(summary(done.record, done.report_path))
