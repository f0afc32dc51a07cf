"""How shards speak: every one calls the same function at the same time.

`Alone` is a single shard; `together(n)` gives n shards of one process, each in a thread of its
own, a common table. A transport between processes is one more class with these four methods.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, Protocol


class Comm(Protocol):
    """What a shard may ask of the others; `shards` is how many there are."""

    shards: int

    def alltoallv(self, boxes: Sequence[Any]) -> list[Any]:
        """Give box s to shard s; what every shard gave to this one, by shard."""
        ...

    def allreduce(self, values: Sequence[int]) -> list[int]:
        """The sum over all shards, value by value."""
        ...

    def barrier(self) -> None:
        """Wait for all shards."""
        ...

    def bcast(self, value: Any) -> Any:
        """What shard 0 gave."""
        ...


class Alone:
    """The only shard."""

    shards = 1

    def alltoallv(self, boxes: Sequence[Any]) -> list[Any]:
        """What it gave itself."""
        return list(boxes)

    def allreduce(self, values: Sequence[int]) -> list[int]:
        """Its own values."""
        return list(values)

    def barrier(self) -> None:
        """Nobody to wait for."""

    def bcast(self, value: Any) -> Any:
        """What it gave."""
        return value


class _Table:
    """What the shards of one process share: a place for each, and a barrier."""

    def __init__(self, shards: int) -> None:
        self.given: list[Any] = [None] * shards
        self.barrier = threading.Barrier(shards)


class Together:
    """One of several shards of one process."""

    def __init__(self, table: _Table, number: int) -> None:
        """Take the common table and this shard's place at it."""
        self._table, self._number = table, number
        self.shards = len(table.given)

    def alltoallv(self, boxes: Sequence[Any]) -> list[Any]:
        """The boxes that all shards put down for this one."""
        return self._exchange(boxes, lambda given: [b[self._number] for b in given])

    def allreduce(self, values: Sequence[int]) -> list[int]:
        """Sums of whole numbers, so their order cannot matter."""
        return self._exchange(
            list(values), lambda given: [sum(v) for v in zip(*given, strict=True)]
        )

    def barrier(self) -> None:
        """Wait for all shards."""
        self._table.barrier.wait()

    def bcast(self, value: Any) -> Any:
        """What shard 0 put down."""
        return self._exchange(value, lambda given: given[0])

    def give_up(self) -> None:
        """Let the others go on to an error instead of waiting for ever."""
        self._table.barrier.abort()

    def _exchange(self, value: Any, read: Callable[[list[Any]], Any]) -> Any:
        self._table.given[self._number] = value
        self._table.barrier.wait()
        result = read(self._table.given)
        self._table.barrier.wait()  # Nobody puts down the next thing before all have read.
        return result


def together(shards: int) -> list[Alone] | list[Together]:
    """The ends of `shards` shards in one process."""
    if shards == 1:
        return [Alone()]
    table = _Table(shards)
    return [Together(table, number) for number in range(shards)]
