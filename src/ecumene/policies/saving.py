"""A policy as files: its table as Parquet, what it means as JSON, each checked when it is read.

Nothing in them is ever run, as a pickle would be. The JSON file names the table's BLAKE3 and the
policy's digest; it is written last, and each file under another name first, so that a half-written
or exchanged table is never taken for the policy.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from blake3 import blake3

from ..arrays import Column
from ..errors import EcumeneError, InputError
from .binned import Binned
from .policy import Policy

KIND = "ecumene policy"
VERSION = 1
KINDS = {64: np.uint64, 32: np.uint32}


def write_policy(policy: Policy, path: str | Path) -> Path:
    """Write a policy as the JSON file `path` and, beside it, the table as `.parquet`."""
    path = Path(path)
    if path.suffix != ".json":
        raise InputError(f"a policy is written as NAME.json and NAME.parquet, not `{path.name}`.")
    table = path.with_suffix(".parquet")
    _write_table(table, _columns(policy))
    manifest = {
        "kind": KIND,
        "version": VERSION,
        "columns": [column.as_json() for column in policy.columns],
        "actions": dict(policy.actions),
        "bits": policy.bits,
        "sources": list(policy.sources),
        "about": dict(policy.about),
        "situations": policy.situations,
        "digest": policy.digest(),
        "table": {"file": table.name, "blake3": blake3(table.read_bytes()).hexdigest()},
    }
    text = json.dumps(manifest, indent=1, ensure_ascii=False, allow_nan=False)
    _whole(path, lambda temporary: temporary.write_text(text + "\n", encoding="utf-8"))
    return path


def read_policy(path: str | Path) -> Policy:
    """The policy that `write_policy` wrote; raises `InputError` where a file is not what it was."""
    path = Path(path)
    manifest = _manifest(path)
    try:
        table = path.parent / Path(manifest["table"]["file"]).name
        if not table.is_file():
            raise InputError(f"the table `{table.name}` of the policy `{path.name}` is not there.")
        if blake3(table.read_bytes()).hexdigest() != manifest["table"]["blake3"]:
            raise InputError(
                f"`{table.name}` is not the table that `{path.name}` was written with; write the "
                "policy again."
            )
        policy = _policy(manifest, table)
    except InputError:
        raise
    except (KeyError, TypeError, ValueError, EcumeneError) as error:
        raise InputError(
            f"`{path.name}` does not describe its policy ({error}); write it again."
        ) from error
    if policy.digest() != manifest["digest"]:
        raise InputError(
            f"`{path.name}` was changed since it was written: its bins, actions and table are not "
            "those of its digest. Make the policy anew."
        )
    return policy


def _manifest(path: Path) -> Mapping[str, Any]:
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(
            f"cannot open the policy `{path}`: {error.strerror}. Give the JSON file that "
            "`ecumene policy build` or write_policy() wrote."
        ) from error
    except ValueError as error:
        raise InputError(f"`{path.name}` is not JSON ({error}).") from error
    if not isinstance(manifest, dict) or manifest.get("kind") != KIND:
        raise InputError(f"`{path.name}` is not a policy: its `kind` is not `{KIND}`.")
    if manifest.get("version") != VERSION:
        raise InputError(
            f"`{path.name}` is a policy of version {manifest.get('version')}; this Ecumene reads "
            f"version {VERSION}."
        )
    return manifest


def _policy(manifest: Mapping[str, Any], table: Path) -> Policy:
    actions: Mapping[str, str] = manifest["actions"]
    read = _read_table(table)
    kept = KINDS[manifest["bits"]]
    cuts = [read[f"below_{k}"].astype(kept) for k in range(len(actions) - 1)]
    return Policy(
        tuple(_binned(column) for column in manifest["columns"]),
        actions,
        np.stack(cuts, axis=1),
        tuple(manifest["sources"]),
        read["source"].astype(np.int16),
        np.ma.filled(read["uncertainty"].astype(float), np.nan),
        manifest["about"],
    )


def _binned(column: Mapping[str, Any]) -> Binned:
    lists: dict[str, Any] = {
        name: tuple(v) if isinstance(v, list) else v for name, v in column.items()
    }
    return Binned(**lists)


def _columns(policy: Policy) -> dict[str, Column]:
    cuts = {f"below_{k}": policy.thresholds[:, k].copy() for k in range(policy.thresholds.shape[1])}
    kept = {"source": policy.source_of, "uncertainty": policy.uncertainty}
    return {"situation": np.arange(policy.situations), **cuts, **kept}


def _write_table(path: Path, columns: Mapping[str, Column]) -> None:
    import duckdb

    def write(temporary: Path) -> None:
        with duckdb.connect(config={"threads": 1}) as database:
            database.register("part", dict(columns))
            database.sql("from part").write_parquet(str(temporary), compression="zstd")

    _whole(path, write)


def _read_table(path: Path) -> dict[str, Column]:
    import duckdb

    with duckdb.connect(config={"threads": 1}) as database:
        try:
            read = database.execute("from read_parquet(?) order by situation", [str(path)])
            columns: dict[str, Any] = read.fetchnumpy()
            return columns
        except duckdb.Error as error:
            raise InputError(f"`{path.name}` is not the Parquet file of a policy.") from error


def _whole(path: Path, write: Any) -> None:
    """Let `write` make a file that is there whole or not at all."""
    temporary = path.with_name(path.name + ".tmp")
    try:
        write(temporary)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
