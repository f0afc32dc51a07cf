"""From a program to a compiled module: a generated file per kernel, kept in a cache folder.

The file's name is the hash of its text (which names all reached sources and constants, see
`pieces`) with the versions of numba and llvmlite and the name of the processor, so an edited
helper can never meet a stale kernel, and a second process finds the first one's machine code. The
folder is bounded.
"""

from __future__ import annotations

import importlib.util
import linecache
import os
import sys
import tempfile
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from blake3 import blake3

from ...random import fold
from ...rules import NOTHING
from ..program import Program
from ..ruled import Acting, Bonding, Claiming, Entering, Facing, Spreading
from . import common, exactly
from .acting import write_acting
from .asking import write_claiming
from .bearing import write_entering
from .block_text import write_blocks
from .bond_text import MEMBERS, write_bonding, write_digest
from .facing import write_facing
from .finding import PLACE_OF
from .one_call import write_one_call
from .owing import write_owing
from .pieces import assembled, names_in
from .roll_text import write_roll_call
from .rolls import covers
from .spreading import write_spreading
from .text import ARRIVED, HEAD, OWN, WITHIN, Kernel, Writer
from .watching import write_degrees, write_first_wakes, write_groups, write_lots

KEPT = 4096  # Generated modules that stay in the cache folder, newest first: some 64 programs'.


def generated(program: Program) -> tuple[ModuleType, dict[str, Kernel]]:
    """The program's compiled module (compiled when first called) and what its kernels take."""
    parts, kernels = parts_of(program)
    return in_pieces(tuple(parts)), kernels


def text_of(program: Program) -> tuple[str, dict[str, Kernel]]:
    """The program's kernels as the text of one self-contained module."""
    parts, kernels = parts_of(program)
    return "\n\n".join(parts), kernels


def parts_of(program: Program) -> tuple[list[str], dict[str, Kernel]]:
    """The same text in parts, each of which uses what stands before it."""
    writer = Writer(program)
    writer.call(fold, "luck")  # first of all, as in the common part
    for phase in program.phases:
        for part in phase:
            if isinstance(part, Spreading):
                write_spreading(writer, part)
            elif isinstance(part, Facing):
                write_facing(writer, part)
            elif isinstance(part, Acting):
                write_acting(writer, part)
            elif isinstance(part, Claiming):
                write_claiming(writer, part)
            elif isinstance(part, Entering):
                write_entering(writer, part)
            elif isinstance(part, Bonding):
                write_bonding(writer, part)
    write_roll_call(writer)
    if not covers(program):
        write_one_call(writer)
    write_blocks(writer)
    write_owing(writer)
    write_groups(writer)
    write_degrees(writer)
    write_first_wakes(writer)
    write_lots(writer)
    write_digest(writer)
    functions = writer.functions()[len(common.luck()) :]
    parts = [
        HEAD,
        common.of_sets(),
        f"NOTHING = int({NOTHING})",
        *writer.tuples(),
        *exactly.needed([*functions, *writer.blocks]),
        *([WITHIN] if any("@jit_within" in function for function in functions) else []),
        *functions,
        ARRIVED,
        *([PLACE_OF] if program.brought.registers else []),
        *([OWN] if program.rekeyed else []),
        *([MEMBERS] if any(net.slots for net in program.networks.values()) else []),
        *writer.blocks,
    ]
    return parts, writer.kernels


def cache_folder() -> Path:
    """Where generated modules live: `ECUMENE_CACHE`, or the user's cache folder."""
    named = os.environ.get("ECUMENE_CACHE")
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(named) if named else Path(base) / "ecumene"


@cache
def in_pieces(parts: tuple[str, ...]) -> ModuleType:
    """The module of a text in parts; its kernels compile when first called.

    What it has in common with others it takes from modules that they share.
    """
    shared = [part for part in parts if part in (common.of_sets(), common.of_lanes())]
    modules = {name: imported(common.alone(part)) for part in shared for name in common.names(part)}
    found = names_in(_piece(HEAD))
    found |= {name: (module.__name__, name) for name, module in modules.items()}
    whole = assembled([part for part in parts if part not in (HEAD, *shared)], found, _piece)
    vars(whole).update({name: getattr(module, name) for name, module in modules.items()})
    _prune(cache_folder())
    return whole


@cache
def _piece(text: str) -> ModuleType:
    """The module of a piece: a file only where it has machine code to keep."""
    return imported(text) if "@kernel" in text else _passing(text)


def _passing(text: str) -> ModuleType:
    """A module without a file, for what is compiled into others; its lines are shown in errors."""
    name = name_of(text)
    module = ModuleType(name)
    module.__file__ = f"<{name}>"
    linecache.cache[module.__file__] = len(text), None, text.splitlines(True), module.__file__
    sys.modules[name] = module
    exec(compile(text, module.__file__, "exec"), vars(module))
    return module


@cache
def imported(text: str) -> ModuleType:
    """The module of that text, from the cache folder; its kernels compile when first called."""
    name = name_of(text)
    path = _written(name, text)
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def name_of(text: str) -> str:
    """The name of the module of that text: a hash of all that its machine code depends on."""
    return "ecumene_" + blake3((text + _compiler()).encode()).hexdigest()[:32]


def _compiler() -> str:
    import llvmlite
    import numba
    from llvmlite import binding

    return f"{numba.__version__} {llvmlite.__version__} {binding.get_host_cpu_name()}"


def _written(name: str, text: str) -> Path:
    """The module's file, written whole or not at all; in a folder of this process if need be."""
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _write(folder, name, text)
    except OSError:
        return _write(Path(_own_folder()), name, text)


@cache
def _own_folder() -> str:
    import atexit
    import shutil

    folder = tempfile.mkdtemp(prefix="ecumene-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _write(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.py"
    if path.exists():
        os.utime(path)
        return path
    handle, temporary = tempfile.mkstemp(dir=folder, suffix=".part")
    with os.fdopen(handle, "w") as file:
        file.write(text)
    Path(temporary).replace(path)
    return path


def _prune(folder: Path) -> None:
    """Keep the newest modules, with their machine code."""
    modules = list(folder.glob("ecumene_*.py"))
    if len(modules) <= KEPT:
        return
    for old in sorted(modules, key=_age, reverse=True)[KEPT:]:
        for file in [old, *(folder / "__pycache__").glob(f"{old.stem}.*")]:
            file.unlink(missing_ok=True)


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def call(module: ModuleType, kernel: Kernel, names: dict[str, Any], own: dict[str, Any]) -> Any:
    """Call a kernel with its arguments looked up in `own`, else in `names`."""
    return getattr(module, kernel.name)(*kernel.values({**names, **own}))
