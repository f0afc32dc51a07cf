"""The loops that networks are read with, compiled: their own text, kept beside the kernels."""

from __future__ import annotations

import inspect
from functools import cache
from typing import cast

from ...networks.loops import INLINED, LOOPS, SOON
from ...networks.quick import Loops
from .common import squeezed_words, squeezes
from .module import cache_folder, imported, name_of
from .text import HEAD


@cache
def loops() -> Loops:
    """The loops of `networks.loops`, each compiled when it is first called (2 s for all)."""
    return cast(Loops, imported(_text()))


def compiled_before() -> bool:
    """Whether this process has loaded them, or one on this machine had their machine code made."""
    if loops.cache_info().currsize:
        return True
    made = (cache_folder() / "__pycache__").glob(f"{name_of(_text())}.*.nbi")
    return next(made, None) is not None


@cache
def _text() -> str:
    texts = {function.__name__: f"@jit\n{inspect.getsource(function)}" for function in INLINED}
    inlined = [*(texts | ({"list_word": squeezed_words()} if squeezes() else {})).values()]
    kernels = [f"@kernel\n{inspect.getsource(function)}" for function in LOOPS]
    return "\n\n".join([HEAD, f"SOON = {SOON}", OWN_WAY, *inlined, *kernels])


# What `plain_lists` leaves to a compiler.
OWN_WAY = """\
@intrinsic
def ones(context, word):
    def generate(context, builder, signature, arguments):
        return builder.ctpop(arguments[0])

    return types.int64(types.uint64), generate


@intrinsic
def others_among(context, letters, at):
    def generate(context, builder, signature, arguments):
        many = ir.VectorType(ir.IntType(8), 64)
        place = pointer_to(context, builder, signature, arguments, many)
        digits = builder.sub(builder.load(place, align=1), ir.Constant(many, [48] * 64))
        others = builder.icmp_unsigned(">", digits, ir.Constant(many, [9] * 64))
        return builder.bitcast(others, ir.IntType(64))

    return types.uint64(letters, types.int64), generate


@intrinsic
def eight_at(context, letters, at):
    def generate(context, builder, signature, arguments):
        place = pointer_to(context, builder, signature, arguments, ir.IntType(64))
        return builder.load(place, align=1)

    return types.uint64(letters, types.int64), generate
"""
