"""Who is there of an open population, by identity, so that what points to it can be followed.

First holders stand at the place whose number they have as identity. Newcomers' identities are
hashes, so they are spread evenly over as many buckets as there are newcomers: a look-up reads the
two ends of a bucket and the one or two that are in it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Column, Integers
from ..population import BORN

BITS = 61  # Of a newcomer's identity, less `BORN`.
LEFT, STRAY = -1, -2  # Nobody's place: of who left (or never came), and of what is no identity.


@dataclass(frozen=True)
class Register:
    """Identities and places of all who are there, at one moment."""

    here: Column  # of each first holder whether it is there
    born: Integers  # identities of the newcomers who are there, in order
    places: Integers  # and where they stand
    starts: Integers  # where each bucket of `born` begins, and the last one ends
    shift: int  # what an identity is shifted by to give its bucket

    @classmethod
    def of(cls, first_holders: int, who: Integers, places: Integers) -> Register:
        """Of those with identities `who` at `places`, in any order."""
        here = np.zeros(first_holders, np.bool_)
        here[who[who < BORN]] = True
        order = np.argsort(who, kind="stable")[np.count_nonzero(here) :]
        born = who[order]
        shift = BITS - max(0, born.size - 1).bit_length()
        ends = np.bincount((born - BORN) >> shift, minlength=1 << (BITS - shift))
        starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(ends)])
        return cls(here, born, places[order], starts, shift)

    @classmethod
    def empty(cls) -> Register:
        """Of nobody."""
        nobody = np.zeros(0, np.int64)
        return cls.of(0, nobody, nobody)

    def in_order(self) -> tuple[Integers, Integers]:
        """Identities and places of all who are there, in order of identity."""
        first = np.flatnonzero(self.here)
        return np.concatenate([first, self.born]), np.concatenate([first, self.places])

    @property
    def bytes(self) -> int:
        """What it takes."""
        return sum(one.nbytes for one in (self.here, self.born, self.places, self.starts))


def register_bytes(places: int) -> int:
    """What a register of that many may take, all of them newcomers, with the sorting."""
    return 48 * places


def possible(identity: int, first_holders: int) -> bool:
    """Whether a number can be anybody's identity, now or ever."""
    return 0 <= identity < first_holders or BORN <= identity < 2 * BORN
