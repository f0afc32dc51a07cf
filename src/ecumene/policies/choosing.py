"""How an agent chooses: one draw and one look-up, the same bits on every backend.

Plain Python over a policy's numbers and arrays (`Policy.fields`): the reference backend runs it as
it stands, the compiled ones compile this very text, held to the cells there are.
"""

from __future__ import annotations

from typing import Any

from ..random import draw, unsigned
from .counting import passed

OUTSIDE = -1  # The situation of who has a value without a bin.
BEYOND = 1 << 40  # A cell that no table has: reading it is the error that every backend gives.


def choose(policy: Any, situation: int, key: int, k: int = 0) -> int:
    """The number of the action that the `k`-th draw under `key` picks in a situation.

    A situation is a number from 0, as `ec.situation` gives it. Where luck stays the same, raising
    the chances of earlier actions over later ones only ever lowers the number.
    """
    luck = draw(key, k) >> unsigned(policy.shift)
    if situation < 0 or situation >= policy.situations:
        return int(policy.below[BEYOND])
    return passed(policy.below, situation * policy.cuts, policy.cuts, luck)


def situation(
    policy: Any,
    a: float,
    b: float = 0,
    c: float = 0,
    d: float = 0,
    e: float = 0,
    f: float = 0,
    g: float = 0,
    h: float = 0,
) -> int:
    """The number of the situation with these values, one for each of the policy's columns.

    Each value is put into its bin, and the bins read as a number of mixed radix, the last column's
    counting fastest. A value that has no bin is an error where it is chosen by.
    """
    cell = joined(policy, 0, 0, a)
    if policy.columns > 1:
        cell = joined(policy, 1, cell, b)
    if policy.columns > 2:
        cell = joined(policy, 2, cell, c)
    if policy.columns > 3:
        cell = joined(policy, 3, cell, d)
    if policy.columns > 4:
        cell = joined(policy, 4, cell, e)
    if policy.columns > 5:
        cell = joined(policy, 5, cell, f)
    if policy.columns > 6:
        cell = joined(policy, 6, cell, g)
    if policy.columns > 7:
        cell = joined(policy, 7, cell, h)
    return cell


def joined(policy: Any, column: int, cell: int, value: float) -> int:
    """The cell's number with one column more; `OUTSIDE` once a value has no bin."""
    if cell < 0:
        return OUTSIDE
    place = OUTSIDE
    first = int(policy.edge_first[column])
    last = int(policy.edge_first[column + 1])
    if first < last:
        place = 0
        for edge in range(first, last):
            if float(value) >= policy.edges[edge]:
                place += 1
    elif int(value) >= 0 and int(value) < policy.values[column]:
        place = int(value)
        if policy.group_first[column] < policy.group_first[column + 1]:
            place = int(policy.groups[int(policy.group_first[column]) + place])
    if place < 0:
        return OUTSIDE
    return cell * int(policy.sizes[column]) + place
