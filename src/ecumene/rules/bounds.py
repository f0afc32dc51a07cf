"""Between which whole numbers lies what a rule gives: read off its text, before anything runs.

What is passed on along ties can then be kept as narrow as it can be. Only what can be told for
certain is: numbers, columns of the agent, draws of `integer`, sums, differences and products of
these, the smaller, the larger, one or the other. Of all else, and after a loop, nothing is known.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from ..random import chance, integer
from .source import meant, tree_of
from .tie_rule import NOTHING

WRAPS = 1 << 63  # Whole numbers have 64 bits where they are worked out.
MOST_DRAWN = 1 << 31  # `integer` draws from no more numbers than that.
RECEIVING = 5  # Arguments of a receiving end besides the agent; the second is the payload.
Bounds = tuple[int, int]
Known = dict[str, "Bounds | None"]


def returned(
    function: Callable[..., Any],
    columns: Mapping[str, Bounds],
    payload: Bounds | None = None,
    *,
    along_ties: bool = True,
    part: int | None = None,
) -> Bounds | None:
    """The least and the largest number that a rule may give: along ties, besides `NOTHING`; of a
    rule that gives several, the one number `part`.

    `columns` are the bounds of columns of its agent, `payload` those of what came to a receiving
    end. None where nothing is known.
    """
    tree = _tree_of(function)
    first, *others = (a.arg for a in [*tree.args.posonlyargs, *tree.args.args])
    reading = _Reading(function, first, columns, along_ties, part)
    try:
        known: Known = dict.fromkeys(others)
        if len(others) == RECEIVING:
            known[others[1]] = payload
        reading.run(tree.body, known)
    except _UnknownError:
        return None
    return reading.found


@cache
def _tree_of(function: Callable[..., Any]) -> ast.FunctionDef:
    """The function's syntax tree, which is only looked at here."""
    return tree_of(function)


class _UnknownError(Exception):
    """Nothing can be told."""


class _Reading:
    """Goes through a rule's lines in every order in which they may run."""

    def __init__(
        self,
        function: Callable[..., Any],
        me: str,
        columns: Mapping[str, Bounds],
        along_ties: bool,
        part: int | None,
    ) -> None:
        self.function, self.me, self.columns = function, me, columns
        self.along_ties, self.part = along_ties, part
        self.found: Bounds | None = None

    def run(self, lines: list[ast.stmt], known: Known) -> Known | None:
        """What is known of names after the lines, or None where they do not end."""
        for line in lines:
            after = self._line(line, known)
            if after is None:
                return None
            known = after
        return known

    def _line(self, line: ast.stmt, known: Known) -> Known | None:
        if isinstance(line, ast.Return) and line.value is not None:
            self._give(line.value, known)
            return None
        if isinstance(line, ast.Assign) and all(isinstance(t, ast.Name) for t in line.targets):
            value = self._or_unknown(line.value, known)
            return known | {t.id: value for t in line.targets if isinstance(t, ast.Name)}
        if isinstance(line, ast.If):
            ends = [self.run(lines, known) for lines in (line.body, line.orelse)]
            return _either(*ends)
        if isinstance(line, ast.Pass):
            return known
        raise _UnknownError

    def _give(self, value: ast.expr, known: Known) -> None:
        """Note what is returned, each arm of a choice by itself: one may be nothing."""
        if isinstance(value, ast.IfExp):
            self._give(value.body, known)
            self._give(value.orelse, known)
        elif self.part is not None:
            if not isinstance(value, ast.Tuple) or self.part >= len(value.elts):
                raise _UnknownError
            self._found(self._of(value.elts[self.part], known))
        elif not (isinstance(value, ast.Name | ast.Attribute) and self._is_nothing(value, known)):
            self._found(self._of(value, known))

    def _found(self, bounds: Bounds) -> None:
        self.found = bounds if self.found is None else _union(self.found, bounds)

    def _is_nothing(self, value: ast.Name | ast.Attribute, known: Known) -> bool:
        if isinstance(value, ast.Name) and (value.id in known or value.id == self.me):
            return False
        if not self.along_ties:
            return False
        number = meant(self.function, value)
        return type(number) is int and number == NOTHING

    def _or_unknown(self, node: ast.expr, known: Known) -> Bounds | None:
        try:
            return self._of(node, known)
        except _UnknownError:
            return None

    def _of(self, node: ast.expr, known: Known) -> Bounds:
        if isinstance(node, ast.Constant) and isinstance(node.value, int):
            return int(node.value), int(node.value)
        if isinstance(node, ast.Compare):
            return 0, 1
        if isinstance(node, ast.Name | ast.Attribute):
            return self._named(node, known)
        if isinstance(node, ast.IfExp):
            return _union(self._of(node.body, known), self._of(node.orelse, known))
        if isinstance(node, ast.BinOp):
            return _joined(node.op, self._of(node.left, known), self._of(node.right, known))
        if isinstance(node, ast.Call) and not node.keywords:
            return self._called(node, known)
        raise _UnknownError

    def _named(self, node: ast.Name | ast.Attribute, known: Known) -> Bounds:
        bounds = self._of_agent(node)
        if isinstance(node, ast.Name) and node.id in known:
            bounds = known[node.id]
        elif not self._is_local(node, known):
            number = meant(self.function, node)
            bounds = (int(number), int(number)) if isinstance(number, int) else None
        if bounds is None:
            raise _UnknownError
        return bounds

    def _of_agent(self, node: ast.Name | ast.Attribute) -> Bounds | None:
        owner = node.value if isinstance(node, ast.Attribute) else None
        if isinstance(node, ast.Attribute) and isinstance(owner, ast.Name) and owner.id == self.me:
            return self.columns.get(node.attr)
        return None

    def _is_local(self, node: ast.expr, known: Known) -> bool:
        while isinstance(node, ast.Attribute):
            node = node.value
        return isinstance(node, ast.Name) and (node.id in known or node.id == self.me)

    def _called(self, node: ast.Call, known: Known) -> Bounds:
        called = None if self._is_local(node.func, known) else meant(self.function, node.func)
        if called is chance or called is bool:
            return 0, 1
        if called is integer and len(node.args) >= 2:
            low, high = self._of(node.args[1], known)
            if low >= 1 and high <= MOST_DRAWN:
                return 0, high - 1
        if called in (int, min, max):
            lows, highs = zip(*(self._of(a, known) for a in node.args), strict=True)
            return (max(lows), max(highs)) if called is max else (min(lows), min(highs))
        raise _UnknownError


def _union(one: Bounds, two: Bounds) -> Bounds:
    return min(one[0], two[0]), max(one[1], two[1])


def _either(one: Known | None, two: Known | None) -> Known | None:
    """What is known where either of two ways was gone, one of which may not end here."""
    if one is None or two is None:
        return two if one is None else one
    found: Known = {}
    for name in {*one, *two}:  # A name of one way only may be read on that way only.
        a, b = one.get(name), two.get(name)
        found[name] = None if a is None or b is None else _union(a, b)
    return found


def _joined(operator: ast.operator, one: Bounds, two: Bounds) -> Bounds:
    if isinstance(operator, ast.Add):
        low, high = one[0] + two[0], one[1] + two[1]
    elif isinstance(operator, ast.Sub):
        low, high = one[0] - two[1], one[1] - two[0]
    elif isinstance(operator, ast.Mult):
        corners = [a * b for a in one for b in two]
        low, high = min(corners), max(corners)
    else:
        raise _UnknownError
    if low < -WRAPS or high >= WRAPS:  # Compiled, it begins anew at the other end.
        raise _UnknownError
    return low, high
