"""Claims on the CPU: who asks, what each shard grants of its cells, and what agents got.

Asking costs what the askers cost. k claims are sorted in memory for k claims; what was granted is a
sorted list of places, in which rules look up their agent.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ...arrays import Column, Integers
from ...errors import RuleError
from ..ruled import Claiming
from ..words import claim_text, dividing
from .module import call
from .running import whom
from .state import CALLED
from .text import TILE

if TYPE_CHECKING:
    from .shard import Shard

CHUNK = 1 << 16  # Places of a rule for everyone that are asked at a time.
NOBODY = np.empty(0, np.int64)
Asked = tuple[Integers, Column]  # rows: place, cell, units, priority upside down; and luck
Granted = tuple[Integers, Integers]  # places and units


def ask(shard: Shard, claiming: Claiming, step: int) -> list[Asked]:
    """What the shard's agents ask for, by the shard that holds the cell."""
    rule, kernel = claiming.rule, shard.kernels[f"ask_{claiming.rule.name}"]
    luck = shard.program.luck(claiming, step)
    shard.state.widen(step)
    if rule.on.kind == "changed":
        shard.state.swap_changes(rule.name)
    if rule.on.kind in CALLED:
        shard.calling.call(claiming, step)
    agents, size, members = whom(shard, rule, luck)
    most = size if members is None else int(shard.module.count(*members.levels))
    known: dict[str, Any] = {"step": step, "luck": np.uint64(luck), **agents}

    def work(run: tuple[int, int]) -> tuple[Asked, Integers]:
        room = min(most, run[1] - run[0])
        asked, lucks = np.empty((4, room), np.int64), np.empty(room, np.uint64)
        error = np.array([1 << 62, 0, 0], np.int64)
        own = {"first": run[0], "last": run[1], "asked": asked, "lucks": lucks, "error": error}
        own |= {**known, "tile": np.empty(TILE, np.int64)}
        count = call(shard.module, kernel, shard.state.names, own)
        return (asked[:, :count].copy(), lucks[:count].copy()), error

    length = CHUNK if rule.on.kind == "everyone" else max(1, size)
    runs = [(at, min(size, at + length)) for at in range(0, size, length)]
    with dividing(rule.name, step):
        found = shard.workers.each(work, runs, len(runs) < 2)
    _raise_first(claiming, [error for _, error in found], step)
    if rule.on.kind == "changed":
        shard.module.empty(*shard.state.altering[rule.name].levels)
    if rule.on.kind in CALLED:
        shard.module.empty(*shard.state.called[rule.name].levels)
    return _by_owner(claiming, [asked for asked, _ in found], shard.part.count)


def settle(
    shard: Shard,
    claiming: Claiming,
    boxes: list[Asked],
    left: Sequence[int] | Integers,
    number: int = 0,
) -> tuple[list[Granted], list[int]]:
    """What the claims on this shard's cells get, by shard of the claimants; and what it takes.

    `left` is what there is in the cells from `number` on.
    """
    asked, lucks = _together(boxes)
    places, cells, units, upside_down = asked
    cells = cells - number
    rest = np.maximum(np.array(left, np.int64), 0)
    few = np.arange(places.size)
    if rest.size == 1 and claiming.rule.partial:
        few = foremost(upside_down, lucks, int(rest[0]))
    ordered = np.lexsort((places[few], lucks[few], upside_down[few], cells[few]))
    order = few[ordered]
    granted = np.zeros(places.size, np.int64)
    before = rest.copy()
    shard.module.grant(order, cells, units, rest, claiming.rule.partial, granted)
    replies: list[Granted] = []
    first = 0
    for box, _ in boxes:
        own = slice(first, first + box.shape[1])
        some = granted[own] > 0
        replies.append((places[own][some], granted[own][some]))
        first = own.stop
    return replies, (before - rest).tolist()


def foremost(upside_down: Integers, lucks: Column, most: int) -> Integers:
    """Which claims may be among the first `most`; the others need not be sorted.

    Every claim asks for a unit at least, so that of one cell with partial grants no claim behind
    the first `most` gets any. Of 700,000 claims on 4,000 units it takes a tenth of a full sort;
    `test_claims_behind_the_stock_are_left_out` holds it to that.
    """
    if most <= 0 or 2 * most >= upside_down.size:
        return np.arange(upside_down.size if most > 0 else 0)
    last = np.partition(upside_down, most - 1)[most - 1]
    before, among = upside_down < last, np.flatnonzero(upside_down == last)
    wanted = most - int(before.sum())
    luck = np.partition(lucks[among], wanted - 1)[wanted - 1]
    return np.concatenate([np.flatnonzero(before), among[lucks[among] <= luck]])


def receive(shard: Shard, claiming: Claiming, replies: list[Granted]) -> None:
    """Let what was granted to the shard's agents be read."""
    places = np.concatenate([p for p, _ in replies]) - shard.part.first
    units = np.concatenate([u for _, u in replies])
    order = np.argsort(places)
    shard.state.grant(claiming.rule.name, places[order], units[order])


def warm(shard: Shard) -> None:
    """Call what settles claims on none of them, so that it is compiled."""
    if shard.program.grants or shard.program.grants_others:
        shard.module.grant(NOBODY, NOBODY, NOBODY, NOBODY.copy(), True, NOBODY.copy())


def nobody_asks() -> dict[str, Any]:
    """Arguments of asking kernels for a call on nobody."""
    return {"asked": np.empty((4, 0), np.int64), "lucks": np.empty(0, np.uint64)}


def _by_owner(claiming: Claiming, found: list[Asked], shards: int) -> list[Asked]:
    asked, lucks = _together(found)
    if shards == 1:
        return [(asked, lucks)]
    owners = claiming.owner(asked[1], shards)
    return [(asked[:, owners == s], lucks[owners == s]) for s in range(shards)]


def _together(boxes: list[Asked]) -> Asked:
    if not boxes:
        return np.empty((4, 0), np.int64), np.empty(0, np.uint64)
    return np.concatenate([a for a, _ in boxes], axis=1), np.concatenate([b for _, b in boxes])


def _raise_first(claiming: Claiming, errors: list[Integers], step: int) -> None:
    place, cell, units = min((tuple(e.tolist()) for e in errors), default=(1 << 62, 0, 0))
    if place < 1 << 62:
        raise RuleError(claim_text(claiming.rule.name, place, cell, units, step))
