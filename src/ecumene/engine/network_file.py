"""The doors for real networks as users call them: checked for memory, and read by compiled loops.

What they give is what `networks` gives without either; only the time differs.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from ..errors import SizeError
from ..networks import Loops, Rows, expected_ties, is_small, reading
from ..networks.text_file import existing_file
from .memory import available_memory, readable_bytes

MANY = 300_000  # ties: reading them without loops takes longer than loading a compiler does
FEW = 1_000  # below, the loops gain nothing


def read_network(path: str | Path, directed: bool | None = None, strict: bool = False) -> Rows:
    """An explicit network from a file of ties: CSV, TSV, SNAP text (plain or gzipped) or Parquet.

    Ties are undirected unless `directed`; a notice says so where it was left open. With `strict`,
    self-loops, duplicate ties and ids other than 0..n-1 are errors instead of notices. Raises
    `SizeError` before anything is read when memory would not do.
    """
    check_reading(Path(path))
    return reading.read_network(path, directed, strict, loops_for)


def network(graph_or_frame: Any, directed: bool | None = None, strict: bool = False) -> Rows:
    """An explicit network from a networkx or igraph graph, or from a frame or pairs of ids.

    A graph says itself whether it is directed; `directed=False` takes a directed one both ways. A
    frame is a pandas, polars, Arrow or DuckDB table or a mapping, with ids in `source` and
    `target` or in its first two columns. Frames are undirected unless `directed`.
    """
    return reading.network(graph_or_frame, directed, strict, loops_for)


def check_reading(path: Path) -> None:
    """Refuse, with the arithmetic, a file whose ties would not fit into memory; read none."""
    file, free = existing_file(path), available_memory()
    if is_small(file, free):
        return
    wanted = expected_ties(file)
    if wanted.memory_bytes > free:
        raise SizeError(
            f"reading {path} ({readable_bytes(file.stat().st_size)}, about {wanted.ties:,} ties) "
            f"needs about {readable_bytes(wanted.memory_bytes)} of memory and this machine has "
            f"{readable_bytes(free)} free. Give a part of the file, or use a machine or container "
            "with more memory."
        )


def loops_for(ties: int) -> Loops | None:
    """The compiled loops where they take less time, compiling or loading them included."""
    if ties < FEW or (ties < MANY and "numba" not in sys.modules):
        return None
    from ..backends.cpu.loops import compiled_before, loops  # here, since it loads the compiler

    return loops() if ties >= MANY or compiled_before() else None
