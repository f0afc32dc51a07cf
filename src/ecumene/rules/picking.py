"""Drawing a member of a group, in proportion to the members' weights."""

from __future__ import annotations

from typing import Any

from ..population import NOBODY
from ..random import below


def pick(key: int, group: Any, number: int, k: int = 0) -> int:
    """The identity of a member of group `number`, drawn by the `k`-th draw under `key`.

    `group` is one of the model's groups, `env.NAME`. Each member is drawn in proportion to its
    weight; `ec.NOBODY` where the group has no member, or there is no such group.
    """
    if number < group.low or number > group.high:
        return NOBODY
    first = int(group.starts[number - group.low])
    last = int(group.starts[number - group.low + 1])
    if first == last:
        return NOBODY
    drawn = below(key, int(group.sums[last - 1]), k)
    while last - first > 1:  # sums[first - 1] <= drawn < sums[last - 1]
        middle = (first + last) // 2
        if drawn < int(group.sums[middle - 1]):
            last = middle
        else:
            first = middle
    return int(group.members[first])
