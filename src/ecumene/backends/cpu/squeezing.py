"""Listing a word's members at once, on processors that squeeze vectors (this text is copied).

Where bits are set decides which of 64 numbers come to stand one behind the other. Going through
the bits takes five operations each and ends at a place nobody could foretell; a vector is squeezed
in one. What `list_word` and `pick_word` do in loops is written out here for such processors, and
`tests/backends/cpu/test_squeezing.py` holds the one to the other. Both write up to 64 numbers from
`n` on, however many are kept: what is written too much, the next word's members replace.
"""

# pyright: basic, reportCallIssue=false

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

BIT, BYTE, LANE, LONG = (ir.IntType(bits) for bits in (1, 8, 32, 64))
AT_ONCE = 16  # Members of a word that are written whether there are so many or not.


def squeezed(builder, numbers, bits):
    """Those numbers of a vector whose bits are set, one behind the other."""
    kind, count = numbers.type, numbers.type.count
    made = ir.FunctionType(kind, [kind, ir.VectorType(BIT, count), kind])
    name = f"llvm.experimental.vector.compress.v{count}i{kind.element.width}"
    squeeze = cgutils.get_or_insert_function(builder.module, made, name)
    kept = builder.bitcast(bits, ir.VectorType(BIT, count))
    # Zeros come after them: were it said that anything may, the processor would wait for what was.
    return builder.call(squeeze, [numbers, kept, ir.Constant(kind, None)])


def ones_of(builder, bits):
    """How many bits of a word are set."""
    made = ir.FunctionType(LONG, [LONG])
    count = cgutils.get_or_insert_function(builder.module, made, "llvm.ctpop.i64")
    return builder.call(count, [bits])


def vector_of(kind):
    """A vector of as many numbers of an array's kind as are written at a time."""
    return ir.VectorType(kind, 512 // kind.width)


def beginning_of(builder, data, at, more):
    """Where a vector of an array's numbers begins, so many behind `at`."""
    place = builder.gep(data, [builder.add(at, ir.Constant(LONG, more))])
    return builder.bitcast(place, vector_of(data.type.pointee).as_pointer())


def of_all(builder, number, vector):
    """A vector of one number."""
    nothing = ir.Constant(vector, ir.Undefined)
    first = builder.insert_element(nothing, number, ir.Constant(LANE, 0))
    return builder.shuffle_vector(first, nothing, lanes(vector.count, [0] * vector.count))


def lanes(count, numbers):
    """Which elements a vector is made of."""
    return ir.Constant(ir.VectorType(LANE, count), numbers)


@intrinsic
def list_word(context, bits, base, tile, n):
    """Write a word's members into `tile` from `n` on: how many are in it then."""

    def generate(context, builder, signature, arguments):
        bits, base, tile, n = arguments
        data = context.make_array(signature.args[2])(context, builder, tile).data
        kind, vector = data.type.pointee, vector_of(data.type.pointee)
        every = ir.Constant(ir.VectorType(BYTE, 64), list(range(64)))
        members = squeezed(builder, every, bits)
        begin = of_all(builder, builder.trunc(base, kind) if kind.width < 64 else base, vector)
        count = ones_of(builder, bits)

        def write(first, last):
            for lane in range(first, last, vector.count):
                which = lanes(vector.count, list(range(lane, lane + vector.count)))
                some = builder.shuffle_vector(members, members, which)
                placed = builder.add(builder.zext(some, vector), begin)
                builder.store(placed, beginning_of(builder, data, n, lane), align=1)

        soon = max(AT_ONCE, vector.count)
        write(0, soon)
        with builder.if_then(builder.icmp_unsigned(">", count, ir.Constant(LONG, soon))):
            write(soon, 64)
        return builder.add(n, count)

    return types.int64(types.uint64, types.int64, tile, types.int64), generate


@intrinsic
def pick_word(context, bits, values, at, picked, n):
    """Write those of 64 values from `at` on whose bits are set into `picked` from `n` on: how many
    are in it then.
    """

    def generate(context, builder, signature, arguments):
        bits, values, at, picked, n = arguments
        source = context.make_array(signature.args[1])(context, builder, values).data
        data = context.make_array(signature.args[3])(context, builder, picked).data
        count, end = vector_of(data.type.pointee).count, n
        for first in range(0, 64, count):
            some = builder.load(beginning_of(builder, source, at, first), align=1)
            part = builder.lshr(bits, ir.Constant(LONG, first))
            which = builder.trunc(part, ir.IntType(count)) if count < 64 else part
            kept = squeezed(builder, some, which)
            builder.store(kept, beginning_of(builder, data, end, 0), align=1)
            # Counted from the beginning, so that no count waits for another one.
            below = ir.Constant(LONG, (1 << (first + count)) - 1)
            end = builder.add(n, ones_of(builder, builder.and_(bits, below)))
        return end

    return types.int64(types.uint64, values, types.int64, picked, types.int64), generate
