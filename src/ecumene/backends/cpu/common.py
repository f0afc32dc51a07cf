"""Loops that many generated modules have in common: a module of their own, which compiles once.

A program's text holds them in full, so that it stands alone wherever it is read. When it is
written for the compiler they stand in a module beside it, with machine code of their own: half of
what a program's first run compiled was the same in every program.
"""

from __future__ import annotations

import ast
import inspect
from functools import cache

from llvmlite import binding
from numba.core import config

from ...random import fold
from ...rules import Reach
from . import granting, lane_prelude, living, pairing, prelude, squeezing, waking
from .in_bytes import IN_BYTES
from .text import HEAD

FOLD = "fold = f0_fold"  # the name by which the loops know it
PLAIN = "plain = njit(nogil=True, _nrt=False)"
KEPT = [  # The same marks, with machine code that is kept.
    "jit = njit(nogil=True, _nrt=False, forceinline=True, cache=True)",
    "plain = njit(nogil=True, _nrt=False, cache=True)",
]


@cache
def of_sets() -> str:
    """The loops over sets of agents, over who wakes, is paired, is there, and is granted what."""
    begins = {prelude: "FULL = ", waking: "NOBODY = ", pairing: "UNPAIRED = ", living: "STAYED = "}
    begins[granting] = "DIGIT, "
    texts = [begin + inspect.getsource(of).split(begin, 1)[1] for of, begin in begins.items()]
    if squeezes():
        for loop in (prelude.list_word, prelude.pick_word):
            texts[0] = texts[0].replace(inspect.getsource(loop), "")
        texts.insert(0, squeezed_words())
    return "\n\n".join([*luck(), FOLD, IN_BYTES, *texts])


@cache
def squeezed_words() -> str:
    """The same loops over the bits of a word, for processors that squeeze vectors."""
    return inspect.getsource(squeezing).split("import intrinsic", 1)[1]


def squeezes() -> bool:
    """Whether this processor does and the compiler knows how; no, where numba is told of another
    processor, of which nothing is known here.
    """
    told = any(getattr(config, name, None) for name in ("CPU_NAME", "CPU_FEATURES"))
    knows = binding.llvm_version_info[0] >= 20
    return knows and not told and binding.get_host_cpu_features().get("avx512vbmi2", False)


@cache
def of_lanes() -> str:
    """The loops over a lane's agents and its tree."""
    text = inspect.getsource(lane_prelude).split("SLOTS, ", 1)[1]
    return "\n\n".join([PLAIN, *luck(), FOLD, "SLOTS, " + text])


def alone(common: str) -> str:
    """The text of the module in which they stand."""
    marks = KEPT if PLAIN in common else KEPT[:1]
    return "\n\n".join([HEAD, *marks, common.removeprefix(PLAIN)])


@cache
def luck() -> list[str]:
    """How luck is mixed, which is what every program's text defines first."""
    reach = Reach()
    reach.add(fold, "luck")
    return [f"@jit\n{text}" for text in reach.definitions]


@cache
def names(common: str) -> list[str]:
    """Every name that the text gives."""
    given: list[str] = []
    for node in ast.parse(common).body:
        if isinstance(node, ast.FunctionDef):
            given.append(node.name)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                given += [n.id for n in ast.walk(target) if isinstance(n, ast.Name)]
    return list(dict.fromkeys(given))
