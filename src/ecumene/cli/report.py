"""`ecumene report`: the page of a run that is kept, written anew."""

from __future__ import annotations

import click

from .options import json_option, out_option
from .output import print_json


@click.command("report")
@click.argument("run")
@out_option
@json_option
def command(run: str, out: str, as_json: bool) -> None:
    """Write the HTML report of RUN: a name, the beginning of one, a path, or `last`."""
    from ..report import write_report
    from ..store import Store

    folder = Store(out).find(run)
    page = write_report(folder)
    if as_json:
        print_json({"run": folder.name, "report": str(page)})
    else:
        click.echo(str(page))
