"""Degrees whose logarithms are normal: how many accounts people follow, how often things are cited.

Degree d has a weight in proportion to exp(-(ln d - m)**2 / (2 sigma**2)) / d, the law's density at
d; m is solved for the mean asked for, by + - * / and comparisons only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from ..errors import ModelError
from .degrees import MOST, Classes, nearest
from .powers import Reals, exponential, logarithm

HALVINGS = 40  # After as many the middle of the law is known to ten digits.


@dataclass(frozen=True)
class LogNormal:
    """Degrees from 1 to `high`; without a mean of its own it takes that of the other side."""

    sigma: float
    high: int
    mean: float | None

    def classes(self, agents: int) -> Classes:
        """Counts as near to the law as whole agents allow."""
        if self.mean is None:
            raise ModelError(
                "log_normal without a mean is for in_degrees, which take that of the out-degrees; "
                "type log_normal(mean=...)."
            )
        return self._classes(agents, self.mean)

    def summing(self, agents: int, ties: int) -> Classes:
        """The same with the mean that makes up `ties`, if it has none of its own."""
        return self._classes(agents, self.mean or ties / max(1, agents))

    def _classes(self, agents: int, mean: float) -> Classes:
        high = max(1, min(self.high, agents))
        return nearest(
            np.arange(1, high + 1, dtype=np.int64), weights(self.sigma, high, mean), agents
        )

    def identity(self) -> Mapping[str, Any]:
        """What determines it."""
        return {"kind": "log-normal", "sigma": self.sigma, "high": self.high, "mean": self.mean}


def log_normal(mean: float | None = None, sigma: float = 1.0, high: int = 5000) -> LogNormal:
    """Degrees from 1 to `high` whose logarithms are normal with standard deviation `sigma`.

    For `ec.configuration`. As `in_degrees` it may be left without a mean, which is then that of the
    out-degrees.
    """
    if not 0.0 < sigma <= 5.0:
        raise ModelError(f"log_normal: sigma={sigma}; type a number above 0 to 5, such as 1.0.")
    if not 1 <= high <= MOST or (mean is not None and not 1.0 <= mean <= high):
        raise ModelError(
            f"log_normal: a mean of {mean} and degrees up to {high:,}; type 1 <= mean <= high <= "
            f"{MOST:,}."
        )
    return LogNormal(float(sigma), int(high), None if mean is None else float(mean))


@cache
def weights(sigma: float, high: int, mean: float) -> Reals:
    """The weights of the degrees 1 to `high` under which the mean degree is `mean`."""
    degrees = np.arange(1, high + 1, dtype=np.int64)
    logs = logarithm(degrees)
    low, top = -20.0, float(logs[-1]) + 20.0
    for _ in range(HALVINGS):
        middle = (low + top) / 2.0
        found = _at(degrees, logs, middle, sigma)
        if _mean(degrees, found) < mean:
            low = middle
        else:
            top = middle
    return _at(degrees, logs, (low + top) / 2.0, sigma)


def _at(degrees: Any, logs: Reals, middle: float, sigma: float) -> Reals:
    away = (logs - middle) / sigma
    exponents = -(away * away) / 2.0
    return exponential(np.maximum(exponents - exponents.max(), -700.0)) / degrees


def _mean(degrees: Any, found: Reals) -> float:
    """In order of degree, one after another: sums are not to hang on how a processor adds."""
    return float(np.cumsum(found * degrees)[-1] / np.cumsum(found)[-1])
