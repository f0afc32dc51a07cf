"""The two doors for real networks: a file, or something already in memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..errors import InputError
from .edge_file import read_edge_file
from .frame import read_arrow, read_frame, read_mapping, read_pairs, read_relation
from .igraph_graph import read_igraph
from .networkx_graph import read_networkx
from .numbering import Pairs
from .parquet import MARK, read_parquet
from .quick import Choose, numpy_alone
from .rows import Rows, compress
from .text_file import existing_file, opening

GRAPHS: dict[str, Callable[[Any], tuple[Pairs, bool, list[str]]]] = {
    "igraph": read_igraph,
    "networkx": read_networkx,
}
FRAMES: dict[str, Callable[[Any], tuple[Pairs, list[str]]]] = {
    "_duckdb": read_relation,
    "duckdb": read_relation,
    "numpy": read_pairs,
    "pandas": read_frame,
    "polars": read_frame,
    "pyarrow": read_arrow,
}


def read_network(
    path: str | Path,
    directed: bool | None = None,
    strict: bool = False,
    choose: Choose = numpy_alone,
) -> Rows:
    """An explicit network from a file of ties: CSV, TSV, SNAP text (plain or gzipped) or Parquet.

    Ties are undirected unless `directed`; a notice says so where it was left open. With `strict`,
    self-loops, duplicate ties and ids other than 0..n-1 are errors instead of notices. `choose`
    says which loops to read with; they only take less time.
    """
    file = existing_file(Path(path))
    pairs, notices = read_parquet(file) if is_parquet(file) else read_edge_file(file, choose)
    return compress(pairs, directed, file.name, notices, strict, choose)


def is_parquet(file: Path) -> bool:
    """Whether a file begins as Parquet or is named so."""
    return opening(file).startswith(MARK) or file.suffix in (".parquet", ".pq")


def network(
    graph_or_frame: Any,
    directed: bool | None = None,
    strict: bool = False,
    choose: Choose = numpy_alone,
) -> Rows:
    """An explicit network from a networkx or igraph graph, or from a frame or pairs of ids.

    A graph says itself whether it is directed; `directed=False` takes a directed one both ways. A
    frame is a pandas, polars, Arrow or DuckDB table or a mapping, with ids in `source` and
    `target` or in its first two columns. Frames are undirected unless `directed`.
    """
    library = _library(graph_or_frame)
    name = f"{library} {type(graph_or_frame).__name__}".removeprefix("builtins ")
    if library in GRAPHS:
        pairs, own, notices = GRAPHS[library](graph_or_frame)
        if directed and not own:
            raise InputError(
                f"the {name} is undirected, and directed=True was asked for. Leave that out, or "
                "give the graph's directed form (each tie then goes both ways)."
            )
        return compress(pairs, own and directed is not False, name, notices, strict, choose)
    pairs, notices = _frame_reader(graph_or_frame, library)(graph_or_frame)
    return compress(pairs, directed, name, notices, strict, choose)


def _library(thing: Any) -> str:
    """The library a value comes from, be it through a class derived from one of its own."""
    bases = [base.__module__.split(".")[0] for base in type(thing).__mro__]
    return next((base for base in bases if base in GRAPHS or base in FRAMES), bases[0])


def _frame_reader(frame: Any, library: str) -> Callable[[Any], tuple[Pairs, list[str]]]:
    if library in FRAMES:
        return FRAMES[library]
    if isinstance(frame, dict):
        return read_mapping
    if isinstance(frame, list | tuple):
        return read_pairs
    raise InputError(
        f"a {type(frame).__name__} is no network. Give a networkx or igraph graph, a pandas, "
        "polars, Arrow or DuckDB table, a mapping of columns or a list of pairs; for a file, "
        "call read_network(path)."
    )
