"""Entries over all shards: newcomers, in order of identity, take the free places in order.

Each shard sorts the identities of one range; how many there are in the ranges below and how many
places are free in the shards before, two prefix sums, say which newcomer takes which place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..backends import (
    Comm,
    Entering,
    Newcomers,
    Program,
    Seen,
    Shard,
    bucket,
    dividing,
    newcomers_text,
    plainly_seen,
    record,
)
from ..errors import RuleError
from ..random import fold
from .members import Member


def born(
    program: Program, part: Entering, shard: Shard, now: Mapping[str, Seen], step: int
) -> Newcomers:
    """The newcomers that a shard's agents cause, or its share of those from outside."""
    if not part.rule.from_outside:
        return shard.bear(part, step, None)
    read = {name: plainly_seen(value) for name, value in now.items() if name in part.env}
    env = record("Env", {"step": step, **read})
    with dividing(part.rule.name, step):
        key = fold(program.luck(part, step), 0)
        many = int(
            part.rule.function(
                env, record("Model", {**program.parameters, **program.plain_policies}), key
            )
        )
    if many < 0:
        raise RuleError(newcomers_text(part.rule.name, many, step))
    return shard.bear(part, step, np.arange(shard.part.number, many, shard.part.count))


def let_in(member: Member, part: Entering, comm: Comm, found: Newcomers, step: int) -> None:
    """Give newcomers their places; raises `RuleError` where there are not enough."""
    program, shard = member
    mine = _exchanged(found, bucket(found.who, comm.shards), comm).in_order()
    sizes, free = _told(mine.who.size, comm), np.cumsum(_told(shard.free(), comm))
    if sum(sizes) > free[-1]:
        who = f"entry `{part.rule.name}`"
        raise RuleError(full_text(who, sum(sizes), int(free[-1]), step, program))
    ranks = sum(sizes[: shard.part.number]) + np.arange(mine.who.size)
    mine = _exchanged(mine, np.searchsorted(free, ranks, side="right"), comm)
    shard.admit(mine, step, part.rule.name, given=False)


def full_text(who: str, many: int, free: int, step: int, program: Program) -> str:
    """Say that there are more newcomers than free places."""
    whose = f"`{program.prefix[:-1]}`" if program.prefix else "the population"
    return (
        f"{who} lets {many:,} agents enter in step {step}, and {free:,} of the "
        f"{program.agents:,} places are free; give {whose} a larger capacity, say "
        f"capacity={2 * program.agents}, or let fewer enter."
    )


def _exchanged(newcomers: Newcomers, owners: Any, comm: Comm) -> Newcomers:
    if comm.shards == 1:
        return newcomers
    return Newcomers.of_boxes(comm.alltoallv(newcomers.split(owners, comm.shards)))


def _told(number: int, comm: Comm) -> list[int]:
    """What every shard says."""
    return [int(said) for said in comm.alltoallv([number] * comm.shards)]
