"""Claims on the CPU: who asks, what each shard grants of its cells, and what agents got.

Asking costs what the askers cost. Of claims on one cell only those are kept that may be served, and
none is sorted (see `granting`); k claims on several cells are sorted in memory for k claims. What
was granted is a sorted list of places, in which rules look up their agent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ...arrays import Column, Integers
from ...errors import RuleError
from ..ruled import Claiming
from ..words import claim_text, dividing
from .asking import on_one_cell
from .module import call
from .running import whom
from .state import CALLED
from .text import TILE
from .workers import INLINE

if TYPE_CHECKING:
    from .shard import Shard

CHUNK = 1 << 16  # Places of a rule for everyone that are asked at a time.
ROOM = 1 << 14  # Claims that a worker has room for beyond those that one cell may serve.
PART = 16  # One in so many claimants of a run foretells who gets nothing,
FORETOLD = 2  # where there are so many times as many as there is room for.
SPARE = 1 << 10  # Claims by which what they foretell may be out.
NOBODY = np.empty(0, np.int64)
Asked = tuple[Integers, Column]  # rows: place, cell, units, priority upside down; and luck
Granted = tuple[Integers, Integers]  # places and units


def ask(shard: Shard, claiming: Claiming, step: int, left: Sequence[int] | None) -> list[Asked]:
    """What the shard's agents ask for, by the shard that holds the cell.

    `left` is what there is in the cells of the environment; of claims on a single one only those
    are kept that may get some of it, so that k claims on m units take memory for about m.
    """
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
    one = left is not None and on_one_cell(shard.program, claiming)
    units = max(0, left[0]) if left is not None and one else 0

    def asked_by(run: tuple[int, int], room: dict[str, Any]) -> int:
        own = {"first": run[0], "last": run[1], **known, **room}
        return call(shard.module, kernel, shard.state.names, own)

    def work(run: tuple[int, int]) -> tuple[Asked, Integers]:
        size = min(most, run[1] - run[0])
        if one:  # A half more, so that not each claim that comes before another pushes it out.
            size = min(size, units + units // 2 + ROOM)
        room = _room(size, units)
        foretold = one and most > FORETOLD * size and _foretell(shard, asked_by, run, room)
        count = asked_by(run, room)
        if foretold and room["asked"][2, :count].sum(dtype=float) < units:
            room |= _nobody_behind()
            count = asked_by(run, room)
        return (room["asked"][:, :count].copy(), room["lucks"][:count].copy()), room["error"]

    with dividing(rule.name, step):
        runs = _runs(shard, claiming, size, one)
        found = shard.workers.each(work, runs, len(runs) < 2 or most < INLINE)
    _raise_first(claiming, [error for _, error in found], step)
    if rule.on.kind == "changed":
        shard.module.empty(*shard.state.altering[rule.name].levels)
    if rule.on.kind in CALLED:
        shard.module.empty(*shard.state.called[rule.name].levels)
    return _by_owner(claiming, [asked for asked, _ in found], shard.part.count)


def _runs(shard: Shard, claiming: Claiming, size: int, one: bool) -> list[tuple[int, int]]:
    """In which runs agents are asked: chunks where all may need room, or one a worker."""
    if claiming.rule.on.kind != "everyone" or one:
        return shard.workers.runs(size) if size == shard.size else [(0, size)]
    return [(at, min(size, at + CHUNK)) for at in range(0, size, CHUNK)]


def _room(size: int, units: int) -> dict[str, Any]:
    """A worker's room for so many claims, and what tells which of them may get any of `units`."""
    return {
        "asked": np.empty((4, size), np.int64),
        "lucks": np.empty(size, np.uint64),
        "error": np.array([1 << 62, 0, 0], np.int64),
        "tile": np.empty(TILE, np.int64),
        "most": units,
        "among": np.empty(size, np.int64),
        "sums": np.empty(256, np.int64),
        **_nobody_behind(),
    }


def _nobody_behind() -> dict[str, Any]:
    """A bar that all claims pass: the last priority upside down, and the last luck."""
    last = np.iinfo(np.int64).max, np.iinfo(np.uint64).max
    return {"bar": np.array([last[0]], np.int64), "bar_luck": np.array([last[1]], np.uint64)}


def _foretell(
    shard: Shard,
    asked_by: Callable[[tuple[int, int], dict[str, Any]], int],
    run: tuple[int, int],
    room: dict[str, Any],
) -> bool:
    """Set the bar from the first of a run, so that few are kept who get nothing; whether it is.

    It is set too low rather than too high; should it be too high, all are asked again. Of a million
    claims on 80,000 units, keeping and sorting out those behind took nine tenths of the time.
    """
    units, length = room["most"], (run[1] - run[0]) // PART
    room["most"] = units // PART + units // (2 * PART) + SPARE
    count = asked_by((run[0], run[0] + length), room)
    asked, lucks = room["asked"], room["lucks"]
    scratch = room["among"], room["sums"], room["bar"], room["bar_luck"]
    shard.module.keep_foremost(asked, lucks, count, room["most"], *scratch)
    room["most"] = units
    return bool(room["bar"][0] < np.iinfo(np.int64).max)


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
    rest = np.maximum(np.array(left, np.int64), 0)
    granted = np.zeros(places.size, np.int64)
    if rest.size == 1 and claiming.rule.partial:
        scratch = np.empty(places.size, np.int64), np.empty(256, np.int64)
        shard.module.grant_foremost(asked, lucks, int(rest[0]), *scratch, granted)
        taken = [int(granted.sum())]
    else:
        cells = cells - number
        order = np.lexsort((places, lucks, upside_down, cells))
        before = rest.copy()
        shard.module.grant(order, cells, units, rest, claiming.rule.partial, granted)
        taken = (before - rest).tolist()
    replies: list[Granted] = []
    first = 0
    for box, _ in boxes:
        own = slice(first, first + box.shape[1])
        some = granted[own] > 0
        replies.append((places[own][some], granted[own][some]))
        first = own.stop
    return replies, taken


def receive(shard: Shard, claiming: Claiming, replies: list[Granted]) -> None:
    """Let what was granted to the shard's agents be read."""
    places = np.concatenate([p for p, _ in replies]) - shard.part.first
    units = np.concatenate([u for _, u in replies])
    if np.any(places[1:] < places[:-1]):
        order = np.argsort(places)
        places, units = places[order], units[order]
    shard.state.grant(claiming.rule.name, places, units)


def warm(shard: Shard) -> None:
    """Call what settles claims on none of them, so that it is compiled."""
    if shard.program.grants or shard.program.grants_others:
        shard.module.grant(NOBODY, NOBODY, NOBODY, NOBODY.copy(), True, NOBODY.copy())
        room = _room(0, 0)
        names = ("asked", "lucks", "most", "among", "sums")
        shard.module.grant_foremost(*(room[name] for name in names), NOBODY.copy())
        names = ("among", "sums", "bar", "bar_luck")
        given = room["asked"], room["lucks"], 0, 0, *(room[name] for name in names)
        shard.module.keep_foremost(*given)


def nobody_asks() -> dict[str, Any]:
    """Arguments of asking kernels for a call on nobody."""
    return {name: value for name, value in _room(0, 0).items() if name not in ("error", "tile")}


def _by_owner(claiming: Claiming, found: list[Asked], shards: int) -> list[Asked]:
    asked, lucks = _together(found)
    if shards == 1:
        return [(asked, lucks)]
    owners = claiming.owner(asked[1], shards)
    return [(asked[:, owners == s], lucks[owners == s]) for s in range(shards)]


def _together(boxes: list[Asked]) -> Asked:
    if len(boxes) == 1:
        return boxes[0]
    if not boxes:
        return np.empty((4, 0), np.int64), np.empty(0, np.uint64)
    return np.concatenate([a for a, _ in boxes], axis=1), np.concatenate([b for _, b in boxes])


def _raise_first(claiming: Claiming, errors: list[Integers], step: int) -> None:
    place, cell, units = min((tuple(e.tolist()) for e in errors), default=(1 << 62, 0, 0))
    if place < 1 << 62:
        raise RuleError(claim_text(claiming.rule.name, place, cell, units, step))
