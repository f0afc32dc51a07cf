"""The loops over a keyed permutation that several modules have: their text."""

from __future__ import annotations

import inspect
from collections.abc import Callable

from ...networks.permutation import backward_once, forward_once
from . import sample_loops

Naming = Callable[[Callable[..., int], str], str]  # The name that a function has in a text.


def once(naming: Naming) -> str:
    """The lines by which the loops know the permutation, whatever it is called in the text."""
    functions = (forward_once, backward_once)
    names = [f"{function.__name__} = {naming(function, 'luck')}" for function in functions]
    return "\n".join([f"AT_ONCE = {sample_loops.AT_ONCE}", *names])


def matching(naming: Naming) -> str:
    """The loop `match`, and what it needs."""
    loops = (sample_loops.send, sample_loops.send_beside, sample_loops.match)
    return "\n\n".join([once(naming), *(inspect.getsource(loop) for loop in loops)])
