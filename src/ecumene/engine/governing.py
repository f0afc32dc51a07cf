"""Environment rules: once per step, in plain Python, on every shard alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..backends import Governing, Program, Seen, Values, dividing, plainly_seen, record
from ..errors import RuleError
from ..random import fold
from .environment import Environment


def governed(
    program: Program,
    part: Governing,
    environment: Environment,
    now: Mapping[str, Seen],
    step: int,
) -> dict[str, Values]:
    """The next environment values that a rule gives, having seen the moment `now`."""
    rule = part.rule
    read = {name: plainly_seen(value) for name, value in now.items() if name in part.env}
    env = record("Env", {"step": step, **read})
    model = record("Model", {**program.parameters, **program.plain_policies})
    with dividing(rule.name, step):
        result = rule.function(env, model, fold(program.luck(part, step), 0))
    return {
        name: environment.checked(rule.name, name, value, step)
        for name, value in zip(rule.writes, _several(rule.name, rule.writes, result), strict=True)
    }


def _several(rule: str, writes: tuple[str, ...], result: Any) -> tuple[Any, ...]:
    """What was given, one for each written value."""
    if len(writes) == 1:
        return (result,)
    if not isinstance(result, tuple) or len(result) != len(writes):
        raise RuleError(
            f"rule `{rule}` gave {result!r}; it writes {', '.join(writes)}: give a tuple of "
            f"{len(writes)}."
        )
    return result
