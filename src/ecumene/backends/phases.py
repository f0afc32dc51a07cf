"""The rules of one phase by kind: sorted once, since every step asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..population import PRESENT
from .ruled import Acting, Bonding, Claiming, Entering, Facing, Governing, Ruled, Spreading


@dataclass(frozen=True)
class Phase:
    """One population's rules of a phase, each kind in the order of the list.

    `env` are the environment values that any of them reads; `departing` those rules by which agents
    leave.
    """

    spreading: tuple[Spreading, ...]
    facing: tuple[Facing, ...]
    claiming: tuple[Claiming, ...]
    entering: tuple[Entering, ...]
    bonding: tuple[Bonding, ...]
    acting: tuple[Acting, ...]
    governing: tuple[Governing, ...]
    env: frozenset[str]
    departing: tuple[str, ...]


def sorted_by_kind(phase: Sequence[Ruled]) -> Phase:
    """The rules of `phase` by kind."""
    acting = tuple(part for part in phase if isinstance(part, Acting))
    facing = tuple(part for part in phase if isinstance(part, Facing))
    return Phase(
        tuple(part for part in phase if isinstance(part, Spreading)),
        facing,
        tuple(part for part in phase if isinstance(part, Claiming)),
        tuple(part for part in phase if isinstance(part, Entering)),
        tuple(part for part in phase if isinstance(part, Bonding)),
        acting,
        tuple(part for part in phase if isinstance(part, Governing)),
        frozenset(name for part in phase for name in part.env),
        tuple(part.rule.name for part in (*acting, *facing) if PRESENT in part.rule.writes),
    )
