"""Where a rule takes its luck for a number.

Luck is a key, an unsigned number of 64 bits, and once compiled nothing else is unsigned: whatever
is reckoned with a key comes out as something else than in plain Python. That holds as well of what
`ec.fold` makes of a key, under whatever name, and in whatever function it is handed to.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import cache
from types import FunctionType
from typing import Any, NamedTuple

from ..random import draw, fold
from .source import NUMBERS, meant, nodes_of

OF_NUMBERS = (*NUMBERS, abs, min, max, range)  # What is called with numbers alone.
KEYS = (fold, draw)  # What gives keys.
JOINED = (ast.BinOp, ast.UnaryOp, ast.Compare, ast.AugAssign, ast.BoolOp, ast.Subscript)
LOOKED_AT = (*JOINED, ast.Call, ast.IfExp, ast.Assign, ast.AnnAssign, ast.Return)


class Reckoned(NamedTuple):
    """Luck that is taken for a number: as it is spelled, and where in file and line."""

    spelled: str
    where: str


def reckons_with_luck(function: Callable[..., Any], key: str) -> Reckoned | None:
    """Where a rule, or a function that it calls, takes `key`, or luck made of it, for a number."""
    own = _Luck(function, frozenset([key]), {})
    given = (part for node in own.nodes if isinstance(node, ast.Return) for part in _parts(node))
    return own.reckoned() or own.first(given)


class _Luck:
    """What of a function's text is luck where some of its arguments are."""

    def __init__(self, function: Callable[..., Any], keys: frozenset[str], known: _Known) -> None:
        known[function, keys] = self
        self.function, self.known = function, known
        (self.file, self.line), self.nodes = _looked_at(function)
        self.keys: set[str] = set()
        self.gives: bool | None = None
        self.asked = False
        more = {*keys}
        while more - self.keys:  # A name may be luck by another one that is told of later.
            self.keys |= more
            more = {name.id for name, value in self._named() if self.is_luck(value)}
        self.gives = None

    def is_luck(self, node: ast.AST) -> bool:
        """Whether a value is luck, or may be."""
        match node:
            case ast.Name(id=name):
                return name in self.keys
            case ast.IfExp(body=one, orelse=other):
                return self.is_luck(one) or self.is_luck(other)
            case ast.Call():
                called = self._called(node)
                return meant(self.function, node.func) in KEYS or (
                    called is not None and called.gives_luck()
                )
            case _:
                return False

    def gives_luck(self) -> bool:
        """Whether the function does; False while that is being found out."""
        if self.gives is None:
            self.gives = False
            returned = [node.value for node in self.nodes if isinstance(node, ast.Return)]
            self.gives = any(value is not None and self.is_luck(value) for value in returned)
        return self.gives

    def reckoned(self) -> Reckoned | None:
        """The first luck that is taken for a number, here or in a function that is called; None if
        that was asked before.
        """
        nodes, self.asked = [] if self.asked else self.nodes, True
        for node in nodes:
            called = self._called(node) if isinstance(node, ast.Call) else None
            found = self.first(self._as_numbers(node)) or (called and called.reckoned())
            if found:
                return found
        return None

    def first(self, values: Iterator[ast.AST]) -> Reckoned | None:
        """The first of some values that is luck."""
        for value in values:
            if self.is_luck(value):
                line = self.line + getattr(value, "lineno", 1) - 1
                return Reckoned(ast.unparse(value), f"{self.file}:{line}")
        return None

    def _as_numbers(self, node: ast.AST) -> Iterator[ast.AST]:
        """What a node takes for numbers, and names that are luck elsewhere and now a number."""
        if isinstance(node, JOINED):
            yield from ast.iter_child_nodes(node)
        elif isinstance(node, ast.Call) and meant(self.function, node.func) in OF_NUMBERS:
            yield from node.args
        elif isinstance(node, ast.IfExp) and self.is_luck(node.body) != self.is_luck(node.orelse):
            yield from (node.body, node.orelse)
        else:
            yield from (name for name, value in _given(node) if not self.is_luck(value))

    def _named(self) -> Iterator[tuple[ast.Name, ast.expr]]:
        """Each name that is given a value, and the value."""
        for node in self.nodes:
            yield from _given(node)

    def _called(self, node: ast.Call) -> _Luck | None:
        """A modeller's function that is called, with those of its arguments luck that are."""
        called = meant(self.function, node.func)
        if not isinstance(called, FunctionType) or _is_the_package_s(called):
            return None
        code = called.__code__
        names = code.co_varnames[: code.co_argcount]
        given = [*zip(names, node.args, strict=False), *((k.arg, k.value) for k in node.keywords)]
        keys = frozenset(name for name, value in given if name and self.is_luck(value))
        return self.known.get((called, keys)) or _Luck(called, keys, self.known)


@cache
def _looked_at(function: Callable[..., Any]) -> tuple[tuple[str, int], list[ast.AST]]:
    """Where a function stands, and those nodes of its text by which luck goes anywhere."""
    where, nodes = nodes_of(function)
    return where, [node for node in nodes if isinstance(node, LOOKED_AT)]


def _given(node: ast.AST) -> Iterator[tuple[ast.Name, ast.expr]]:
    """Each name that a node gives a value, and the value, as far as it stands there."""
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from _pairs(target, value)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield from _pairs(target, value)
        case _:
            pass


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.Name, ast.expr]]:
    if isinstance(target, ast.Name):
        yield target, value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, its in zip(target.elts, value.elts, strict=False):
            yield from _pairs(one, its)


def _parts(node: ast.Return) -> list[ast.expr]:
    """The values that are returned."""
    if isinstance(node.value, ast.Tuple):
        return node.value.elts
    return [] if node.value is None else [node.value]


def _is_the_package_s(function: FunctionType) -> bool:
    module = function.__module__
    return module.startswith("ecumene.") and not module.startswith("ecumene.models")


_Known = dict[tuple[Callable[..., Any], frozenset[str]], _Luck]
