"""A generated module's text with its loops over a processor's vectors as plain ones."""

import re

from ecumene.backends.cpu.listing import WORD_OF
from ecumene.backends.cpu.permuting import in_vectors
from ecumene.backends.cpu.sixteen import MOST

WORD_BY_BIT = """\
@jit
def word_of(flags, at):
    bits = unsigned(0)
    for b in range(64):
        if flags[at + b] != 0:
            bits |= unsigned(1) << unsigned(b)
    return bits
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


def without_vectors(text):
    """The text as it is without vectors: for a GPU, or to be run as plain Python."""
    found = {way: re.search(rf"def (\w+_{way}_once)\(", text) for way in ("forward", "backward")}
    names = {way: match[1] for way, match in found.items() if match}
    plain = ONE_BY_ONE.format(**names) if len(names) == 2 else ""
    for numbers in (1, MOST):
        text = text.replace(in_vectors(numbers), plain)
    return text.replace(WORD_OF, WORD_BY_BIT)
