"""Claims on the CPU: who asks, what each shard grants of its cells, and what agents got.

Asking costs what the askers cost. Of claims on one cell only those are kept that may be served, and
none is sorted (see `granting`); k claims on several cells are sorted in memory for k claims. What
was granted is a sorted list of places, in which rules look up their agent.
"""

from __future__ import annotations

import math
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
from .tallying import HALF
from .text import TILE
from .workers import INLINE

if TYPE_CHECKING:
    from .shard import Shard

CHUNK = 1 << 16  # Places of a rule for everyone that are asked at a time.
ROOM = 1 << 14  # Claims that a worker has room for beyond those that one cell may serve.
PART = 1 << 16  # The first agents of a run, of whom claims are taken to foretell who gets nothing,
FORETOLD = 2  # where there are so many times as many as there is room for.
NOBODY = np.empty(0, np.int64)
Asked = tuple[Integers, Column]  # columns: place, cell, units, priority upside down; and luck
Granted = tuple[Integers, Integers]  # places and units
Found = tuple[Asked, int, Integers, Integers]  # claims, how many; what is wrong; units asked for
NOTHING: Asked = (np.empty((0, 4), np.int64), np.empty(0, np.uint64))


def ask(
    shard: Shard, claiming: Claiming, step: int, left: Sequence[int] | None
) -> tuple[list[Asked], list[int]]:
    """What the shard's agents ask for, by the shard that holds the cell; and how much of each.

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

    def work(job: tuple[int, tuple[int, int]]) -> Found:
        number, run = job
        if not one:
            room = _room(min(most, run[1] - run[0]), units)
            count = asked_by(run, room)
            kept = room["asked"][:count].copy(), room["lucks"][:count].copy()
            return kept, count, room["error"], room["wanted"]
        room = _room(0, units) | shard.claims.part(number * own, own)
        foretold = most > FORETOLD * own and _foretell(shard, asked_by, run, room)
        count = asked_by(run, room)
        if foretold and room["asked"][:count, 2].sum(dtype=float) < units:
            room |= _nobody_behind()
            count = asked_by(run, room)
        return NOTHING, count, room["error"], room["wanted"]

    with dividing(rule.name, step):
        runs = _runs(shard, claiming, size, one)
        # A half more, so that not each claim that comes before another pushes it out.
        own = min(most, max(b - a for a, b in runs), units + units // 2 + ROOM) if one else 0
        shard.claims.take(own * len(runs))
        found = shard.workers.each(work, list(enumerate(runs)), len(runs) < 2 or most < INLINE)
    _raise_first(claiming, [error for _, _, error, _ in found], step)
    if rule.on.kind == "changed":
        shard.module.empty(*shard.state.altering[rule.name].levels)
    if rule.on.kind in CALLED:
        shard.module.empty(*shard.state.called[rule.name].levels)
    boxes = [asked for asked, _, _, _ in found]
    if one:
        n = shard.claims.together([(at * own, count) for at, (_, count, _, _) in enumerate(found)])
        boxes = [(shard.claims.asked[:n], shard.claims.lucks[:n])]
    wanted = _wanted(shard, claiming, boxes, [wanted for _, _, _, wanted in found])
    return _by_owner(claiming, boxes, shard.part.count), wanted


def _runs(shard: Shard, claiming: Claiming, size: int, one: bool) -> list[tuple[int, int]]:
    """In which runs agents are asked: chunks where all may need room, or one a worker."""
    if claiming.rule.on.kind != "everyone" or one:
        return shard.workers.runs(size) if size == shard.size else [(0, size)]
    return [(at, min(size, at + CHUNK)) for at in range(0, size, CHUNK)]


def _room(size: int, units: int) -> dict[str, Any]:
    """A worker's room for so many claims, and what tells which of them may get any of `units`."""
    return {
        "asked": np.empty((size, 4), np.int64),
        "lucks": np.empty(size, np.uint64),
        "error": np.array([1 << 62, 0, 0], np.int64),
        "wanted": np.zeros(2, np.int64),
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
    units, length = room["most"], min(PART, (run[1] - run[0]) // 8)
    fair = units * length // (run[1] - run[0])  # So much of it theirs would be, give or take.
    room["most"] = fair + fair // 4 + 8 * math.isqrt(fair) + 64
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
) -> tuple[list[Granted], list[int], list[int | None]]:
    """What the claims on this shard's cells get, by shard of the claimants; and what it takes.

    `left` is what there is in the cells from `number` on. Who was last of each is worked out where
    the claim tells it.
    """
    asked, lucks = _together(boxes)
    places, cells, units, upside_down = asked.T
    rest = np.maximum(np.array(left, np.int64), 0)
    if rest.size == 1 and claiming.rule.partial:
        shard.claims.take(places.size)
        among, granted = shard.claims.among[: places.size], shard.claims.granted[: places.size]
        sums = np.empty(256, np.int64)
        shard.module.grant_foremost(asked, lucks, int(rest[0]), among, sums, granted)
        taken = [int(granted.sum())]
    else:
        granted = np.zeros(places.size, np.int64)
        units = np.ascontiguousarray(units)
        cells = cells - number
        order = np.lexsort((places, lucks, upside_down, cells))
        before = rest.copy()
        shard.module.grant(order, cells, units, rest, claiming.rule.partial, granted)
        taken = (before - rest).tolist()
    replies: list[Granted] = []
    first = 0
    for box, _ in boxes:
        own = slice(first, first + box.shape[0])
        some = np.flatnonzero(granted[own])
        replies.append((places[own][some], granted[own][some]))
        first = own.stop
    last = _last(cells, upside_down, granted, rest.size) if claiming.rule.last else []
    return replies, taken, last


def _last(cells: Integers, upside_down: Integers, granted: Integers, size: int) -> list[int | None]:
    """Of each cell the lowest priority that got any."""
    some = granted > 0
    last = np.full(size, np.iinfo(np.int64).min)
    np.maximum.at(last, cells[some], upside_down[some])
    has = np.isin(np.arange(size), cells[some])
    return [~one if known else None for one, known in zip(last.tolist(), has, strict=True)]


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


def _wanted(
    shard: Shard, claiming: Claiming, boxes: list[Asked], sums: list[Integers]
) -> list[int]:
    """How many units of each cell are asked for, if that is told; exactly, however many."""
    if not claiming.rule.asked:
        return []
    if on_one_cell(shard.program, claiming):  # Not all claims are kept: counted when asked.
        return [sum(int(low) + (int(high) << HALF) for low, high in sums)]
    asked, _ = _together(boxes)
    halves = np.zeros((2, shard.program.capacity_cells(claiming)), np.int64)
    np.add.at(halves[0], asked[:, 1], asked[:, 2] & ((1 << HALF) - 1))
    np.add.at(halves[1], asked[:, 1], asked[:, 2] >> HALF)
    return [low + (high << HALF) for low, high in halves.T.tolist()]


def _by_owner(claiming: Claiming, found: list[Asked], shards: int) -> list[Asked]:
    asked, lucks = _together(found)
    if shards == 1:
        return [(asked, lucks)]
    owners = claiming.owner(asked[:, 1], shards)
    return [(asked[owners == s], lucks[owners == s]) for s in range(shards)]


def _together(boxes: list[Asked]) -> Asked:
    if len(boxes) == 1:
        return boxes[0]
    if not boxes:
        return NOTHING
    return np.concatenate([a for a, _ in boxes]), np.concatenate([b for _, b in boxes])


def _raise_first(claiming: Claiming, errors: list[Integers], step: int) -> None:
    place, cell, units = min((tuple(e.tolist()) for e in errors), default=(1 << 62, 0, 0))
    if place < 1 << 62:
        raise RuleError(claim_text(claiming.rule.name, place, cell, units, step))
