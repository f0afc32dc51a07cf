"""One step of one shard, phase by phase; every shard does the same at the same time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from ..arrays import Column
from ..backends import (
    Bonding,
    Bonds,
    Comm,
    Entering,
    Newcomers,
    Program,
    Seen,
    Shard,
    Spreading,
    Values,
)
from ..errors import RuleError
from .bonding import bonded
from .bringing import bring, brings
from .claiming import Taken, claimed, claimed_of
from .copresence import gather
from .entering import born, let_in
from .environment import Environment
from .governing import governed
from .members import Member, Members
from .registers import Registers

LARGEST = 1 << 63  # Rules compute with 64 bits.

# What a tie costs when pushed or pulled, and a message when pushed, in units of one permutation.
# Only speed hangs on them: push and pull give the same bits.
PUSHED_TIE, PULLED_TIE, MESSAGE = 1.2, 2.2, 1.5
# Asking all agents costs less than telling where a larger share of them than this is active.
PULLS_ABOVE = PULLED_TIE / (PUSHED_TIE + MESSAGE)


class Turning(NamedTuple):
    """Who is to enter, and which ties are to be formed or dissolved, at the end of a phase."""

    coming: list[tuple[Entering, Newcomers]]
    asked: list[tuple[Bonding, Bonds]]


class Listener(Protocol):
    """Whoever is told, during a step, what can no longer be seen after it."""

    def moment(self, values: Mapping[str, Seen]) -> None:
        """A phase begins, and its rules see these environment values."""
        ...

    def arrived(self, member: Member, part: Spreading, step: int) -> None:
        """What a tie rule passes on in a step has arrived."""
        ...

    def assigned(self, of: str) -> None:
        """Agents of a population are given values from outside the rules."""
        ...

    def rewired(self, network: str, arrays: Mapping[str, Column]) -> None:
        """Some arrays of a network are others from now on."""
        ...


def shard_step(
    members: Members,
    comm: Comm,
    environment: Environment,
    step: int,
    direction: str | None,
    listener: Listener | None,
    registers: Registers,
) -> None:
    """Run the phases of step `step`; `direction` forces push or pull, for tests.

    All populations go through a phase together, and each begins it by seeing the same moment.
    `registers` are those of the step before.
    """
    several = list(members.values())
    registers.look_after(members, comm, step, None)
    for number in range(len(several[0].program.phases)):
        now = _moment(members, registers, number, comm, environment, step)
        if listener is not None:
            listener.moment(now)
        for member in several:
            gather(member, number, comm, step, listener)
        written: dict[str, Values] = {}
        granted: list[Taken] = []
        turning: list[Turning] = []
        for member in several:
            found, taken, turns = _phase(
                members, member, number, comm, environment, now, step, direction, listener
            )
            written |= found
            granted += taken
            turning.append(turns)
        for member in several:
            for part in member.program.by_kind[number].governing:
                written |= governed(member.program, part, environment, now, step)
        environment.values |= written
        for one in granted:  # What a phase takes is gone in the next.
            one.shard.take(one.column, one.places, one.units, step, one.rule)
        _turn_over(members, number, turning, comm, step)
        registers.look_after(members, comm, step, number)
    for member in several:
        member.shard.end_step()


def _phase(
    members: Members,
    member: Member,
    number: int,
    comm: Comm,
    environment: Environment,
    now: Mapping[str, Seen],
    step: int,
    direction: str | None,
    listener: Listener | None,
) -> tuple[dict[str, Values], list[Taken], Turning]:
    """Run one population's rules of a phase.

    Gives what they leave of the environment, what they take of others, and who is to enter and
    which ties are to be formed: all of that comes when every population's rules have run.
    """
    program, shard = member
    phase = program.by_kind[number]
    for part in phase.spreading:
        _spread(part, shard, comm, step, direction, listener is None)
        if listener is not None:
            listener.arrived(member, part, step)
    # Encounters and meetings look before anything of the phase is written, and write last.
    for part in phase.facing:
        shard.face(part, comm, step)
    written: dict[str, Values] = {}
    taken: list[Taken] = []
    for part in phase.claiming:
        if part.column is not None:
            taken.append(claimed_of(part, part.column, program.agents, members, shard, comm, step))
        else:
            written |= claimed(part, program.agents, shard, comm, environment, step)
    coming = [(part, born(program, part, shard, now, step)) for part in phase.entering]
    asked = [(part, shard.bond(part, step)) for part in phase.bonding]
    if phase.acting:
        shard.act(phase.acting, step)
    if phase.facing:
        shard.settle(phase.facing, step)
    return written, taken, Turning(coming, asked)


def _turn_over(
    members: Members, number: int, turning: list[Turning], comm: Comm, step: int
) -> None:
    """Let agents leave and enter, and ties be formed and dissolved."""
    for program, shard in members.values():
        for rule in program.by_kind[number].departing:
            shard.depart(rule)
    # Who enters takes a place that was free before, or is so since somebody left.
    for (name, (program, shard)), turns in zip(members.items(), turning, strict=True):
        for part, newcomers in turns.coming:
            let_in(members[part.rule.enters or name], part, comm, newcomers, step)
        for part, pairs in turns.asked:
            bonded(program, part, pairs, shard, comm, step)


def _moment(
    members: Members,
    registers: Registers,
    number: int,
    comm: Comm,
    environment: Environment,
    step: int,
) -> Mapping[str, Seen]:
    """The environment before a phase, which the shards' rules see where any reads of it."""
    others = bring(members, registers, number, comm, step) if brings(members, number) else {}
    read = frozenset[str]().union(*(m.program.by_kind[number].env for m in members.values()))
    if not read:
        return {}
    now: dict[str, Seen] = {**environment.values, **others}
    for program, shard in members.values():
        now |= _tallied(program, read, shard, comm, step)
    for _, shard in members.values():
        shard.see(now)
    return now


def _tallied(
    program: Program, read: frozenset[str], shard: Shard, comm: Comm, step: int
) -> dict[str, Values]:
    """The population's tallies that are read, over all shards."""
    tallies = {n: t for n, t in program.environment_tallies.items() if n in read}
    if not tallies:
        return {}
    mine = shard.tallies()
    cells = [mine[at] for tally in tallies.values() for at in program.cells_of(tally)]
    sums = iter(comm.allreduce(cells))
    found: dict[str, Values] = {}
    for name, tally in tallies.items():
        values = tuple(next(sums) for _ in program.cells_of(tally))
        for value in values:
            if not -LARGEST <= value < LARGEST:
                raise RuleError(
                    f"the tally `{name}` is {value} in step {step}; a rule reads whole numbers "
                    "below 2**63. Count in larger units."
                )
        found[name] = values if tally.group else values[0]
    return found


def _spread(
    part: Spreading,
    shard: Shard,
    comm: Comm,
    step: int,
    direction: str | None,
    unseen: bool,
) -> None:
    """Let what active agents pass on arrive: pushed in rounds, or pulled where that is cheaper."""
    if _pulls(part, shard, comm, direction):
        shard.pull(part, step)
        return
    while True:
        boxes, done = shard.emit(part, step)
        shard.apply(part, comm.alltoallv(boxes), step, unseen and done)
        # A bin belongs to its sender again once every receiver has emptied it.
        if comm.allreduce([0 if done else 1])[0] == 0:
            return


def _pulls(part: Spreading, shard: Shard, comm: Comm, direction: str | None) -> bool:
    """Whether asking all agents is to be done, or costs less than telling."""
    if comm.shards > 1:  # A receiver can ask only those in its own shard.
        return False
    return direction == "pull" or (
        direction is None and shard.mostly_up(part.rule.active, PULLS_ABOVE)
    )
