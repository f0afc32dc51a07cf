"""What a program will occupy on a backend, by part, before anything is allocated."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..errors import ParameterError, unknown
from ..networks.copresence import copresence_bytes
from ..networks.slots import slot_bytes
from .program import Fields, Part, Program
from .ruled import Acting, Claiming, Entering, Facing, ForAgents, Spreading

REFERENCE_BYTES = 64  # A Python value in a list, about.
BASE = 150_000_000  # The interpreter with numpy, numba and duckdb, before any agent: about.


def memory_parts(program: Program, part: Part, threads: int, backend: str) -> Mapping[str, int]:
    """Bytes by part, over all shards of one process."""
    networks = {
        f"network {n}": net.memory_bytes
        + slot_bytes(net, program.agents)
        + copresence_bytes(net, program.agents)
        for n, net in program.networks.items()
    }
    tables = {"background tables": sum(t.nbytes for t in program.tables.values())}
    policies = {f"policy {n}": _bytes(fields) for n, fields in program.policies.items()}
    fixed = {**networks, **tables, **policies, "program": BASE}
    if program.brought:
        fixed["copies of others"] = program.brought.bytes * part.count
    if backend == "reference":
        size = program.agents * REFERENCE_BYTES
        return {**{f"column {name}": size for name in program.stored}, **fixed}
    if backend == "cpu":
        from .cpu.bins import bins_bytes
        from .cpu.storage import column_bytes

        columns = {f"column {n}": column_bytes(s, part.size) for n, s in program.stored.items()}
        columns |= _sets(program, part.size)
        columns["messages"] = bins_bytes(program, part, threads)
        return {**{name: size * part.count for name, size in columns.items()}, **fixed}
    raise ParameterError(unknown("backend", backend, ("reference", "cpu")))


def _bytes(fields: Fields) -> int:
    return sum(value.nbytes for value in fields.values() if isinstance(value, np.ndarray))


def _sets(program: Program, size: int) -> dict[str, int]:
    """Who was reached or changed, what arrived, and the copies that phases need."""
    from .cpu.logs import log_bytes
    from .cpu.payloads import arrival_bytes
    from .cpu.storage import bits_bytes, column_bytes

    sizes: dict[str, int] = {}
    if program.is_open:
        sizes["who leaves, and free places"] = 2 * bits_bytes(size)
    for part in [p for phase in program.phases for p in phase]:
        name = part.rule.name
        if isinstance(part, Spreading):
            each = arrival_bytes(program, part)
            sizes[f"arrivals of {name}"] = bits_bytes(size) + each * size
        if isinstance(part, ForAgents) and part.rule.on.kind == "changed":
            sizes[f"changes for {name}"] = 2 * bits_bytes(size)
        elif isinstance(part, Acting | Claiming | Entering) and part.rule.on.kind in (
            "awake",
            "flagged",
        ):
            wheel = size // 15 if part.rule.on.kind == "awake" else 0  # four bytes for 64 places
            sizes[f"who {name} runs for"] = bits_bytes(size) + wheel
        if isinstance(part, Facing):
            sizes[f"log of {name}"] = log_bytes(program, part, size)
        if isinstance(part, Acting) and part.snapshots:
            copies = [column_bytes(program.stored[c], size) for c in part.snapshots]
            sizes[f"copies for {name}"] = sum(copies)
    return sizes
