"""Derived columns: what an agent is, worked out from its identity and never stored.

The function of a column is plain scalar Python, `f(identity, tables) -> value`: backends compile
its text, `tables.NAME[i]` reads a one-dimensional table of the background.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Derived:
    """A column that is a pure function of the identity; it costs no memory per agent."""

    function: Callable[..., Any]
    kind: str  # "int", "float" or "bool"
    labels: tuple[str, ...] | None = None  # what the codes 0, 1, ... stand for
    unit: str = ""
    source: str = ""
    help: str = ""
    # A function that never falls from one identity to the next, and whose value decides this one's.
    along: Callable[..., Any] | None = None


def own_identity(identity: int, tables: Any) -> int:
    """The identity itself."""
    return identity


IDENTITY = Derived(own_identity, "int", help="who the agent is: its 64-bit identity")
