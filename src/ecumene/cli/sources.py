"""Whose people and whose ties: what `--population` and `--network` name."""

from __future__ import annotations

from pathlib import Path

from ..engine import read_network
from ..errors import InputError
from ..networks import Rows
from ..population import Background, countries, world_population
from ..population.persons import population

WORLD = "world"
WEIGHT = "weight"
PARQUET = b"PAR1"
NO_ROWS = {
    True: "SELECT * FROM read_parquet(?) LIMIT 0",
    False: "SELECT * FROM read_csv(?, header = true, all_varchar = true) LIMIT 0",
}


def read_background(spec: str, agents: int | None, otherwise: int) -> Background:
    """The background that `spec` names, of `agents`; without, of its file's rows or `otherwise`.

    A file's persons are resampled by its column `weight`, when it has one.
    """
    if _is_file(spec):
        file = _existing(spec, "--population")
        return population(file, agents, _weight(file))
    size = agents or otherwise
    if spec.lower() == WORLD:
        return world_population(size)
    return countries([name.strip() for name in spec.split(",")], size)


def read_rows(spec: str, directed: bool | None, strict: bool) -> Rows:
    """The network in the file `spec`."""
    return read_network(_existing(spec, "--network"), directed=directed, strict=strict)


def _is_file(spec: str) -> bool:
    """Whether `spec` means a file: it is there, or it is written like one."""
    return Path(spec).exists() or "/" in spec or bool(Path(spec).suffix)


def _existing(spec: str, option: str) -> Path:
    file = Path(spec)
    if file.is_dir():
        raise InputError(f"`{spec}` is a folder; `{option}` needs a file.")
    if not file.exists():
        raise InputError(f"there is no file `{spec}`. Check the path after `{option}`.")
    return file


def _weight(file: Path) -> str | None:
    """The name of the file's column of weights, however it is cased."""
    import duckdb

    try:
        with file.open("rb") as head, duckdb.connect() as connection:
            query = NO_ROWS[head.read(len(PARQUET)) == PARQUET]
            columns = connection.execute(query, [str(file)]).description or []
    except duckdb.Error:  # what is wrong with the file is said by whoever reads it
        return None
    return next((name for name, *_ in columns if name.lower() == WEIGHT), None)
