"""The text that the CPU compiles, compiled for a GPU: what tests of it have in common."""

from __future__ import annotations

import warnings
from collections import namedtuple
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numba import njit
from numba.np.numpy_support import as_dtype

from ecumene.backends.cpu import text
from ecumene.rules import Reach

from .plain_text import without_vectors

BLOCK = 256  # GPU threads that are started together.
Space = dict[str, Any]

# What stands in a generated module before the program's own text, for a GPU. Its instructions for
# the lesser and the greater put -0.0 below 0.0, of which Python takes the first, and pass over what
# is no number.
ON_GPU = """\
@jit
def trailing_zeros(word):
    return int(cuda.ffs(word)) - int(1)


@jit
def sure(i):
    return i


@jit
def ahead(array, i):
    return


@jit
def far_ahead(array, i):
    return


@jit
def widest():
    return


@jit
def max(one, other):
    return other if other > one else one


@jit
def min(one, other):
    return other if other < one else one


"""


def loaded() -> ModuleType:
    """`numba.cuda`, whole: numba-cuda 0.30 asks numpy for two things that 2.5 no longer has."""
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        if not hasattr(np, "row_stack"):
            patch.setattr(np, "row_stack", np.vstack, raising=False)
        from numba import cuda
        from numba.cuda.descriptor import cuda_target

        cuda_target.typing_context.refresh()
        cuda_target.target_context.refresh()
    return cuda


@contextmanager
def unfused() -> Iterator[Callable[..., Any]]:
    """`cuda.jit` for kernels in which no product is fused with a sum; skips where no GPU is.

    It has no such option; what it calls to compile has.
    """
    cuda = loaded()
    if not cuda.is_available():
        pytest.skip("no GPU here")
    from numba.cuda import dispatcher
    from numba.cuda.core import config

    compile_cuda = dispatcher.compile_cuda

    def compiled(*given: Any, nvvm_options: dict[str, Any], **more: Any) -> Any:
        return compile_cuda(*given, nvvm_options=nvvm_options | {"fma": 0}, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(config, "CUDA_LOW_OCCUPANCY_WARNINGS", 0)  # one thread is slow, and meant
        patch.setattr(dispatcher, "compile_cuda", compiled)
        yield partial(cuda.jit, lto=False)


def space_of(cuda: Any, module: str) -> Space:
    """A module with its functions for a GPU: the same text below the compiler's own names."""
    return space_with(cuda, without_vectors(module[module.index("@jit\ndef step_value") :]))


def space_with(cuda: Any, definitions: str) -> Space:
    """Functions for a GPU by name."""
    device = cuda.jit(device=True)
    space: Space = {"namedtuple": namedtuple, "np": np, "cuda": cuda}
    space |= {"int": np.int64, "float": np.float64, "unsigned": np.uint64, "word": np.uint32}
    space |= {"jit": device, "kernel": device, "njit": lambda **_: device, "inner": {}}
    space["short"] = np.int16
    exec(ON_GPU + definitions, space)
    return space


def on_both(jit: Callable[..., Any], function: Any, *columns: Any, net: Any = None) -> Any:
    """What a rule's function gives for each row of the columns, on the CPU and on a GPU.

    Numbers are the same in every row; of a network's function the first argument is `net`.
    """
    reach = Reach()
    name = reach.add(function, "what is looked at")
    shapes = text._net_shapes("n", net) if net is not None else []
    fields, made = text._net("n", net) if net is not None else ([], "")
    definitions = "\n\n".join([*shapes, *(f"@jit\n{one}" for one in reach.definitions)])
    names = [f"a{j}" for j in range(len(columns))]
    given = [n if np.ndim(c) == 0 else f"{n}[i]" for n, c in zip(names, columns, strict=True)]
    call = f"{name}({', '.join([made] * bool(made) + given)})"
    values = [*columns, *([*net.numbers.values(), *net.arrays.values()] if net else [])]
    rows = max(np.size(column) for column in columns)
    arguments = ", ".join(["out", *names, *fields])
    cpu = on_cpu(definitions, arguments, call, rows, values)
    return cpu, in_threads(jit, definitions, arguments, call, np.empty_like(cpu), values)


def on_cpu(definitions: str, arguments: str, call: str, rows: int, values: list[Any]) -> Any:
    space: Space = {}
    exec(f"{text.HEAD}\n\n{definitions}", space)
    loop = f"def one({arguments}):\n    i = 0\n    return {call}\n\n\n"
    loop += f"def all({arguments}):\n    for i in range(out.shape[0]):\n        out[i] = {call}\n"
    exec(loop, space)
    one = njit(space["one"])
    one(np.empty(0), *values)
    out = np.empty(rows, as_dtype(one.nopython_signatures[0].return_type))
    njit(space["all"])(out, *values)
    return out


def in_threads(
    jit: Callable[..., Any], definitions: str, arguments: str, call: str, out: Any, values: Any
) -> Any:
    from numba import cuda

    space = space_with(cuda, definitions)
    lines = ["i = cuda.grid(1)", "if i < out.shape[0]:", f"    out[i] = {call}"]
    exec(f"def all({arguments}):\n    " + "\n    ".join(lines), space)
    there = cuda.to_device(out)
    sent = [cuda.to_device(v) if isinstance(v, np.ndarray) else v for v in values]
    jit(space["all"])[-(-out.size // BLOCK), BLOCK](there, *sent)
    return there.copy_to_host()


def same_bits(cpu: Any, gpu: Any) -> None:
    """Fails with the first row that differs, and how many do."""
    bits = [np.ascontiguousarray(a).view(f"u{a.dtype.itemsize}") for a in (cpu, gpu)]
    other = np.flatnonzero(bits[0] != bits[1])
    assert other.size == 0, (
        f"{other.size} of {cpu.size} rows differ, the first is {other[0]}: "
        f"{cpu[other[0]]!r} and {gpu[other[0]]!r} on the GPU"
    )
