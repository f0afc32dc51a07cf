"""`ecumene runs`: what the store keeps, the latest last."""

from __future__ import annotations

from typing import Any

import click

from .options import json_option, out_option
from .output import columns, print_json

FIELDS = ("model", "preset", "agents", "steps", "seed", "digest", "replication_of")


@click.command("runs")
@click.option("--all", "everything", is_flag=True, help="Also those that `compare` made.")
@out_option
@json_option
def command(out: str, as_json: bool, everything: bool) -> None:
    """List the runs that are kept; unfinished and damaged ones are marked."""
    from ..store import Store

    found = [_facts(folder) for folder in Store(out).list()]
    runs = [run for run in found if everything or run["replication_of"] is None]
    hidden = len(found) - len(runs)
    if as_json:
        print_json({"runs": found})
    elif found:
        click.echo(columns([["run", "status", "agents", "steps", "seed"], *map(_row, runs)], ""))
        if hidden:
            click.echo(f"\nand {hidden:,} that `ecumene compare` made: type --all to see them.")
        click.echo("\n`ecumene report RUN` writes the page of one; `last` is the latest.")
    else:
        click.echo(f"no runs in {out}. `ecumene run cascade --agents 1e6` makes one.")


def _facts(folder: Any) -> dict[str, Any]:
    """What a run's record says; a damaged one's record says nothing."""
    record = {} if folder.status == "damaged" else folder.record
    known = {field: record.get(field) for field in FIELDS}
    return {"run": folder.name, "status": folder.status, **known, "path": str(folder.path)}


def _row(run: dict[str, Any]) -> list[str]:
    numbers = [run[field] for field in ("agents", "steps", "seed")]
    return [run["run"], run["status"], *("?" if n is None else f"{n:,}" for n in numbers)]
