"""A run that is many small ones: stories, worlds, replications; what is measured is over them.

`ec.Model(lanes=ec.in_lanes(...))` makes `ec.run` take the model through so many lanes, keep a table
with a row for each, and measure over the table. Lanes may be spread over several networks, each of
a seed of its own, so that an interval holds the luck of the network too. `ec.in_worlds` is for
models that lanes cannot run: each is run by itself, and beside it what it would have been.
"""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
    # Of worlds: the parameters of those that each is held against, under its luck; else None.
    against: Mapping[str, Mapping[str, Any]] | None = None

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
            "vary": None if self.vary is None else text_around(self.vary),
            **({} if self.against is None else {"against": dict(self.against)}),
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


def in_worlds(
    count: int,
    measures: Mapping[str, Over],
    *,
    against: Mapping[str, Mapping[str, Any]] | None = None,
    name: str = "worlds",
    keep: Sequence[str] | None = None,
    networks: int = 1,
    curves: Mapping[str, Callable[[Mapping[str, Column]], Any]] | None = None,
) -> InLanes:
    """Let a run be `count` whole runs, each of a luck of its own, for any model.

    `against` names what each is held against: the same under the same luck but for these
    parameters. In the table, whose name is `name`, a row is a world; a measure of what it is held
    against is called `NAME:MEASURE`. `measures`, `networks` and `curves` are as in `ec.in_lanes`;
    `keep` names the model's measures that are kept, if not all.
    """
    held = {} if against is None else {n: dict(changed) for n, changed in against.items()}
    whole = in_lanes(count, measures, name=name, keep=keep, networks=networks, curves=curves)
    return replace(whole, against=held)


def text_around(function: Callable[..., Any]) -> str:
    """The hash of the file that a function stands in: what it calls is mostly there too."""
    module = inspect.getmodule(function)
    try:
        text = inspect.getsource(module) if module else inspect.getsource(function)
    except (OSError, TypeError):
        text = function.__qualname__
    return blake3(text.encode()).hexdigest()
