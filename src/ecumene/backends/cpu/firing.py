"""Who of a tile passes it on, found 64 at a time (this text is copied, like the prelude)."""

# pyright: basic, reportCallIssue=false

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from .prelude import FULL, jit, ones, sure, trailing_zeros, unsigned
from .sixteen import LONG, all_of, pointer_to

FLAGS = ir.VectorType(ir.IntType(8), 64)


@intrinsic
def marked(context, flags, at):
    """Which of 64 bytes from `at` on are not 0, a bit each."""

    def generate(context, builder, signature, arguments):
        where = pointer_to(context, builder, signature.args[0], *arguments, FLAGS)
        some = builder.icmp_unsigned("!=", builder.load(where, align=1), all_of(FLAGS, 0))
        return builder.bitcast(some, LONG)

    return types.uint64(flags, at), generate


@jit
def list_fired(flags, n, located, firing, standing):
    """List those of the first `n` with a flag, and where they stand: how many they are.

    Four at a time, like `list_word`; what is written too much is within the arrays' spare room.
    """
    fired = 0
    for first in range(0, n, 64):
        bits = marked(flags, first)
        if first + 64 > n:
            bits &= unsigned(FULL) >> unsigned(first + 64 - n)
        end = fired + ones(bits)
        while fired < end:
            for step in range(4):
                s = first + trailing_zeros(bits)
                firing[sure(fired + step)] = s
                standing[sure(fired + step)] = located[sure(s)]
                bits &= bits - unsigned(1)
            fired += 4
        fired = end
    return fired
