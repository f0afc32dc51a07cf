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
    for name, value in values.items():
        before = shard.values(name, mine + shard.part.first)
        _count(shard, mine, name, value, before)
        _keep(shard, mine, name, value)
        changed = mine[before != value]
        for watcher in shard.program.watchers(name):
            shard.module.put_all(*shard.state.altered[watcher].levels, changed)


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
    """Add to the tallies of a column what its new value changes."""
    first = 0
    for tally, cells in zip(shard.program.tallies, shard.program.groups, strict=True):
        if tally.column == name:
            kinds, which = np.unique(before, return_inverse=True)
            amounts = np.array([tally.amount(kind) for kind in kinds.tolist()], np.int64)
            added = tally.amount(value) - amounts[which.ravel()]
            places = mine + shard.part.first
            groups = shard.values(tally.group, places) if tally.group else np.zeros_like(mine)
            sums = np.zeros(cells, np.int64)
            np.add.at(sums, groups, added)
            for cell, amount in enumerate(sums.tolist()):
                shard.cells[first + cell] += amount
        first += cells
