"""Whether what a rule gives a column of steps is surely a step that may stand there."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator
from typing import Any

from ..population import NEVER
from .source import meant, nodes_of


def gives_a_step(function: Callable[..., Any], part: int | None, columns: Collection[str]) -> bool:
    """Whether a rule gives the present step, `NEVER`, or what its agent has in one of `columns`.

    Of what it returns, the value number `part`, or the only one. False where it is not plain to
    see: only values that stand where they are returned are looked at.
    """
    tree = nodes_of(function)[1][0]
    assert isinstance(tree, ast.FunctionDef)
    me, env, *others = (a.arg for a in [*tree.args.posonlyargs, *tree.args.args])
    given, local = list(_returned(function, part)), {*others, *_local(function)}

    def is_step(value: ast.expr) -> bool:
        match value:
            case ast.IfExp(body=one, orelse=other):
                return is_step(one) and is_step(other)
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if owner in {me, env} - local:
                return name in columns if owner == me else name == "step"
            case ast.Attribute(value=ast.Name(id=owner)) | ast.Name(id=owner):
                return owner not in {me, env, *local} and meant(function, value) == NEVER
            case _:
                return False

    return bool(given) and all(value is not None and is_step(value) for value in given)


def _local(function: Callable[..., Any]) -> set[str]:
    """The names that are given a value within the function."""
    names = (node for node in nodes_of(function)[1] if isinstance(node, ast.Name))
    return {name.id for name in names if isinstance(name.ctx, ast.Store)}


def _returned(function: Callable[..., Any], part: int | None) -> Iterator[ast.expr | None]:
    """The expressions that are returned for a part; None for what is put together elsewhere."""
    for node in nodes_of(function)[1]:
        if isinstance(node, ast.Return):
            yield from _parts(node.value, part)


def _parts(value: ast.expr | None, part: int | None) -> Iterator[ast.expr | None]:
    if part is None:
        yield value
    elif isinstance(value, ast.IfExp):
        yield from _parts(value.body, part)
        yield from _parts(value.orelse, part)
    elif isinstance(value, ast.Tuple) and part < len(value.elts):
        yield value.elts[part]
    else:
        yield None
