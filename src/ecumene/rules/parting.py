"""A parting: either end of a tie that rules formed dissolves it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .activity import Activity, everyone
from .agent_rule import check_luck


@dataclass(frozen=True)
class Parting:
    """`function(me, tie, env, model, key)` says whether the agent gives the tie up."""

    name: str
    function: Callable[..., Any]
    over: str
    on: Activity
    luck: str


def parting(
    *, over: str, on: Activity = everyone, luck: str = "each"
) -> Callable[[Callable[..., Any]], Parting]:
    """Make a function `f(me, tie, env, model, key) -> bool` what dissolves ties of `over`.

    It is asked of each tie in the slots of the agents of `on`; one end that says so is enough, and
    at the end of the phase the tie is gone from both. `tie.number` is the tie's number, `tie.since`
    the step in which it was formed, `tie.other` the identity of the other end. Luck hangs on the
    tie: both ends draw the same.
    """
    check_luck(luck)
    return lambda function: Parting(function.__name__, function, over, on, luck)
