"""A keyed permutation of many numbers at once, in vectors (this text is copied, like the prelude).

What `forward_once` and `backward_once` do to one number is written out here for sixteen: in words
of 32 bits, with a product's upper half taken from two products of 64, and several vectors side by
side, so that one goes on while others wait for their products. A compiler that makes vectors of
the plain text does not find that way. A vector holds its numbers in an order of its own
while they are rows and columns: number `s` beside number `s + 8`.
"""

# pyright: basic, reportCallIssue=false

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from ...networks.permutation import MULTIPLIER_1, MULTIPLIER_2
from .prelude import jit

FACTOR_1, FACTOR_2, NARROW = MULTIPLIER_1, MULTIPLIER_2, False
MOST = 1 << 52  # Numbers that are permuted, at most: a float holds them all.
SPARE = 128  # Room that every array has beyond the numbers that are asked for.

WORD, LONG, LOW = ir.IntType(32), ir.IntType(64), 0xFFFFFFFF
WORDS, LONGS = ir.VectorType(WORD, 16), ir.VectorType(LONG, 8)
DOUBLES = ir.VectorType(ir.DoubleType(), 8)
FORTH, BACK = 128, 64  # Numbers that go at a time; back there are often few.


def all_of(kind, number):
    """A vector of one number known now."""
    return ir.Constant(kind, [number] * kind.count)


def spread(builder, value, kind):
    """A vector of one number known when it runs."""
    nothing = ir.Constant(kind, ir.Undefined)
    first = builder.insert_element(nothing, value, ir.Constant(WORD, 0))
    return builder.shuffle_vector(first, nothing, all_of(ir.VectorType(WORD, kind.count), 0))


def sides(builder, side):
    """The side of the grid in both sorts of vectors; it has no more than 32 bits."""
    short = builder.trunc(side, WORD)
    return spread(builder, short, WORDS), spread(builder, builder.zext(short, LONG), LONGS)


def lesser(builder, one, other):
    """The smaller of each two numbers, neither below 0."""
    made = ir.FunctionType(WORDS, [WORDS, WORDS])
    least = cgutils.get_or_insert_function(builder.module, made, "llvm.umin.v16i32")
    return builder.call(least, [one, other])


def pointer_to(context, builder, kind, value, at, vector):
    """Where a vector of an array's elements begins."""
    data = context.make_array(kind)(context, builder, value).data
    return builder.bitcast(builder.gep(data, [at]), vector.as_pointer())


def pointers_to_longs(context, builder, kind, value, at):
    """Where 16 numbers of 64 bits begin, and the second half of them."""
    ats = [builder.add(at, ir.Constant(LONG, more)) for more in (0, 8)]
    return [pointer_to(context, builder, kind, value, at, LONGS) for at in ats]


def beginnings(builder, at, together):
    """Where the vectors begin of so many numbers from `at` on."""
    return [builder.add(at, ir.Constant(LONG, more)) for more in range(0, together, 16)]


def divided(builder, numbers, side, per_side):
    """`halves` of 16 numbers: rows and columns of the cells."""
    rows, columns = [], []
    for number in numbers:
        parts = builder.fmul(builder.sitofp(number, DOUBLES), per_side)
        row = builder.fptosi(parts, LONGS)
        rows.append(row)
        whole = builder.mul(builder.and_(row, all_of(LONGS, LOW)), side[1])
        columns.append(builder.sub(number, whole))
    row, column = (side_by_side(builder, *both) for both in (rows, columns))
    # The quotient may be one off either way: the column is below 0, or as much as the side.
    row = builder.add(row, builder.ashr(column, all_of(WORDS, 31)))
    column = lesser(builder, column, builder.add(column, side[0]))
    rest = builder.sub(column, side[0])
    more = builder.add(builder.ashr(rest, all_of(WORDS, 31)), all_of(WORDS, 1))
    return builder.add(row, more), lesser(builder, column, rest)


def side_by_side(builder, first, second):
    """The lower halves of 8 numbers and of 8 others, each beside one of the others."""
    low = builder.and_(first, all_of(LONGS, LOW))
    return builder.bitcast(builder.or_(low, builder.shl(second, all_of(LONGS, 32))), WORDS)


def apart(builder, words):
    """The two halves of what stands side by side."""
    longs = builder.bitcast(words, LONGS)
    return builder.and_(longs, all_of(LONGS, LOW)), builder.lshr(longs, all_of(LONGS, 32))


def joined(builder, row, column, side):
    """The numbers of 16 cells."""
    if NARROW:
        return apart(builder, builder.add(builder.mul(row, side[0]), column))
    rows, columns = apart(builder, row), apart(builder, column)
    return [builder.add(builder.mul(r, side[1]), c) for r, c in zip(rows, columns, strict=True)]


def mixed_words(builder, words, key, side):
    """`mixed` of each number of several vectors, which take turns; `key` from `spread_keys`."""
    for bits, factor in ((16, FACTOR_1), (15, FACTOR_2)):
        if bits < 16 or not NARROW:
            shifted = [builder.lshr(x, all_of(WORDS, bits)) for x in words]
            words = [builder.xor(x, y) for x, y in zip(words, shifted, strict=True)]
        if bits == 16:
            words = [builder.xor(x, key) for x in words]
        words = [builder.mul(x, all_of(WORDS, factor)) for x in words]
    products = [[builder.mul(half, side[1]) for half in apart(builder, x)] for x in words]
    upper = ir.Constant(WORDS, [(s | 1) + 16 * (s % 2) for s in range(16)])
    pairs = [[builder.bitcast(half, WORDS) for half in halves] for halves in products]
    return [builder.shuffle_vector(first, second, upper) for first, second in pairs]


def turned(builder, cells, keys, side, forth):
    """Rows and columns after all rounds; `cells` are several vectors of both."""
    cells = [list(cell) for cell in cells]
    rounds = list(enumerate(keys))
    for turn, key in rounds if forth else reversed(rounds):
        one = turn % 2
        mixes = mixed_words(builder, [cell[1 - one] for cell in cells], key, side)
        for cell, mix in zip(cells, mixes, strict=True):
            if forth:
                value = builder.add(cell[one], mix)
                cell[one] = lesser(builder, value, builder.sub(value, side[0]))
            else:
                value = builder.sub(cell[one], mix)
                cell[one] = lesser(builder, value, builder.add(value, side[0]))
    return cells


def spread_keys(builder, five):
    """The keys of the rounds, a vector each, with what they add to a number's upper half below."""
    keys = [builder.trunc(key, WORD) for key in cgutils.unpack_tuple(builder, five)]
    keys = [builder.xor(key, builder.lshr(key, ir.Constant(WORD, 16))) for key in keys]
    return [spread(builder, key, WORDS) for key in keys]


@intrinsic
def divide(context, numbers, at, side, per_side, lefts, rights):
    """Rows and columns of the next numbers from `at` on."""

    def generate(context, builder, signature, arguments):
        numbers, at, side, per_side, *into = arguments
        kinds, side = signature.args, sides(builder, side)
        per_side = spread(builder, per_side, DOUBLES)
        for begin in beginnings(builder, at, FORTH):
            longs = pointers_to_longs(context, builder, kinds[0], numbers, begin)
            cell = divided(builder, [builder.load(p, align=8) for p in longs], side, per_side)
            for kind, array, half in zip(kinds[4:], into, cell, strict=True):
                where = pointer_to(context, builder, kind, array, begin, WORDS)
                builder.store(half, where, align=4)
        return context.get_dummy_value()

    return types.void(numbers, at, side, per_side, lefts, rights), generate


@intrinsic
def go_forth(context, lefts, rights, at, side, five, numbers):
    """Where `forward_once` sends the next cells from `at` on, into `numbers`."""

    def generate(context, builder, signature, arguments):
        lefts, rights, at, side, five, numbers = arguments
        kinds, side, keys = signature.args, sides(builder, side), spread_keys(builder, five)
        begins = beginnings(builder, at, FORTH)
        cells = []
        for begin in begins:
            halves = zip(kinds[:2], (lefts, rights), strict=True)
            where = [pointer_to(context, builder, k, v, begin, WORDS) for k, v in halves]
            cells.append([builder.load(p, align=4) for p in where])
        cells = turned(builder, cells, keys, side, True)
        for begin, cell in zip(begins, cells, strict=True):
            longs = pointers_to_longs(context, builder, kinds[5], numbers, begin)
            for where, value in zip(longs, joined(builder, *cell, side), strict=True):
                builder.store(value, where, align=8)
        return context.get_dummy_value()

    return types.void(lefts, rights, at, side, five, numbers), generate


def permute(context, builder, kind, arguments, together, forth):
    """Send so many numbers of an array on, forth or back."""
    numbers, at, side, per_side, five = arguments
    side, keys = sides(builder, side), spread_keys(builder, five)
    per_side = spread(builder, per_side, DOUBLES)
    begins = beginnings(builder, at, together)
    places = [pointers_to_longs(context, builder, kind, numbers, begin) for begin in begins]
    given = [[builder.load(p, align=8) for p in longs] for longs in places]
    cells = [divided(builder, longs, side, per_side) for longs in given]
    for longs, cell in zip(places, turned(builder, cells, keys, side, forth), strict=True):
        for where, value in zip(longs, joined(builder, *cell, side), strict=True):
            builder.store(value, where, align=8)
    return context.get_dummy_value()


@intrinsic
def permute_forth(context, numbers, at, side, per_side, five):
    """Send the next numbers from `at` on to where `forward_once` sends them."""

    def generate(context, builder, signature, arguments):
        return permute(context, builder, signature.args[0], arguments, FORTH, True)

    return types.void(numbers, at, side, per_side, five), generate


@intrinsic
def permute_back(context, numbers, at, side, per_side, five):
    """Send the next numbers from `at` on to where `backward_once` sends them."""

    def generate(context, builder, signature, arguments):
        return permute(context, builder, signature.args[0], arguments, BACK, False)

    return types.void(numbers, at, side, per_side, five), generate


@jit
def halve(numbers, n, side, per_side, lefts, rights):
    """Rows and columns of the first `n` numbers."""
    for s in range(0, n, FORTH):
        divide(numbers, s, side, per_side, lefts, rights)


@jit
def send_forth(lefts, rights, n, side, five, numbers):
    """Where `forward_once` sends the first `n` cells."""
    for s in range(0, n, FORTH):
        go_forth(lefts, rights, s, side, five, numbers)


@jit
def send_back(numbers, n, side, per_side, five):
    """Send the first `n` numbers to where `backward_once` sends them."""
    for s in range(0, n, BACK):
        permute_back(numbers, s, side, per_side, five)
