"""The agents of one population of a simulation: its program, its shards, and what they have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import repeat
from typing import Any

import numpy as np

from ..arrays import Column, Integers
from ..backends import (
    Governing,
    Lasting,
    Newcomers,
    Part,
    Program,
    Ruled,
    Shard,
    Spreading,
    Tally,
    lasting,
    present_of,
    shard_of,
    size_of,
)
from ..errors import ModelError, RuleError, unknown
from .entering import full_text

CHUNK = 1 << 20  # Agents whose ties are counted at a time.


class Inhabitants:
    """One population's agents, in one or several shards."""

    def __init__(self, program: Program, backend: str, threads: int, shards: int) -> None:
        """Allocate and compile."""
        self.program, self.places = program, program.agents
        self.parts = [Part(s, shards, program.agents) for s in range(shards)]
        self.shards: list[Shard] = [
            shard_of(backend, program, part, threads) for part in self.parts
        ]
        rules = [part for phase in program.phases for part in phase]
        self._moving = [part for part in rules if not _follows(part)]
        self._sizes: dict[str, list[int]] = {}

    @property
    def agents(self) -> int:
        """How many there are now."""
        return self.tally(present_of())[0] if self.program.is_open else self.places

    @property
    def first_holders(self) -> int:
        """How many places of an open population were held at first; 0 of a closed one."""
        return self.program.first_holders

    def begin(self) -> None:
        """Give agents their starting values."""
        pulses = {name for name, s in self.program.stored.items() if s.kind == "pulse"}
        for start in self.program.start:
            values = {n: v for n, v in start.values.items() if v or n not in pulses}
            self.assign(self.program.starters(start), values, 0, "start")

    # -- whether they are still -----------------------------------------------------------------

    def still(self, step: int) -> bool:
        """Whether nobody is active or will wake, and no rule runs for everyone."""
        return all(map(self._still, self._moving, repeat(step)))

    def _still(self, part: Ruled, step: int) -> bool:
        if isinstance(part, Spreading):
            return self._idle(part.rule.active)
        if isinstance(part, Governing):
            return False
        on = part.rule.on.kind
        if on == "changed":
            return not any(shard.pending(part.rule.name) for shard in self.shards)
        if on == "awake":
            column = part.rule.on.of
            return not any(shard.sleeping(column, step) for shard in self.shards)
        return on == "flagged" and self._idle(part.rule.on.of)

    def _idle(self, column: str) -> bool:
        return all([shard.idle(column) for shard in self.shards])

    def settled(self) -> bool:
        """Whether no rule still has to look at anybody because a column of theirs changed."""
        waiting = [what.name for what in lasting(self.program) if what.family == "altered"]
        return not any(shard.pending(rule) for shard in self.shards for rule in waiting)

    # -- what they have -------------------------------------------------------------------------

    def column(self, name: str) -> Column:
        """The values of a column of all who are there, in order of place; costs their number."""
        if not self.program.is_open:
            return np.concatenate([shard.values(name) for shard in self.shards])
        here = [(shard, np.asarray(shard.everyone(), np.int64)) for shard in self.shards]
        return np.concatenate([shard.values(name, places) for shard, places in here])

    def values(self, name: str, places: Column) -> Column:
        """The values of a column of some agents, in the order of `places`."""
        size = self.parts[0].size
        out = self.shards[0].values(name, places[:0])
        for number, shard in enumerate(self.shards):
            mine = places // size == number
            if mine.any():
                found = shard.values(name, places[mine])
                out = np.empty(places.size, found.dtype) if out.size == 0 else out
                out[mine] = found
        return out

    def up(self, name: str) -> Integers:
        """The places of those who have a flag or pulse up, ascending."""
        flags = [n for n, s in self.program.stored.items() if s.kind in ("flag", "pulse")]
        if name not in flags:
            raise ModelError(unknown("flag or pulse", name, flags))
        return np.concatenate([shard.up(name) for shard in self.shards])

    def degrees(self, network: str, places: Column) -> Column:
        """How many ties some agents have, in the order of `places`."""
        by = self.program.networks[network].by
        if by:
            return self._together(by)[places]
        if not self.program.networks[network].slots:
            return self.shards[0].degrees(network, places)
        out = np.empty(places.size, np.int64)  # only the shard that holds an agent knows its slots
        for number, shard in enumerate(self.shards):
            mine = places // self.parts[0].size == number
            out[mine] = shard.degrees(network, places[mine])
        return out

    def _together(self, by: str) -> Integers:
        """How many others have the same value of a column now; none where it is the default."""
        _, which, sizes = np.unique(self.column(by), return_inverse=True, return_counts=True)
        nowhere = self.column(by) == self.program.stored[by].default
        return np.where(nowhere, 0, sizes[which] - 1)

    def mean_degree(self, network: str) -> float:
        """How many ties agents have on average; looks at all of them."""
        by = self.program.networks[network].by
        if by:  # those who are together now, sorted once
            return int(self._together(by).sum()) / self.agents
        runs = range(0, self.agents, CHUNK)
        places = (np.arange(first, min(first + CHUNK, self.agents)) for first in runs)
        return sum(int(self.degrees(network, some).sum()) for some in places) / self.agents

    def tally(self, tally: Tally) -> list[int]:
        """A tally's cells over all agents."""
        at = self.program.cells_of(tally)
        per_shard = [shard.tallies()[at.start : at.stop] for shard in self.shards]
        return [sum(v) for v in zip(*per_shard, strict=True)]

    def turned_over(self, kind: str, by: str = "") -> int:
        """How many `entered`, or `left`, since the start: by `by`, or in all.

        As `left:COLUMN`, what they held of a column of whole numbers.
        """
        _, _, column = kind.partition(":")
        if column and column not in self.program.held:
            raise ModelError(unknown("column of whole numbers", column, self.program.held))
        return sum(
            many
            for shard in self.shards
            for key, many in shard.turnover.items()
            if key == f"{kind} {by}" or (not by and key.startswith(f"{kind} "))
        )

    @property
    def turnover(self) -> dict[str, int]:
        """By kind and rule, how many entered and left since the start."""
        keys = {key: 0 for shard in self.shards for key in shard.turnover}
        return {key: sum(s.turnover.get(key, 0) for s in self.shards) for key in sorted(keys)}

    @turnover.setter
    def turnover(self, kept: Mapping[str, int]) -> None:
        for number, shard in enumerate(self.shards):  # Only their sum is ever looked at.
            shard.turnover = dict(kept) if number == 0 else {}

    def group_sizes(self, group: str, of: str) -> list[int]:
        """How many agents have each code of a derived column, or each value of a stored one."""
        if group in self.program.stored:
            return self.tally(size_of(group, of))
        if self.program.is_open:
            return self.tally(present_of(group, of))
        if group not in self._sizes:  # counted once, since they stay
            per_shard = [shard.group_sizes(group) for shard in self.shards]
            self._sizes[group] = [sum(v) for v in zip(*per_shard, strict=True)]
        return self._sizes[group]

    def labels(self, group: str) -> tuple[str, ...]:
        """What the codes of a derived column stand for; the values of a stored one."""
        stored = self.program.stored.get(group)
        if stored is not None:
            return tuple(str(value) for value in range(stored.low, stored.high + 1))
        return self.program.derived[group].labels or ()

    # -- what lives from step to step -----------------------------------------------------------

    def held(self, what: Lasting, first: int, last: int) -> Column:
        """The lasting values of places first..last-1."""
        found = [
            shard.held(what, max(first, part.first), min(last, part.last))
            for shard, part in zip(self.shards, self.parts, strict=True)
            if first < part.last and part.first < last
        ]
        return found[0] if len(found) == 1 else np.concatenate(found)

    def hold(self, what: Lasting, first: int, values: Column, step: int) -> None:
        """Take back the lasting values of places from `first` on."""
        for shard, part in zip(self.shards, self.parts, strict=True):
            begin, end = max(first, part.first), min(first + values.size, part.last)
            if begin < end:
                shard.hold(what, begin, values[begin - first : end - first], step)

    def cells(self) -> list[int]:
        """Every tally's cells over all agents."""
        return [sum(v) for v in zip(*(shard.tallies() for shard in self.shards), strict=True)]

    def count_from(self, cells: list[int] | None) -> None:
        """Let the tallies go on from these cells over all agents, or count them anew."""
        for number, shard in enumerate(self.shards):
            # Only their sum over all shards is ever looked at.
            mine = cells if cells is None or number == 0 else [0] * len(cells)
            shard.count_from(mine)

    # -- what may be done to them from outside --------------------------------------------------

    def assign(self, places: Column, values: Mapping[str, Any], step: int, who: str) -> None:
        """Give agents values at the beginning of `step`; `who` does it, for errors."""
        for shard in self.shards:
            shard.assign(places, values, step, who)

    def enter(self, newcomers: Newcomers, step: int, who: str) -> None:
        """Let newcomers take the first free places at the beginning of `step`; `who` does it."""
        mine = newcomers.in_order()
        free = np.cumsum([shard.free() for shard in self.shards])
        if mine.who.size > free[-1]:
            said = full_text(f"`{who}`", mine.who.size, int(free[-1]), step, self.program)
            raise RuleError(said)
        owners = np.searchsorted(free, np.arange(mine.who.size), side="right")
        for shard, some in zip(self.shards, mine.split(owners, len(self.shards)), strict=True):
            shard.admit(some, step, who, given=True)

    def leave(self, places: Integers, who: str) -> None:
        """Let agents leave at the beginning of a step; `who` does it, for the ledger."""
        for shard in self.shards:
            shard.dismiss(places, who)

    def set_parameters(self, parameters: Mapping[str, Any]) -> None:
        """Let rules read these parameters from now on."""
        self.program = replace(self.program, parameters=parameters)
        for shard in self.shards:
            shard.set_parameters(parameters)


def _follows(part: Ruled) -> bool:
    """Whether a rule runs only for those whom another one reaches, which is asked on its own."""
    return not isinstance(part, Spreading | Governing) and part.rule.on.kind == "reached_by"
