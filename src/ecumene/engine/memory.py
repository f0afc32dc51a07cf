"""How much memory there is, how much was used, and a refusal before any of it is taken.

A container's limit counts as the machine's: a run that passes it is killed without a word, so what
is free is the least of what the kernel says and what every control group above this process leaves.
"""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from ..errors import SizeError

UNLIMITED = 1 << 60  # control groups of version 1 write a huge number for "no limit"
UNITS = ("B", "kB", "MB", "GB", "TB", "PB")


def check_memory(needed: int, parts: Mapping[str, int], agents: int | None = None) -> None:
    """Refuse, with the arithmetic, a run that needs more bytes than are free; take nothing."""
    free = available_memory()
    if needed <= free:
        return
    largest = sorted(parts.items(), key=lambda part: -part[1])
    sum_of = " + ".join(f"{name} {readable_bytes(size)}" for name, size in largest if size)
    raise SizeError(
        f"this run needs {readable_bytes(needed)} of memory"
        f"{f' ({sum_of})' if sum_of else ''} and this machine has {readable_bytes(free)} free. "
        f"{_advice(needed, free, agents)}"
    )


def _advice(needed: int, free: int, agents: int | None) -> str:
    if agents is None or agents * free < needed:
        return "Run fewer agents, or use a machine or container with more memory."
    fitting = agents * free // needed
    rounded = fitting // (scale := 10 ** max(0, len(str(fitting)) - 2)) * scale
    return (
        f"About {rounded:,} agents fit: type `--agents {rounded}`, "
        "or use a machine or container with more memory."
    )


def available_memory(root: Path = Path("/")) -> int:
    """The bytes that can still be taken: the kernel's estimate or a control group's, if less."""
    return max(0, min([_machine(root), *_control_groups(root)]))


def peak_memory() -> int:
    """The most bytes of memory that this process has held at once."""
    try:
        # Linux hands `ru_maxrss` down from parent to child; the mapping's own peak is not.
        return _field(Path("/proc/self/status"), "VmHWM") * 1024
    except (OSError, KeyError):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024


def readable_bytes(size: int) -> str:
    """`size` with the decimal unit that keeps it below a thousand: `3.2 GB`."""
    value, unit = float(size), 0
    while value >= 999.5 and unit < len(UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{value:.3g} {UNITS[unit]}"


def _machine(root: Path) -> int:
    try:
        return _field(root / "proc/meminfo", "MemAvailable") * 1024
    except (OSError, KeyError):  # not Linux: all there is, which is at least an upper bound
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _field(file: Path, name: str) -> int:
    """The first number on the line `name: number` of a file of such lines."""
    for line in file.read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1])
    raise KeyError(name)


def _control_groups(root: Path) -> Iterator[int]:
    """What every control group that this process is in, and every one above it, leaves."""
    for folder, limit, usage in _memory_folders(root, tuple(_lines(root / "proc/self/cgroup"))):
        most = _number(folder / limit)
        used = None if most is None or most >= UNLIMITED else _number(folder / usage)
        if most is not None and used is not None:
            yield most - used + _reclaimable(folder)


@lru_cache(maxsize=4)
def _memory_folders(root: Path, groups: tuple[str, ...]) -> list[tuple[Path, str, str]]:
    """Each folder that may hold a limit, with the names of its limit and its usage file.

    `groups` are the lines of the groups that this process is in; they stay for most of them.
    """
    found: list[tuple[Path, str, str]] = []
    for line in groups:
        _, controllers, path = line.split(":", 2)
        if controllers == "":
            base, limit, usage = root / "sys/fs/cgroup", "memory.max", "memory.current"
        elif "memory" in controllers.split(","):
            base = root / "sys/fs/cgroup/memory"
            limit, usage = "memory.limit_in_bytes", "memory.usage_in_bytes"
        else:
            continue
        # Inside a container the path may be the host's and lead nowhere; the root then has it.
        own = Path(path.strip("/"))
        found += [(base / folder, limit, usage) for folder in (own, *own.parents)]
    return found


def _reclaimable(folder: Path) -> int:
    """File cache that the kernel gives back on demand; it is counted as used."""
    fields = dict(line.split()[:2] for line in _lines(folder / "memory.stat"))
    return int(fields.get("total_inactive_file", fields.get("inactive_file", "0")))


def _number(file: Path) -> int | None:
    lines = _lines(file)
    return int(lines[0]) if lines and lines[0].strip().isdigit() else None


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text().splitlines()
    except OSError:
        return []
