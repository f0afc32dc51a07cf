"""A meeting: all who are present are paired, and both of a pair work out the same deal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from .activity import Activity, everyone
from .agent_rule import checked_writes
from .encounter import as_names

LEADS = "leads"  # `me.leads`: true for exactly one of the two who meet, by luck.


@dataclass(frozen=True)
class Meeting:
    """`function(me, other, env, model, key)` gives the next values of the columns in `writes`."""

    name: str
    function: Callable[..., Any]
    within: str | None
    shows: tuple[str, ...]
    writes: tuple[str, ...]
    on: Activity
    luck: str = "each"
    kind: Literal["meeting"] = "meeting"
    of: str = ""


def meeting(
    *,
    shows: tuple[str, ...] | str,
    writes: tuple[str, ...] | str,
    within: str | None = None,
    on: Activity = everyone,
    of: str = "",
) -> Callable[[Callable[..., Any]], Meeting]:
    """Make a function `f(me, other, env, model, key)` what two agents do who meet.

    In each step the agents of `on` are paired anew by luck, all with all, or those with the same
    whole number in the column `within`; where their number is odd one of them meets nobody. The
    function runs for both of a pair under the same `key`, each seeing the columns `shows` of the
    other as they were before the phase; `me.leads` is true for one of the two, by luck. `of` names
    the population that meets, the model's first if left out.
    """
    shown, written = as_names(shows), checked_writes(writes)
    return lambda function: Meeting(function.__name__, function, within, shown, written, on, of=of)
