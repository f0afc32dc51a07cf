"""A policy: what an agent would do in each situation, and where we know it from.

A table of situations by actions, as cumulative thresholds that a draw of luck is held against. An
action is chosen with exactly the chance that the thresholds say, 0 and 1 included; the last
action's threshold is one and is not kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import prod
from typing import Any

import numpy as np
from blake3 import blake3

from ..arrays import Column, Integers
from ..errors import ModelError, SizeError, unknown
from .binned import Binned

BITS = {64: 63, 32: 31}  # Kept bits: the grid of the thresholds, so that one (2**63) has a number.
MOST_COLUMNS = 8  # As many as `ec.situation` takes.
MOST_BYTES = 1 << 30  # A larger table should be another table: see `ec.grouped`.


@dataclass(frozen=True, eq=False)
class Policy:
    """Situations by actions as thresholds, with what they mean and where they come from.

    `thresholds` has the shape (situations, actions - 1): the chance of each action or an earlier
    one, times 2**63 (or 2**31 in 32 bits), rising along a row. `actions` maps names to words.
    `source_of` says for each cell which of `sources` it is from, `uncertainty` the largest standard
    error of its chances (NaN where nobody knows). `about` is whatever else belongs to it.
    """

    columns: tuple[Binned, ...]
    actions: Mapping[str, str]
    thresholds: Column
    sources: tuple[str, ...]
    source_of: Column
    uncertainty: Column
    about: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def __post_init__(self) -> None:
        """Refuse a table that is not what its columns and actions say, and freeze it."""
        check_shape(self.columns, self.actions)
        cells = prod(c.size for c in self.columns)
        for name, kinds in {"thresholds": "u", "source_of": "iu", "uncertainty": "f"}.items():
            array = np.array(getattr(self, name))
            shape = (cells, len(self.actions) - 1) if name == "thresholds" else (cells,)
            if array.shape != shape or array.dtype.kind not in kinds:
                raise ModelError(
                    f"a policy's {name} of shape {array.shape} ({array.dtype}); its columns and "
                    f"actions make {shape}."
                )
            array.setflags(write=False)
            object.__setattr__(self, name, array)
        self._check_values()

    def _check_values(self) -> None:
        one = 1 << self.grid_bits
        if self.thresholds.max() > one or np.any(self.thresholds[:, 1:] < self.thresholds[:, :-1]):
            raise ModelError("a policy's thresholds fall along a row, or pass one.")
        if not self.sources or self.source_of.min() < 0 or self.source_of.max() >= self.kinds:
            raise ModelError("a policy's cells are from sources that it does not name.")

    def __repr__(self) -> str:
        """What it is made of, without its cells."""
        product = " x ".join(f"{c.name} {c.size}" for c in self.columns)
        return f"<Policy {product}, actions {', '.join(self.actions)}; {self.digest()[:12]}>"

    @property
    def kinds(self) -> int:
        """How many sources there are."""
        return len(self.sources)

    @property
    def situations(self) -> int:
        """How many situations there are."""
        return int(self.thresholds.shape[0])

    @property
    def bits(self) -> int:
        """64, or 32 where thresholds are kept so."""
        return self.thresholds.dtype.itemsize * 8

    @property
    def grid_bits(self) -> int:
        """Thresholds are multiples of 2 to the minus this, and so off by half of that at most."""
        return BITS[self.bits]

    @property
    def memory_bytes(self) -> int:
        """What rules read of it."""
        return sum(value.nbytes for value in self.fields.values() if isinstance(value, np.ndarray))

    def probabilities(self) -> Column:
        """The chance of each action in each situation, shape (situations, actions)."""
        one = np.full((self.situations, 1), 1 << self.grid_bits, self.thresholds.dtype)
        whole = np.concatenate([np.zeros_like(one), self.thresholds, one], axis=1)
        return np.diff(whole, axis=1).astype(float) / 2.0**self.grid_bits

    def chances(self, *values: float | str) -> dict[str, float]:
        """The chance of each action in one situation: its values, or their labels, in order."""
        return dict(
            zip(self.actions, self.probabilities()[self.situation(*values)].tolist(), strict=True)
        )

    def situation(self, *values: float | str) -> int:
        """The number of the situation with these values, or labels, one for each column."""
        if len(values) != len(self.columns):
            names = ", ".join(c.name for c in self.columns)
            raise ModelError(f"{len(values)} values for the columns {names}; give one for each.")
        cell = 0
        for column, value in zip(self.columns, values, strict=True):
            if isinstance(value, str):
                if value not in column.labels:
                    raise ModelError(f"`{column.name}` has {unknown('bin', value, column.labels)}")
                place = column.labels.index(value)
            else:
                place = int(column.bins([value])[0])
            if place < 0:
                raise ModelError(
                    f"`{column.name}` has no bin for {value}; it has bins for the whole numbers 0 "
                    f"to {column.values - 1}."
                )
            cell = cell * column.size + place
        return cell

    def labels(self, cell: int) -> dict[str, str]:
        """The bins of a situation, in words, by column."""
        places: list[int] = []
        for column in reversed(self.columns):
            cell, place = divmod(cell, column.size)
            places.append(place)
        named = zip(self.columns, reversed(places), strict=True)
        return {column.name: column.labels[place] for column, place in named}

    def narrowed(self) -> Policy:
        """The same in 32 bits: half the memory, every threshold off by at most 2**-32."""
        if self.bits == 32:
            return self
        half = np.uint64(1 << 31)
        return replace(self, thresholds=((self.thresholds + half) >> 32).astype(np.uint32))

    def digest(self) -> str:
        """64 hex digits, BLAKE3 of all that decides what is chosen: bins, actions, thresholds."""
        return self._digest

    @cached_property
    def _digest(self) -> str:
        decides = [
            [[c.name, c.size, c.edges, c.groups] for c in self.columns],
            list(self.actions),
            self.bits,
        ]
        hasher = blake3(json.dumps(decides, separators=(",", ":")).encode())
        little = self.thresholds.astype(self.thresholds.dtype.newbyteorder("<"), copy=False)
        hasher.update(np.ascontiguousarray(little).tobytes())
        return hasher.hexdigest()

    @cached_property
    def fields(self) -> Mapping[str, int | Column]:
        """The numbers and arrays that `ec.choose` and `ec.situation` read."""
        edges = [edge for column in self.columns for edge in column.edges]
        groups = [group for column in self.columns for group in column.groups]
        return {
            "situations": self.situations,
            "cuts": len(self.actions) - 1,
            "shift": 64 - self.grid_bits,
            "columns": len(self.columns),
            "below": self.thresholds.ravel(),
            "sizes": np.array([c.size for c in self.columns], np.int64),
            "values": np.array([c.values for c in self.columns], np.int64),
            "edges": np.array(edges, np.float64),
            "edge_first": _first([len(c.edges) for c in self.columns]),
            "groups": np.array(groups, np.int64),
            "group_first": _first([len(c.groups) for c in self.columns]),
        }


def check_shape(columns: Sequence[Binned], actions: Mapping[str, str]) -> None:
    """Refuse, with the arithmetic, a table that is too large, or none at all."""
    names = [column.name for column in columns]
    if not names or len(names) > MOST_COLUMNS or len(set(names)) < len(names):
        raise ModelError(
            f"a policy of the columns {', '.join(names) or '(none)'}; give 1 to {MOST_COLUMNS}, "
            "each once."
        )
    if len(actions) < 2:
        raise ModelError(f"a policy of {len(actions)} actions; there is a choice from two on.")
    cells, cuts = prod(c.size for c in columns), len(actions) - 1
    if cells * cuts * 8 > MOST_BYTES:
        product = " x ".join(f"{c.size:,} ({c.name})" for c in columns)
        raise SizeError(
            f"a policy of {product} = {cells:,} situations x {cuts} thresholds x 8 bytes = "
            f"{cells * cuts * 8 / 1e9:,.1f} GB; at most {MOST_BYTES / 1e9:.1f} GB. Put the values "
            "of the largest column into groups (ec.grouped, ec.pair_policy), or cut it more "
            "coarsely."
        )


def _first(lengths: Sequence[int]) -> Integers:
    return np.cumsum([0, *lengths], dtype=np.int64)
