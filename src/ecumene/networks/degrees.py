"""How many agents have which degree: shares, a power law, or counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import numpy as np

from ..arrays import Integers
from ..errors import ModelError
from .powers import Reals, powers

MOST = 10_000_000  # the largest degree: its power law takes 80 MB while it is worked out
Classes = tuple[Integers, Integers]


class Degrees(Protocol):
    """Anything that says how many of some agents have which degree."""

    def classes(self, agents: int) -> Classes:
        """Degrees, ascending, and how many of `agents` agents have each; none has no agents."""
        ...

    def summing(self, agents: int, ties: int) -> Classes:
        """The same, meant to sum to `ties`: a law whose mean is open takes it from there."""
        ...

    def identity(self) -> Mapping[str, Any]:
        """What determines it."""
        ...


@dataclass(frozen=True)
class Shares:
    """Degrees with the share of the agents that have each."""

    shares: tuple[tuple[int, float], ...]

    def classes(self, agents: int) -> Classes:
        """Counts as near to the shares as whole agents allow."""
        degrees = np.array([d for d, _ in self.shares], np.int64)
        return nearest(degrees, np.array([s for _, s in self.shares], np.float64), agents)

    def summing(self, agents: int, ties: int) -> Classes:
        """The counts, whatever `ties` are."""
        del ties
        return self.classes(agents)

    def identity(self) -> Mapping[str, Any]:
        """What determines it."""
        return {"kind": "shares", "shares": [list(pair) for pair in self.shares]}


@dataclass(frozen=True)
class PowerLaw:
    """Degrees d from `low` to `high` in proportion to d**-exponent."""

    exponent: float
    low: int
    high: int

    def classes(self, agents: int) -> Classes:
        """Counts as near to the shares as whole agents allow; the tail is never cut off."""
        return counted(*_tails_of(self), agents)

    def summing(self, agents: int, ties: int) -> Classes:
        """The counts, whatever `ties` are."""
        del ties
        return self.classes(agents)

    def identity(self) -> Mapping[str, Any]:
        """What determines it."""
        law = {"exponent": self.exponent, "low": self.low, "high": self.high}
        return {"kind": "power law", **law}


@dataclass(frozen=True)
class Counts:
    """Degrees with how many agents have each."""

    counts: tuple[tuple[int, int], ...]

    def classes(self, agents: int) -> Classes:
        """The counts; raises `ModelError` unless they make up `agents`."""
        total = sum(count for _, count in self.counts)
        if total != agents:
            raise ModelError(
                f"the counts of degrees make up {total:,} agents and the population has {agents:,};"
                " make them equal, or give shares: a mapping from degree to share."
            )
        kept = [pair for pair in self.counts if pair[1]]
        return np.array([d for d, _ in kept], np.int64), np.array([n for _, n in kept], np.int64)

    def summing(self, agents: int, ties: int) -> Classes:
        """The counts, whatever `ties` are."""
        del ties
        return self.classes(agents)

    def identity(self) -> Mapping[str, Any]:
        """What determines it."""
        return {"kind": "counts", "counts": [list(pair) for pair in self.counts]}


@lru_cache(maxsize=2)  # A network by groups asks for each of them.
def _tails_of(law: PowerLaw) -> tuple[Integers, Reals]:
    degrees = np.arange(law.low, law.high + 1, dtype=np.int64)
    return degrees, tails(powers(degrees, -law.exponent))


def power_law(exponent: float, low: int, high: int) -> PowerLaw:
    """Degrees d from `low` to `high`, held by shares of the agents in proportion to d**-exponent.

    For `ec.configuration`. Of N agents, the r-th from the top has the degree that a share r/N of
    the law reaches, so the largest hub grows with N, up to `high`.
    """
    if not 0.0 <= exponent <= 20.0:
        raise ModelError(f"power_law: an exponent of {exponent}; type 0 to 20, such as 2.5.")
    if not 1 <= low <= high <= MOST:
        raise ModelError(
            f"power_law: degrees from {low:,} to {high:,}; type 1 <= low <= high <= {MOST:,}."
        )
    return PowerLaw(float(exponent), int(low), int(high))


def degrees_of(given: Degrees | Mapping[int, float] | Sequence[tuple[int, int]]) -> Degrees:
    """What a user gave, checked: a law, a mapping degree -> share, or pairs (degree, count)."""
    if isinstance(given, Mapping):
        return _shares(given)
    if isinstance(given, Sequence):
        return _counts(given)
    return given


def _shares(given: Mapping[int, float]) -> Shares:
    _check_degrees(given)
    total = sum(given.values())
    if min(given.values()) < 0 or not abs(total - 1.0) < 1e-6:
        raise ModelError(
            f"the shares of the degrees sum to {total:.6g}; give shares of 0 or more that sum to 1."
        )
    return Shares(tuple((int(d), float(given[d])) for d in sorted(given)))


def _counts(given: Sequence[tuple[int, int]]) -> Counts:
    for pair in given:
        if len(pair) != 2 or pair[1] < 0 or int(pair[1]) != pair[1]:
            raise ModelError(
                f"`{pair}` is no degree with a count; give pairs like (3, 1000): 1000 agents have "
                "3 ties each."
            )
    _check_degrees([d for d, _ in given])
    if len({d for d, _ in given}) < len(given):
        raise ModelError("a degree stands twice among the counts; add its counts up.")
    return Counts(tuple((int(d), int(n)) for d, n in sorted(given)))


def _check_degrees(degrees: Iterable[int]) -> None:
    if not list(degrees):
        raise ModelError("no degree is given; give a mapping like {2: 0.5, 4: 0.5}.")
    for degree in degrees:
        if not 0 <= degree <= MOST or int(degree) != degree:
            raise ModelError(f"a degree of {degree}; type whole numbers from 0 to {MOST:,}.")


def nearest(degrees: Integers, weights: Reals, agents: int) -> Classes:
    """Counts from the top: so many agents have a degree of d or more, to the nearest agent.

    Rounding each degree's own count instead would leave out a tail of degrees that less than half
    an agent has, and with it a good part of all ties.
    """
    return counted(degrees, tails(weights), agents)


def tails(weights: Reals) -> Reals:
    """The share of agents who have each degree or a larger one."""
    at_least = np.cumsum(weights[::-1])[::-1]
    return at_least / at_least[0]


def counted(degrees: Integers, shares: Reals, agents: int) -> Classes:
    """`nearest` of `tails`; what less than half an agent has is not looked at."""
    beyond = int(np.searchsorted(shares[::-1], 0.25 / max(1, agents)))
    kept = len(shares) - beyond
    reached = np.floor(agents * shares[:kept] + 0.5).astype(np.int64)
    counts = reached - np.append(reached[1:], 0)
    some = np.flatnonzero(counts > 0)
    return degrees[some], counts[some]
