"""What rules see of agents that are not theirs, handed to every shard before a phase.

Whatever a phase reads of others is copied before anything of it is written, so all of it is of one
moment, and every shard has the same. A copy costs the number of those it is of; a tally by a link
goes through all who point.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..arrays import Column, Integers
from ..backends import Comm, Group, Grouping, Linked, Program, Register, Seen, Shard
from ..errors import RuleError
from .members import Members
from .registers import Registers

HALF = 32


class Whole:
    """The whole columns of populations, gathered from all shards at one moment, each once."""

    def __init__(self, members: Members, comm: Comm) -> None:
        """Nothing is gathered yet."""
        self._members, self._comm = members, comm
        self._columns: dict[tuple[str, str], Column] = {}

    def column(self, of: str, name: str) -> Column:
        """All agents' values of a column, in order of place."""
        if (of, name) not in self._columns:
            mine = self._members[of].shard.values(name)
            shards = self._comm.alltoallv([mine] * self._comm.shards)
            self._columns[of, name] = _as_read(np.concatenate(shards))
        return self._columns[of, name]


def brings(members: Members, number: int) -> bool:
    """Whether any rule of phase `number` reads of agents that are not its own."""
    return any(
        name in member.program.brought
        for member in members.values()
        if member.program.brought
        for part in member.program.phases[number]
        for name in (*part.all_reads, *part.env)
    )


def bring(
    members: Members, registers: Registers, number: int, comm: Comm, step: int
) -> dict[str, Seen]:
    """Let all shards look at others before phase `number`; gives what goes behind `env`."""
    found = Whole(members, comm)
    for program, shard in members.values():
        looked = {
            name: found.column(look.of, look.column)
            for name, look in program.brought.looks.items()
            if name in _read(program, number)
        }
        for name, linked in program.brought.linked.items():
            if name in _read(program, number):
                owing = members[linked.of].shard
                looked[name] = _linked(name, linked, owing, comm, step)
        if looked:
            shard.look(looked)
    return dict(_behind_env(members, registers, number, found))


def _read(program: Program, number: int) -> set[str]:
    return {name for part in program.phases[number] for name in part.all_reads}


def _behind_env(
    members: Members, registers: Registers, number: int, found: Whole
) -> Iterator[tuple[str, Seen]]:
    """What any rule of the phase reads of anybody, and the groups from which it draws."""
    programs = [member.program for member in members.values()]
    read = {name for program in programs for part in program.phases[number] for name in part.env}
    for name, look in programs[0].brought.anybody.items():
        if name in read:
            yield name, found.column(look.of, look.column)
    for name, grouping in programs[0].brought.groups.items():
        if name in read:
            register = registers.of(grouping.of) if grouping.is_open else None
            yield name, _group(grouping, found, register)


def _linked(name: str, linked: Linked, owing: Shard, comm: Comm, step: int) -> Column:
    """A tally by link for the shard's own agents, from what all shards owe."""
    size = -(-linked.cells // comm.shards)
    cuts = [min(size * s, linked.cells) for s in range(1, comm.shards)]
    halves = [np.split(half, cuts) for half in owing.owe(name)]
    boxes = comm.alltoallv(list(zip(*halves, strict=True)))
    low = np.sum([box[0] for box in boxes], axis=0, dtype=np.int64)
    high = np.sum([box[1] for box in boxes], axis=0, dtype=np.int64) + (low >> HALF)
    beyond = (high < -(1 << 31)) | (high >= 1 << 31)
    if beyond.any():
        raise RuleError(
            f"the tally `{name}` is beyond 2**63 in step {step}; a rule reads whole numbers below "
            "that. Count in larger units."
        )
    return np.asarray((high << HALF) | (low & ((1 << HALF) - 1)))


def _group(grouping: Grouping, found: Whole, register: Register | None) -> Group:
    """The groups as they are now; of an open population of those who are there."""
    codes = found.column(grouping.of, grouping.by).astype(np.int64)
    weights = np.ones(codes.size, np.int64)
    if grouping.weight is not None:
        weights = found.column(grouping.of, grouping.weight)
    if register is None:
        return index_of(codes, weights, grouping.low, grouping.high)
    who, places = register.in_order()
    index = index_of(codes[places], weights[places], grouping.low, grouping.high)
    return index._replace(members=who[index.members])


def index_of(codes: Integers, weights: Integers, low: int, high: int) -> Group:
    """The members of groups low..high, in order of group and identity, with their weights."""
    members = np.flatnonzero((codes >= low) & (weights > 0))
    members = members[_order(codes[members] - low)]
    sizes = np.bincount(codes[members] - low, minlength=high - low + 1)
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    sums = np.cumsum(weights[members])
    before = np.concatenate([np.zeros(1, np.int64), sums])[starts[:-1]]
    return Group(low, high, starts, members, sums - np.repeat(before, sizes))


def _order(numbers: Integers) -> Integers:
    """The stable order of numbers below 2**32, by 16 bits at a time, which are sorted fast."""
    order = np.argsort(numbers.astype(np.uint16), kind="stable")
    if numbers.max(initial=0) >= 1 << 16:
        order = order[np.argsort((numbers[order] >> 16).astype(np.uint16), kind="stable")]
    return order


def _as_read(values: Any) -> Column:
    """Values as rules meet them: 64-bit whole numbers and floats, and truth values."""
    if values.dtype == np.bool_ or values.dtype == np.float64:
        return values
    return values.astype(np.int64, copy=False)
