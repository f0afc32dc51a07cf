"""Open populations: what says who is there, and who is who.

An agent has a place, its number in the columns, and an identity. First holders have their place as
identity; a place that is free goes to a newcomer, whose identity is a hash of who caused it, when
and as which of several. All luck of an agent follows from its identity, so that it does not hang
on which place was free.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..random import fold, unsigned
from .stored import MOST, Stored

PRESENT = "present"  # The flag of those who are there.
WHO = "identity"  # The column of their identities.
BORN = 1 << 61  # Identities of newcomers begin here; those of first holders are places, below it.
LIFE: Mapping[str, Stored] = {
    PRESENT: Stored("flag", False),
    WHO: Stored("int", 0, 0, MOST),
}


def newcomer(luck: int, cause: int, rank: int) -> int:
    """The identity of the newcomer number `rank` of those that `cause` causes at once.

    `luck` is that of the rule in its step. 61 bits, so that a column of whole numbers holds them:
    among a million newcomers two are alike with a chance of 2 in 10 million.
    """
    return int(fold(fold(luck, cause), rank) >> unsigned(3)) + BORN


def origin(identity: int, people: int) -> int:
    """Whose derived columns an agent has: its own, a newcomer those of a person drawn for life."""
    if identity < BORN:
        return identity
    return (identity - BORN) % people
