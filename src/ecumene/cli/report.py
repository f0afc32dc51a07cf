"""`ecumene report`: the page of a run that is kept, written anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from .options import json_option, out_option
from .output import print_json, say

if TYPE_CHECKING:
    from ..store import RunFolder


@click.command("report")
@click.argument("run")
@out_option
@json_option
def command(run: str, out: str, as_json: bool) -> None:
    """Write the HTML report of RUN: a name, the beginning of one, a path, or `last`."""
    from ..report import write_report
    from ..store import Store

    folder = Store(out).find(run)
    page = write_report(folder, _scorecard(folder))
    if as_json:
        print_json({"run": folder.name, "report": str(page)})
    else:
        click.echo(str(page))


def _scorecard(folder: RunFolder) -> Sequence[Mapping[str, Any]]:
    """The run's measures held against the targets as they are now; as they were then, where the
    model cannot be had again."""
    from ..branches import task_of
    from ..errors import EcumeneError
    from ..run import scorecard_of
    from .rebuild import model_of

    try:
        return scorecard_of(task_of(folder, model_of(folder)).model, folder.record)
    except EcumeneError as error:
        if folder.scorecard:
            say(f"the scorecard is that of when the run was made: {error}")
        return folder.scorecard
