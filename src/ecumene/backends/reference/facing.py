"""Encounters and meetings, in the reference: who faces whom, and what that shows."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from ...population import PRESENT
from ...random import fold
from ...rules import DEGREE, LEADS
from ..comm import Comm
from ..matching import NOBODY, all_meet, matched
from ..partners import LEAD, NEIGHBOUR, PAIR, RANK, drawn_tie, is_leading, pair_key, paired
from ..ruled import Facing
from .running import whom

if TYPE_CHECKING:
    from .shard import Shard


def face(shard: Shard, facing: Facing, comm: Comm, step: int) -> None:
    """Work out what an encounter or meeting gives; all shards do so at the same time."""
    rule, luck = facing.rule, shard.program.luck(facing, step)
    acting = list(whom(shard, facing, luck, step))
    if rule.kind == "encounter":
        others = _encountered(shard, rule, luck, acting, comm)
    elif all_meet(rule, shard.program.is_open):
        met = {i: matched(fold(luck, RANK), shard.program.agents, i) for i in acting}
        others = {place: other for place, other in met.items() if other != NOBODY}
    else:
        others = _met(shard, rule, luck, acting, comm)
    shown = _shown(shard, facing, sorted(set(others.values())), comm)
    for place, other in others.items():
        mine = shard.who(place)
        key, role = fold(shard.program.own(luck, place), mine), dict[str, bool]()
        if rule.kind == "meeting":
            its = shown[other].identity if shard.program.is_open else other
            key = pair_key(fold(luck, PAIR), mine, its)
            role = {LEADS: is_leading(fold(luck, LEAD), key, mine, its)}
        me = shard.me(place, facing.reads, **role)
        seen = (me, shown[other], *shard.globals_now(step), key)
        result = shard.call(facing, place, step, rule.function, *seen)
        values = result if len(rule.writes) > 1 else (result,)
        for column, value in zip(rule.writes, values, strict=True):
            shard.faced.append((rule.name, place, column, value))


def _encountered(
    shard: Shard, rule: Any, luck: int, acting: list[int], comm: Comm
) -> dict[int, int]:
    """Whom each of those who act draws of its neighbours; nobody where the tie has no end."""
    net, found = shard.program.networks[rule.over], dict[int, int]()
    for place in acting:
        degree = net.degree(shard.nets[rule.over], place)
        if degree > 0:
            k = drawn_tie(shard.program.own(fold(luck, NEIGHBOUR), place), shard.who(place), degree)
            other = net.neighbour(shard.nets[rule.over], place, k)
            if other >= 0:
                found[place] = other
    if not shard.program.is_open:
        return found
    here = set[int]().union(*comm.alltoallv([shard.where(PRESENT)] * comm.shards))
    return {place: other for place, other in found.items() if other in here}


def _met(shard: Shard, rule: Any, luck: int, acting: list[int], comm: Comm) -> dict[int, int]:
    """Whom each of those present here meets; every shard hears of everybody present."""
    mine = [(shard.seen(rule.within, p) if rule.within else 0, shard.who(p), p) for p in acting]
    groups: dict[int, list[int]] = defaultdict(list)
    place_of: dict[int, int] = {}
    for box in comm.alltoallv([mine] * comm.shards):
        for group, who, place in box:
            groups[group].append(who)
            place_of[who] = place
    pairs = [pair for present in groups.values() for pair in paired(fold(luck, RANK), present)]
    partner = dict(pairs) | {b: a for a, b in pairs}
    met = [(place, partner.get(shard.who(place))) for place in acting]
    return {place: place_of[other] for place, other in met if other is not None}


def _shown(shard: Shard, facing: Facing, places: list[int], comm: Comm) -> dict[int, Any]:
    """What the agents at `places` show, asked of the shards that hold them."""
    size, shards = shard.part.size, range(comm.shards)
    asked = comm.alltoallv([[p for p in places if p // size == s] for s in shards])
    told = [[(p, _other(shard, p, facing)) for p in box] for box in asked]
    return {place: shown for box in comm.alltoallv(told) for place, shown in box}


def _other(shard: Shard, place: int, facing: Facing) -> Any:
    known: dict[str, int] = {}
    if facing.rule.kind == "encounter" and DEGREE in facing.shows:
        over = facing.rule.over
        known[DEGREE] = shard.program.networks[over].degree(shard.nets[over], place)
    return shard.me(place, facing.shows, **known)
