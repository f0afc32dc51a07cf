"""Find what is wrong between a model's policies and the rules that choose by them."""

from __future__ import annotations

import ast
from collections.abc import Callable
from keyword import iskeyword
from typing import Any

from ..errors import ModelError, unknown
from ..policies import Policy, choose, situation
from ..rules import calls_of
from .model import Model


def check_policies(model: Model) -> None:
    """Raise `ModelError` unless every policy is one that a rule can read by a name of its own."""
    for name, policy in model.policies.items():
        if not isinstance(policy, Policy):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ModelError(
                f"policy `{name}` is {policy!r}; give an ec.Policy, as ec.table_policy(...) makes "
                "one or ec.read_policy(FILE) reads it."
            )
        if not name.isidentifier() or iskeyword(name) or name[0] == "_":
            raise ModelError(
                f"a policy cannot be called `{name}`: rules read it as model.{name}. Give it a "
                "name that Python can read."
            )
        if name in model.parameters:
            raise ModelError(f"`{name}` is a policy and a parameter; rename one.")


def check_choices(model: Model, rule: str, function: Callable[..., Any]) -> None:
    """Raise `ModelError` where a rule chooses by what is no policy, or in no situation of it."""
    for call, where in calls_of(function, choose):
        _named_policy(model, rule, call, where)
    for call, where in calls_of(function, situation):
        policy = _named_policy(model, rule, call, where)
        given = len(call.args) - 1 + len(call.keywords)
        if policy is not None and given != len(policy.columns):
            columns = ", ".join(column.name for column in policy.columns)
            raise ModelError(
                f"rule `{rule}` gives {given} values for a situation of {len(policy.columns)} "
                f"columns: {columns}.\n  {where}"
            )


def _named_policy(model: Model, rule: str, call: ast.Call, where: str) -> Policy | None:
    """The policy that a call names as `model.NAME`; None where it is handed on otherwise."""
    first = call.args[0] if call.args else None
    if not isinstance(first, ast.Attribute) or not isinstance(first.value, ast.Name):
        return None
    if first.value.id != "model":
        return None
    if first.attr not in model.policies:
        what = unknown("policy", first.attr, model.policies)
        raise ModelError(f"rule `{rule}` chooses by {what}\n  {where}")
    return model.policies[first.attr]
