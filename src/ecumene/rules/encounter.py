"""An encounter: an agent draws one neighbour, sees it, and changes itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from .activity import Activity, everyone
from .agent_rule import check_luck, checked_writes

DEGREE = "degree"  # `other.degree`: how many ties the one who is met has in that network.


@dataclass(frozen=True)
class Encounter:
    """`function(me, other, env, model, key)` gives the next values of the columns in `writes`."""

    name: str
    function: Callable[..., Any]
    over: str
    shows: tuple[str, ...]
    writes: tuple[str, ...]
    on: Activity
    luck: str
    kind: Literal["encounter"] = "encounter"


def encounter(
    *,
    over: str,
    shows: tuple[str, ...] | str,
    writes: tuple[str, ...] | str,
    on: Activity = everyone,
    luck: str = "each",
) -> Callable[[Callable[..., Any]], Encounter]:
    """Make a function `f(me, other, env, model, key)` what an agent does on seeing a neighbour.

    Each agent of `on` draws one of its ties of the network `over`, all alike. `other` shows the
    columns `shows` of the agent at its other end as they were before the phase, and how many ties
    that one has as `other.degree`; only the one who drew changes. Whose tie leads to nobody, or who
    has none, meets nobody in this step. With `luck="once"` it is the same neighbour for life.
    """
    check_luck(luck)
    shown, written = as_names(shows), checked_writes(writes)
    return lambda function: Encounter(function.__name__, function, over, shown, written, on, luck)


def as_names(names: tuple[str, ...] | str) -> tuple[str, ...]:
    """The names of columns, of which one may be given as it is."""
    return (names,) if isinstance(names, str) else tuple(names)
