"""The loops that networks are read with, compiled: their own text, kept beside the kernels."""

from __future__ import annotations

import inspect
from functools import cache
from typing import cast

from ...networks.loops import INLINED, LOOPS
from ...networks.quick import Loops
from .module import cache_folder, imported, name_of
from .text import HEAD


@cache
def loops() -> Loops:
    """The loops of `networks.loops`, each compiled when it is first called (2 s for all)."""
    return cast(Loops, imported(_text()))


def compiled_before() -> bool:
    """Whether this process has loaded them, or one on this machine had their machine code made."""
    if loops.cache_info().currsize:
        return True
    made = (cache_folder() / "__pycache__").glob(f"{name_of(_text())}.*.nbi")
    return next(made, None) is not None


@cache
def _text() -> str:
    inlined = [f"@jit\n{inspect.getsource(function)}" for function in INLINED]
    kernels = [f"@kernel\n{inspect.getsource(function)}" for function in LOOPS]
    return "\n\n".join([HEAD, *inlined, *kernels])
