"""Random-walk controversy: whether a walk along the ties stays on the side where it began."""

from __future__ import annotations

from dataclasses import dataclass

from ..backends import Tally
from ..engine import View
from ..errors import ModelError
from ..random import fold, integer
from .distributing import checked_every

WALKS = 0x77616C6B73  # The luck of walks: that of no rule, so watching changes nothing.


@dataclass(frozen=True)
class Controversy:
    """Random-walk controversy of a column over a network."""

    columns: tuple[str, ...]
    network: str
    middle: float
    walks: int
    length: int
    every: int = 1
    tallies: tuple[Tally, ...] = ()
    environment: tuple[str, ...] = ()
    of: str = ""

    def value(self, view: View) -> float | None:
        """P(L|L) P(R|R) - P(L|R) P(R|L) over the walks; None while nobody stands on one side."""
        values = view.column(self.columns[0], self.of)
        people = view.size(self.of)
        ended = {True: [0, 0], False: [0, 0]}  # where walks began -> how many there are, and stayed
        for walk in range(self.walks):
            key = fold(WALKS, walk)
            place = begun = integer(key, people, 1) if people else -1
            for step in range(self.length):
                onward = view.neighbour(self.network, place, fold(key, 2 + step))
                place = onward if onward >= 0 else place
            if begun >= 0:
                side = bool(values[begun] > self.middle)
                ended[side][0] += 1
                ended[side][1] += bool(values[place] > self.middle) == side
        if not ended[True][0] or not ended[False][0]:
            return None
        left, right = (ended[side][1] / ended[side][0] for side in (False, True))
        return left * right - (1 - left) * (1 - right)

    def grouped(self, group: str) -> None:
        """Nothing by group."""


def controversy(
    column: str,
    over: str,
    middle: float,
    *,
    walks: int = 1000,
    length: int = 4,
    every: int = 1,
) -> Controversy:
    """Whether walks along the ties of `over` stay on their side of `middle`: 0 no, 1 always.

    After Garimella et al. (2018, ACM Trans. Social Computing 1:3). Walks begin at agents drawn
    alike and take `length` ties; there they end at the best connected agents, whom a network of
    equal degrees lacks. Costs all values once and `walks` times `length` ties, in plain Python.
    """
    if walks < 1 or length < 1:
        raise ModelError(f"walks={walks}, length={length}: type whole numbers from 1.")
    return Controversy((column,), over, middle, walks, length, checked_every(every))
