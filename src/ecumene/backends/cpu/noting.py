"""Functions that note what goes wrong instead of raising it, so that loops over them vectorise.

What a rule reaches divides by what may be 0 and picks cells that may not be there; either is an
error, and a loop that may end in one asks one agent at a time. Of such a function there is a second
one here, which works with something harmless instead and notes for whom (`noted`); they are then
asked again by the first, which raises or shows that nothing was wrong. Arrays that are read and
those that are written lie apart, which the compiler is told: it cannot see where a table picked
from ends. `tests/backends/cpu/test_noting.py` holds the second functions to the first.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from ...policies import choosing, counting
from .exactly import exactly

# Arguments before a function's own: where it notes, and at which agent.
NOTES = ("_noted_", "_at_")
DIVIDING: dict[type[ast.operator], str] = {
    ast.Div: "noted_ratio",
    ast.FloorDiv: "noted_floor",
    ast.Mod: "noted_rest",
}

REWRITTEN = {
    (choosing.__name__, "choose"): "noted_choose",
    (counting.__name__, "passed"): "noted_passed",
}


def noting(definitions: Sequence[str], modules: Sequence[str], function: str) -> list[str]:
    """The second functions of `function` and of what it reaches, each after those it needs.

    `definitions` are texts of functions from `modules`, each after those it needs.
    """
    trees = [_function(text) for text in definitions]
    reached = _reached(trees, function)
    second = {
        tree.name: REWRITTEN[module, _own_name(tree)]
        for tree, module in zip(trees, modules, strict=True)
        if (module, _own_name(tree)) in REWRITTEN
    }
    written: list[str] = []
    for tree, module in zip(trees, modules, strict=True):
        if tree.name not in reached or tree.name in second:
            continue
        changed = _Noting(second)
        tree = changed.visit(tree)
        if changed.notes or tree.name == function:
            second[tree.name] = named(tree.name)
            tree.name = second[tree.name]
            tree.args.args[:0] = [ast.arg(name) for name in NOTES]
            picks = any(isinstance(node, ast.Subscript) for node in ast.walk(tree))
            mark = "@jit_noting_within" if picks else "@jit_noting"
            text = ast.unparse(ast.fix_missing_locations(tree))
            written.append(f"{mark}\n{exactly(text, module)}")
    return written


def named(function: str) -> str:
    """The name of a function's second one."""
    return f"noting_{function}"


def _function(text: str) -> ast.FunctionDef:
    tree = ast.parse(text).body[0]
    assert isinstance(tree, ast.FunctionDef)
    return tree


def _own_name(tree: ast.FunctionDef) -> str:
    """What the function is called where it is from; in the text a number stands before that."""
    return tree.name.partition("_")[2]


def _reached(trees: Sequence[ast.FunctionDef], function: str) -> set[str]:
    """The names of `function` and of what it reaches."""
    reached = {function}
    for tree in reversed(trees):
        if tree.name in reached:
            reached |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return reached


class _Noting(ast.NodeTransformer):
    """Lets a function call what notes; `second` are the names of second functions there are."""

    def __init__(self, second: dict[str, str]) -> None:
        self.second, self.notes = second, False

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        name = DIVIDING.get(type(node.op))
        by = node.right.value if isinstance(node.right, ast.Constant) else 0
        if name is None or (isinstance(node.op, ast.Div) and by != 0):
            return node
        return self._call(name, [node.left, node.right])

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        if type(node.op) not in DIVIDING or not isinstance(node.target, ast.Name):
            return self.generic_visit(node)
        old = ast.Name(node.target.id, ast.Load())
        return self.visit(ast.Assign([node.target], ast.BinOp(old, node.op, node.value)))

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        of_tuple = isinstance(node.value, ast.Name) and isinstance(node.slice, ast.Constant)
        if of_tuple or ast.unparse(node.value).startswith("tables."):
            return node
        return self._call("noted_cell", [node.value, node.slice])

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.func, ast.Name) or node.func.id not in self.second:
            return node
        return self._call(self.second[node.func.id], node.args, node.keywords)

    def _call(
        self, name: str, values: list[ast.expr], keywords: Sequence[ast.keyword] = ()
    ) -> ast.Call:
        self.notes = True
        notes = [ast.Name(note, ast.Load()) for note in NOTES]
        return ast.Call(ast.Name(name, ast.Load()), [*notes, *values], [*keywords])
