"""Who is there, in the reference: leaving and entering, one agent at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ...arrays import Column
from ...errors import RuleError
from ...population import NEVER, PRESENT, WHO, newcomer
from ...random import MASK, fold
from ..newcomers import OUTSIDE, Newcomers
from ..ruled import Entering
from ..values import CAST
from ..words import column_key, newcomers_text
from .running import whom

if TYPE_CHECKING:
    from .shard import Shard


KEPT: Mapping[str, Callable[[Any], Any]] = {**CAST, "pulse": bool}
TYPES: Mapping[str, type] = {
    **dict.fromkeys(("step", "wake", "int"), np.int64),
    **dict.fromkeys(("flag", "pulse"), np.bool_),
    "float": np.float64,
}


class Life:
    """What a shard of an open population knows of who is there."""

    def __init__(self, shard: Shard) -> None:
        """Let the first holders stand at the first places; the others are free."""
        self.shard, self.leaving = shard, set[int]()
        if not shard.program.is_open:
            return
        part, columns = shard.part, shard.columns
        for place in range(part.first, part.last):
            if place < shard.program.first_holders:
                columns[PRESENT][place - part.first] = True
                columns[WHO][place - part.first] = place
            else:
                self._forget(place)

    def depart(self, rule: str) -> None:
        """Let those leave whom `rule` sent away."""
        gone = sorted(self.leaving)
        self.leaving = set()
        self._note("left", rule, gone)
        for place in gone:
            self._forget(place)

    def bear(self, entering: Entering, step: int, ranks: Column | None) -> Newcomers:
        """The newcomers that the shard's agents cause, or these ones of those from outside."""
        shard, rule = self.shard, entering.rule
        births, beginning = shard.program.births(entering, step)
        found: list[tuple[int, tuple[Any, ...]]] = []

        def born(cause: int, rank: int, place: int, seen: tuple[Any, ...]) -> None:
            who = newcomer(births, cause, rank)
            values: Any = ()
            if rule.begins is not None:
                args = (*seen, fold(beginning, who))
                values = shard.call(entering, place, step, rule.begins, *args)
            found.append((who, values if len(rule.writes) > 1 else (values,)))

        if ranks is not None:
            for rank in ranks.tolist():
                born(OUTSIDE, rank, -1, shard.globals_now(step))
        else:
            for place, many in self._causes(entering, step):
                seen = (shard.me(place, entering.begins_reads), *shard.globals_now(step))
                for rank in range(many):
                    born(shard.who(place), rank, place, seen)
                if many and rule.into:
                    first = newcomer(births, shard.who(place), 0)
                    shard.arrived[rule.name][place] = (0, first)
        return self._as_arrays(entering, found)

    def _causes(self, entering: Entering, step: int) -> Iterator[tuple[int, int]]:
        """The places of all whom an entry runs for, and how many newcomers each causes."""
        shard, rule = self.shard, entering.rule
        key = shard.program.luck(entering, step)
        for place in whom(shard, entering, key, step):
            own = shard.program.own(key, place)
            me, luck = shard.me(place, entering.reads), fold(own, shard.who(place))
            seen = (me, *shard.globals_now(step), luck)
            many = int(shard.call(entering, place, step, rule.function, *seen))
            if many < 0:
                raise RuleError(newcomers_text(rule.name, many, step, place))
            yield place, many

    def _as_arrays(self, entering: Entering, found: list[tuple[int, tuple[Any, ...]]]) -> Newcomers:
        values = {
            name: np.array([KEPT[kind](values[number]) for _, values in found], TYPES[kind])
            for number, (name, kind) in enumerate(entering.kinds.items())
        }
        return Newcomers(np.array([who for who, _ in found], np.int64), values)

    def admit(self, newcomers: Newcomers, step: int, who: str, given: bool) -> None:
        """Let newcomers take the first free places."""
        shard, first = self.shard, self.shard.part.first
        columns, many = shard.columns, newcomers.who.size
        free = [p for p, here in enumerate(columns[PRESENT], first) if not here][:many]
        for number, (place, identity) in enumerate(zip(free, newcomers.who.tolist(), strict=True)):
            columns[PRESENT][place - first] = True
            columns[WHO][place - first] = identity
            for name, stored in shard.program.stored.items():
                if stored.kind == "wake":
                    since = step if given else step + 1
                    columns[name][place - first] = shard.program.wakes(name, identity, since)
            for name, values in newcomers.values.items():
                pulses = columns if given else None
                shard.write(who, place, name, values[number].item(), step, pulses)
        self._note("entered", who, free)

    def _note(self, kind: str, who: str, places: list[int]) -> None:
        """Enter in the ledger who came or went by a rule, and what they held."""
        if not places:
            return
        shard, first = self.shard, self.shard.part.first
        held = {
            f"{kind}:{name}": sum(shard.columns[name][place - first] for place in places)
            for name in shard.program.held
        }
        for key, many in {kind: len(places), **held}.items():
            shard.turnover[f"{key} {who}"] = shard.turnover.get(f"{key} {who}", 0) + many

    def digest(self) -> tuple[int, int]:
        """The sums over who is there, less those over who was there at first."""
        shard = self.shard
        first = range(shard.part.first, min(shard.part.last, shard.program.first_holders))
        here = [shard.who(place) for place in shard.everyone()]
        keys = [column_key(shard.program.prefix + PRESENT, half) for half in (0, 1)]
        low, high = (
            sum(fold(fold(key, who), 1) for who in here)
            - sum(fold(fold(key, who), 1) for who in first)
            for key in keys
        )
        return low & MASK, high & MASK

    def _forget(self, place: int) -> None:
        """Free a place: its columns are as declared, and no set knows it."""
        shard, here = self.shard, place - self.shard.part.first
        for name, stored in shard.program.stored.items():
            shard.columns[name][here] = NEVER if stored.kind == "wake" else stored.default
        for known in (*shard.raised.values(), *shard.altered.values()):
            known.discard(place)
        for arrived in shard.arrived.values():
            arrived.pop(place, None)
