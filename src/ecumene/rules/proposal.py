"""A proposal: an agent asks another for a tie, and both keep it if both have room for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .activity import Activity, everyone
from .agent_rule import check_luck


@dataclass(frozen=True)
class Proposal:
    """`function(me, env, model, key)` gives the identity of whom it asks, or `NOBODY`."""

    name: str
    function: Callable[..., Any]
    over: str
    on: Activity
    luck: str
    mutual: bool


def proposal(
    *, over: str, on: Activity = everyone, luck: str = "each", mutual: bool = False
) -> Callable[[Callable[..., Any]], Proposal]:
    """Make a function `f(me, env, model, key) -> identity` what agents do to form ties of `over`.

    `over` names a network of `ec.slots`; `ec.NOBODY` asks nobody. At the end of the phase ties are
    formed in an order that luck gives the pairs, wherever both ends still have a slot free. Asking
    oneself, or somebody one is tied to, comes to nothing; two who ask each other form one tie. With
    `mutual=True` only those are tied who ask each other.
    """
    check_luck(luck)
    return lambda function: Proposal(function.__name__, function, over, on, luck, mutual)
