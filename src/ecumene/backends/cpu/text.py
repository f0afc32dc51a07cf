"""The text of a program's kernels: loops around the rules, written out for the compiler.

Every kernel is a plain function over arrays and numbers. Its arguments are names; the launcher
looks the same names up among the shard's arrays (`Kernel.arguments`), so text and call agree by
construction.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any

from ...networks.lowered import Lowered
from ...policies import choose
from ...population import NEVER, NOBODY, WHO, origin
from ...rules import NOTHING, Reach
from ..program import Program
from ..ruled import Bonding, Claiming, Spreading
from .exactly import exactly
from .finding import REGISTER
from .storage import FLAGS

TILE = 1024  # Agents listed at a time: their places stay in the first-level cache.
STREAM = 1024  # Agents that a rule for everyone works out before any of it is kept.


@dataclass(frozen=True)
class Kernel:
    """A generated function's name and the names of its arguments, in order."""

    name: str
    arguments: tuple[str, ...]

    @cached_property
    def values(self) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
        """Looks the arguments up, in order: a step of few agents is hardly more than its calls."""
        return itemgetter(*self.arguments)


class Writer:
    """Collects the definitions and the kernels of one program."""

    def __init__(self, program: Program) -> None:
        """Begin with nothing written."""
        self.program = program
        self.reach = Reach()
        self.blocks: list[str] = []
        self.kernels: dict[str, Kernel] = {}
        self._shapes: dict[tuple[str, ...], str] = {}
        self._environments: dict[tuple[str, ...], str] = {(): "Env"}

    # -- pieces that kernels share --------------------------------------------------------------

    def call(self, function: Callable[..., Any], role: str) -> str:
        """The name of `function` in the text."""
        return self.reach.add(function, role)

    def have(self, *blocks: str) -> None:
        """Let the text have these loops, once."""
        self.blocks += [block for block in blocks if block not in self.blocks]

    def add(self, name: str, arguments: list[str], body: list[str]) -> None:
        """Define a kernel; names in `arguments` may repeat and are kept once."""
        names = tuple(dict.fromkeys(arguments))
        lines = "\n".join("    " + line for line in ["widest()", *body])
        self.blocks.append(f"@kernel\ndef {name}({', '.join(names)}):\n{lines}\n")
        self.kernels[name] = Kernel(name, names)

    def globals_of(
        self, env: tuple[str, ...] = (), known_cuts: bool = False
    ) -> tuple[list[str], list[str]]:
        """What `model`, `tables` and `env` are made of: arguments and first lines.

        With `known_cuts` the compiler is told how many actions each policy has.
        """
        parameters, tables = list(self.program.parameters), list(self.program.tables)
        arguments = [*(f"p_{p}" for p in parameters), *(f"t_{t}" for t in tables), "step"]
        arguments += self.policy_arguments
        arguments += [f"e_{name}" for name in env]
        shape = self._environments.setdefault(env, f"Env{len(self._environments)}")
        policies = self._policies(known_cuts)
        return arguments, [
            f"model = Model({', '.join([*(f'p_{p}' for p in parameters), *policies])})",
            f"tables = Tables({', '.join(f't_{t}' for t in tables)})",
            f"env = {shape}({', '.join(['step', *(f'e_{name}' for name in env)])})",
        ]

    @property
    def policy_arguments(self) -> list[str]:
        """The names of all that policies are made of."""
        return [f"q_{name}_{f}" for name, fields in self.program.policies.items() for f in fields]

    @property
    def policies(self) -> list[str]:
        """What makes each policy of its numbers and arrays."""
        return self._policies(known_cuts=False)

    def _policies(self, known_cuts: bool) -> list[str]:
        return [
            f"Policy_{name}({', '.join(_field(name, f, fields, known_cuts) for f in fields)})"
            for name, fields in self.program.policies.items()
        ]

    def me(
        self, reads: tuple[str, ...], snapshots: tuple[str, ...] = (), rising: bool = False
    ) -> tuple[list[str], str]:
        """What `me` is made of for local place `i`: arguments and an expression.

        Where `i` is `rising`, what claims brought is where `acting.ascending` has found it.
        """
        arguments, values = ["place0", *self.luck_arguments], []
        for name in reads:
            own = self.program.brought.source(name)
            names, value = self.value(name, "s_" if own in snapshots else "c_", rising)
            arguments += names
            values.append(value)
        return arguments, f"{self.shape(reads)}({', '.join(values)})"

    def shape(self, reads: tuple[str, ...]) -> str:
        """The name of the named tuple with the fields `reads`."""
        return self._shapes.setdefault(reads, f"Me{len(self._shapes)}")

    def value(self, name: str, prefix: str = "c_", rising: bool = False) -> tuple[list[str], str]:
        """A column of local place `i`: arguments and an expression."""
        stored, spreading = self.program.stored.get(name), self.program.arrivals.get(name)
        if stored is not None and stored.kind in FLAGS:
            return [f"{prefix}{name}_0"], f"has({prefix}{name}_0, i)"
        if stored is not None and stored.holds_steps:
            top = f"top_{name}"
            return [f"{prefix}{name}", top], f"step_value({prefix}{name}[i], {top})"
        if stored is not None:
            cast = "float" if stored.kind == "float" else "int"
            return [f"{prefix}{name}"], f"{cast}({prefix}{name}[i])"
        look = self.program.brought.looks.get(name)
        if look is not None:
            pointing, identity = self.value(look.link, prefix)
            seen, nothing = LOOKED.get(look.kind, ("int", "int(0)"))
            register, place = self.found(look.of, identity)
            return [*pointing, *register, f"l_{name}"], (
                f"({seen}(l_{name}[{place}]) if {identity} >= 0 else {nothing})"
            )
        if name in self.program.brought.linked:
            return [f"l_{name}"], f"int(l_{name}[i])"
        claiming = self.program.grants.get(name)
        if claiming is not None:
            rule = claiming.rule.name
            given = [f"gp_{rule}", f"gu_{rule}"]
            found = f"granted_to({', '.join(given)}, i)"
            if rising:
                found = f"granted_at({', '.join(given)}, i, at_{rule})"
            return given, found if isinstance(claiming, Claiming) else f"caused({found})"
        if spreading is None and name not in self.program.derived:
            return [], name  # what the kernel itself knows of the agent
        if spreading is None:
            return self.derived(name)
        rule = spreading.rule.name
        if spreading.rule.combine == "any":
            return [f"a_{rule}_0"], f"has(a_{rule}_0, i)"
        none = 0 if spreading.rule.combine in ("count", "sum") else NOTHING
        return [f"a_{rule}_0", f"acc_{rule}"], f"arrived(a_{rule}_0, acc_{rule}, i, {none})"

    def found(self, of: str, identity: str) -> tuple[list[str], str]:
        """The place of an agent of another population: arguments and an expression."""
        if of not in self.program.brought.registers:
            return [], identity
        names = [f"r_{of}_{part}" for part in REGISTER]
        return names, f"place_of({identity}, {', '.join(names)})"

    def luck(self, name: str = "luck", place: str = "place0 + i") -> str:
        """The luck `name` of a rule as the agent at `place` draws it: its own, where re-keyed."""
        rekeyed = self.program.rekeyed is not None
        return f"own({name}, {place}, own_place, own_luck)" if rekeyed else name

    @property
    def luck_arguments(self) -> list[str]:
        """What that expression takes, besides the luck and the place."""
        return ["own_place", "own_luck"] if self.program.rekeyed is not None else []

    @property
    def who(self) -> str:
        """The identity of local place `i`."""
        return f"int(c_{WHO}[i])" if self.program.is_open else "place0 + i"

    @property
    def who_arguments(self) -> list[str]:
        """What that expression takes, besides `place0`."""
        return [f"c_{WHO}"] if self.program.is_open else []

    def derived(self, name: str) -> tuple[list[str], str]:
        """A derived column of local place `i`: arguments and an expression."""
        function = self.call(self.program.derived[name].function, f"column `{name}`")
        if not self.program.is_open:
            return [], f"{function}(place0 + i, tables)"
        of = self.call(origin, "derived columns")
        return [*self.who_arguments, "people"], f"{function}({of}({self.who}, people), tables)"

    def functions(self) -> list[str]:
        """The rules and what they reach, each under the compiler's mark.

        What chooses by a policy and, where the environment has cells, a modeller's function that
        picks one by number are held to the cells there are, as in plain Python.
        """
        cells = self.program.environment_has_cells
        return [
            f"{'@jit_within' if checks_cells(text, module, cells) else '@jit'}\n"
            f"{exactly(text, module)}"
            for text, module in zip(self.reach.definitions, self.reach.modules, strict=True)
        ]

    def net(self, name: str) -> tuple[list[str], list[str]]:
        """What `net` is made of."""
        names, value = _net(name, self.program.networks[name])
        return names, [f"net = {value}"]

    def end(self, spreading: Spreading, place: str) -> str:
        """What the receiving part of a tie rule sees of tie `number` to the agent at `place`."""
        if not spreading.in_degree:
            return "Tie(number)"
        network = self.program.networks[spreading.rule.over]
        degree = self.call(network.reverse_degree, "the network's degree")
        return f"End(number, {degree}(net, {place}))"

    # -- the whole ------------------------------------------------------------------------------

    def tuples(self) -> list[str]:
        """The named tuples that rules and networks read."""
        lines = [f"{n} = namedtuple('Me', {list(r)!r})" for r, n in self._shapes.items()]
        for name, fields in self.program.policies.items():
            lines.append(f"Policy_{name} = namedtuple('Policy_{name}', {[*fields]!r})")
        seen = [*self.program.parameters, *self.program.policies]
        lines.append(f"Model = namedtuple('Model', {seen!r})")
        lines.append(f"Tables = namedtuple('Tables', {list(self.program.tables)!r})")
        for env, name in self._environments.items():
            lines.append(f"{name} = namedtuple('Env', {['step', *env]!r})")
        lines.append("Tie = namedtuple('Tie', ['number'])")
        if any(isinstance(part, Bonding) for phase in self.program.phases for part in phase):
            lines.append("Bond = namedtuple('Bond', ['number', 'since', 'other'])")
        if any(spreading.in_degree for spreading in self.program.arrivals.values()):
            lines.append("End = namedtuple('End', ['number', 'in_degree'])")
        for name, net in self.program.networks.items():
            lines += _net_shapes(name, net)
        return lines


def _field(policy: str, field: str, fields: Mapping[str, Any], known_cuts: bool) -> str:
    """What stands for one number or array of a policy."""
    return f"int({fields[field]})" if known_cuts and field == "cuts" else f"q_{policy}_{field}"


def checks_cells(text: str, module: str, cells: bool) -> bool:
    """Whether a function of `module` may ask for a cell that is not there."""
    return module == choose.__module__ or (cells and may_pick_cells(text, module))


# How a look-up reads a value, and what it gives where the link points to nobody.
LOOKED = {
    "float": ("float", "float(0)"),
    "link": ("int", f"int({NOBODY})"),
    **dict.fromkeys(("flag", "pulse", "bool"), ("bool", "False")),
    **dict.fromkeys(("step", "wake"), ("int", f"int({NEVER})")),
}


def may_pick_cells(text: str, module: str) -> bool:
    """Whether a function of `module` has `something[...]` that is no table of the background."""
    if module.startswith("ecumene.") and not module.startswith("ecumene.models"):
        return False
    return any(
        isinstance(node, ast.Subscript) and not ast.unparse(node.value).startswith("tables.")
        for node in ast.walk(ast.parse(text))
    )


def _net(name: str, net: Lowered) -> tuple[list[str], str]:
    """The arguments that a network is made of, and the expression that makes it of them."""
    names = [f"n_{name}_{field}" for field in (*net.numbers, *net.arrays)]
    parts = [_net(f"{name}_{part}", lowered) for part, lowered in net.parts.items()]
    values = [*names, *(value for _, value in parts)]
    return [*names, *(n for more, _ in parts for n in more)], f"Net_{name}({', '.join(values)})"


def _net_shapes(name: str, net: Lowered) -> list[str]:
    """The named tuples of a network and its parts."""
    shapes = [s for part, low in net.parts.items() for s in _net_shapes(f"{name}_{part}", low)]
    fields = [*net.numbers, *net.arrays, *net.parts]
    return [*shapes, f"Net_{name} = namedtuple('Net_{name}', {fields!r})"]


HEAD = f'''\
"""Generated by Ecumene from a model's rules; safe to delete."""
from collections import namedtuple

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.cpython.unsafe.numbers import trailing_zeros as _trailing_zeros

int, float, unsigned, word, short = np.int64, np.float64, np.uint64, np.uint32, np.int16
# A call left in a loop keeps it from doing eight ties at a time: 19 ns a tie in place of 3.
# Without the wrappers by which Python and C would call what only kernels do: half the compiling.
inner = dict(nogil=True, _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True)
jit = njit(forceinline=True, **inner)
kernel = njit(nogil=True, _nrt=False, no_cfunc_wrapper=True, cache=True)


@jit
def trailing_zeros(word):
    return int(_trailing_zeros(word))


@intrinsic
def sure(context, i):
    """`i`, which the compiler may take to be 0 or more: an index that need not be wrapped."""
    def generate(target, builder, signature, arguments):
        assume = ir.FunctionType(ir.VoidType(), [ir.IntType(1)])
        function = cgutils.get_or_insert_function(builder.module, assume, "llvm.assume")
        builder.call(function, [builder.icmp_signed(">=", arguments[0], arguments[0].type(0))])
        return arguments[0]

    return types.int64(types.int64), generate


def pointer_to(context, builder, signature, arguments, kind):
    """Where an element of an array stands, taken for something of another kind."""
    pointer = context.make_array(signature.args[0])(context, builder, arguments[0]).data
    return builder.bitcast(builder.gep(pointer, [arguments[1]]), kind.as_pointer())


def fetch(context, builder, signature, arguments, near):
    """Let an element of an array, which may not be there, come into a cache that is so `near`."""
    byte, number = ir.IntType(8), ir.IntType(32)
    made = ir.FunctionType(ir.VoidType(), [byte.as_pointer(), number, number, number])
    fetch = cgutils.get_or_insert_function(builder.module, made, "llvm.prefetch.p0i8")
    place = pointer_to(context, builder, signature, arguments, byte)
    builder.call(fetch, [place, *(ir.Constant(number, n) for n in (0, near, 1))])
    return context.get_dummy_value()


@intrinsic
def ahead(context, array, i):
    """Let element `i` come into the first cache while other work goes on."""
    return types.void(array, i), lambda *given: fetch(*given, 3)


@intrinsic
def far_ahead(context, array, i):
    """Let element `i` come into the second cache: it is long until it is wanted."""
    return types.void(array, i), lambda *given: fetch(*given, 2)


@intrinsic
def widest(context):
    """Let loops of this kernel use vectors as wide as the processor has them, where the compiler
    would rather have them half as wide, as on Intel's.
    """
    def generate(context, builder, signature, arguments):
        # A name with a value, which llvmlite does not know.
        set.add(builder.function.attributes, '"prefer-vector-width"="512"')
        return context.get_dummy_value()

    return types.void(), generate


@jit
def step_value(value, top):
    return int({NEVER}) if value == top else int(value)
'''

# Only where it is used, so that other modules keep their text and their machine code.
WITHIN = "jit_within = njit(forceinline=True, boundscheck=True, **inner)"

# Only where an agent's draws are re-keyed.
OWN = """\
@jit
def own(luck, place, own_place, own_luck):
    return fold(luck, own_luck) if place == own_place else luck
"""

ARRIVED = """\
@jit
def arrived(l0, accumulated, i, none):
    return int(accumulated[i]) if has(l0, i) else int(none)
"""
