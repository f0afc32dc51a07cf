"""Who is there of the open populations that are pointed to, and links that never point past them.

At the beginning of every phase each link points to somebody who is there, or to nobody: a link to
an agent who left is let go at the end of the phase in which it left, or at the beginning of the
step where an intervention sent it away. What a rule, a start or a newcomer puts into a link is
held to the same at the end of its phase. So all that reads links, tallies and claims by them meets
only agents who are there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from ..arrays import Integers
from ..backends import Acting, Comm, Entering, Facing, Program, Register, Shard
from ..population import WHO
from .members import Members


class Registers:
    """The registers of one shard's models, kept as long as nobody enters or leaves."""

    def __init__(self, programs: Iterable[Program]) -> None:
        """Nothing is known yet; where no program looks anybody up, nothing ever need be."""
        self._needed = any(program.brought.registers for program in programs)
        self._known: dict[str, tuple[int, Register]] = {}

    def of(self, name: str) -> Register:
        """That of an open population, as it was when links were last looked after."""
        return self._known[name][1]

    def doubt(self) -> None:
        """Look after all links before the next phase: somebody changed something from outside."""
        self._known.clear()

    def look_after(self, members: Members, comm: Comm, step: int, number: int | None) -> None:
        """Let all links point to who is there, after phase `number` or before the first."""
        if not self._needed:
            return
        changed = {name for name in _registered(members) if self._renew(name, members, comm)}
        written = _written(members, number)
        for name, (program, shard) in members.items():
            for of in changed & {*program.brought.registers}:
                shard.know(of, self.of(of))
            for link, of in program.brought.loose.items():
                if of in changed or (name, link) in written:
                    shard.loosen(link, step)

    def _renew(self, name: str, members: Members, comm: Comm) -> bool:
        """Ask all shards who is there, where anybody entered or left since; whether it was so."""
        shard = members[name].shard
        turned, known = comm.allreduce([_turned(shard)])[0], self._known.get(name)
        if known is not None and known[0] == turned:
            return False
        told = comm.alltoallv([_standing(shard)] * comm.shards)
        who, places = (np.concatenate(some) for some in zip(*told, strict=True))
        register = Register.of(members[name].program.first_holders, who, places)
        self._known[name] = (turned, register)
        return True


def _registered(members: Members) -> Iterator[str]:
    """The open populations that anybody points to, in the order of the model's."""
    for name in members:
        if any(name in member.program.brought.registers for member in members.values()):
            yield name


def _turned(shard: Shard) -> int:
    """How many ever entered and left in a shard: as long as it stays, nobody did."""
    return sum(
        many for key, many in shard.turnover.items() if key.split(" ")[0] in ("entered", "left")
    )


def _standing(shard: Shard) -> tuple[Integers, Integers]:
    """Identities and places of those in a shard."""
    places = np.asarray(shard.everyone(), np.int64)
    return shard.values(WHO, places).astype(np.int64), places


def _written(members: Members, number: int | None) -> set[tuple[str, str]]:
    """The columns that rules of a phase write, with whose they are."""
    return {
        (part.rule.enters if isinstance(part, Entering) and part.rule.enters else name, column)
        for name, member in members.items()
        for part in (member.program.phases[number] if number is not None else ())
        if isinstance(part, Acting | Facing | Entering)
        for column in part.rule.writes
    }
