"""What was measured at every step, read only when somebody looks.

run.series["reached"]       one measure as a NumPy array
run.series.groups("share")  group -> array, of a measure by group
run.series.pandas()         all of it, as the library you like
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from importlib import import_module
from typing import Any

import numpy as np

from ..errors import StoreError, unknown

Columns = Mapping[str, np.ndarray]


class Series:
    """Measures over steps: named columns, `step` first; `len` is the number of rows."""

    def __init__(self, load: Callable[[], Columns]) -> None:
        """Take the function that gives the columns; it is called once, when first needed."""
        self._load = load

    @cached_property
    def _columns(self) -> Columns:
        return self._load()

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names."""
        return tuple(self._columns)

    def __getitem__(self, name: str) -> np.ndarray:
        """One column as a NumPy array; a value that is missing is NaN."""
        if name not in self._columns:
            raise KeyError(unknown("measure", name, self._columns))
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        """The columns' names, as of a data frame."""
        return iter(self._columns)

    def __contains__(self, name: object) -> bool:
        """Whether there is a column of that name."""
        return name in self._columns

    def __len__(self) -> int:
        """The number of rows, as of a data frame."""
        return len(next(iter(self._columns.values()), ()))

    def groups(self, measure: str) -> dict[str, np.ndarray]:
        """Group -> column, of a measure by group (columns named `measure[group]`)."""
        start = f"{measure}["
        return {
            name[len(start) : -1]: column
            for name, column in self._columns.items()
            if name.startswith(start) and name.endswith("]")
        }

    def numpy(self) -> dict[str, np.ndarray]:
        """Name -> NumPy array."""
        return dict(self._columns)

    def arrow(self) -> Any:
        """A pyarrow Table."""
        return _library("pyarrow", "'ecumene[arrow]'").table(self.numpy())

    def pandas(self) -> Any:
        """A pandas DataFrame."""
        return _library("pandas", "'ecumene[frames]'").DataFrame(self.numpy())

    def polars(self) -> Any:
        """A polars DataFrame."""
        return _library("polars", "'ecumene[frames]'").DataFrame(self.numpy())

    def __repr__(self) -> str:
        """Rows and names."""
        return f"Series({len(self)} rows of {', '.join(self.names)})"


def _library(name: str, package: str) -> Any:
    """An optional library, or an error with the command that installs it."""
    try:
        return import_module(name)
    except ImportError as error:
        raise StoreError(
            f"the series as {name} needs the library {name}, which is not installed; "
            f"`python -m pip install {package}` installs it, `.numpy()` needs nothing."
        ) from error
