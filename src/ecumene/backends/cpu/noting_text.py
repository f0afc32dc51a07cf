"""What functions that note (`noting`) call: this text stands in the modules that have any."""

from .exactly import EXACT

# Numbers of arrays that are written; all that are read are number 0.
NOTED, MOST_WRITTEN = 1, 30

HELPERS = f'''\
from numba.extending import overload

noting = dict(error_model="numpy", forceinline=True)
jit_noting = njit(**noting, **inner)
jit_noting_within = njit(boundscheck=True, **noting, **inner)


def lies_apart(builder, access, number):
    """Tell the compiler that what is accessed is no other array than that of this number."""
    module = builder.module
    domain = module.add_metadata([ir.MetaDataString(module, "arrays")])
    arrays = [
        module.add_metadata([ir.MetaDataString(module, f"array {{k}}"), domain])
        for k in range({MOST_WRITTEN + 2})
    ]
    access.set_metadata("alias.scope", module.add_metadata([arrays.pop(number)]))
    access.set_metadata("noalias", module.add_metadata(arrays))


@intrinsic
def read_apart(context, array, at):
    """`array[at]`, of an array that is only read."""
    def generate(target, builder, signature, arguments):
        kind, index = signature.args
        data = target.make_array(kind)(target, builder, arguments[0]).data
        value = builder.load(builder.gep(data, [arguments[1]]))
        lies_apart(builder, value, 0)
        return target.data_model_manager[kind.dtype].from_data(builder, value)

    return array.dtype(array, types.int64), generate


@intrinsic(prefer_literal=True)
def write_apart(context, array, at, value, number):
    """`array[at] = value`, of the array of that number, which is no other."""
    def generate(target, builder, signature, arguments):
        kind = signature.args[0]
        data = target.make_array(kind)(target, builder, arguments[0]).data
        value = target.data_model_manager[kind.dtype].as_data(builder, arguments[2])
        store = builder.store(value, builder.gep(data, [arguments[1]]))
        lies_apart(builder, store, number.literal_value)
        return target.get_dummy_value()

    return types.void(array, types.int64, array.dtype, number), generate


def noted_cell(noted, at_, cells, cell):
    """`cells[cell]`."""


@overload(noted_cell, jit_options=noting)
def overload_noted_cell(noted, at_, cells, cell):
    def plain(noted, at_, cells, cell):
        return cells[cell]

    def of_array(noted, at_, cells, cell):
        there = cell >= 0 and cell < cells.shape[0]
        if not there:
            write_apart(noted, at_, 1, {NOTED})
        return read_apart(cells, int(cell) if there else int(0))

    return of_array if isinstance(cells, types.Array) else plain


def noted_ratio(noted, at_, a, b):
    """`a / b`; of whole numbers beyond 2**53 that is no quotient of two floats."""


@overload(noted_ratio, jit_options=noting)
def overload_noted_ratio(noted, at_, a, b):
    def plain(noted, at_, a, b):
        if b == 0:
            write_apart(noted, at_, 1, {NOTED})
        return a / (b if b != 0 else 1)

    def of_floats(noted, at_, a, b):
        if b == 0 or not (-{EXACT} <= a <= {EXACT} and -{EXACT} <= b <= {EXACT}):
            write_apart(noted, at_, 1, {NOTED})
        return float(a) / float(b if b != 0 else 1)

    return of_floats if are_whole(a, b) else plain


def noted_floor(noted, at_, a, b):
    """`a // b`; whole numbers below 2**51 by way of floats: no processor divides eight others."""


@overload(noted_floor, jit_options=noting)
def overload_noted_floor(noted, at_, a, b):
    def plain(noted, at_, a, b):
        if b == 0:
            write_apart(noted, at_, 1, {NOTED})
        return a // b

    def wholes(noted, at_, a, b):
        if b == 0 or not (-{1 << 51} < a < {1 << 51} and -{1 << 51} < b < {1 << 51}):
            write_apart(noted, at_, 1, {NOTED})
        quotient = int(float(a) / float(b if b != 0 else 1))
        rest = a - quotient * b
        return quotient - (rest != 0 and (rest < 0) != (b < 0))

    return wholes if are_whole(a, b) else plain


def noted_rest(noted, at_, a, b):
    """`a % b`."""


@overload(noted_rest, jit_options=noting)
def overload_noted_rest(noted, at_, a, b):
    def plain(noted, at_, a, b):
        if b == 0:
            write_apart(noted, at_, 1, {NOTED})
        return a % b

    def wholes(noted, at_, a, b):
        return a - noted_floor(noted, at_, a, b) * b

    return wholes if are_whole(a, b) else plain


def are_whole(a, b):
    return all(isinstance(k, types.Boolean) or getattr(k, "signed", False) for k in (a, b))


@jit_noting
def noted_passed(noted, at_, below, row, cuts, luck):
    """How many thresholds were passed, by halving that asks of all agents equally often."""
    if cuts > 255:
        write_apart(noted, at_, 1, {NOTED})
    count = int(0)
    for more in (64, 16, 4, 1):
        passed = int(0)
        for times in (1, 2, 3):
            there = count + times * more <= cuts
            cut = row + (count + times * more if there else cuts) - 1
            passed += there and luck >= unsigned(read_apart(below, cut))
        count += passed * more
    return count


@jit_noting
def noted_choose(noted, at_, policy, situation, key, k=0):
    there = situation >= 0 and situation < policy.situations
    if not there:
        write_apart(noted, at_, 1, {NOTED})
    luck = (unsigned(key) if k == 0 else fold(key, k)) >> unsigned(policy.shift)
    row = (situation if there else int(0)) * policy.cuts
    return noted_passed(noted, at_, policy.below, row, policy.cuts, luck)
'''
