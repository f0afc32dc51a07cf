"""A tie rule: what agents pass along their ties, and what it adds up to where it arrives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..errors import ModelError, unknown
from .agent_rule import check_luck

NOTHING = -(1 << 63)  # What `send` or `receive` gives when nothing passes.
FLAGS = ("any", "count")  # Combined from truth values: does it pass, and how often.
COMBINES = (*FLAGS, "sum", "min", "max", "pick")


IN_DEGREE = "in_degree"  # What a receiving part may read of its tie: how many lead to the agent.


@dataclass(frozen=True)
class TieRule:
    """`send(me, tie, env, model, key)` at the source, `receive(...)` at the receiver, combined.

    With `any` and `count`, send says whether it passes; with the others it gives a whole number,
    or `NOTHING`. `receive(me, tie, payload, env, model, key)` does the same at the receiver.
    `tell(number)` says how what arrived reads where a life is told; it takes no part in a run.
    """

    name: str
    send: Callable[..., Any]
    over: str
    active: str
    into: str
    combine: str
    luck: str
    receive: Callable[..., Any] | None = None
    tell: Callable[[int], Any] | None = None

    @property
    def carries(self) -> bool:
        """Whether a payload travels, besides the fact that it passes."""
        return self.combine not in FLAGS

    @property
    def names_tie(self) -> bool:
        """Whether the tie's number travels: to draw at the receiver, or to pick."""
        return self.receive is not None or self.combine == "pick"


def tie_rule(
    *,
    over: str,
    active: str,
    into: str,
    combine: str = "any",
    luck: str = "each",
    receive: Callable[..., Any] | None = None,
    tell: Callable[[int], Any] | None = None,
) -> Callable[[Callable[..., Any]], TieRule]:
    """Make a function `f(me, tie, env, model, key)` what active agents pass along their ties.

    `over` names the network, `active` the flag or pulse column of those who act, `into` the
    arrival column that later phases of the step may read; `luck="once"` draws once for life
    for each tie, `"each"` anew each step. Where the combined number says little by itself (luck
    packed with an identity), `tell` makes of it what is told of a life: words, another number, or
    None for nothing.
    """
    check_luck(luck)
    if combine not in COMBINES:
        raise ModelError(f"combine={combine!r}: {unknown('way to combine', combine, COMBINES)}")
    return lambda send: TieRule(
        send.__name__, send, over, active, into, combine, luck, receive, tell
    )
