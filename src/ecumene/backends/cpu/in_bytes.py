"""A word's 64 bits as 64 bytes and back: plainly, and the text that the compiler is given instead.

A compiler that is given the loops goes through the bits one by one, or shifts them in words; a
processor with vectors does each of the two in one operation.
"""

# pyright: basic

from __future__ import annotations


def word_of(flags, at):
    """A bit for each of the 64 bytes from `at` on that is not zero."""
    return sum(int(flags[at + b] != 0) << b for b in range(64))


def spread_word(bits, out, at):
    """Write the bits of a word as 64 bytes from `at` on."""
    for b in range(64):
        out[at + b] = (int(bits) >> b) & 1


IN_BYTES = """\
@intrinsic
def word_of(context, flags, at):
    def generate(context, builder, signature, arguments):
        many = ir.VectorType(ir.IntType(8), 64)
        place = pointer_to(context, builder, signature, arguments, many)
        some = builder.icmp_unsigned("!=", builder.load(place, align=1), ir.Constant(many, None))
        return builder.bitcast(some, ir.IntType(64))

    return types.uint64(flags, types.int64), generate


@intrinsic
def spread_word(context, bits, out, at):
    def generate(context, builder, signature, arguments):
        bits, *place = arguments
        kinds = signature.args[1:]
        data = context.make_array(kinds[0])(context, builder, place[0]).data
        many, lanes = (ir.VectorType(ir.IntType(n), 64) for n in (8, 1))
        where = builder.bitcast(builder.gep(data, [place[1]]), many.as_pointer())
        builder.store(builder.zext(builder.bitcast(bits, lanes), many), where, align=1)
        return context.get_dummy_value()

    return types.void(types.uint64, out, types.int64), generate
"""
