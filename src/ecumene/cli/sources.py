"""Whose people and whose ties: what `--population` and `--network` name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..errors import InputError

WORLD = "world"


def read_background(spec: str, agents: int | None, otherwise: int) -> Any:
    """The background that `spec` names, of `agents`; without, of its file's rows or `otherwise`.

    A file's persons are resampled by its column `weight`, when it has one.
    """
    from ..population import countries, population, world_population

    if _is_file(spec):
        return population(_existing(spec, "--population"), agents=agents)
    size = agents or otherwise
    if spec.lower() == WORLD:
        return world_population(size)
    return countries([code.strip().upper() for code in spec.split(",")], size)


def read_rows(spec: str, directed: bool | None, strict: bool) -> Any:
    """The network in the file `spec`."""
    from ..networks import read_network

    return read_network(_existing(spec, "--network"), directed=directed, strict=strict)


def _is_file(spec: str) -> bool:
    """Whether `spec` means a file: it is there, or it is written like one."""
    return Path(spec).is_file() or "/" in spec or bool(Path(spec).suffix)


def _existing(spec: str, option: str) -> Path:
    file = Path(spec)
    if file.is_dir():
        raise InputError(f"`{spec}` is a folder; `{option}` needs a file.")
    if not file.is_file():
        raise InputError(f"there is no file `{spec}`. Check the path after `{option}`.")
    return file
