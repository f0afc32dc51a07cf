"""A claim: many agents ask for units of what there is too little of, and some get them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .activity import Activity, everyone
from .agent_rule import check_luck


@dataclass(frozen=True)
class Claim:
    """`function(me, env, model, key)` gives (cell, units, priority); 0 units ask for nothing."""

    name: str
    function: Callable[..., Any]
    capacity: str
    into: str
    on: Activity
    luck: str
    partial: bool
    of: str = ""
    asked: str = ""  # The environment value that gets the units asked for, if any does.
    last: str = ""  # And the one that gets the priority of the last claim that got any.


def claim(
    *,
    capacity: str,
    into: str,
    on: Activity = everyone,
    luck: str = "each",
    partial: bool = True,
    of: str = "",
    asked: str = "",
    last: str = "",
) -> Callable[[Callable[..., Any]], Claim]:
    """Make a function `f(me, env, model, key) -> (cell, units, priority)` what agents ask for.

    `capacity` names the environment value whose `cell` (0 where it has none) is asked for `units`;
    0 units ask for nothing. It is granted in order of priority (larger first), luck and identity,
    as far as it goes: a claim larger than the rest gets the rest, or with `partial=False` nothing,
    and the next is looked at. The capacity goes down by what is granted; later phases of the step
    read an agent's units as the arrival column `into`, and run for those who got any with
    `on=ec.reached_by(...)`. `of` names the population that asks, the model's first if left out.

    `asked` names an environment value that gets the units that all asked for, `last` one that gets
    the priority of the last claim that got any, and stays as it is where none does: where the
    priority is a bid, what a unit sells for. Both have as many cells as the capacity.
    """
    check_luck(luck)
    return lambda function: Claim(
        function.__name__, function, capacity, into, on, luck, partial, of, asked, last
    )
