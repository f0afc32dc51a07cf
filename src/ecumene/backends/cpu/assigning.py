"""Values given from outside the rules: to agents who begin with them, and by interventions.

What follows from a rule's write follows from these too: tallies count them, and rules for those
whose column changed run for the agents whose value became another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ...arrays import Integers
from ...errors import RuleError
from ...population import NEVER, Stored
from ..tally import Tally
from ..values import limits
from ..words import overflow_text
from .storage import Bits, lowered_bits

if TYPE_CHECKING:
    from .shard import Shard


def assign(shard: Shard, mine: Integers, values: Mapping[str, Any], step: int, who: str) -> None:
    """Give the agents at local places `mine` these values at the beginning of `step`."""
    shard.state.widen(step)
    for name, value in values.items():
        _refuse(shard, mine, name, value, step, who)
    shard.state.written(mine)
    for name, value in values.items():
        before = shard.values(name, mine + shard.part.first)
        _count(shard, mine, name, value, before)
        _keep(shard, mine, name, value)
        changed = mine[before != value]
        for watcher in shard.program.watchers(name):
            shard.module.put_all(*shard.state.altered[watcher].levels, changed)


def assign_each(
    shard: Shard, mine: Integers, name: str, values: Integers, step: int, who: str
) -> None:
    """Give each of the agents at local places `mine` its own value of a column of whole numbers."""
    stored, before = shard.program.stored[name], shard.values(name, mine + shard.part.first)
    wrong = (values < stored.low) | (values > stored.high)
    if wrong.any():
        place, value = int(mine[wrong][0]) + shard.part.first, int(values[wrong][0])
        raise RuleError(overflow_text(who, place, name, value, stored, step))
    _count(shard, mine, name, values, before)
    shard.state.written(mine)
    column = shard.state.columns[name]
    assert not isinstance(column, Bits)
    column[mine] = values
    for watcher in shard.program.watchers(name):
        shard.module.put_all(*shard.state.altered[watcher].levels, mine[before != values])


def _refuse(shard: Shard, mine: Integers, name: str, value: Any, step: int, who: str) -> None:
    """Raise `RuleError` for a value that its column cannot hold."""
    stored = shard.program.stored[name]
    low, high = limits(stored, step, given=True)
    bounded = stored.kind == "int" or (stored.holds_steps and value != NEVER)
    if (bounded and not low <= value <= high) or value != value:
        place = int(mine.min()) + shard.part.first
        raise RuleError(overflow_text(who, place, name, value, stored, step, given=True))


def _keep(shard: Shard, mine: Integers, name: str, value: Any) -> None:
    """Write a value that fits; a pulse is up, or down, in this very step."""
    stored: Stored = shard.program.stored[name]
    column = shard.state.columns[name]
    if not isinstance(column, Bits):
        never = stored.holds_steps and value == NEVER
        column[mine] = np.iinfo(column.dtype).max if never else value + 0
        if stored.kind == "wake" and not never:
            shard.calling.wake_all(name, mine, value)
    elif value:
        shard.module.put_all(*column.levels, mine)
    else:
        lowered_bits(column, mine)


def _count(shard: Shard, mine: Integers, name: str, value: Any, before: Any) -> None:
    """Add to the tallies what a column's new value changes."""
    first = 0
    for tally, cells in zip(shard.program.tallies, shard.program.groups, strict=True):
        if name in (tally.column, tally.group):
            old, new = _amounts(shard, mine, tally, name, value, before)
            here, there = _cells(shard, mine, tally, name, value, before)
            sums = np.zeros(cells, old.dtype)
            np.subtract.at(sums, here, old)
            np.add.at(sums, there, new)
            for cell in range(cells):
                shard.cells[first + cell] += int(sums[cell])
        first += cells


def _amounts(
    shard: Shard, mine: Integers, tally: Tally, name: str, value: Any, before: Any
) -> tuple[Any, Any]:
    """What each agent adds to the tally before and after."""
    exact = object if shard.program.wide(tally) else np.int64
    if tally.column == name:
        new = amounts_of(tally, np.broadcast_to(value, mine.shape))
        return amounts_of(tally, before).astype(exact), new.astype(exact)
    kept = amounts_of(tally, shard.values(tally.column, mine + shard.part.first))
    return kept.astype(exact), kept.astype(exact)


def amounts_of(tally: Tally, values: Any) -> Any:
    """What agents with these values add to the tally."""
    kinds, which = np.unique(values, return_inverse=True)
    return np.array([tally.amount(kind) for kind in kinds.tolist()], np.int64)[which.ravel()]


def _cells(
    shard: Shard, mine: Integers, tally: Tally, name: str, value: Any, before: Any
) -> tuple[Any, Any]:
    """The cell of each agent before and after."""
    if tally.group is None:
        return np.zeros_like(mine), np.zeros_like(mine)
    stored = shard.program.stored.get(tally.group)
    low = stored.low if stored else 0
    if tally.group == name:
        return before.astype(np.int64) - low, np.broadcast_to(value, mine.shape).astype(
            np.int64
        ) - low
    group = shard.values(tally.group, mine + shard.part.first).astype(np.int64) - low
    return group, group
