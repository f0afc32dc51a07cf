"""A run's model made again from what was typed for it, and what was typed about checkpoints."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..engine.sizes import parse_whole
from ..errors import EcumeneError, ParameterError, StoreError, unknown
from .build import Wish, build_model, find_model

if TYPE_CHECKING:
    from ..engine import Model
    from ..store import RunFolder

FILES = ("population", "network")
ALL = "all"
MOST = 10**12
MOST_WORKERS = 1024


def made_of(options: Mapping[str, Any]) -> dict[str, Any] | None:
    """What a run's record keeps of the people and ties that were typed: enough to have them again.

    Files are kept with their whole path, so that another folder may be the present one.
    """
    made = {name: options[name] for name in (*FILES, "directed", "strict")}
    for name in FILES:
        if made[name] is not None and Path(made[name]).is_file():
            made[name] = str(Path(made[name]).resolve())
    return made


def model_of(folder: RunFolder) -> Model | None:
    """The model of a run over people or ties that were typed; None where it had its own."""
    record = folder.record
    made = record.get("made")
    if made is None or not any(made[name] for name in FILES):
        return None
    chosen = find_model(record["model"]).typed(record["parameters"])
    settings = [f"{name}={value}" for name, value in chosen.items()]
    wish = Wish(
        model=record["model"],
        agents=None,
        settings=settings,
        preset=record.get("preset"),
        places={},
        **made,
    )
    try:
        return build_model(wish, quiet=True)  # notices were said when it ran
    except EcumeneError as error:
        raise StoreError(f"{folder.name} cannot be gone on with: {error}") from error


def kept(options: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed about checkpoints, as the arguments of `ec.run`."""
    found: dict[str, Any] = {}
    every, keep = options["checkpoint_every"], options["keep_checkpoints"]
    if every is not None:
        found["checkpoint_every"] = parse_whole(every, "`--checkpoint-every`", 1, MOST)
    if keep is not None:
        number = MOST if keep == ALL else parse_whole(keep, "`--keep-checkpoints`", 1, MOST)
        found["keep_checkpoints"] = number
    return found


def how_of(options: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed about how to go on, as the arguments of `ec.resume` and `ec.branch`."""
    from ..backends import BACKENDS

    found = kept(options)
    for name in ("threads", "shards"):
        if options[name] is not None:
            found[name] = parse_whole(options[name], f"`--{name}`", 1, MOST_WORKERS)
    if options["backend"] is not None:
        if options["backend"] not in BACKENDS:
            raise ParameterError(unknown("backend", options["backend"], BACKENDS))
        found["backend"] = options["backend"]
    return found
