"""A run that is many small ones: stories, worlds, replications; what is measured is over them.

`ec.Model(lanes=ec.in_lanes(...))` makes `ec.run` take the model through so many lanes, keep a table
with a row for each, and measure over the table. Lanes may be spread over several networks, each of
a seed of its own, so that an interval holds the luck of the network too.
"""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from blake3 import blake3

from ..arrays import Column, Integers
from ..errors import ModelError
from ..random import fold
from .lane_intervals import Over

Vary = Callable[[Integers, int], Mapping[str, Any]]
NETWORKS_KEY = 0x4E6574776F726B73  # "Networks" in ASCII: where the seeds of further ones begin.


@dataclass(frozen=True)
class InLanes:
    """How many lanes, what differs between them, what is kept of each and measured over all."""

    count: int
    measures: Mapping[str, Over]
    name: str
    vary: Vary | None
    tree: str | None
    generations: int
    reaching: Mapping[str, tuple[str, int]]
    keep: tuple[str, ...] | None
    networks: int
    curves: Mapping[str, Callable[[Mapping[str, Column]], Any]] = field(
        default_factory=dict[str, Any]
    )

    def watches(self, measure: str) -> bool:
        """Whether one of the model's own measures is kept or watched, lane by lane."""
        return (
            self.keep is None
            or measure in self.keep
            or measure in [watched for watched, _ in self.reaching.values()]
        )

    def seeds(self, seed: int) -> list[int]:
        """A seed for each network; the first is the run's own."""
        further = [fold(fold(NETWORKS_KEY, seed), n) for n in range(1, self.networks)]
        return [seed, *further]

    def parts(self) -> list[Integers]:
        """The lanes' numbers, by network: each has them from 0 on."""
        cuts = [self.count * n // self.networks for n in range(self.networks + 1)]
        return [np.arange(b - a, dtype=np.int64) for a, b in itertools.pairwise(cuts)]

    def varied(self, numbers: Integers, seed: int) -> Mapping[str, Any]:
        """What differs between these lanes of a seed."""
        return {} if self.vary is None else self.vary(numbers, seed)

    def identity(self) -> Mapping[str, Any]:
        """What determines the lanes' numbers: for a run's name."""
        return {
            "count": self.count,
            "networks": self.networks,
            "vary": None if self.vary is None else _text_around(self.vary),
        }


def in_lanes(
    count: int,
    measures: Mapping[str, Over],
    *,
    name: str = "lanes",
    vary: Vary | None = None,
    tree: str | None = None,
    generations: int = 0,
    reaching: Mapping[str, tuple[str, int]] | None = None,
    keep: Sequence[str] | None = None,
    networks: int = 1,
    curves: Mapping[str, Callable[[Mapping[str, Column]], Any]] | None = None,
) -> InLanes:
    """Let a run be `count` lanes; `name` is what the table of them is called.

    `measures` are functions of the table (name -> array with a number per lane) that give one
    number, or None where there is none; `vary(numbers, seed)` gives the parameters that differ, one
    array each over the lanes of these numbers. `tree`, `generations`, `reaching` and `keep` are as
    in `ec.run_lanes`. With several `networks` the lanes are spread over as many, each of a seed of
    its own, and `lane` numbers them within one. `curves` are functions that give (x, y) to plot.
    """
    if count < 1:
        raise ModelError(f"in_lanes: {count} lanes; type at least 1.")
    return InLanes(
        int(count),
        measures,
        name,
        vary,
        tree,
        generations,
        reaching or {},
        None if keep is None else tuple(dict.fromkeys(["steps", "digest", *keep])),
        max(1, min(int(networks), int(count))),
        curves or {},
    )


def _text_around(function: Callable[..., Any]) -> str:
    """The hash of the file that a function stands in: what it calls is mostly there too."""
    module = inspect.getmodule(function)
    try:
        text = inspect.getsource(module) if module else inspect.getsource(function)
    except (OSError, TypeError):
        text = function.__qualname__
    return blake3(text.encode()).hexdigest()
