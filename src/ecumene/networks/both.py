"""Both: the ties of two networks as one network, such as households and a small world.

An agent's slots are those of the first network, then those of the second. A tie keeps the number it
has, times two, plus one in the second: so two agents whom both networks tie have two ties, which
draw apart. Each of the two networks is drawn under a key of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import ModelError
from ..random import fold
from .explicit import Explicit
from .lowered import Looks, Lowered, Network
from .rows import Rows


@dataclass(frozen=True)
class Both:
    """The ties of two networks."""

    first: Network
    second: Network

    @property
    def notices(self) -> tuple[str, ...]:
        """Those of both."""
        return (*self.first.notices, *self.second.notices)

    def lowered(self, agents: int, key: int) -> Lowered:
        """Both networks among agents 0..agents-1, as `key` draws them."""
        first = self.first.lowered(agents, fold(key, 0))
        second = self.second.lowered(agents, fold(key, 1))
        if first.slots or second.slots:
            raise ModelError(
                "both: ties in slots change; list them apart, with rules of their own."
            )
        if first.by or second.by:
            raise ModelError(
                "both: who is together changes; list ec.copresence apart, with rules of its own."
            )
        outwards, backwards = looks(first.outwards, second.outwards), None
        if (first.backwards, second.backwards) != (first.outwards, second.outwards):
            backwards = looks(first.backwards, second.backwards)
        return Lowered(
            "both",
            {"agents": agents},
            {},
            *outwards,
            *(backwards or outwards),
            ties=first.ties + second.ties,
            refusal=first.refusal or second.refusal,
            parts={"first": first, "second": second},
        )

    def identity(self) -> Mapping[str, Any]:
        """What determines it."""
        both = {"first": self.first.identity(), "second": self.second.identity()}
        return {"kind": "both", **both}


def both(first: Network | Rows, second: Network | Rows) -> Both:
    """The ties of two networks as one: `ec.both(ec.circles(3), ec.small_world(10, 0.1))`.

    Either may be one that was read from a file. A tie rule over it treats all ties alike; where
    the two spread differently, list them apart and write two tie rules.
    """
    return Both(_network(first), _network(second))


def _network(given: object) -> Network:
    network = Explicit(given) if isinstance(given, Rows) else given
    if not isinstance(network, Network):
        raise ModelError(f"both: `{given}` is no network; give two, such as ec.circles(3).")
    return network


def looks(first: Looks, second: Looks) -> Looks:
    """Degree, neighbour and tie over the looks of two networks, whichever way they look."""
    degree_1, neighbour_1, tie_1 = first
    degree_2, neighbour_2, tie_2 = second

    def degree(net: Any, i: int) -> int:
        return degree_1(net.first, i) + degree_2(net.second, i)

    def neighbour(net: Any, i: int, k: int) -> int:
        firsts = degree_1(net.first, i)
        if k < firsts:
            return neighbour_1(net.first, i, k)
        return neighbour_2(net.second, i, k - firsts)

    def tie(net: Any, i: int, k: int) -> int:
        firsts = degree_1(net.first, i)
        if k < firsts:
            return 2 * tie_1(net.first, i, k)
        return 2 * tie_2(net.second, i, k - firsts) + 1

    return degree, neighbour, tie
