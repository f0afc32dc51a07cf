"""A user's own persons as a background: each agent is one of the rows, in contiguous ranges."""

from __future__ import annotations

import linecache
from collections.abc import Callable
from typing import Any

import numpy as np

from ..arrays import Column
from ..errors import InputError, unknown
from .apportion import largest_remainder, starts
from .background import Background
from .coding import Coded, coded, column_name
from .columns import Derived
from .population import AGENTS_LIMIT
from .reading import read_persons
from .world import whole_number

WEIGHT_STEPS = 1 << 40  # fractional weights are multiples of the largest one over this


def population(frame: Any, agents: int | None = None, weight: str | None = None) -> Background:
    """`agents` people like the rows of `frame`, each row as often as its `weight` says.

    `frame` is a path to a CSV or Parquet file, a mapping from names to columns, or a pandas, polars
    or Arrow table. Without `agents` there are as many as rows; without `weight` all rows count
    alike.
    """
    name, columns = read_persons(frame)
    rows = len(next(iter(columns.values())))
    n = rows if agents is None else whole_number("agents", agents, 1, AGENTS_LIMIT)
    weights = _weights(name, columns, weight)
    one_each = weights is None and n == rows
    counts = [1] * rows if one_each else largest_remainder(weights or [1] * rows, n)
    taken, notes = _coded(columns)
    tables: dict[str, Column] = {f"column_{c}": code.values for c, code in taken.items()}
    if not one_each:
        tables |= {"rows": np.array([rows]), "row_start": starts(counts)}
    return Background(
        name=name,
        size=n,
        derived={
            c: _derived(c, code, name, own_row if one_each else row) for c, code in taken.items()
        },
        tables=tables,
        notes=(_how(name, n, rows, counts, weight), *notes),
    )


def own_row(identity: int, tables: Any) -> int:
    """The row of an agent where every row is one agent; `tables` is there to match `row`."""
    return identity


def row(identity: int, tables: Any) -> int:
    """The row whose range of identities holds `identity`."""
    low = 0
    high = int(tables.rows[0])
    while high - low > 1:
        middle = (low + high) // 2
        if tables.row_start[middle] <= identity:
            low = middle
        else:
            high = middle
    return low


def _weights(name: str, columns: dict[str, Column], weight: str | None) -> list[int] | None:
    """The weight column, taken out of `columns`, as whole numbers; None when there is none."""
    if weight is None:
        return None
    if weight not in columns:
        raise InputError(f"{name}: {unknown('column', weight, columns)}")
    code = coded(weight, columns.pop(weight))
    if code.kind not in ("int", "float") or code.labels is not None:
        raise InputError(f"the weight column `{weight}` of {name} holds no numbers.")
    if (code.values < 0).any():
        person = int(np.argmax(code.values < 0))
        raise InputError(
            f"the weight of person {person + 1} is {code.values[person]}; weights are 0 or more."
        )
    if not (code.values > 0).any():
        raise InputError(f"all weights in column `{weight}` are 0; at least one must not be.")
    if code.kind == "float":
        return [round(w) for w in (code.values / code.values.max() * WEIGHT_STEPS).tolist()]
    return code.values.tolist()


def _coded(columns: dict[str, Column]) -> tuple[dict[str, Coded], list[str]]:
    taken: dict[str, Coded] = {}
    notes: list[str] = []
    for original, values in columns.items():
        code = coded(original, values)
        if code.note:
            notes.append(code.note)
        if code.kind:
            name = column_name(original, taken)
            taken[name] = code
            if name != original:
                notes.append(f"column `{original}` is called `{name}`.")
    if not taken:
        raise InputError(f"no column can be used: {' '.join(notes) or 'there is only the weight.'}")
    return taken, notes


def _derived(name: str, code: Coded, source: str, which: Callable[..., int]) -> Derived:
    return Derived(
        function=_function(name, code.kind, which),
        kind=code.kind,
        labels=code.labels,
        source=source,
        help=f"column `{name}` of {source}",
    )


def _function(name: str, kind: str, which: Callable[..., int]) -> Callable[..., Any]:
    """The column's function, with a text that backends can read and compile as any other's."""
    value = f"tables.column_{name}[{which.__name__}(identity, tables)]"
    test = " != 0" if kind == "bool" else ""
    text = f"def column_{name}(identity, tables):\n    return {value}{test}\n"
    file = f"<ecumene persons {name} {kind} {which.__name__}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    names: dict[str, Any] = {which.__name__: which, "__name__": __name__}
    exec(compile(text, file, "exec"), names)
    return names[f"column_{name}"]


def _how(name: str, n: int, rows: int, counts: list[int], weight: str | None) -> str:
    if n == rows and weight is None:
        return f"{n:,} agents: one for each person of {name}."
    by = f"by the weight `{weight}`" if weight else "in equal parts"
    never = sum(count == 0 for count in counts)
    unused = f"; {never:,} persons stand for nobody" if never else ""
    return f"{n:,} agents from the {rows:,} persons of {name}, {by}{unused}."
