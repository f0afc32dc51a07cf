"""Newcomers on their way to a place, and the luck by which they are told apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import Column, Integers
from ..population import BORN
from ..random import fold
from .lots import fold_all

OUTSIDE = 1 << 62  # Who causes newcomers from outside: nobody's identity.
NEWCOMER = 0x6E6577636F6D6572  # Of an entry's draws the one that tells newcomers apart.
BEGINS = 0x626567696E73  # And the one by which they begin; no rule draws either on its own.
KINDS = {"flag": np.bool_, "pulse": np.bool_, "float": np.float64}
TOP = 45  # Bits of an identity below its highest sixteen, by which shards share the sorting.


@dataclass(frozen=True)
class Newcomers:
    """Identities, and for each of some columns what they begin with."""

    who: Integers
    values: Mapping[str, Column]

    @classmethod
    def of_boxes(cls, boxes: Sequence[Newcomers]) -> Newcomers:
        """Those of all boxes, one box after another."""
        values = {n: np.concatenate([box.values[n] for box in boxes]) for n in boxes[0].values}
        return cls(np.concatenate([box.who for box in boxes]), values)

    def of(self, which: Column) -> Newcomers:
        """Some of them, in that order."""
        return Newcomers(self.who[which], {n: v[which] for n, v in self.values.items()})

    def in_order(self) -> Newcomers:
        """The same in order of identity."""
        return self.of(np.argsort(self.who, kind="stable"))

    def split(self, owners: Integers, shards: int) -> list[Newcomers]:
        """Those that go to each shard."""
        return [self.of(np.flatnonzero(owners == shard)) for shard in range(shards)]


def newcomers_from_outside(key: int, count: int) -> Integers:
    """The identities of newcomers whom nobody causes: what `newcomer` gives, many at once."""
    luck = fold(fold(key, NEWCOMER), OUTSIDE)
    return (fold_all(luck, np.arange(count)) >> np.uint64(3)).astype(np.int64) + BORN


def column_kind(kind: str) -> Any:
    """The type in which first values of a column of that kind travel."""
    return KINDS.get(kind, np.int64)


def bucket(who: Integers, shards: int) -> Integers:
    """Which shard sorts an identity: the first shards have the smallest."""
    return ((who - BORN) >> TOP) * shards >> 16
