"""Claims over all shards: who asks, who decides, who gets."""

from __future__ import annotations

from ..backends import Claiming, Comm, Shard, Values
from .environment import Environment


def claimed(
    part: Claiming, shard: Shard, comm: Comm, environment: Environment, step: int
) -> dict[str, Values]:
    """Let agents ask, grant what there is, and give what is left of the capacity.

    A cell is decided on by one shard, its number modulo their count; what it grants goes back to
    the claimants' shards, and what is taken is added up, so that all know what is left.
    """
    capacity = environment.values[part.rule.capacity]
    left = [int(units) for units in (capacity if isinstance(capacity, tuple) else (capacity,))]
    boxes = comm.alltoallv(shard.ask(part, step))
    replies, mine = shard.grant(part, boxes, left)
    shard.receive(part, comm.alltoallv(replies))
    taken = comm.allreduce(mine)
    rest = tuple(units - gone for units, gone in zip(left, taken, strict=True))
    return {part.rule.capacity: rest if isinstance(capacity, tuple) else rest[0]}
