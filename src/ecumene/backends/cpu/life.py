"""Who is there, in a shard of an open population: first holders, leaving, and the digest of it.

Who leaves is collected in a set while a phase runs and taken out at its end: of the tallies, of
every set, and of the columns, which are then as declared. So nothing else ever meets a free place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...arrays import Integers
from ...population import PRESENT
from ...random import MASK
from ..tally import Tally
from ..words import column_key
from .assigning import amounts_of
from .module import call
from .state import State
from .storage import Bits, lowered_bits
from .text import TILE

if TYPE_CHECKING:
    from .shard import Shard


def first_holders(state: State, first: int) -> None:
    """Let first holders stand at the first places; the others are free."""
    here = max(0, min(state.size, state.program.first_holders - first))
    fill(bits_of(state, PRESENT), 0, here)
    fill(state.free, here, state.size)
    state.who[:here] = np.arange(first, first + here)
    for name, stored in state.program.stored.items():
        column = state.columns[name]
        if stored.kind == "wake" and not isinstance(column, Bits):
            column[here:] = np.iinfo(column.dtype).max


def fill(bits: Bits, first: int, last: int) -> None:
    """Put places first..last-1 into an empty set."""
    for level in bits.levels:
        if last > first:
            _fill_words(level, first, last)
            first, last = first >> 6, (last + 63) >> 6


def _fill_words(words: Any, first: int, last: int) -> None:
    """Set bits first..last-1."""
    ones = np.uint64(MASK)
    low, high = first >> 6, (last - 1) >> 6
    words[low : high + 1] = ones
    words[low] &= ones << np.uint64(first & 63)
    words[high] &= ones >> np.uint64(63 - ((last - 1) & 63))


def bits_of(state: State, column: str) -> Bits:
    """The set of those whose flag or pulse is up."""
    bits = state.columns[column]
    assert isinstance(bits, Bits)
    return bits


def listed(shard: Shard, bits: Bits) -> Integers:
    """The local places of a set, in order."""
    out = np.empty(int(shard.module.count(*bits.levels)), np.int64)
    shard.module.list_set(*bits.levels, shard.size, out)
    return out


def depart(shard: Shard, who: str) -> None:
    """Let those leave whom the rule `who` sent away in this phase."""
    state = shard.state
    if state.leaving.some:
        gone = listed(shard, state.leaving)
        shard.module.empty(*state.leaving.levels)
        forget(shard, gone, who)


def note(shard: Shard, kind: str, who: str, mine: Integers) -> None:
    """Enter in the ledger who came or went by a rule or an intervention, and what they held."""
    places = mine + shard.part.first
    held = {f"{kind}:{name}": shard.values(name, places) for name in shard.program.held}
    for key, many in [(kind, mine.size), *((k, sum(v.tolist())) for k, v in held.items())]:
        shard.turnover[f"{key} {who}"] = shard.turnover.get(f"{key} {who}", 0) + many


def forget(shard: Shard, gone: Integers, who: str) -> None:
    """Free local places: their columns are as declared, and no set knows them."""
    state = shard.state
    note(shard, "left", who, gone)
    count(shard, gone, -1)
    for name, column in state.columns.items():
        stored = state.program.stored[name]
        if isinstance(column, Bits):
            lowered_bits(column, gone)
        elif stored.holds_steps:
            column[gone] = np.iinfo(column.dtype).max  # Nobody wakes; and nothing has happened.
        else:
            column[gone] = stored.default
    sets = (state.raised, state.arrived, state.altered, state.altering)
    for known in [bits for some in sets for bits in some.values()]:
        lowered_bits(known, gone)
    for claiming in state.program.grants.values():
        name = claiming.rule.name
        kept = ~np.isin(state.names[f"gp_{name}"], gone)
        state.grant(name, state.names[f"gp_{name}"][kept], state.names[f"gu_{name}"][kept])
    shard.module.put_all(*state.free.levels, gone)


def count(shard: Shard, mine: Integers, sign: int) -> None:
    """Add what agents at local places count in every tally, or take it away."""
    first = 0
    places = mine + shard.part.first
    for tally, cells in zip(shard.program.tallies, shard.program.groups, strict=True):
        exact = object if shard.program.wide(tally) else np.int64
        amounts = amounts_of(tally, shard.values(tally.column, places)).astype(exact)
        sums = np.zeros(cells, amounts.dtype)
        np.add.at(sums, _cells(shard, tally, places), amounts)
        for cell in range(cells):
            shard.cells[first + cell] += sign * int(sums[cell])
        first += cells


def _cells(shard: Shard, tally: Tally, places: Integers) -> Any:
    if tally.group is None:
        return np.zeros(places.size, np.int64)
    stored = shard.program.stored.get(tally.group)
    low = stored.low if stored else 0
    return shard.values(tally.group, places).astype(np.int64) - low


def digest_of_turnover(shard: Shard) -> tuple[int, int]:
    """The sums over who is there, less those over who was there at first."""
    sums = np.zeros(2, np.uint64)
    keys = [np.uint64(column_key(shard.program.prefix + PRESENT, half)) for half in (0, 1)]
    first = max(0, min(shard.size, shard.program.first_holders - shard.part.first))
    present, who = bits_of(shard.state, PRESENT).levels, shard.state.who
    shard.module.digest_turnover(*present, who, first, shard.part.first, *keys, sums)
    return int(sums[0]), int(sums[1])


def those_present(shard: Shard, drawn: Integers, luck: int, share: float) -> Integers:
    """The first holders `drawn` who are still there, and the newcomers whose lots are drawn."""
    state = shard.state
    here = shard.values(PRESENT, drawn + shard.part.first)
    stayed = here & (state.who[drawn] == drawn + shard.part.first)
    room = np.empty(int(shard.module.count(*bits_of(state, PRESENT).levels)), np.int64)
    own = {"luck": np.uint64(luck), "share": share, "out": room, "last": shard.size}
    own |= {"tile": np.empty(TILE, np.int64)}
    n = call(shard.module, shard.kernels["lots"], state.names, own)
    return np.concatenate([drawn[stayed], room[:n]])
