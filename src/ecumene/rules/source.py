"""What a rule reaches: its own text and that of every function and constant it uses.

A rule is an ordinary Python function that also has to mean the same, bit for bit, once compiled.
`Reach` walks from a function to the helpers and constants that it names, refuses what means
different things on different machines (`**`, `math`, `numpy`, ...), and keeps one self-contained
text. Compiled backends compile that text; a run's name is made of it, so editing a helper makes
another run.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import textwrap
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from types import FunctionType, ModuleType
from typing import Any

from ..errors import ModelError

BUILTINS = {"abs", "min", "max", "int", "float", "bool", "range"}
REFUSED_NODES: dict[type, str] = {
    ast.Pow: "`**` (it differs between machines in the last bit); multiply instead",
    ast.MatMult: "`@`",
    ast.List: "a list",
    ast.Dict: "a dict",
    ast.Set: "a set",
    ast.ListComp: "a comprehension",
    ast.GeneratorExp: "a comprehension",
    ast.DictComp: "a comprehension",
    ast.SetComp: "a comprehension",
    ast.Lambda: "a lambda",
    ast.NamedExpr: "`:=`; give the value its name on a line before",
    ast.Assert: "assert",
    ast.JoinedStr: "a text",
    ast.Try: "try",
    ast.With: "with",
    ast.Raise: "raise",
    ast.Yield: "yield",
    ast.Await: "await",
    ast.Global: "global",
    ast.Nonlocal: "nonlocal",
    ast.Import: "import",
    ast.ImportFrom: "import",
    ast.Starred: "`*`",
    ast.Is: "`is`",
    ast.IsNot: "`is not`",
    ast.Delete: "del",
    ast.ClassDef: "a class",
}
# What runs once per step, in plain Python on every backend, may use these too.
PLAIN_BUILTINS = BUILTINS | {"len", "tuple"}
PLAIN_NODES = {ast.List, ast.ListComp, ast.GeneratorExp}
NUMBERS = (bool, int, float)
REFUSED_MODULES = {"math", "numpy", "random", "cmath", "scipy", "time", "os"}
UNSIGNED_MODULE = "ecumene.random"  # There whole constants are unsigned 64-bit numbers.


BITS = 64  # of a whole number
OWN_NAME = "_own_name_"


@dataclass(frozen=True)
class _Written:
    """A function's own text, with places for its name and for those of the functions it reaches.

    It holds as long as each name, a chain of parts, stands for the value it had then.
    """

    text: str
    reached: Mapping[Callable[..., Any], str]  # and how the text spells them
    values: Mapping[tuple[str, ...], Any]
    attributes: frozenset[str]

    def holds(self, function: Callable[..., Any]) -> bool:
        """Whether the text would be the same if it were made anew."""
        outer = _outer_names(function)
        return all(_same(_value(outer, c), value) for c, value in self.values.items())


_WRITTEN: dict[tuple[Callable[..., Any], bool], _Written] = {}


def _place(number: int) -> str:
    return f"_reached_{number}_"


def _value(outer: Mapping[str, Any], chain: tuple[str, ...]) -> Any:
    """What a chain of names stands for now; None, which is no value in a rule, if for nothing."""
    value = outer[chain[0]] if chain[0] in outer else getattr(builtins, chain[0], None)
    for part in chain[1:]:
        value = getattr(value, part, None)
    return value


def _same(one: Any, two: Any) -> bool:
    """Whether two values are written the same: 0.0 and -0.0, 1 and True are not."""
    return one is two or (
        type(one) is type(two) and type(one) in NUMBERS and repr(one) == repr(two)
    )


class Reach:
    """The text of some functions and of all that they reach, each once, in order of need."""

    def __init__(self, plain: bool = False) -> None:
        """Begin with no text; `plain` is for what no backend compiles."""
        self.builtins = PLAIN_BUILTINS if plain else BUILTINS
        self.refused = REFUSED_NODES.keys() - (PLAIN_NODES if plain else set[type]())
        self.plain = plain
        self.definitions: list[str] = []
        self.modules: list[str] = []  # where each definition is from
        self.attributes: set[str] = set()  # every name behind a dot
        self._names: dict[Any, str] = {}

    def add(self, function: Callable[..., Any], role: str) -> str:
        """The name under which `function` stands in the text; `role` says what it is to the user.

        Raises `ModelError` when it uses what a rule may not use.
        """
        if function in self._names:
            return self._names[function]
        written = self._written(function, role)
        name = f"f{len(self._names)}_{function.__name__}"
        self._names[function] = name
        text = written.text.replace(OWN_NAME, name, 1)
        for place, (reached, spelled) in enumerate(written.reached.items()):
            text = text.replace(_place(place), self.add(reached, f"`{spelled}`, used by {role},"))
        self.definitions.append(text)
        self.modules.append(function.__module__)
        self.attributes |= written.attributes
        return name

    def _written(self, function: Callable[..., Any], role: str) -> _Written:
        """The function's own text, as made before if all that it names still is what it was."""
        known = _WRITTEN.get((function, self.plain))
        if known is None or not known.holds(function):
            tree, where = _parsed(function, role)
            known = _Rewriter(self, function, role, where).rewrite(tree)
            _WRITTEN[function, self.plain] = known
        return known

    @property
    def text(self) -> str:
        """All definitions, every one after those it needs."""
        return "\n\n".join(self.definitions)


def attributes_of(function: Callable[..., Any], names: set[str], plain: bool = False) -> set[str]:
    """Which of `names` stand behind a dot anywhere in `function` or what it reaches."""
    reach = Reach(plain)
    reach.add(function, f"`{function.__name__}`")
    return reach.attributes & names


def uses(function: Callable[..., Any], argument: str) -> list[tuple[str, str]]:
    """Each `argument.name` in the function's own text, with file and line."""
    where, nodes = nodes_of(function)
    return [
        (node.attr, f"{where[0]}:{where[1] + node.lineno - 1}")
        for node in nodes
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == argument
    ]


@cache
def draws(function: Callable[..., Any]) -> bool:
    """Whether a rule's function looks at its luck, which is the last of its arguments."""
    tree, _ = _parsed(function, f"`{function.__name__}`")
    key = [*tree.args.posonlyargs, *tree.args.args][-1].arg
    return any(
        isinstance(node, ast.Name) and node.id == key
        for line in tree.body
        for node in ast.walk(line)
    )


def calls_of(function: Callable[..., Any], called: Any) -> list[tuple[ast.Call, str]]:
    """Each call of `called` in the function's own text, with file and line."""
    where, nodes = nodes_of(function)
    return [
        (node, f"{where[0]}:{where[1] + node.lineno - 1}")
        for node in nodes
        if isinstance(node, ast.Call) and meant(function, node.func) is called
    ]


def meant(function: Callable[..., Any], node: ast.expr) -> Any:
    """What a name, or a chain of names, in the function's text stands for outside of it."""
    chain = _chain(node)
    return None if chain is None else _value(_outer_names(function), tuple(chain))


def tree_of(function: Callable[..., Any]) -> ast.FunctionDef:
    """The function's syntax tree, without decorators."""
    return _parsed(function, f"`{function.__name__}`")[0]


def _parsed(function: Callable[..., Any], role: str) -> tuple[ast.FunctionDef, tuple[str, int]]:
    """The function's syntax tree, without decorators, and its file and first line."""
    try:
        lines, first = _source(function)
    except (OSError, TypeError) as error:
        raise ModelError(
            f"{role} has no source text to compile (a built-in has none); write it with `def` in a "
            "file or a notebook cell."
        ) from error
    tree = ast.parse(textwrap.dedent("".join(lines))).body[0]
    if not isinstance(tree, ast.FunctionDef):
        raise ModelError(f"{role} must be a function written with `def`.")
    tree.decorator_list, tree.returns = [], None
    if ast.get_docstring(tree) is not None:
        tree.body = tree.body[1:] or [ast.Pass()]
    return tree, (inspect.getsourcefile(function) or "?", first)


@cache
def nodes_of(function: Callable[..., Any]) -> tuple[tuple[str, int], list[ast.AST]]:
    """The function's file and first line, and all nodes of its syntax tree, to be looked at only.

    Kept, since a model's rules are checked whenever a simulation of it begins.
    """
    tree, where = _parsed(function, f"`{function.__name__}`")
    return where, list(ast.walk(tree))


@cache
def _source(function: Callable[..., Any]) -> tuple[list[str], int]:
    """The function's lines as first read: a file edited since says nothing of what is loaded."""
    return inspect.getsourcelines(function)


class _Rewriter(ast.NodeTransformer):
    """Replaces each outer name by the constant or the reached function that it stands for."""

    def __init__(
        self, reach: Reach, function: Callable[..., Any], role: str, where: tuple[str, int]
    ) -> None:
        self.reach, self.role, self.where = reach, role, where
        self.outer = _outer_names(function)
        self.unsigned = function.__module__ == UNSIGNED_MODULE
        self.free = reach.plain or function.__module__.startswith("ecumene.")
        self.local: set[str] = set()
        self.reached: dict[Callable[..., Any], str] = {}
        self.values: dict[tuple[str, ...], Any] = {}

    def rewrite(self, tree: ast.FunctionDef) -> _Written:
        arguments = tree.args
        if arguments.vararg or arguments.kwarg or arguments.kwonlyargs:
            self._refuse(tree, "`*` in its arguments")
        for argument in [*arguments.posonlyargs, *arguments.args]:
            argument.annotation = None
            self.local.add(argument.arg)
        arguments.defaults = [self.visit(d) for d in arguments.defaults]
        for node in ast.walk(tree):
            for part in ast.iter_child_nodes(node):
                if type(part) in self.reach.refused:
                    # An operator stands on no line; what it joins does.
                    at = node if isinstance(part, ast.operator | ast.cmpop) else part
                    self._refuse(at, REFUSED_NODES[type(part)])
            if isinstance(node, ast.FunctionDef) and node is not tree:
                self._refuse(node, "a function inside a function")
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                self.local.add(node.id)
        tree.body = [self.visit(statement) for statement in tree.body]
        tree.name = OWN_NAME
        text = ast.unparse(ast.fix_missing_locations(tree))
        attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        return _Written(text, self.reached, self.values, frozenset(attributes))

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is None:
            return ast.Pass()
        return self.visit(ast.Assign([node.target], node.value))

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if not isinstance(node.value, int | float):
            self._refuse(node, f"the constant {node.value!r}")
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        if isinstance(node.op, ast.Invert) and not self.free:
            self._refuse(node, "`~` (of a truth value it differs once compiled); write `not`")
        return self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        self._look_at_shift(node, node.right)
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        self.generic_visit(node)
        self._look_at_shift(node, node.value)
        return node

    def _look_at_shift(self, node: ast.BinOp | ast.AugAssign, by: ast.expr) -> None:
        if isinstance(node.op, ast.LShift | ast.RShift) and not self.free:
            bits = by.value if isinstance(by, ast.Constant) else None
            if not isinstance(bits, int) or not 0 <= bits < BITS:
                self._refuse(node, f"a shift by what is no constant from 0 to {BITS - 1}")

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id in self.local:
            return node
        return self._resolved(node, [node.id], self._lookup(node, node.id))

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        chain = _chain(node)
        if chain is None or chain[0] in self.local:
            return self.generic_visit(node)
        value = self._lookup(node, chain[0])
        for part in chain[1:]:
            if isinstance(value, ModuleType) and value.__name__.split(".")[0] in REFUSED_MODULES:
                self._refuse(node, f"`{'.'.join(chain)}` (use + - * /, comparisons, tables)")
            if not hasattr(value, part):
                self._refuse(node, f"`{'.'.join(chain)}`, which does not exist")
            value = getattr(value, part)
        return self._resolved(node, chain, value)

    def _lookup(self, node: ast.AST, name: str) -> Any:
        if name in self.outer:
            return self.outer[name]
        if name in self.reach.builtins:
            return getattr(builtins, name)
        return self._refuse(node, f"`{name}`, which is not defined")

    def _resolved(self, node: ast.AST, chain: list[str], value: Any) -> ast.AST:
        spelled = ".".join(chain)
        self.values[tuple(chain)] = value
        if any(value is getattr(builtins, name) for name in self.reach.builtins):
            return ast.Name(value.__name__, ast.Load())
        if isinstance(value, bool | int | float):
            return self._constant(value)
        if isinstance(value, FunctionType):
            if value.__module__ == UNSIGNED_MODULE and value.__name__ == "unsigned":
                return ast.Name("unsigned", ast.Load())
            self.reached.setdefault(value, spelled)
            return ast.Name(_place(list(self.reached).index(value)), ast.Load())
        return self._refuse(node, f"`{spelled}`, which is neither a number nor a plain function")

    def _constant(self, value: bool | int | float) -> ast.AST:
        literal = ast.Constant(value)
        if self.unsigned and type(value) is int:
            return ast.Call(ast.Name("unsigned", ast.Load()), [literal], [])
        return literal

    def _refuse(self, node: ast.AST, what: str) -> Any:
        line = self.where[1] + getattr(node, "lineno", 1) - 1
        raise ModelError(f"{self.role} uses {what}; a rule may not.\n  {self.where[0]}:{line}")


def _outer_names(function: Callable[..., Any]) -> Mapping[str, Any]:
    """What the function's free names stand for."""
    named = getattr(function, "__globals__", {})
    own = dict(_nonlocals(function))
    return ChainMap(own, named) if own else named  # asked often, and seldom of a closure


def _nonlocals(function: Any) -> Iterator[tuple[str, Any]]:
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        with suppress(ValueError):  # of a name that has no value yet
            yield name, cell.cell_contents


def _chain(node: ast.expr) -> list[str] | None:
    """`a` or `a.b.c` as its parts, or None when it does not start with a plain name."""
    parts: list[str] = []
    current = node
    while isinstance(current, ast.Attribute):
        parts.append(current.attr)
        current = current.value
    if not isinstance(current, ast.Name):
        return None
    return [current.id, *reversed(parts)]
