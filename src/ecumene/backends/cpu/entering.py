"""Entries on the CPU: who causes newcomers, what these begin with, and where they stand.

Counting costs what the agents cost that an entry runs for; all else what the newcomers are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...arrays import Column, Integers
from ...errors import RuleError
from ...population import NEVER, PRESENT
from ..newcomers import Newcomers, column_kind
from ..ruled import Entering
from ..values import fits
from ..words import dividing, newcomers_text, overflow_text
from .life import bits_of, count, note
from .module import call
from .running import whom
from .state import CALLED
from .storage import Bits, lowered_bits
from .text import TILE

if TYPE_CHECKING:
    from .shard import Shard

CHUNK = 1 << 18  # Places of an entry for everyone that are asked at a time.


def bear(shard: Shard, entering: Entering, step: int, ranks: Integers | None) -> Newcomers:
    """The newcomers that the shard's agents cause, or those of these `ranks` from outside."""
    shard.state.widen(step)
    causes = np.empty(0, np.int64)
    if ranks is None:
        causes, ranks = _caused(shard, entering, step)
    births, beginning = shard.program.births(entering, step)
    born = np.empty(ranks.size, np.int64)
    rule = entering.rule
    values = {c: np.empty(ranks.size, column_kind(k)) for c, k in entering.kinds.items()}
    own = {"first": 0, "last": ranks.size, "causes": causes, "ranks": ranks, "born": born}
    own |= {"step": step, "births": np.uint64(births), "beginning": np.uint64(beginning)}
    own |= {f"v_{column}": room for column, room in values.items()}
    with dividing(rule.name, step):
        call(shard.module, shard.kernels[f"begin_{rule.name}"], shard.state.names, own)
    if rule.into:
        _tell(shard, entering, causes[ranks == 0], born[ranks == 0])
    return Newcomers(born, values)


def _tell(shard: Shard, entering: Entering, places: Integers, who: Integers) -> None:
    """Let those at local places know whom they caused."""
    order = np.argsort(places)
    shard.state.grant(entering.rule.name, places[order], who[order])


def _caused(shard: Shard, entering: Entering, step: int) -> tuple[Integers, Integers]:
    """For each newcomer the local place of who causes it, and which of those it is."""
    rule, luck = entering.rule, shard.program.luck(entering, step)
    if rule.on.kind == "changed":
        shard.state.swap_changes(rule.name)
    if rule.on.kind in CALLED:
        shard.calling.call(entering, step)
    agents, size, members = whom(shard, rule, luck)
    most = size if members is None else int(shard.module.count(*members.levels))
    known = {"step": step, "luck": np.uint64(luck), **agents}

    def work(run: tuple[int, int]) -> tuple[Integers, Integers, Integers]:
        room = min(most, run[1] - run[0])
        causes, counts = np.empty(room, np.int64), np.empty(room, np.int64)
        error = np.array([1 << 62, 0, 0], np.int64)
        own = {"first": run[0], "last": run[1], "causes": causes, "counts": counts}
        own |= {**known, "error": error, "tile": np.empty(TILE, np.int64)}
        k = call(shard.module, shard.kernels[f"cause_{rule.name}"], shard.state.names, own)
        return causes[:k].copy(), counts[:k].copy(), error

    length = CHUNK if rule.on.kind == "everyone" else max(1, size)
    runs = [(at, min(size, at + length)) for at in range(0, size, length)] or [(0, 0)]
    with dividing(rule.name, step):
        found = shard.workers.each(work, runs, len(runs) < 2)
    place, many, _ = min(tuple(error.tolist()) for _, _, error in found)
    if place < 1 << 62:
        raise RuleError(newcomers_text(rule.name, many, step, place))
    if rule.on.kind == "changed":
        shard.module.empty(*shard.state.altering[rule.name].levels)
    if rule.on.kind in CALLED:
        shard.module.empty(*shard.state.called[rule.name].levels)
    causes, counts = (np.concatenate([f[part] for f in found]) for part in (0, 1))
    firsts = np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(causes, counts), np.arange(firsts.size) - firsts


def admit(shard: Shard, newcomers: Newcomers, step: int, who: str, given: bool) -> None:
    """Let newcomers take the first free places, with their first values."""
    state, many = shard.state, newcomers.who.size
    if many == 0:
        return
    state.widen(step)
    mine = np.empty(many, np.int64)
    shard.module.list_first(*state.free.levels, shard.size, mine)
    _refuse(shard, mine, newcomers, step, who, given)
    lowered_bits(state.free, mine)
    shard.module.put_all(*bits_of(state, PRESENT).levels, mine)
    state.who[mine] = newcomers.who
    for name, stored in state.program.stored.items():
        if stored.kind == "wake" and name not in newcomers.values:
            since = step if given else step + 1
            first = [state.program.wakes(name, i, since) for i in newcomers.who.tolist()]
            _keep(shard, mine, name, np.array(first, np.int64), given)
    for name, values in newcomers.values.items():
        _keep(shard, mine, name, values, given)
        changed = mine[values != state.program.stored[name].default]
        for watcher in state.program.watchers(name):
            shard.module.put_all(*state.altered[watcher].levels, changed)
    count(shard, mine, 1)
    note(shard, "entered", who, mine)


def _refuse(
    shard: Shard, mine: Integers, newcomers: Newcomers, step: int, who: str, given: bool
) -> None:
    """Raise `RuleError` for the first newcomer with a value that does not fit."""
    wrong: list[tuple[int, int, str, Any]] = []
    for number, (name, values) in enumerate(newcomers.values.items()):
        stored = shard.program.stored[name]
        kinds, firsts = np.unique(values, return_index=True)
        for value, at in zip(kinds.tolist(), firsts.tolist(), strict=True):
            if not fits(stored, value, step, given):
                wrong.append((int(mine[at]), number, name, value))
    if wrong:
        place, _, name, value = min(wrong, key=lambda found: found[:2])
        stored = shard.program.stored[name]
        place += shard.part.first
        raise RuleError(overflow_text(who, place, name, value, stored, step, given))


def _keep(shard: Shard, mine: Integers, name: str, values: Column, given: bool) -> None:
    """Write first values; a pulse that a rule gives is up in the next step."""
    stored, column = shard.program.stored[name], shard.state.columns[name]
    if isinstance(column, Bits):
        up = shard.state.raised[name] if stored.kind == "pulse" and not given else column
        shard.module.put_all(*up.levels, mine[values.astype(np.bool_)])
        return
    if not stored.holds_steps:
        column[mine] = values + 0
        return
    never = values == NEVER
    column[mine] = np.where(never, np.iinfo(column.dtype).max, values)
    if stored.kind == "wake":
        for at in np.flatnonzero(~never).tolist():
            shard.calling.wake_all(name, mine[at : at + 1], int(values[at]))


def nobody_enters(shard: Shard) -> dict[str, Any]:
    """Arguments of the kernels of entries for a call on nobody; and other loops, called so."""
    nobody = np.empty(0, np.int64)
    if shard.program.is_open:
        empty = Bits.none(0).levels
        shard.module.list_first(*empty, 0, nobody)
        shard.module.list_set(*empty, 0, nobody)
    names = ("causes", "counts", "ranks", "born")
    entries = [s for phase in shard.program.phases for s in phase if isinstance(s, Entering)]
    kinds = {f"v_{n}": column_kind(k) for entry in entries for n, k in entry.kinds.items()}
    return {
        **dict.fromkeys(names, nobody),
        **{name: np.empty(0, kind) for name, kind in kinds.items()},
        "births": np.uint64(0),
        "beginning": np.uint64(0),
    }
