"""Running a shard's agent rules: for whom, in which runs, and what does not fit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ...arrays import Column, Integers
from ...errors import RuleError
from ...networks.permutation import drawn_places
from ...population import PRESENT
from ...rules import AgentRule, Claim, Encounter, Entry, Meeting
from ..ruled import Acting, Facing, Spreading
from ..words import dividing, overflow_text
from .life import bits_of, those_present
from .module import call
from .state import CALLED
from .storage import Bits
from .tallying import gathered, width
from .text import STREAM
from .workers import INLINE

if TYPE_CHECKING:
    from .shard import Shard


def run(shard: Shard, acting: Acting, step: int, before: Mapping[str, Column]) -> None:
    """Run one agent rule; `before` are the columns that it reads as they were before the phase."""
    rule, kernel = acting.rule, shard.kernels[f"act_{acting.rule.name}"]
    mine: dict[str, Any] = {**before, **luck_of(shard, acting, step)}
    streams = f"find_{rule.name}" in shard.kernels
    agents, size, members = whom(shard, rule, int(mine["luck"]))
    mine |= agents
    few = min(size, shard.size) < INLINE or (members is not None and small(shard, members))

    def work(job: tuple[int, tuple[int, int]]) -> tuple[Integers, Integers]:
        worker, (first, last) = job
        tallies = np.zeros(width(shard.program), np.int64)
        error = nothing_wrong()
        own = {"first": first, "last": last, "tallies": tallies, "error": error, **mine}
        own |= given(shard, acting) if streams else shard.scratch[worker]
        call(shard.module, kernel, shard.state.names, own)
        if streams and error[0] < 1 << 62:  # a tile in which something does not fit
            first = int(error[0]) - shard.part.first
            own |= {"first": first, "last": min(first + STREAM, last)}
            call(shard.module, shard.kernels[f"find_{rule.name}"], shard.state.names, own)
        return tallies, error

    runs = [(0, size)] if few else _runs(shard, rule, size)
    with dividing(rule.name, step):
        results = shard.workers.each(work, list(enumerate(runs)), few)
    settle(shard, acting, results, step)
    if rule.on.kind == "changed":
        shard.module.empty(*shard.state.altering[rule.name].levels)
    if rule.on.kind in CALLED:
        shard.module.empty(*shard.state.called[rule.name].levels)


def settle(
    shard: Shard, acting: Acting, results: list[tuple[Integers, Integers]], step: int
) -> None:
    """Count what the workers' tallies say, and refuse the first value that cannot be kept."""
    for tallies, _ in results:
        changes = gathered(shard.program, tallies)
        shard.cells = [a + b for a, b in zip(shard.cells, changes, strict=True)]
    raise_first(shard, acting, [error for _, error in results], step)


def nothing_wrong() -> Integers:
    """Room for the first agent that something went wrong for, the column and the value."""
    return np.array([1 << 62, 0, 0], np.int64)


def whom(
    shard: Shard, rule: AgentRule | Claim | Entry, luck: int
) -> tuple[dict[str, Integers], int, Bits | None]:
    """Whom a rule runs for: arguments, so many places or entries of a list, a set if any."""
    if rule.on.kind == "sample":
        drawn = sampled(shard, rule, luck)
        return {"drawn": drawn}, drawn.size, None
    if _listed(shard, rule):
        return {}, shard.state.names[f"gp_{rule.on.of}"].size, None
    if rule.on.kind == "reached_by":
        return {}, shard.size, shard.state.arrived[rule.on.of]
    if rule.on.kind in CALLED:
        return {}, shard.size, shard.state.called[rule.name]
    if rule.on.kind == "everyone" and shard.program.is_open:
        return {}, shard.size, bits_of(shard.state, PRESENT)
    changed = shard.state.altering[rule.name] if rule.on.kind == "changed" else None
    return {}, shard.size, changed


def sampled(
    shard: Shard, rule: AgentRule | Claim | Encounter | Meeting | Entry, luck: int
) -> Integers:
    """The local places of those that a sampled rule runs for."""
    drawn = drawn_places(luck, shard.program.people, shard.program.sample_count(rule))
    drawn = drawn[(drawn >= shard.part.first) & (drawn < shard.part.last)] - shard.part.first
    if not shard.program.is_open:
        return drawn
    return those_present(shard, drawn, luck, float(shard.program.parameters[rule.on.of]))


def _runs(shard: Shard, rule: AgentRule, size: int) -> list[tuple[int, int]]:
    """A run of places, or of a list's entries, for each worker; one of a list in no order."""
    if not _listed(shard, rule):
        return shard.workers.runs(size)
    if rule.on.kind == "sample":
        return [(0, size)]
    ends = [last for _, last in shard.workers.runs(shard.size)]
    cuts = np.searchsorted(shard.state.names[f"gp_{rule.on.of}"], ends).tolist()
    return list(zip([0, *cuts[:-1]], cuts, strict=True))


def _listed(shard: Shard, rule: AgentRule | Claim | Entry) -> bool:
    """Whether it runs for a list of places and not for a set."""
    return rule.on.kind == "sample" or shard.program.claims(rule.on.of)


def given(shard: Shard, acting: Acting) -> dict[str, Column]:
    """A worker's room for what a rule gives a tile of agents until it is kept, and for flags."""
    rule = acting.rule
    kinds = [getattr(shard.state.columns[c], "dtype", np.uint8) for c in rule.writes]
    rooms = {f"given_{rule.name}_{n}": np.empty(STREAM, kind) for n, kind in enumerate(kinds)}
    taken = shard.kernels[f"act_{rule.name}"].arguments
    for begins, kind in (("short_", np.int16), ("seen_", np.uint8)):
        rooms |= {name: np.empty(STREAM, kind) for name in taken if name.startswith(begins)}
    return rooms


def raise_first(shard: Shard, acting: Acting | Facing, errors: list[Integers], step: int) -> None:
    """Refuse the first place's value that does not fit its column, if there is one."""
    place, number, value = min((tuple(e.tolist()) for e in errors), default=(1 << 62, 0, 0))
    if place < 1 << 62:
        column = acting.rule.writes[number]
        stored = shard.program.stored[column]
        shown = float("nan") if stored.kind == "float" else value
        raise RuleError(overflow_text(acting.rule.name, place, column, shown, stored, step))


def luck_of(shard: Shard, part: Acting | Spreading, step: int) -> dict[str, Any]:
    """The step, and the rule's luck in it."""
    return {"step": step, "luck": np.uint64(shard.program.luck(part, step))}


def small(shard: Shard, bits: Bits) -> bool:
    """Whether a set has so few members that threads would cost more than the work."""
    return bool(shard.module.fewer(*bits.levels, INLINE))
