"""Claims over all shards: who asks, who decides, who gets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..arrays import Integers
from ..backends import Capacity, Claiming, Comm, Shard, Values
from .environment import Environment
from .members import Members


class Taken(NamedTuple):
    """What is granted of a column of a shard's agents."""

    shard: Shard
    column: str
    places: Integers
    units: Integers
    rule: str


def claimed(
    part: Claiming, agents: int, shard: Shard, comm: Comm, environment: Environment, step: int
) -> dict[str, Values]:
    """Let agents ask, grant what there is, and give what is left of the capacity.

    A cell is decided on by one shard, its number modulo their count; what it grants goes back to
    the claimants' shards, and what is taken is added up, so that all know what is left.
    """
    capacity = environment.values[part.rule.capacity]
    left = [int(units) for units in (capacity if isinstance(capacity, tuple) else (capacity,))]
    asked, units = shard.ask(part, step, left)
    boxes = comm.alltoallv(asked)
    size = -(-agents // comm.shards)
    replies, mine, last = shard.grant(part, boxes, left, size)
    shard.receive(part, comm.alltoallv(replies))
    taken = comm.allreduce(mine)
    rest = tuple(units - gone for units, gone in zip(left, taken, strict=True))
    told: dict[str, Sequence[int]] = {}
    if part.rule.asked:
        told[part.rule.asked] = comm.allreduce(units)
    if part.rule.last:
        told[part.rule.last] = _last(part, last, comm, environment)
    cells = isinstance(capacity, tuple)
    return {
        part.rule.capacity: rest if cells else rest[0],
        **{
            name: environment.checked(part.rule.name, name, values if cells else values[0], step)
            for name, values in told.items()
        },
    }


def _last(
    part: Claiming, last: Sequence[int | None], comm: Comm, environment: Environment
) -> list[int]:
    """Of each cell the priority of the last claim that got any; what it was where none did."""
    was = environment.values[part.rule.last]
    before = [int(one) for one in (was if isinstance(was, tuple) else (was,))]
    known = comm.allreduce([0 if one is None else 1 for one in last])
    now = comm.allreduce([one or 0 for one in last])  # Only the shard that decides has one.
    return [new if some else old for some, new, old in zip(known, now, before, strict=True)]


def claimed_of(
    part: Claiming,
    capacity: Capacity,
    agents: int,
    members: Members,
    shard: Shard,
    comm: Comm,
    step: int,
) -> Taken:
    """The same where each agent of a population has a capacity of its own, which its shard knows.

    What is granted is taken from the column when the phase is over.
    """
    _, holding = members[capacity.of]
    boxes = comm.alltoallv(shard.ask(part, step, None)[0])
    left = np.asarray(holding.values(capacity.column), np.int64)
    first, size = holding.part.first, -(-agents // comm.shards)
    replies, mine, _ = holding.grant(part, boxes, left, size, first)
    shard.receive(part, comm.alltoallv(replies))
    units = np.array(mine, np.int64)
    some = np.flatnonzero(units)
    return Taken(holding, capacity.column, some + first, units[some], part.rule.name)
