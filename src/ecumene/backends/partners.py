"""Who faces whom, as every backend means it: the luck of encounters and meetings, and the pairing.

All who are present in a group get a 64-bit rank by luck. The ranks form a binary trie; where two
sibling subtrees each leave one agent over, these two meet. So the pairs are a function of the set
alone; an agent more or less changes only leftovers on the way from its rank to the root, half of
the log2(n) levels on average, and everybody else keeps whom it met. Where everybody there ever is
meets, `matching` pairs them instead.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..random import fold, integer
from .words import name_number

# A rule's luck is folded with one of these for each purpose besides the rule's own draws.
NEIGHBOUR = name_number("facing: which tie an agent draws")
RANK = name_number("facing: an agent's rank among those present")
PAIR = name_number("facing: what two agents draw who meet")
LEAD = name_number("facing: which of the two leads")


def drawn_tie(luck: int, identity: int, degree: int) -> int:
    """Which of its ties an agent draws; `luck` is the rule's, folded with `NEIGHBOUR`."""
    return integer(fold(luck, identity), degree)


def pair_key(luck: int, one: int, two: int) -> int:
    """The key of a pair, the same from both sides; `luck` is the rule's, folded with `PAIR`."""
    return fold(fold(luck, min(one, two)), max(one, two))


def is_leading(luck: int, key: int, me: int, other: int) -> bool:
    """Whether `me` leads in the pair of this `key`; `luck` is the rule's, folded with `LEAD`."""
    return (integer(fold(luck, key), 2) == 0) == (me < other)


def paired(luck: int, identities: Iterable[int]) -> list[tuple[int, int]]:
    """The pairs among the agents of one group; `luck` is the rule's, folded with `RANK`."""
    pairs: list[tuple[int, int]] = []
    _left_over(sorted((fold(luck, i), i) for i in identities), 63, pairs)
    return pairs


def _left_over(ranked: list[tuple[int, int]], bit: int, pairs: list[tuple[int, int]]) -> int | None:
    """Pair those below a node of the trie; who is left over, if anybody."""
    if len(ranked) < 2:
        return ranked[0][1] if ranked else None
    if bit < 0:  # Equal ranks, one in 2**64: in order of identity.
        pairs += [(a[1], b[1]) for a, b in zip(ranked[::2], ranked[1::2], strict=False)]
        return ranked[-1][1] if len(ranked) % 2 else None
    lower = [r for r in ranked if not r[0] >> bit & 1]
    left = _left_over(lower, bit - 1, pairs)
    right = _left_over(ranked[len(lower) :], bit - 1, pairs)
    if left is None or right is None:
        return right if left is None else left
    pairs.append((left, right))
    return None
