"""Claims over all shards: who asks, who decides, who gets."""

from __future__ import annotations

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
    boxes = comm.alltoallv(shard.ask(part, step, left))
    size = -(-agents // comm.shards)
    replies, mine = shard.grant(part, boxes, left, size)
    shard.receive(part, comm.alltoallv(replies))
    taken = comm.allreduce(mine)
    rest = tuple(units - gone for units, gone in zip(left, taken, strict=True))
    return {part.rule.capacity: rest if isinstance(capacity, tuple) else rest[0]}


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
    boxes = comm.alltoallv(shard.ask(part, step, None))
    left = np.asarray(holding.values(capacity.column), np.int64)
    first, size = holding.part.first, -(-agents // comm.shards)
    replies, mine = holding.grant(part, boxes, left, size, first)
    shard.receive(part, comm.alltoallv(replies))
    units = np.array(mine, np.int64)
    some = np.flatnonzero(units)
    return Taken(holding, capacity.column, some + first, units[some], part.rule.name)
