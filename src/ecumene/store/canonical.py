"""Plain values as canonical JSON: the same value is always the same text.

Floats are written by their shortest repr; what is not a number (NaN, infinity) is null; digests
are hex. Text that is no valid Unicode (an odd file name on the command line) is kept as escapes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from os import PathLike, fspath
from typing import Any, cast

import blake3
import numpy as np


def plain(value: object) -> Any:
    """`value` as dicts, lists, text, numbers, booleans and None only."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, bytes | bytearray):
        return value.hex()
    if isinstance(value, PathLike):
        return str(fspath(cast("PathLike[str]", value)))
    return _plain_container(value)


def _plain_container(value: object) -> Any:
    """A mapping as a dict with text keys, anything listed as a list."""
    if isinstance(value, Mapping):
        items = cast("Mapping[object, object]", value).items()
        return {_key(name): plain(item) for name, item in items}
    if isinstance(value, np.ndarray):
        return [plain(item) for item in value.tolist()]
    if isinstance(value, list | tuple):
        return [plain(item) for item in cast("list[object]", value)]
    raise TypeError(f"cannot be kept in a run's record: {type(value).__name__} {value!r}")


def _key(name: object) -> str:
    """A mapping's key as the text JSON needs."""
    value = plain(name)
    return value if isinstance(value, str) else json.dumps(value)


def dumps(value: object, indent: int | None = None) -> str:
    """`value` as JSON text; with `indent` over several lines, for people."""
    separators = (",", ":") if indent is None else (",", ": ")
    return json.dumps(
        plain(value), indent=indent, separators=separators, ensure_ascii=False, allow_nan=False
    )


def encode(text: str) -> bytes:
    """JSON text as UTF-8; a lone surrogate becomes the escape that JSON knows."""
    return text.encode("utf-8", errors="backslashreplace")


def checksum(value: object) -> str:
    """BLAKE3 over `value` as canonical JSON, whatever the order of its keys."""
    text = json.dumps(plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return blake3.blake3(text.encode("ascii")).hexdigest()
