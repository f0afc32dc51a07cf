"""Numbers that rules need and nobody types: worked out from the people and ties at hand.

A ready model's `solve` is called with a `Given` when the model is built, and again over other
people or another network; what it returns stands among the parameters, where rules read it and a
run's record shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..arrays import Column, Integers
from ..backends import net_of
from ..errors import ModelError, unknown
from ..networks import Lowered, Network
from ..networks.permutation import drawn_places
from ..population import Population
from ..random import fold

SAMPLE = 20_000  # People asked for a mean, when there are more: half a percent of most things.
ASKED = 0x41736B6564  # "Asked" in ASCII: where the luck of who is asked begins.


class Given:
    """The people and ties that a model has, as far as means over them go."""

    def __init__(
        self, population: Population, networks: Mapping[str, Network], parameters: Mapping[str, Any]
    ) -> None:
        """Take a model's parts; nothing is worked out before it is asked for."""
        self._population, self._networks, self.parameters = population, networks, parameters
        self.agents = population.size
        self._lowered: dict[str, Lowered] = {}

    def ties(self, network: str) -> float:
        """How many ties an agent has on average, outwards."""
        return self._net(network).ties / max(1, self.agents)

    def over_ties(self, network: str, function: Callable[[Column], Any]) -> float:
        """The mean over all ties of `function` of how many ties lead to where they lead.

        `function` takes an array of in-degrees and gives one of values.
        """
        degrees, counts = self._in_degrees(network)
        weights = degrees * counts
        values = np.asarray(function(degrees), np.float64)
        return float(np.cumsum(weights * values)[-1] / max(1, int(weights.sum())))

    def over_people(self, column: str, function: Callable[[Column], Any]) -> float:
        """The mean over the people of `function` of a background's column.

        Of many people, some drawn by luck are asked. `function` takes an array and gives one.
        """
        background = self._population.background
        if background is None:
            raise ModelError(
                f"column `{column}` is one of a background, and this model has none; build it over "
                "people: ec.Population(ec.world_population(n), ...)."
            )
        if column not in background.derived:
            raise ModelError(f"the background {unknown('column', column, background.derived)}")
        values = np.array(background.values(column, self._asked().tolist()))
        return float(np.cumsum(np.asarray(function(values), np.float64))[-1] / len(values))

    def _asked(self) -> Integers:
        return drawn_places(fold(ASKED, 0), self.agents, min(SAMPLE, self.agents))

    def _net(self, name: str) -> Lowered:
        if name not in self._networks:
            raise ModelError(unknown("network", name, self._networks))
        if name not in self._lowered:
            self._lowered[name] = self._networks[name].lowered(self.agents, fold(ASKED, 1))
        return self._lowered[name]

    def _in_degrees(self, name: str) -> tuple[Integers, Integers]:
        """Degrees with how many agents have each: all of them where the network knows."""
        net = self._net(name)
        if net.in_degrees is not None:
            return net.in_degrees
        arrays = net_of(net)
        found = np.array([net.reverse_degree(arrays, i) for i in self._asked().tolist()], np.int64)
        counts = np.bincount(found)
        return np.arange(len(counts)), counts
