"""A computed network as typed after `--network`: the very words that Python takes.

--network "small_world(10, 0.1)"
--network "configuration(power_law(2.5, low=2, high=1000))"
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

from ..errors import ParameterError, unknown
from ..networks import (
    Network,
    both,
    circles,
    configuration,
    everybody,
    lattice,
    matchings,
    power_law,
    small_world,
)

NETWORKS: Mapping[str, Callable[..., Network]] = {
    made.__name__: made
    for made in (both, circles, configuration, everybody, lattice, matchings, small_world)
}
INSIDE: Mapping[str, Callable[..., Any]] = {**NETWORKS, power_law.__name__: power_law}


def is_computed(typed: str) -> bool:
    """Whether `typed` names a computed network, and no file."""
    return typed.rstrip().endswith(")") and typed.partition("(")[0].strip().isidentifier()


def computed(typed: str) -> Network:
    """The network that `typed` describes; nothing is run but the functions of this file."""
    try:
        tree = ast.parse(typed.strip(), mode="eval").body
    except SyntaxError:
        raise _unclear(typed) from None
    assert isinstance(tree, ast.Call)  # `is_computed` has seen its brackets
    return _called(tree, typed, NETWORKS)


def _called(node: ast.Call, typed: str, known: Mapping[str, Callable[..., Any]]) -> Any:
    name = ast.unparse(node.func)
    if name not in known:
        raise ParameterError(f"`--network {typed}`: {unknown('computed network', name, known)}")
    values = [_value(argument, typed) for argument in node.args]
    named = {str(k.arg): _value(k.value, typed) for k in node.keywords}
    try:
        return known[name](*values, **named)
    except TypeError as error:  # too few, too many or other arguments: Python says which
        raise ParameterError(f"`--network {typed}`: {error}.") from None


def _value(node: ast.expr, typed: str) -> Any:
    if isinstance(node, ast.Call):
        return _called(node, typed, INSIDE)
    try:
        return ast.literal_eval(node)
    except ValueError:
        raise _unclear(typed) from None


def _unclear(typed: str) -> ParameterError:
    return ParameterError(
        f"`--network {typed}` is no computed network; type one as in Python, such as "
        '`--network "small_world(10, 0.1)"`.'
    )
