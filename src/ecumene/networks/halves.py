"""The two halves of some work over a list of ties at the same time, where there are two cores.

What comes out does not depend on it: each half has a part of the result to itself.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import TypeVar

WORTH = 1 << 18  # Ties below which handing over half of them takes more time than it saves.

Result = TypeVar("Result")


class Halves:
    """A second thread, for as long as it is needed: `with Halves(ties) as halves`."""

    def __init__(self, ties: int) -> None:
        """Start it where so many ties are worth it; otherwise one half comes after the other."""
        self._pool = ThreadPoolExecutor(1) if ties >= WORTH and _cores() > 1 else None

    @property
    def at_once(self) -> bool:
        """Whether both are done at the same time."""
        return self._pool is not None

    def each(self, work: Callable[[int], Result]) -> tuple[Result, Result]:
        """What `work` gives for half 0 and for half 1."""
        if self._pool is None:
            return work(0), work(1)
        other = self._pool.submit(work, 1)
        return work(0), other.result()

    def __enter__(self) -> Halves:
        """Itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Wait until nothing is under way any more."""
        if self._pool is not None:
            self._pool.shutdown()


ONE_BY_ONE = Halves(0)


def _cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
