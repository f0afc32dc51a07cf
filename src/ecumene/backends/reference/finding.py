"""Who stands where of an open population, in the reference: a dictionary."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from ..register import LEFT, STRAY, possible

LetGo = Callable[[int, str, int], None]  # Of whose place, which link, and to whom it was.


def unheard(place: int, link: str, identity: int) -> None:
    """Nobody listens to whose link was let go."""


class Known(NamedTuple):
    """The places of all who are there, by identity."""

    first_holders: int
    places: Mapping[int, int]

    def place(self, identity: int) -> int:
        """Where somebody stands; `LEFT` who is not there, `STRAY` what is nobody's identity."""
        if not possible(identity, self.first_holders):
            return STRAY
        return self.places.get(identity, LEFT)
