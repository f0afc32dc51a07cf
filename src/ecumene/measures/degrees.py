"""How many ties agents have on average, looked at every so many steps."""

from __future__ import annotations

from dataclasses import dataclass

from ..backends import Tally
from ..engine import View
from ..errors import ModelError


@dataclass(frozen=True)
class MeanDegree:
    """The mean number of ties that an agent has in a network at this moment."""

    over: str
    every: int = 1
    tallies: tuple[Tally, ...] = ()
    columns: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    of: str = ""

    def value(self, view: View) -> float:
        """All agents' ties, added up exactly, by the number of agents."""
        return view.mean_degree(self.over)

    def grouped(self, group: str) -> None:
        """Nothing by group."""


def mean_degree(over: str, *, every: int = 1) -> MeanDegree:
    """The mean number of ties in the network `over`, taken every so many steps.

    Ties that rules form and dissolve are counted as they are now, ties that an intervention has
    removed are not. It looks at every agent. Half of it, times their number, are the ties of an
    undirected network.
    """
    if every < 1:
        raise ModelError(f"every={every}: type a whole number of steps from 1.")
    return MeanDegree(over, every)
