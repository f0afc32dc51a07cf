"""Whether a rule could as well be worked out for agents whom it is not for.

Where most of many agents next to each other run a rule, it takes less to work it out for all of
them and to drop what nobody asked for. Only a rule that gives anybody something, divides by no
number that may be 0, looks nothing up and makes no whole number of a float may be asked that way:
of all else nobody knows what it would do with an agent whom its modeller did not think of.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from types import FunctionType
from typing import Any

from ..random import chance, uniform
from .source import meant, nodes_of

LINES = (ast.FunctionDef, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.If, ast.Pass)
VALUES = (
    *(ast.Constant, ast.Name, ast.Attribute, ast.Tuple, ast.IfExp, ast.BoolOp, ast.UnaryOp),
    *(ast.BinOp, ast.Compare, ast.Call, ast.keyword),
)
PARTS = (ast.arguments, ast.arg, ast.expr_context, ast.boolop, ast.unaryop, ast.operator, ast.cmpop)
QUOTIENTS = (ast.Div, ast.FloorDiv, ast.Mod)
CALLED = (bool, float, abs, min, max, chance, uniform)


def holds_for_anybody(function: Callable[..., Any], *callers: Callable[..., Any]) -> bool:
    """Whether a rule's function, and each that it calls, does nothing that only some agents bear.

    `callers` are those that called it; what calls itself may never end.
    """
    if function in callers:
        return False
    within, nodes = (*callers, function), nodes_of(function)[1]
    tree = nodes[0]
    always = isinstance(tree, ast.FunctionDef) and _gives(tree.body)
    return always and all(_is_harmless(within, node) for node in nodes)


def _gives(lines: list[ast.stmt]) -> bool:
    """Whether some lines come to a `return` whichever way they go: what ends without one gives
    nothing, which a caller cannot reckon with.
    """
    return any(
        isinstance(line, ast.Return)
        or (isinstance(line, ast.If) and _gives(line.body) and _gives(line.orelse))
        for line in lines
    )


def _is_harmless(within: tuple[Callable[..., Any], ...], node: ast.AST) -> bool:
    if isinstance(node, ast.Return):
        return node.value is not None
    if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, QUOTIENTS):
        divisor = node.right if isinstance(node, ast.BinOp) else node.value
        return isinstance(divisor, ast.Constant) and divisor.value != 0
    if isinstance(node, ast.Call):
        called = meant(within[-1], node.func)
        known = isinstance(called, FunctionType)
        return called in CALLED or (known and holds_for_anybody(called, *within))
    return isinstance(node, (*LINES, *VALUES, *PARTS))
