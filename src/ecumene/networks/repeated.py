"""Repeated: one network several times over, side by side, with no tie between.

Agent `c * n + i` is person `i` of copy `c`, and reaches in its copy whom `i` reaches in the
network: so one agent may stand for a person and one of several things (a story, a product, a
language) that spread along the same ties. Copy 0 has the ties and their numbers as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import ModelError
from .lowered import Looks, Lowered, Network

STRIDE = 1 << 40  # Numbers of ties of two copies are so far apart, and more than any network has.
MOST = 1 << 22  # copies, so that their numbers fit


@dataclass(frozen=True)
class Repeated:
    """`times` copies of a network, each among its own `agents // times` agents."""

    network: Network
    times: int

    @property
    def notices(self) -> tuple[str, ...]:
        """What was noticed of the network."""
        return self.network.notices

    def lowered(self, agents: int, key: int) -> Lowered:
        """The network that `key` draws, so many times; `ModelError` where agents do not divide."""
        if agents % self.times:
            raise ModelError(
                f"{self.times:,} copies of a network among {agents:,} agents; make the population "
                "a whole multiple of the copies."
            )
        people = agents // self.times
        one = self.network.lowered(people, key)
        degrees = one.in_degrees
        return Lowered(
            f"{one.kind}, {self.times} times",
            {"people": people},
            {},
            *_looks(one.outwards),
            *_looks(one.backwards),
            ties=one.ties * self.times,
            refusal=one.refusal,
            parts={"one": one},
            in_degrees=None if degrees is None else (degrees[0], degrees[1] * self.times),
            most=one.most,
            has_gaps=one.has_gaps,
        )

    def identity(self) -> Mapping[str, Any]:
        """What determines it."""
        return {"kind": "repeated", "times": self.times, "network": self.network.identity()}


def repeated(network: Network, times: int) -> Repeated:
    """`times` copies of a computed network, side by side: one for each story, product, language.

    Raises `ModelError` for a number of copies that is not from 1 to 4,194,303.
    """
    if type(times) is not int or not 1 <= times < MOST:
        raise ModelError(f"{times!r} copies of a network; type 1 to {MOST - 1:,}.")
    return Repeated(network, times)


def _looks(looks: Looks) -> Looks:
    degree_of, neighbour_of, tie_of = looks

    def degree(net: Any, i: int) -> int:
        return degree_of(net.one, i % net.people)

    def neighbour(net: Any, i: int, k: int) -> int:
        j = neighbour_of(net.one, i % net.people, k)
        return j if j < 0 else i - i % net.people + j

    def tie(net: Any, i: int, k: int) -> int:
        return tie_of(net.one, i % net.people, k) + i // net.people * STRIDE

    return degree, neighbour, tie
