"""An environment rule: the next of the few global values, once per step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..errors import ModelError
from .agent_rule import check_luck


@dataclass(frozen=True)
class EnvironmentRule:
    """`function(env, model, key)` gives the next environment values named in `writes`."""

    name: str
    function: Callable[..., Any]
    writes: tuple[str, ...]
    luck: str


def environment_rule(
    *, writes: tuple[str, ...] | str, luck: str = "each"
) -> Callable[[Callable[..., Any]], EnvironmentRule]:
    """Make a function `f(env, model, key)` the rule that writes the environment values `writes`.

    It runs once per step, in plain Python on every backend, and sees the moment before its phase;
    for a value with cells it gives a tuple of them. Its luck is drawn anew `each` step, or `once`.
    """
    names = (writes,) if isinstance(writes, str) else tuple(writes)
    check_luck(luck)
    if not names or len(set(names)) != len(names):
        raise ModelError(f"writes={writes!r}: name each written value once, at least one.")
    return lambda function: EnvironmentRule(function.__name__, function, names, luck)
