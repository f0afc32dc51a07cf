"""The backends by name, and what a shard of any of them can do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from ..arrays import Column, Integers
from ..errors import ParameterError, unknown
from .bonds import Bonds
from .comm import Comm
from .lasting import Lasting
from .newcomers import Newcomers
from .program import Part, Program
from .register import Register
from .ruled import Acting, Bonding, Claiming, Entering, Facing, Spreading
from .values import Seen


class Shard(Protocol):
    """One shard's agents on some backend; every backend means the same by each method."""

    compile_seconds: float
    part: Part
    turnover: dict[str, int]  # By kind and rule, how many entered and left in this shard.

    def see(self, values: Mapping[str, Seen]) -> None:
        """Let the rules of the next phase see these environment values."""
        ...

    def look(self, values: Mapping[str, Column]) -> None:
        """Let the rules of the next phase read these of other agents.

        What links show is in order of those pointed to, a tally by link in order of own places.
        """
        ...

    def know(self, of: str, register: Register) -> None:
        """Let agents of the open population `of` be found by this register from now on."""
        ...

    def loosen(self, link: str, step: int) -> None:
        """Let a link of the shard's agents that points to who is not there point to nobody."""
        ...

    def owe(self, name: str) -> tuple[Integers, Integers]:
        """A tally by link over the shard's agents, cell by cell: lower 32 bits, and the rest."""
        ...

    def take(self, column: str, places: Integers, units: Integers, step: int, who: str) -> None:
        """Let agents of the shard have so many units less of a column of whole numbers."""
        ...

    def assign(self, places: Integers, values: Mapping[str, Any], step: int, who: str) -> None:
        """Give the agents at `places` these values at the beginning of `step`; `who` says so.

        Pulses are up, or down, in that step.
        """
        ...

    def set_parameters(self, parameters: Mapping[str, Any]) -> None:
        """Let rules read these parameters from now on."""
        ...

    def set_network(self, network: str, arrays: Mapping[str, Column]) -> None:
        """Let these arrays of a network be these from now on."""
        ...

    def take_at_once(self, step: int, steps: int) -> int:
        """Take so many whole steps from `step` on, or as many of them as that gives the same in
        less time, and none after nobody is active: how many were taken. Asked of a shard that holds
        all agents of the only population."""
        ...

    def emit(self, spreading: Spreading, step: int) -> tuple[list[Any], bool]:
        """What active agents pass on, by receiving shard; and whether that is all."""
        ...

    def apply(
        self, spreading: Spreading, boxes: list[Any], step: int, unseen: bool = False
    ) -> None:
        """Let what was passed on arrive; if `unseen`, nobody asks for it before rules for agents
        run.
        """
        ...

    def pull(self, spreading: Spreading, step: int) -> None:
        """The same arrivals, asked for by each receiver."""
        ...

    def arrivals(self, rule: str, places: Integers) -> tuple[Integers, Column]:
        """Which of `places` anything came to by a tie rule in this step so far, and what,
        combined."""
        ...

    def renew(
        self, column: str, places: Integers, known: Column, among: Integers
    ) -> tuple[Integers, Column]:
        """Bring `known`, of a stored column at `places`, up to date at the indices `among`.

        Gives those of them that were not, and what had been known there.
        """
        ...

    def act(self, group: tuple[Acting, ...], step: int) -> None:
        """Run the agent rules of one phase."""
        ...

    def face(self, facing: Facing, comm: Comm, step: int) -> None:
        """Work out what an encounter or meeting gives; all shards do so at the same time."""
        ...

    def settle(self, group: tuple[Facing, ...], step: int) -> None:
        """Write what the encounters and meetings of one phase gave, after all else in it."""
        ...

    def depart(self, rule: str) -> None:
        """Let those leave whom `rule` of this phase sent away; their places are free."""
        ...

    def bear(self, entering: Entering, step: int, ranks: Integers | None) -> Newcomers:
        """The newcomers that the shard's agents cause, or these ones of those from outside."""
        ...

    def free(self) -> int:
        """How many places are free."""
        ...

    def admit(self, newcomers: Newcomers, step: int, who: str, given: bool) -> None:
        """Let newcomers take the first free places; `given` at the beginning of `step`."""
        ...

    def dismiss(self, places: Integers, who: str) -> None:
        """Let agents leave at the beginning of a step; `who` says so."""
        ...

    def ask(
        self, claiming: Claiming, step: int, left: Sequence[int] | None
    ) -> tuple[list[Any], list[int]]:
        """What agents ask for, by the shard that decides on the cell; and how much of each cell.

        `left` is what all cells hold, if they are the environment's: what surely gets nothing may
        be left out. How much all ask for is empty unless the claim's `asked` is told.
        """
        ...

    def grant(
        self,
        claiming: Claiming,
        boxes: list[Any],
        left: Sequence[int] | Integers,
        size: int,
        first: int = 0,
    ) -> tuple[list[Any], list[int], list[int | None]]:
        """What is granted of the cells from `first` on, by shard of the claimants; what it takes;
        and, if the claim's `last` is told, the priority of the last that got any of each cell.

        A shard of claimants has `size` places.
        """
        ...

    def receive(self, claiming: Claiming, replies: list[Any]) -> None:
        """Let what was granted to the shard's agents be read."""
        ...

    def bond(self, bonding: Bonding, step: int) -> Bonds:
        """Whom the shard's agents ask for a tie, or part from; nobody twice, nor oneself."""
        ...

    def room(self, network: str, places: Integers) -> Integers:
        """How many slots some of the shard's agents have free."""
        ...

    def tie_up(self, network: str, pairs: Bonds, step: int) -> None:
        """Tie pairs, in their order, at those of their ends that are the shard's."""
        ...

    def untie(self, network: str, pairs: Bonds) -> None:
        """Part pairs at those of their ends that are the shard's."""
        ...

    def end_step(self) -> None:
        """Let pulses that were set be seen, and forget what arrived."""
        ...

    def up(self, column: str) -> Integers:
        """The places of the shard's agents who have a flag or pulse up, ascending."""
        ...

    def mostly_up(self, column: str, share: float) -> bool:
        """Whether more than `share` of the shard's places have a flag or pulse up."""
        ...

    def idle(self, column: str) -> bool:
        """Whether nobody has a flag or pulse up."""
        ...

    def pending(self, rule: str) -> int:
        """How many agents a `changed` rule would run for."""
        ...

    def sleeping(self, column: str, step: int) -> bool:
        """Whether anybody wakes, by the wake column `column`, in `step` or later."""
        ...

    def tallies(self) -> list[int]:
        """Every tally's cells over the shard's agents, one tally after another."""
        ...

    def group_sizes(self, group: str) -> list[int]:
        """How many agents have each code of a derived column."""
        ...

    def everyone(self) -> Sequence[int] | Integers:
        """The places of all who are there."""
        ...

    def degrees(self, network: str, places: Integers) -> Column:
        """How many ties agents of this or any other shard have."""
        ...

    def digest(self) -> tuple[int, int]:
        """Two 64-bit sums over columns and agents."""
        ...

    def values(self, column: str, places: Integers | None = None) -> Column:
        """A column's values."""
        ...

    def held(self, what: Lasting, first: int, last: int) -> Column:
        """The lasting values of places first..last-1 of the shard's; not to be written to."""
        ...

    def hold(self, what: Lasting, first: int, values: Column, step: int) -> None:
        """Take back lasting values of places from `first` on, at the beginning of `step`."""
        ...

    def count_from(self, cells: list[int] | None) -> None:
        """Let the tallies go on from these cells, or from what the columns hold."""
        ...


def shard_of(backend: str, program: Program, part: Part, threads: int) -> Shard:
    """A shard of `program` on the backend of that name."""
    if backend not in SHARDS:
        raise ParameterError(unknown("backend", backend, SHARDS))
    return SHARDS[backend](program, part, threads)


def _reference(program: Program, part: Part, threads: int) -> Shard:
    from .reference import Shard as Reference

    return Reference(program, part, threads)


def _cpu(program: Program, part: Part, threads: int) -> Shard:
    from .cpu import Shard as Cpu  # here, since it loads the compiler

    return Cpu(program, part, threads)


# How each backend makes a shard; one of your own is a line more (see `testing.BackendContract`).
SHARDS: dict[str, Callable[[Program, Part, int], Shard]] = {"reference": _reference, "cpu": _cpu}
BACKENDS = ("reference", "cpu")  # Those that are shipped.
