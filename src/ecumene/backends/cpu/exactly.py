"""Quotients and comparisons of whole numbers beyond 2**53, as plain Python has them.

Compiled code makes floats of both before it divides, or compares with a float, and a float skips
whole numbers from 2**53 on. So where a rule's text divides or compares what may be such a number,
it calls one of these, of which the compiler keeps what types need: of two floats, or of columns
that hold less, nothing but the operation. `tests/backends/cpu/test_exactly.py` holds all to that.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import lru_cache

EXACT = 1 << 53  # Up to here every whole number is a float.
COMPARING: dict[type[ast.cmpop], tuple[str, bool, bool]] = {  # function, turned around, denied
    ast.Lt: ("_exact_less", False, False),
    ast.Gt: ("_exact_less", True, False),
    ast.LtE: ("_exact_at_most", False, False),
    ast.GtE: ("_exact_at_most", True, False),
    ast.Eq: ("_exact_equal", False, False),
    ast.NotEq: ("_exact_equal", False, True),
}
CALL = "_exact_"


@lru_cache(maxsize=4096)  # Asked anew for every simulation of a model.
def exactly(definition: str, module: str) -> str:
    """The text of a rule's function, calling these where it has to; the package's own stays."""
    if module.startswith("ecumene.") and not module.startswith("ecumene.models"):
        return definition
    changing = _Exactly()
    tree = changing.visit(ast.parse(definition))
    return ast.unparse(ast.fix_missing_locations(tree)) if changing.changed else definition


def needed(texts: Iterable[str]) -> list[str]:
    """The text that some texts need besides, if any calls what stands in it."""
    return [TEXT] if any(CALL in text for text in texts) else []


class _Exactly(ast.NodeTransformer):
    changed = False

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.op, ast.Div) or _is_float(node.left) or _is_float(node.right):
            return node
        return self._call("_exact_ratio", node.left, node.right)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        if not isinstance(node.op, ast.Div) or not isinstance(node.target, ast.Name):
            return self.generic_visit(node)
        old = ast.Name(node.target.id, ast.Load())
        return self.visit(ast.Assign([node.target], ast.BinOp(old, node.op, node.value)))

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        values = [node.left, *node.comparators]
        pairs = list(zip(values, node.ops, values[1:], strict=False))
        if all(_is_left(*pair) for pair in pairs):
            return node
        parts = [self._compared(*pair) for pair in pairs]
        return parts[0] if len(parts) == 1 else ast.BoolOp(ast.And(), parts)

    def _compared(self, one: ast.expr, how: ast.cmpop, other: ast.expr) -> ast.expr:
        if isinstance(how, ast.In | ast.NotIn):
            return self._among(one, how, other)
        name, turned, denied = COMPARING[type(how)]
        call = self._call(name, other, one) if turned else self._call(name, one, other)
        return ast.UnaryOp(ast.Not(), call) if denied else call

    def _among(self, one: ast.expr, how: ast.cmpop, others: ast.expr) -> ast.expr:
        """Whether it equals one of some values, which may be of several types."""
        if not isinstance(others, ast.Tuple):
            return ast.Compare(one, [how], [others])
        self.changed = True
        equal = [self._compared(one, ast.Eq(), other) for other in others.elts]
        found = ast.BoolOp(ast.Or(), [*equal, ast.Constant(False)])
        return ast.UnaryOp(ast.Not(), found) if isinstance(how, ast.NotIn) else found

    def _call(self, name: str, one: ast.expr, other: ast.expr) -> ast.Call:
        self.changed = True
        return ast.Call(ast.Name(name, ast.Load()), [one, other], [])


def _is_float(node: ast.expr) -> bool:
    """Whether a value is certainly a float: then the other one becomes one in Python, too."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, float)
    if isinstance(node, ast.UnaryOp):
        return _is_float(node.operand)
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Div) or _is_float(node.left) or _is_float(node.right)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id in ("float", "_exact_ratio")
    return False


def _is_left(one: ast.expr, how: ast.cmpop, other: ast.expr) -> bool:
    """Whether a comparison is left as it is."""
    if isinstance(how, ast.In | ast.NotIn):
        return not isinstance(other, ast.Tuple)
    return _is_exact(one) or _is_exact(other)


def _is_exact(node: ast.expr) -> bool:
    """Whether it is certain that nothing is rounded where a value is compared with another.

    Rounding keeps the order, so that only equals may come of others: a whole number is none that is
    a float, nor is a float below 2**53.
    """
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.Not) or _is_exact(node.operand)
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return int(float(node.value)) == node.value
    if isinstance(node, ast.Constant):
        return isinstance(node.value, float) and abs(node.value) < EXACT
    return isinstance(node, ast.Compare)


# What such text calls, for a module in which any does.
TEXT = f'''\
from numba.extending import overload

TOP = float({1 << 63})


def whole(kind):
    return isinstance(kind, types.Boolean) or getattr(kind, "signed", False)


@jit
def is_exact(n):
    """Whether shifting loses no bit: of what comes from a narrow column the compiler knows that."""
    return (int(n) << 10) >> 10 == n


@jit
def is_below(n, near):
    """Whether `n` is less than the float that it is rounded to."""
    return near >= TOP or n < int(near)


@jit
def is_above(n, near):
    return near < TOP and n > int(near)


@njit(**inner)
def long_ratio(one, other):
    """Long division until 55 bits are there; the last one says whether more would follow."""
    if other == 0:
        return float(one) / float(other)
    rest, by, power = unsigned(abs(one)), unsigned(abs(other)), 0
    if rest == unsigned(0):
        return float(one) / float(other)
    half = unsigned({1 << 63})
    while rest < half:
        rest, power = rest << unsigned(1), power - 1
    while by < half:
        by, power = by << unsigned(1), power + 1
    bits = unsigned(0)
    if rest >= by:
        rest, bits = rest - by, unsigned(1)
    while bits < unsigned({1 << 54}):
        over = rest >= half
        rest, bits, power = rest << unsigned(1), bits << unsigned(1), power - 1
        if over or rest >= by:
            rest, bits = rest - by, bits | unsigned(1)
    if rest != unsigned(0):
        bits |= unsigned(1)
    ratio = float(int(bits))
    while power <= -62:
        ratio, power = ratio / float({1 << 62}), power + 62
    ratio = ratio * float(int(1) << power) if power >= 0 else ratio / float(int(1) << -power)
    return -ratio if (one < 0) != (other < 0) else ratio


def _exact_ratio(one, other):
    """`one / other`."""


@overload(_exact_ratio, jit_options=dict(forceinline=True))
def overload_ratio(one, other):
    def of_whole(one, other):
        if is_exact(one) and is_exact(other):
            return float(one) / float(other)
        return long_ratio(int(one), int(other))

    return of_whole if whole(one) and whole(other) else lambda one, other: one / other


def mixed(one, other):
    """Whether just one of two types is that of whole numbers: the first, or the second."""
    return [
        getattr(of, "signed", False) and isinstance(by, types.Float)
        for of, by in ((one, other), (other, one))
    ]


def _exact_less(one, other):
    """`one < other`."""


@overload(_exact_less, jit_options=dict(forceinline=True))
def overload_less(one, other):
    def whole_first(one, other):
        if is_exact(one):
            return one < other
        return float(one) < other or (float(one) == other and is_below(one, other))

    def whole_second(one, other):
        if is_exact(other):
            return one < other
        return one < float(other) or (one == float(other) and is_above(other, one))

    first, second = mixed(one, other)
    if first or second:
        return whole_first if first else whole_second
    return lambda one, other: one < other


def _exact_at_most(one, other):
    """`one <= other`."""


@overload(_exact_at_most, jit_options=dict(forceinline=True))
def overload_at_most(one, other):
    def whole_first(one, other):
        if is_exact(one):
            return one <= other
        return float(one) <= other and (float(one) < other or not is_above(one, other))

    def whole_second(one, other):
        if is_exact(other):
            return one <= other
        return one <= float(other) and (one < float(other) or not is_below(other, one))

    first, second = mixed(one, other)
    if first or second:
        return whole_first if first else whole_second
    return lambda one, other: one <= other


def _exact_equal(one, other):
    """`one == other`."""


@overload(_exact_equal, jit_options=dict(forceinline=True))
def overload_equal(one, other):
    def whole_first(one, other):
        if is_exact(one):
            return one == other
        return float(one) == other and other < TOP and one == int(other)

    def whole_second(one, other):
        return _exact_equal(other, one)

    first, second = mixed(one, other)
    if first or second:
        return whole_first if first else whole_second
    return lambda one, other: one == other
'''
