"""A generated module's text with its loops over a processor's vectors as plain ones."""

import inspect
import re

from ecumene.backends.cpu import exactly, prelude
from ecumene.backends.cpu.common import squeezed_words
from ecumene.backends.cpu.in_bytes import IN_BYTES
from ecumene.backends.cpu.noting_text import HELPERS
from ecumene.backends.cpu.one_call import ENTER
from ecumene.backends.cpu.permuting import in_vectors
from ecumene.backends.cpu.sixteen import MOST

BY_BIT = """\
@jit
def word_of(flags, at):
    bits = unsigned(0)
    for b in range(64):
        if flags[at + b] != 0:
            bits |= unsigned(1) << unsigned(b)
    return bits


@jit
def spread_word(bits, out, at):
    for b in range(64):
        out[at + b] = (bits >> unsigned(b)) & unsigned(1)
"""

ONE_BY_ONE = """
FORTH = BACK = int(1)


@jit
def halve(numbers, n, side, per_side, lefts, rights):
    for s in range(n):
        lefts[s] = numbers[s] // side
        rights[s] = numbers[s] % side


@jit
def send_forth(lefts, rights, n, side, five, numbers):
    for s in range(n):
        number = int(lefts[s]) * side + int(rights[s])
        numbers[s] = {forward}(number, side, 1.0 / side, five)


@jit
def send_back(numbers, n, side, per_side, five):
    for s in range(n):
        numbers[s] = {backward}(numbers[s], side, per_side, five)


@jit
def permute_forth(numbers, at, side, per_side, five):
    numbers[at] = {forward}(numbers[at], side, per_side, five)


@jit
def permute_back(numbers, at, side, per_side, five):
    numbers[at] = {backward}(numbers[at], side, per_side, five)
"""


# Exact in plain Python, and on a GPU below 2**53.
AS_IT_IS = """\
@jit
def _exact_ratio(one, other):
    return one / other


@jit
def _exact_less(one, other):
    return one < other


@jit
def _exact_at_most(one, other):
    return one <= other


@jit
def _exact_equal(one, other):
    return one == other
"""


NOTING = """\
jit_noting = jit_noting_within = jit


@jit
def read_apart(array, at):
    return array[at]


@jit
def write_apart(array, at, value, number):
    array[at] = value


@jit
def noted_cell(noted, at_, cells, cell):
    there = cell >= 0 and cell < len(cells)
    if not there:
        noted[at_] = 1
    return cells[int(cell) if there else int(0)]


@jit
def noted_ratio(noted, at_, a, b):
    if b == 0:
        noted[at_] = 1
    return a / (b if b != 0 else 1)


@jit
def noted_floor(noted, at_, a, b):
{wholes}

@jit
def noted_rest(noted, at_, a, b):
    return a - noted_floor(noted, at_, a, b) * b


"""


def noting():
    """What functions that note call, for whole numbers alone."""
    begin, end = "    def wholes(noted, at_, a, b):\n", "    return wholes if"
    wholes = HELPERS.split(begin, 1)[1].split(end, 1)[0].rstrip().replace("        ", "    ")
    passed = HELPERS.split("@jit_noting\ndef noted_passed", 1)[1]
    plain = NOTING.replace("{wholes}", wholes + "\n")
    return f"{plain}@jit_noting\ndef noted_passed{passed}"


def without_vectors(text):
    """The text as it is without vectors: for a GPU, or to be run as plain Python."""
    found = {way: re.search(rf"def (\w+_{way}_once)\(", text) for way in ("forward", "backward")}
    names = {way: match[1] for way, match in found.items() if match}
    plain = ONE_BY_ONE.format(**names) if len(names) == 2 else ""
    for numbers in (1, MOST):
        text = text.replace(in_vectors(numbers), plain)
    words = [inspect.getsource(loop) for loop in (prelude.list_word, prelude.pick_word)]
    text = text.replace(squeezed_words(), "\n\n".join(words))
    text = text.replace(IN_BYTES, BY_BIT).replace(HELPERS, noting())
    return text.replace(exactly.TEXT, AS_IT_IS).replace(ENTER, "")
