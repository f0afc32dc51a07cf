"""An agent rule: the next values of an agent's own columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..errors import ModelError
from .activity import Activity, everyone

LIFETIMES = ("once", "each")


@dataclass(frozen=True)
class AgentRule:
    """`function(me, env, model, key)` gives the next values of the columns in `writes`."""

    name: str
    function: Callable[..., Any]
    writes: tuple[str, ...]
    on: Activity
    luck: str
    of: str = ""  # Its population; the model's first where it is empty.
    stream: str = ""  # The agent rule whose luck it draws; its own where it is empty.


def agent_rule(
    *,
    writes: tuple[str, ...] | str,
    on: Activity = everyone,
    luck: str = "each",
    of: str = "",
    stream: str = "",
) -> Callable[[Callable[..., Any]], AgentRule]:
    """Make a function `f(me, env, model, key)` the rule that writes the columns `writes`.

    It runs for the agents of `on` and draws anew `each` step, or `once` for life; `of` names the
    population whose rule it is, the model's first if left out. `stream` names another agent rule,
    whose draws it draws again: what that one found out from them need not be kept in a column.
    """
    names = checked_writes(writes)
    check_luck(luck)
    return lambda function: AgentRule(function.__name__, function, names, on, luck, of, stream)


def check_luck(luck: str) -> None:
    """Raise `ModelError` unless `luck` is a lifetime of draws."""
    if luck not in LIFETIMES:
        raise ModelError(f'luck={luck!r}; type luck="once" (for life) or luck="each" (step).')


def checked_writes(writes: tuple[str, ...] | str) -> tuple[str, ...]:
    """The names of the written columns; raises `ModelError` unless each is there once."""
    names = (writes,) if isinstance(writes, str) else tuple(writes)
    if not names or len(set(names)) != len(names):
        raise ModelError(f"writes={writes!r}: name each written column once, at least one.")
    return names
