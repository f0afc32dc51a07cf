"""Claims, in the reference: who asks for how much, and who gets it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...arrays import Integers
from ...errors import RuleError
from ...random import fold
from ..register import LEFT, STRAY
from ..ruled import Claiming
from ..words import CLAIM_ORDER, claim_text
from .running import whom

if TYPE_CHECKING:
    from .shard import Shard


Asked = tuple[int, int, int, int, int]  # cell, minus priority, luck, place, units


def ask(shard: Shard, claiming: Claiming, step: int) -> tuple[list[list[Asked]], list[int]]:
    """What agents ask for, by the shard that decides on the cell; and how much of each cell."""
    rule, key = claiming.rule, shard.program.luck(claiming, step)
    cells = shard.program.capacity_cells(claiming)
    boxes: list[list[Asked]] = [[] for _ in range(shard.part.count)]
    wanted = [0] * cells if rule.asked else []
    for place in whom(shard, claiming, key, step):
        luck = fold(shard.program.own(key, place), shard.who(place))
        seen = (shard.me(place, claiming.reads), *shard.globals_now(step), luck)
        result = shard.call(claiming, place, step, rule.function, *seen)
        named, units, priority = map(int, result)
        cell = _cell(shard, claiming, named)
        if units < 0 or (units > 0 and cell != LEFT and not 0 <= cell < cells):
            raise RuleError(claim_text(rule.name, place, named, units, step))
        if units > 0 and cell != LEFT:
            asked = (cell, -priority, fold(luck, CLAIM_ORDER), place, units)
            boxes[claiming.owner(cell, shard.part.count)].append(asked)
            if rule.asked:
                wanted[cell] += units
    return boxes, wanted


def _cell(shard: Shard, claiming: Claiming, named: int) -> int:
    """The cell of what a claim names; `STRAY` where that is nothing, `LEFT` who is not there."""
    if claiming.column is None or not claiming.column.is_open:
        return named if named >= 0 else STRAY
    return shard.found(claiming.column.of, named)


def grant(
    shard: Shard,
    claiming: Claiming,
    boxes: list[list[Asked]],
    left: Sequence[int] | Integers,
    size: int,
    first: int = 0,
) -> tuple[list[list[tuple[int, int]]], list[int], list[int | None]]:
    """Grant in order of priority, luck and identity, as far as each cell goes."""
    rest = [max(0, int(units)) for units in left]
    replies: list[list[tuple[int, int]]] = [[] for _ in range(shard.part.count)]
    last: list[int | None] = [None] * len(rest)
    for number, upside_down, _, place, units in sorted(asked for box in boxes for asked in box):
        cell = number - first
        given = min(units, rest[cell]) if claiming.rule.partial or units <= rest[cell] else 0
        rest[cell] -= given
        if given:
            replies[place // size].append((place, given))
            last[cell] = -upside_down
    return replies, [max(0, int(was)) - now for was, now in zip(left, rest, strict=True)], last
