"""The loops over a keyed permutation that several modules have: their text."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from ...networks.permutation import backward_once, forward_once, halves
from . import sample_loops, sixteen

Naming = Callable[[Callable[..., Any], str], str]  # The name that a function has in a text.


def once(naming: Naming) -> str:
    """The lines by which the loops know the permutation, whatever it is called in the text."""
    functions = (forward_once, backward_once)
    names = [f"{function.__name__} = {naming(function, 'luck')}" for function in functions]
    return "\n".join([f"AT_ONCE = {sample_loops.AT_ONCE}", *names])


def matching(naming: Naming) -> str:
    """The loop `match`, and what it needs."""
    loops = (sample_loops.send, sample_loops.send_beside, sample_loops.match)
    return "\n\n".join([once(naming), *(inspect.getsource(loop) for loop in loops)])


def sixteen_at_once(naming: Naming) -> str:
    """The loops `send_forth` and `send_back`, and what they need."""
    names = [f"halves = {naming(halves, 'luck')}"]
    names.append(f"FACTOR_1, FACTOR_2 = {sixteen.FACTOR_1}, {sixteen.FACTOR_2}")
    return "\n\n".join([*names, *(inspect.getsource(loop) for loop in sixteen.LOOPS)])
