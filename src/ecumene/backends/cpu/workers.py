"""Threads: how work is cut and handed out."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import pairwise
from typing import Any, Generic, TypeVar

SHARES = 4  # Runs that a worker takes, on average, where one that is done goes on with another's.
INLINE = 1 << 14  # Places or ties below which handing over to threads costs more than the work.

Item = TypeVar("Item")


class Shared(Generic[Item]):
    """Items of which each goes to the worker that asks for the next one."""

    def __init__(self, items: Iterable[Item]) -> None:
        """Begin with all of them."""
        self._left = deque(items)

    def __iter__(self) -> Iterator[Item]:
        """Those that this worker gets."""
        with suppress(IndexError):
            while True:
                yield self._left.popleft()

    @contextmanager
    def unless_failed(self) -> Generator[None]:
        """Let nobody get any more where what is done within it fails."""
        try:
            yield
        except BaseException:
            self._left.clear()
            raise


class Workers:
    """So many threads for a shard of `size` places, in blocks of `1 << shift`."""

    def __init__(self, threads: int, size: int, shift: int) -> None:
        """Start the threads, if there is more than one."""
        self.threads, self.size, self.shift = threads, size, shift
        self.pool = ThreadPoolExecutor(threads) if threads > 1 else None

    def runs(self, size: int, count: int | None = None) -> list[tuple[int, int]]:
        """`size` places in `count` runs, cut at multiples of a block so that no word is shared."""
        count = count or self.threads
        if count == 1:
            return [(0, size)]
        unit = 1 << self.shift if size == self.size else 1
        blocks = -(-size // unit)
        cuts = [min(size, blocks * w // count * unit) for w in range(count + 1)]
        return [(a, b) for a, b in pairwise(cuts) if a < b] or [(0, 0)]

    def each(self, work: Callable[[Any], Any], items: Any, inline: bool) -> list[Any]:
        """What `work` gives for each item, in their order; `inline` without handing over."""
        if self.pool is None or inline:
            return [work(item) for item in items]
        return list(self.pool.map(work, items))

    def each_run(self, work: Callable[[tuple[int, int]], None], few: bool) -> None:
        """Do `work` for each run of the shard's places."""
        self.each(work, self.runs(self.size), few or self.size < INLINE)
