"""An explicit network as the engine sees it: degree, neighbour and tie read from its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import ModelError
from .ends import BITS, LOW
from .lowered import Listing, Lowered
from .rows import Rows


@dataclass(frozen=True)
class Explicit:
    """A network that a user brought; the key draws nothing.

    A directed tie draws once, in its one direction; an undirected one has one draw for both.
    """

    rows: Rows

    @property
    def notices(self) -> tuple[str, ...]:
        """What was dropped or renumbered when it was read."""
        return self.rows.notices

    def lowered(self, agents: int, key: int) -> Lowered:
        """The network's own rows, whatever `key`; raises `ModelError` for another size."""
        del key
        rows = self.rows
        if rows.agents != agents:
            raise ModelError(
                f"the network `{rows.source}` has {rows.agents:,} agents and the population "
                f"{agents:,}; give the population the network's size."
            )
        arrays = {
            "start": rows.start,
            "ends": rows.ends,
            "from_start": rows.reverse_start,
            "from_ends": rows.reverse_ends,
        }
        return Lowered(
            "rows",
            {"agents": agents},
            arrays,
            degree,
            neighbour,
            tie,
            reverse_degree,
            reverse_neighbour,
            reverse_tie,
            int(rows.ends.size),
            listing=Listing("start", "ends"),
        )

    def identity(self) -> Mapping[str, Any]:
        """What determines it."""
        return {"kind": "rows", "blake3": self.rows.digest()}


def degree(net: Any, i: int) -> int:
    """How many agents `i` reaches."""
    return int(net.start[i + 1]) - int(net.start[i])


def neighbour(net: Any, i: int, k: int) -> int:
    """The `k`-th agent that `i` reaches."""
    return (int(net.ends[int(net.start[i]) + k]) >> BITS) & LOW


def tie(net: Any, i: int, k: int) -> int:
    """The number of the tie to the `k`-th agent that `i` reaches."""
    return int(net.ends[int(net.start[i]) + k]) & LOW


def reverse_degree(net: Any, i: int) -> int:
    """How many agents reach `i`."""
    return int(net.from_start[i + 1]) - int(net.from_start[i])


def reverse_neighbour(net: Any, i: int, k: int) -> int:
    """The `k`-th agent that reaches `i`."""
    return (int(net.from_ends[int(net.from_start[i]) + k]) >> BITS) & LOW


def reverse_tie(net: Any, i: int, k: int) -> int:
    """The number of the tie from the `k`-th agent that reaches `i`."""
    return int(net.from_ends[int(net.from_start[i]) + k]) & LOW
