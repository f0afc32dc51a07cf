"""What agents have that lives from one step to the next: the one list of it.

Between steps nothing else of an agent exists: what arrived is forgotten, pulses that were raised
are up, wheels and upper levels of sets follow from what is listed here. So whoever keeps these
values, with the few facts of `engine.saving`, can go on from them on any backend, in any number of
shards.

To let something new survive a checkpoint: add it to `lasting`, and give `held` and `hold` of each
backend (`reference.py`, `cpu/holding.py`) its family. Every value has a place of its own among
0..agents-1; one that several shards share, or nobody has, is a fact and no lasting value.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Column
from ..population import NEVER, Stored
from .program import Program
from .ruled import ForAgents

FLAGS = ("flag", "pulse")


@dataclass(frozen=True)
class Lasting:
    """One value for each agent: a stored column, or whether some rule still has to look at it.

    As an array it is of truth values (flags, pulses, sets), of floats, or of whole numbers; where
    those are steps, the greatest value of the array's type stands for `NEVER`.
    """

    # "column"; "altered": who changed since that `changed` rule ran; or of a slot, named
    # `network:slot`, "to" and "since": who is in it, and since which step
    family: str
    name: str

    @property
    def slot(self) -> tuple[str, int]:
        """The network and the number of a slot."""
        network, _, number = self.name.rpartition(":")
        return network, int(number)

    @property
    def label(self) -> str:
        """The text under which it is kept."""
        return f"{self.family}:{self.name}"


def lasting(program: Program) -> tuple[Lasting, ...]:
    """Everything that agents of `program` have between two steps."""
    rules = [part for phase in program.phases for part in phase]
    changed = [
        part.rule.name
        for part in rules
        if isinstance(part, ForAgents) and part.rule.on.kind == "changed"
    ]
    return (
        *(Lasting("column", name) for name in program.stored),
        *(Lasting("altered", name) for name in changed),
        *(
            Lasting(family, f"{name}:{slot}")
            for name, network in program.networks.items()
            for slot in range(network.slots)
            for family in ("to", "since")
        ),
    )


def steps_as(values: Column, kind: np.dtype[np.integer]) -> Column:
    """Steps in another type of whole numbers, whose greatest value stands for `NEVER`."""
    if values.dtype == kind:
        return values
    found = values.astype(kind)
    found[values == np.iinfo(values.dtype).max] = np.iinfo(kind).max
    return found


def plain_steps(values: Column) -> list[int]:
    """Steps as Python's whole numbers, `NEVER` among them."""
    never = np.iinfo(values.dtype).max
    return [NEVER if value == never else value for value in values.tolist()]


def as_array(stored: Stored, values: list[int | float | bool]) -> Column:
    """Python's values of a column as an array of the kind that is kept."""
    if stored.kind in FLAGS:
        return np.array(values, np.bool_)
    if stored.kind == "float":
        return np.array(values, np.float64)
    if stored.holds_steps:
        never = np.iinfo(np.int64).max
        return np.array([never if value == NEVER else value for value in values], np.int64)
    return np.array(values, np.int64)
