"""The run that another one goes on from: what was run, made again from its record.

A ready model is built again from its name and parameters. Whatever else a run was made of, people
or ties read from files, a model of the user's own, has to be handed over; and what is handed over
must give the very name that the run has, else it would be another run.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any

from ..engine import NUMBERS, Model, checked, parse_intervention
from ..errors import EcumeneError, StoreError
from ..run import Run, Task, cores
from ..store import RunFolder, Store

Which = str | os.PathLike[str] | Run


def found(run: Which, store: Store, model: Model | None) -> tuple[RunFolder, Model | None]:
    """The whole run that is meant, and the model that goes with it, if one is known."""
    if isinstance(run, Run):
        return RunFolder(run.path), model or run.model
    return store.find(run), model


def task_of(folder: RunFolder, model: Model | None = None, **changes: Any) -> Task:
    """What a run was asked for, with some of it changed; raises `StoreError` when its model cannot
    be had again.

    `None` among the changes stands for: as it was.
    """
    record = folder.record
    _check_numbers(folder, record)
    if model is None:
        model = _ready(folder, record)
    try:
        planned = [parse_intervention(line, model) for line in _lines(record)]
        interventions = checked(planned, model)
    except EcumeneError as error:
        raise StoreError(_other(folder, record, f" ({error})")) from error
    task = Task(
        replace(model, preset=record.get("preset")),
        interventions,
        Store(folder.path.parent),
        seed=record["seed"],
        lane=record.get("lane", 0),
        steps=record.get("asked_steps"),
        backend=record["backend"],
        threads=cores(),
        shards=record["shards"],
        checkpoint_every=record.get("checkpoint_every", 0),
        keep_checkpoints=record.get("keep_checkpoints", 2),
        command=record["command"],
        made=record.get("made"),
        branch=record.get("branch"),
    )
    if task.identity != record.get("identity"):
        raise StoreError(_other(folder, record, ""))
    return replace(task, **{name: value for name, value in changes.items() if value is not None})


def _lines(record: Mapping[str, Any]) -> list[str]:
    """Its interventions, as they are typed."""
    return record.get("planned") or [one["change"] for one in record.get("interventions", [])]


def _check_numbers(folder: RunFolder, record: Mapping[str, Any]) -> None:
    theirs = record.get("numbers_version")
    if theirs != NUMBERS:
        raise StoreError(
            f"{folder.name} was made under numbers version {theirs} (Ecumene "
            f"{record.get('ecumene_version')}); this is numbers version {NUMBERS}, under which the "
            "same run has other numbers: nothing can go on from there. Run the same model again."
        )


def _ready(folder: RunFolder, record: Mapping[str, Any]) -> Model:
    name = record["model"]
    ready = import_module("ecumene.models").MODELS  # models stand above; one is loaded by its name
    if name not in ready:
        raise StoreError(
            f"the model `{name}` of {folder.name} is not one of Ecumene's own, so it cannot be "
            "built again from its name; in Python hand it over: model=..."
        )
    try:
        return ready[name].build(**ready[name].typed(record["parameters"]))
    except EcumeneError as error:
        raise StoreError(_other(folder, record, f" ({error})")) from error


def _other(folder: RunFolder, record: Mapping[str, Any], why: str) -> str:
    """That the model is not the one that was run, and what may be the cause."""
    text = (
        f"{folder.name} cannot be gone on with: model `{record['model']}` as it is now would be "
        f"another run{why}. Its rules, parameters, people or ties are not those of then"
    )
    if record.get("population") or record.get("made") is None:
        text += "; people and ties given in Python have to be handed over: model=..."
    return f"{text}. `ecumene run` runs it as it is now."
