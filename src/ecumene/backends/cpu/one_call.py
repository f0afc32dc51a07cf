"""Whole steps of few as one compiled call: one where agents are very many, or several in a row.

Where agents are so many that little stays in caches, what Python has to do between calls takes
several times as long, since all that it looks at has to come from memory. And whoever wants no look
at a society between its steps may have them taken without Python. The call goes to the program's
kernels by their addresses, so that none of them is compiled again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

from ..program import Program
from ..ruled import Acting, Ruled, Spreading
from ..words import dividing
from . import along_rows
from .bins import SMALLEST_BLOCK
from .state import levels_of
from .text import Writer

if TYPE_CHECKING:
    from .shard import Shard

MANY = 1 << 27  # Agents below which, for one step, compiling it takes more time than it saves.
ONE_BLOCK = 1 << SMALLEST_BLOCK  # Agents; all of their sets are a few thousand words.
AT_MOST = 64  # Steps in one call, which nobody can interrupt.
NAME = "at_once"
NOBODY = 1 << 62  # The agent for whom something went wrong, where nothing did.
ON_NOBODY = {"first": 0, "last": 0, "luck": np.uint64(0), "step": 0}  # How kernels are compiled.
NOT_FEW, ALL_DONE = -1, -2  # Else the number of the part in which it stopped.
# What a rule is given whose messages may arrive without having been in a bin.
STRAIGHT = {name: f"straight_{name}" for name in ("shift", "capacity", "counts", "bins")}

ENTER = '''\
@intrinsic
def enter(context, address, given, result):
    """What the kernel at an address gives, compiled for just these arguments and such a result."""
    def generate(context, builder, signature, arguments):
        kinds, values = signature.args[1].types, cgutils.unpack_tuple(builder, arguments[1])
        convention, gives = context.call_conv, signature.return_type
        pointer = convention.get_function_type(gives, kinds).as_pointer()
        kernel = builder.inttoptr(arguments[0], pointer)
        status, value = convention.call_function(builder, kernel, gives, kinds, values)
        with cgutils.if_unlikely(builder, status.is_error):
            convention.return_status_propagate(builder, status)
        return value

    return types.unliteral(result)(address, given, result), generate
'''


def is_possible(program: Program) -> bool:
    """Whether what a program does in a step follows from who is active, and from nothing else."""
    apart = program.is_open or program.by_copresence or program.brought
    return not apart and all(_is_plain(program, p) for phase in program.phases for p in phase)


def _is_plain(program: Program, part: Ruled) -> bool:
    if part.env or not isinstance(part, Spreading | Acting):
        return False
    if isinstance(part, Spreading):
        return True
    on = part.rule.on
    reached = on.kind == "reached_by" and not program.claims(on.of)
    return not part.snapshots and (reached or on.kind == "changed")


def follows_arrivals(program: Program) -> bool:
    """Whether that is so, and no rule looks at changes either."""
    return is_possible(program) and not any(program.watchers(column) for column in program.stored)


def parts_of(program: Program) -> list[Spreading | Acting]:
    """The rules of a step in their order: of each phase along ties, then for agents."""
    return [p for phase in program.by_kind for p in (*phase.spreading, *phase.acting)]


def write_one_call(writer: Writer) -> None:
    """Add the kernel `at_once`: steps up to `until`, how many they were, and why and where the one
    after them stopped.
    """
    program = writer.program
    if not follows_arrivals(program):
        return
    spreading = [p for p in parts_of(program) if isinstance(p, Spreading)]
    pulses = [name for name, stored in program.stored.items() if stored.kind == "pulse"]
    active = [levels_of(f"c_{part.rule.active}") for part in spreading]
    up, raised = ([levels_of(f"{of}_{name}") for name in pulses] for of in "cu")
    arrived = [levels_of(f"a_{part.rule.name}") for part in spreading]
    names = ["addresses", "bases", "doing", "most", "size", "step", "until"]
    names += [level for levels in (*active, *up, *raised, *arrived) for level in levels]
    lines = _unless_few(program, active)
    at = 0  # whose address is next
    for number, part in enumerate(parts_of(program)):
        each = "step + 1" if part.rule.luck == "each" else "0"
        lines += [f"doing[0] = {number}", f"luck = fold(bases[{number}], unsigned({each}))"]
        more, arguments = _part(writer, number, part, at)
        lines, names, at = [*lines, *more], [*names, *arguments], at + len(_kernels(part))
    lines += [f"empty({', '.join(levels)})" for levels in (*up, *arrived)]
    for one, two in zip(up, raised, strict=True):
        for a, b in zip(one, two, strict=True):
            lines.append(f"{a}, {b} = {b}, {a}")
    lines += ["step += 1", "doing[1] += 1"]
    writer.have(ENTER)
    looped = ["doing[1] = 0", "while step < until:", *("    " + line for line in lines)]
    writer.add(NAME, names, [*looped, f"return {ALL_DONE}"])


def _unless_few(program: Program, active: list[tuple[str, str, str]]) -> list[str]:
    """The lines that end it where many are active, or nobody is any more.

    Among many it is quicker to look for few, and in one block to look at all.
    """
    lines, some = list[str](), list[str]()
    for levels in map(", ".join, active):
        few, any_of = f"not more({levels}, most - 1, size)", f"more({levels}, 0, size)"
        if program.agents > ONE_BLOCK:
            few, any_of = f"fewer({levels}, most)", f"not fewer({levels}, 1)"
        lines += [f"if not ({few}):", f"    return {NOT_FEW}"]
        some.append(any_of)
    return [*lines, f"if not ({' or '.join(some) or 'False'}):", f"    return {ALL_DONE}"]


def _part(
    writer: Writer, number: int, part: Spreading | Acting, at: int
) -> tuple[list[str], list[str]]:
    """The lines that do what one rule does, and what they take."""
    known = {"first": "int(0)", "bin0": "int(0)", "luck": "luck"}
    lasts = ("size", "bins") if isinstance(part, Spreading) else ("size",)
    if isinstance(part, Spreading) and along_rows.arrives_straight(writer.program, part):
        known, lasts = {**known, **STRAIGHT}, ("size", STRAIGHT["bins"])
    kernels = [writer.kernels[name].arguments for name in _kernels(part)]
    given = [
        ", ".join({**known, "last": last}.get(name, name) for name in arguments)
        for arguments, last in zip(kernels, lasts, strict=True)
    ]
    own = [known.get(name, name) for names in kernels for name in names if name != "last"]
    taken = [name for name in (*own, *lasts) if name.isidentifier() and name != "luck"]
    if isinstance(part, Acting):
        return [
            f"enter(addresses[{at}], ({given[0]}), None)",
            f"if error[0] < {NOBODY}:",
            f"    return {number}",
        ], taken
    return [
        "cursor[:] = 0",
        f"{known.get('counts', 'counts')}[:] = 0",
        f"done = enter(addresses[{at}], ({given[0]}), True)",
        f"enter(addresses[{at + 1}], ({given[1]}), None)",
        "if not done:",
        f"    return {number}",
    ], taken


def _kernels(part: Spreading | Acting) -> list[str]:
    ways = ("emit", "apply") if isinstance(part, Spreading) else ("act",)
    return [f"{way}_{part.rule.name}" for way in ways]


class OneCall:
    """The kernel `at_once` of a shard, and where the others are that it calls."""

    def __init__(self, shard: Shard, given: dict[str, Any], most: int) -> None:
        """Find them; `given` is what they take of a worker, and `most` active agents are few."""
        self._shard, self._parts = shard, parts_of(shard.program)
        self._function, self._kernel = getattr(shard.module, NAME), shard.kernels[NAME]
        self._steps = 1 if shard.program.any_wide else AT_MOST  # Sums of one step may be that wide.
        bases = [shard.program.base(part) for part in self._parts]
        self._doing = np.zeros(2, np.int64)
        self._given: dict[str, Any] = {
            **given,
            "bases": np.array(bases, np.uint64),
            "doing": self._doing,
            "size": shard.size,
            "most": most,
        }
        self._find()

    def __call__(self, step: int, steps: int) -> tuple[int, int]:
        """Take `steps` from `step` on, or fewer: how many were taken, and `NOT_FEW`, `ALL_DONE` or
        the number of the rule in which the one after them stopped.
        """
        state = self._shard.state
        state.widen(step)
        if self._found_at != state.retyped:
            self._find()
        until = min(step + min(steps, self._steps), state.holds_before)
        try:
            stopped = self._call(step, until)
        except (ZeroDivisionError, IndexError):
            with dividing(self._parts[self._doing[0]].rule.name, step + self.taken):
                raise
        if self.taken % 2:
            for pulse in state.raised:
                state.swap_pulse(pulse)
        return self.taken, stopped

    @property
    def taken(self) -> int:
        """How many steps the last call took whole."""
        return int(self._doing[1])

    def _find(self) -> None:
        """Find the kernels for types as they are now, and compile the call of them."""
        self._found_at = self._shard.state.retyped
        shard, given = self._shard, {**self._shard.state.names, **self._given, **ON_NOBODY}
        kernels = [kernel for part in self._parts for kernel in _kernels(part)]
        found = [address_of(shard, kernel, given) for kernel in kernels]
        self._given["addresses"] = np.array(found, np.int64)
        self._call(0, 0)

    def _call(self, step: int, until: int) -> int:
        given = {**self._shard.state.names, **self._given, "step": step, "until": until}
        return self._function(*self._kernel.values(given))


def address_of(shard: Shard, kernel: str, given: dict[str, Any]) -> int:
    """Where the kernel is that is compiled for arguments of such types.

    To ask the compiler for their types takes as long as a whole small run, so that it is asked once
    for a module.
    """
    dispatcher = getattr(shard.module, kernel)
    values = shard.kernels[kernel].values(given)
    found = _addresses.setdefault(dispatcher, {})
    kinds = tuple([_kind(value) for value in values])
    if kinds not in found:
        dispatcher(*values)
        compiled = dispatcher.overloads[tuple(map(dispatcher.typeof_pyval, values))]
        found[kinds] = compiled.library.get_pointer_to_function(compiled.fndesc.llvm_func_name)
    return found[kinds]


def _kind(value: Any) -> Any:
    """What the type of an argument follows from."""
    if isinstance(value, np.ndarray):
        return value.dtype, value.ndim, value.flags.num
    return type(value)


_addresses: WeakKeyDictionary[Any, dict[Any, int]] = WeakKeyDictionary()
