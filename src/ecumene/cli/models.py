"""`ecumene models`: what there is, and what of it can be set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from ..engine import Parameter, ReadyModel
from .options import json_option
from .output import columns, number, print_json


@click.command("models")
@click.argument("name", required=False, metavar="[MODEL]")
@json_option
def command(name: str | None, as_json: bool) -> None:
    """List the models, or what MODEL is and which parameters it has."""
    from ..models import MODELS
    from .build import find_model

    if name is not None:
        ready = find_model(name)
        print_json(_described(ready)) if as_json else click.echo(_page(ready))
    elif as_json:
        print_json({"models": [_described(MODELS[each]) for each in MODELS]})
    else:
        click.echo(columns([[each, MODELS[each].summary] for each in MODELS], indent=""))
        click.echo("\n`ecumene models MODEL` shows one with its parameters.")


def _described(ready: ReadyModel) -> dict[str, Any]:
    return {
        "name": ready.name,
        "summary": ready.summary,
        "doc": ready.doc,
        "parameters": {name: _facts(one) for name, one in ready.parameters.items()},
        "presets": {name: dict(values) for name, values in ready.presets.items()},
    }


def _facts(parameter: Parameter) -> dict[str, Any]:
    fields = ("kind", "default", "low", "high", "unit", "help", "source", "reshapes")
    return {field: getattr(parameter, field) for field in fields}


def _page(ready: ReadyModel) -> str:
    """A model's own text, its parameters, its presets and a command to begin with."""
    parts = [ready.doc.strip(), "", "## Parameters (`--set name=value`)"]
    parts.append(columns([_line(name, one) for name, one in ready.parameters.items()]))
    if ready.presets:
        parts += ["", "## Presets (`--preset name`)"]
        parts.append(columns([[name, _settings(of)] for name, of in ready.presets.items()]))
    return "\n".join([*parts, "", f"Type `ecumene run {ready.name}` to run it."])


def _line(name: str, parameter: Parameter) -> list[str]:
    low, high = parameter.low, parameter.high
    allowed = "" if low is None or high is None else f"{number(low)} to {number(high)}"
    said = " ".join(filter(None, (parameter.help, f"[{parameter.unit}]" if parameter.unit else "")))
    return [name, number(parameter.default), f"{parameter.kind} {allowed}".strip(), said]


def _settings(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in values.items())
