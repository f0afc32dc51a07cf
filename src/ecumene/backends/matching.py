"""A meeting of everybody: all agents matched by a keyed permutation, which nobody has to remember.

Agents stand where the permutation sends them; two and two meet, and of an odd number the last one
meets nobody. Where everybody is present there is nobody more or less, so the pairs need not be
those of the trie of ranks (`partners.paired`), which takes memory and ten times as long.
"""

from __future__ import annotations

from ..networks.permutation import Keys, backward, forward, round_keys, side_of
from ..rules import Encounter, Meeting

NOBODY = -1


def all_meet(rule: Encounter | Meeting, is_open: bool) -> bool:
    """Whether everybody there ever is meets, all with all."""
    everybody = rule.kind == "meeting" and rule.within is None and rule.on.kind == "everyone"
    return everybody and not is_open


def matched(luck: int, agents: int, i: int) -> int:
    """Whom agent `i` of 0..agents-1 meets, or -1; `luck` is the rule's, folded with `RANK`."""
    side, keys = side_of(agents), round_keys(luck)
    return beside(i, agents, side, 1.0 / side, keys)


def beside(i: int, agents: int, side: int, per_side: float, keys: Keys) -> int:
    """The same, with the numbers and keys of the permutation."""
    position = forward(i, agents, side, per_side, keys) ^ 1
    return backward(position, agents, side, per_side, keys) if position < agents else NOBODY


def left_over(luck: int, agents: int) -> int:
    """Who of 0..agents-1 meets nobody, or -1 if their number is even."""
    if agents % 2 == 0:
        return NOBODY
    side = side_of(agents)
    return backward(agents - 1, agents, side, 1.0 / side, round_keys(luck))
