"""The plan of a model: what happens in a step, in which order and at what cost, said beforehand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO

from ..backends import Facing, Part, Program, memory_parts
from .interventions import Intervention, checked
from .lower import all_lowered
from .memory import readable_bytes
from .model import Model
from .removing import Removed
from .rows import row_of

# What a tie and an agent cost, in seconds on one core. They only feed "about so long": measured
# by `make bench` on a two-core machine of 2026 with `cascade` at 1e8, rounded up.
SECONDS_PER_TIE = {"cpu": 60e-9, "reference": 40e-6}
SECONDS_PER_AGENT = {"cpu": 10e-9, "reference": 20e-6}
SECONDS_PER_FACING = {"cpu": 100e-9, "reference": 60e-6}  # An agent's encounter or meeting.


@dataclass(frozen=True)
class Plan:
    """A model's phases as rows, and what a run of it takes."""

    rows: tuple[Mapping[str, str], ...]
    memory: Mapping[str, int]
    seconds_expected: float
    agents: int
    step_unit: str
    populations: Mapping[str, int] = field(default_factory=dict[str, int])  # Of several, each.
    capacity: Mapping[str, int] = field(default_factory=dict[str, int])  # Of those that are open.

    @property
    def memory_bytes(self) -> int:
        """What a run occupies at least: columns, sets, bins and networks."""
        return sum(self.memory.values())

    def table(self) -> list[dict[str, str]]:
        """One row per rule: phase, rule, for whom, reads, writes, luck."""
        return [dict(row) for row in self.rows]

    def __str__(self) -> str:
        """The plan as a table."""
        from rich.console import Console
        from rich.table import Table

        table = Table(title=self.summary, title_justify="left")
        for name in self.rows[0] if self.rows else ():
            table.add_column(name)
        for row in self.rows:
            table.add_row(*row.values())
        out = StringIO()
        Console(file=out, width=140).print(table)
        return out.getvalue()

    @property
    def inhabitants(self) -> str:
        """How many agents there are, of several populations in each; in open ones at first."""
        several = self.populations or {"agents": self.agents}
        places = self.capacity if self.populations else {"agents": sum(self.capacity.values())}
        return " and ".join(
            f"{size:,} {name}"
            + (f" at first on {places[name]:,} places" if places.get(name) else "")
            for name, size in several.items()
        )

    @property
    def places(self) -> int:
        """How many places there are, taken or free."""
        several = self.populations or {name: self.agents for name in self.capacity or {"": 0}}
        return sum(self.capacity.get(name, size) for name, size in several.items())

    @property
    def summary(self) -> str:
        """Agents, memory and time in one line."""
        columns = sum(size for part, size in self.memory.items() if part.startswith("column "))
        return (
            f"{self.inhabitants}, one step is one {self.step_unit}; "
            f"{readable_bytes(self.memory_bytes)} of memory, of which columns take "
            f"{columns / self.places:.3g} bytes {'a place' if self.capacity else 'an agent'}"
        )


def plan(
    model: Model,
    *,
    backend: str = "cpu",
    threads: int = 1,
    shards: int = 1,
    seed: int = 0,
    interventions: Sequence[Intervention] = (),
) -> Plan:
    """What a run of `model` will do and take; nothing of it is allocated."""
    removed = Removed([one.change for one in checked(interventions, model)])
    programs = {name: removed.thin(p) for name, p in all_lowered(model, seed).items()}
    workers = threads * (shards if backend == "cpu" else 1)
    return Plan(
        rows=_rows(programs),
        memory=_memory(programs, threads, shards, backend),
        seconds_expected=sum(_seconds(p, backend, workers) for p in programs.values()),
        agents=sum(program.people for program in programs.values()),
        step_unit=model.step_unit,
        populations={n: p.people for n, p in programs.items()} if len(programs) > 1 else {},
        capacity={n: p.agents for n, p in programs.items() if p.is_open},
    )


def _rows(programs: Mapping[str, Program]) -> tuple[Mapping[str, str], ...]:
    """One row per rule, phase by phase; of several populations it says whose."""
    phases = zip(*(program.phases for program in programs.values()), strict=True)
    return tuple(
        row_of(programs, name, number, part)
        for number, phase in enumerate(phases, 1)
        for name, parts in zip(programs, phase, strict=True)
        for part in parts
    )


def _memory(
    programs: Mapping[str, Program], threads: int, shards: int, backend: str
) -> Mapping[str, int]:
    """Bytes by part, over all populations; a column's name tells whose it is."""
    found: dict[str, int] = {}
    for program in programs.values():
        part = Part(0, shards, program.agents)
        own = memory_parts(program, part, threads, backend)
        for name, size in own.items():
            kind, _, rest = name.partition(" ")
            if kind == "column" and program.prefix:
                found[f"column {program.prefix[:-1]}.{rest}"] = size
            elif name == "program":
                found[name] = size
            else:
                found[name] = found.get(name, 0) + size
    return found


def _seconds(program: Program, backend: str, workers: int) -> float:
    """Every tie tried once and every agent looked at once: what a step can cost at most."""
    ties = sum(net.ties for net in program.networks.values())
    work = ties * SECONDS_PER_TIE[backend] + program.agents * SECONDS_PER_AGENT[backend]
    facing = [p for phase in program.phases for p in phase if isinstance(p, Facing)]
    work += len(facing) * program.agents * SECONDS_PER_FACING[backend]
    return work / (workers if backend == "cpu" else 1)
