"""A program's text in pieces, each a module named by what is in it and in all that it uses.

Programs that have a rule, a network or a column in common have pieces in common, down to the
name: no process compiles them twice, no cache folder holds them twice, and whoever edits a rule
waits for what uses that rule alone. The numbers in names (`f7_chance`, `Me2`) are counted anew in
each piece, since they differ from program to program.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from types import ModuleType

NAME = re.compile(r"(?<![\w.'\"])[A-Za-z_]\w*")
NUMBERED = re.compile(r"f\d+_|(?:Me|Env)\d*$")
DEFINED = re.compile(r"^(?:def (\w+)|(\w+(?:, \w+)*) = )", re.MULTILINE)

Found = tuple[str, str]  # A module's name, and what it calls something.
Load = Callable[[str], ModuleType]


def assembled(parts: Iterable[str], common: Mapping[str, Found], load: Load) -> ModuleType:
    """All that `parts` define, in one module: each part loaded as a module of its own.

    A part uses what stands in parts before it or is `common`; `load` makes a module of a text.
    """
    found = dict(common)
    whole = ModuleType("ecumene_program")
    for part in parts:
        own = _defined(part)
        text, called = _alone(part, own, found)
        module = load(text)
        found |= {name: (module.__name__, called.get(name, name)) for name in own}
        vars(whole).update({name: getattr(module, called.get(name, name)) for name in own})
    return whole


def names_in(module: ModuleType) -> dict[str, Found]:
    """Where all that a module defines is found."""
    return {name: (module.__name__, name) for name in vars(module) if not name.startswith("__")}


def _defined(part: str) -> list[str]:
    """The names that a part defines, in order."""
    lines = [function or several for function, several in DEFINED.findall(part)]
    return [name for line in lines for name in line.split(", ")]


def _alone(part: str, own: list[str], found: Mapping[str, Found]) -> tuple[str, dict[str, str]]:
    """The part as the text of a module that takes what it uses from others, and what that text
    calls the part's numbered names."""
    used = [n for n in dict.fromkeys(NAME.findall(part)) if n in found or n in own]
    numbered = [name for name in used if NUMBERED.match(name)]
    called = {name: _counted(name, k) for k, name in enumerate(numbered)}
    taken: dict[str, list[str]] = {}
    for name in used:
        if name not in own:
            module, there = found[name]
            here = called.get(name, name)
            taken.setdefault(module, []).append(there if there == here else f"{there} as {here}")
    lines = [f"from {module} import {', '.join(names)}" for module, names in taken.items()]
    text = NAME.sub(lambda match: called.get(match.group(), match.group()), part)
    return "\n\n".join(["\n".join(lines), text]), called


def _counted(name: str, number: int) -> str:
    """A numbered name with another number."""
    if name.startswith("f"):
        return f"f{number}_{name.split('_', 1)[1]}"
    return f"{name.rstrip('0123456789')}{number}"
