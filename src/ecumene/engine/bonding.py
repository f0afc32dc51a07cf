"""Ties formed and dissolved over all shards: each learns of all pairs and keeps its own ends."""

from __future__ import annotations

import numpy as np

from ..arrays import Integers
from ..backends import Bonding, Bonds, Comm, Part, Program, Shard, matched
from ..rules import Parting


def bonded(
    program: Program, part: Bonding, asked: Bonds, shard: Shard, comm: Comm, step: int
) -> None:
    """Let the ties that were asked for be formed, or those given up be gone."""
    rule = part.rule
    if isinstance(rule, Parting):
        shard.untie(rule.over, Bonds.joined(comm.alltoallv([asked] * comm.shards)))
        return
    size = Part(0, comm.shards, program.agents).size
    room = shard.room(rule.over, asked.places)
    others_room = _room_of(asked.others, rule.over, shard, comm, size)
    everybody = comm.alltoallv([(asked, room, others_room)] * comm.shards)
    pairs = Bonds.joined([pairs for pairs, _, _ in everybody])
    rooms = [np.concatenate([box[n] for box in everybody]) for n in (1, 2)]
    shard.tie_up(rule.over, matched(pairs, rooms[0], rooms[1], rule.mutual), step)


def _room_of(places: Integers, over: str, shard: Shard, comm: Comm, size: int) -> Integers:
    """How many slots agents of any shard have free, asked of those that hold them."""
    owner = places // size
    order = np.argsort(owner, kind="stable")
    cuts = np.searchsorted(owner[order], np.arange(1, comm.shards))
    told = comm.alltoallv(np.split(places[order], cuts))
    answers = comm.alltoallv([shard.room(over, box) for box in told])
    found = np.empty(places.size, np.int64)
    found[order] = np.concatenate(answers)
    return found
