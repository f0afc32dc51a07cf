"""The loops over a keyed permutation that several modules have: their text."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache
from typing import Any

from ...networks.permutation import (
    MULTIPLIER_1,
    MULTIPLIER_2,
    backward_once,
    forward_once,
    side_of,
)
from . import sample_loops, sixteen

NARROW_SIDE = 1 << 16  # Rows and columns have no more bits than that: fewer products and shifts.
MADE_OF = "= MULTIPLIER_1, MULTIPLIER_2, False"
Naming = Callable[[Callable[..., Any], str], str]  # The name that a function has in a text.


def once(naming: Naming) -> str:
    """The lines by which the loops know the permutation, whatever it is called in the text."""
    functions = (forward_once, backward_once)
    names = [f"{function.__name__} = {naming(function, 'luck')}" for function in functions]
    return "\n".join([f"AT_ONCE = {sample_loops.AT_ONCE}", *names])


def matching(naming: Naming) -> str:
    """The loop `match`, and what it needs besides the loops over vectors."""
    loops = (sample_loops.send, sample_loops.send_beside, sample_loops.match)
    return "\n\n".join([once(naming), *(inspect.getsource(loop) for loop in loops)])


@cache
def in_vectors(numbers: int) -> str:
    """The loops over vectors, and what they need, for permutations of so many numbers or fewer."""
    narrow = side_of(numbers) <= NARROW_SIDE
    values = f"{MULTIPLIER_1}, {MULTIPLIER_2}, {narrow}"
    permuted = inspect.getsource(sixteen).split(MADE_OF, 1)[1]
    return f"FACTOR_1, FACTOR_2, NARROW = {values}{permuted}"
