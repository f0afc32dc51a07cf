"""What many lanes gave: one row per lane, as arrays.

lanes["size"]      one column as a NumPy array, a lane each
lanes.digest(7)    the digest of a lane, as of the same run made alone
lanes.pandas()     all of it, as the library you like
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import numpy as np

from ..arrays import Column, Integers
from ..errors import InputError, unknown


class Lanes:
    """Results by name, `lane` first; `len` is the number of lanes.

    `alone` are the numbers of the lanes that became too large for many at once and were run alone.
    """

    def __init__(self, columns: Mapping[str, Column], alone: Integers) -> None:
        """Take equally long columns by name."""
        self._columns = dict(columns)
        self.alone = alone

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names."""
        return tuple(self._columns)

    def __getitem__(self, name: str) -> Column:
        """One column as a NumPy array, in the order in which the lanes were given."""
        if name not in self._columns:
            raise KeyError(unknown("column of lanes", name, self._columns))
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        """The columns' names, as of a data frame."""
        return iter(self._columns)

    def __contains__(self, name: object) -> bool:
        """Whether there is a column of that name."""
        return name in self._columns

    def __len__(self) -> int:
        """The number of lanes."""
        return len(self._columns["lane"])

    def digest(self, lane: int) -> str:
        """32 hex digits: the digest of lane number `lane`, as `Simulation.digest` gives it."""
        at = np.flatnonzero(self["lane"] == lane)
        if at.size == 0:
            raise InputError(f"there is no lane {lane} among these {len(self):,} lanes.")
        row = int(at[0])
        return f"{int(self['digest_low'][row]):016x}{int(self['digest_high'][row]):016x}"

    def numpy(self) -> dict[str, Column]:
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
        """How many, and of what."""
        return f"Lanes({len(self):,} lanes of {', '.join(self.names)})"


def _library(name: str, package: str) -> Any:
    """An optional library, or an error with the command that installs it."""
    try:
        return import_module(name)
    except ImportError as error:
        raise InputError(
            f"lanes as {name} need the library {name}, which is not installed; "
            f"`python -m pip install {package}` installs it, `.numpy()` needs nothing."
        ) from error
