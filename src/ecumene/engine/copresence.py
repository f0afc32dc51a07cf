"""Who is where now, told to the networks of co-presence before a phase whose rules go over them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from ..arrays import Column
from ..backends import Comm, Facing, Program, Ruled, Spreading
from ..errors import ModelError, unknown
from ..networks import Copresence, Lowered
from ..networks.copresence import check_crowding, sorted_by_place
from ..rules import Meeting
from .members import Member
from .model import Model

if TYPE_CHECKING:
    from .clock import Listener


def gather(
    member: Member, number: int, comm: Comm, step: int, listener: Listener | None = None
) -> None:
    """Let the networks of co-presence of phase `number` tie those who are together at its begin."""
    program, shard = member
    if not program.by_copresence:
        return
    over = {name for part in program.phases[number] for name in _over(program, part)}
    for name in sorted(over):
        arrays = _arrays(name, program.networks[name], member, comm, step)
        shard.set_network(name, arrays)
        if listener is not None:
            listener.rewired(name, arrays)


def sorting_cost(program: Program, part: Ruled) -> str:
    """What it takes to know who is together before a rule runs, in words; empty where nothing."""
    by = [program.networks[name].by for name in _over(program, part)]
    return f"a pass over all, and sorting those who have a {by[0]}" if by else ""


def _over(program: Program, part: Ruled) -> list[str]:
    """The network of co-presence that a rule goes over, if it does."""
    if not isinstance(part, Spreading | Facing) or isinstance(part.rule, Meeting):
        return []
    return [part.rule.over] if program.networks[part.rule.over].by else []


def _arrays(
    name: str, network: Lowered, member: Member, comm: Comm, step: int
) -> Mapping[str, Column]:
    """What all shards look at: the first sorts those who are somewhere, and tells the others."""
    program, shard = member
    values = shard.values(network.by)
    there = np.flatnonzero(values != program.stored[network.by].default)
    told = comm.alltoallv([(there + shard.part.first, values[there]), *[None] * (comm.shards - 1)])
    arrays: Mapping[str, Column] | None = None
    if shard.part.number == 0:
        agents, where = (np.concatenate(some) for some in zip(*told, strict=True))
        arrays = sorted_by_place(agents, where, program.agents, step)
        check_crowding(name, network, where, arrays, step)
    return comm.bcast(arrays)


def check_copresence(model: Model) -> None:
    """Raise `ModelError` where co-presence is by no column, or of agents who come and go."""
    stored = model.population.stored
    known = [name for name, column in stored.items() if column.kind == "int"]
    for name, network in model.networks.items():
        if not isinstance(network, Copresence):
            continue
        if network.column not in known:
            said = unknown("stored column of whole numbers", network.column, known)
            raise ModelError(f"network `{name}` ties who is together by {said}")
        if model.population.is_open:
            raise ModelError(
                f"network `{name}` is among agents who enter and leave; ec.copresence is for "
                "populations without capacity=. There let them meet: @ec.meeting(within="
                f'"{network.column}").'
            )
