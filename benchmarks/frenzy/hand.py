"""The same year by hand: loops for this one shop, over plain arrays, with the very same luck.

What the shop itself decides (prices, stock, what is expected) is taken from the engine's year, week
by week; everything about people is worked out here. News is not told, as nobody counts it.
"""

from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
from benchmarks.spreading.luck import fold, luck_of, threshold
from numba import njit

from ecumene import functions
from ecumene.backends.words import CLAIM_ORDER
from ecumene.models.frenzy.shop import CLASSES, KINDS, SLICES, SMALLEST, TAIL, URGES, WEEKS

WORKERS = 2
PER_53 = 1.0 / (1 << 53)
log = njit(nogil=True)(functions.log)
WEEK = "since for_one by_taste for_more fear full further worth limit hoard bots learns first"
Week = namedtuple("Week", WEEK)
People = namedtuple("People", "holds asks scalps stash waited memory cash")
Room = namedtuple("Room", "places wants bid ahead got")
KEPT = ("pull", "lessons", "wears", "for_one", "by_taste", "for_more", "fear", "since", "launches")
KEPT = (*KEPT, "learns", "opened", "floor", "offered", "resale_price", "expected")


class Year:
    """The people of a simulation before its first week, and what they do in each."""

    def __init__(self, simulation) -> None:
        """Begin as the simulation begins."""
        program, agents = simulation.program, simulation.agents
        self.program, self.parameters, self.agents = program, program.parameters, agents
        narrow = (np.zeros(agents, np.uint8) for _ in range(5))
        scalps = simulation.column("scalps").astype(np.uint8)
        self.people = People(next(narrow), next(narrow), scalps, *narrow,
                             np.zeros(agents, np.int32))  # fmt: skip
        self.sellers = np.flatnonzero(scalps)
        self.luck = np.array(simulation.environment["luck"])
        self.full, self.further = (simulation.environment[n] for n in ("full", "further"))
        self.expected = simulation.environment["expected"]
        self.pool = ThreadPoolExecutor(WORKERS)
        cuts = [agents * w // WORKERS for w in range(WORKERS + 1)]
        self.parts = list(pairwise(cuts))
        self.rooms = [_room(last - first) for first, last in self.parts]

    def week(self, env, step: int) -> None:
        """One week, under the shop's values `env` of the engine's week."""
        p, luck = self.parameters, luck_of(self.program, "feel", step)
        worth = self.expected > p["price"] + p["cost"]
        bounds = (env[name] for name in ("for_one", "by_taste", "for_more"))
        week = Week(env["since"], *bounds, env["fear"][0], self.full, self.further, worth,
                    p["limit"], p["hoard"], p["bots"], env["learns"],
                    env["launches"] == 1)  # fmt: skip
        tables = [np.array(env[name]) for name in ("pull", "lessons")]
        wears = threshold(env["wears"])

        def ask(w):
            sums = np.zeros(512, np.int64)
            given = (*self.parts[w], self.people, self.rooms[w], week, luck, wears)
            return asking(*given, *tables, self.luck, sums), sums

        asked = list(self.pool.map(ask, range(WORKERS)))
        counts, sums = [n for n, _ in asked], sum(s for _, s in asked)
        queue = luck_of(self.program, "queue", step)
        self._serve(counts, sums, env["opened"], queue, 0)
        list(self.pool.map(lambda w: pay(counts[w], self.people, self.rooms[w], p["price"]),
                           range(WORKERS)))  # fmt: skip
        if env["offered"]:
            self._resell(counts, env, step, week.first)
        self.expected = env["expected"]

    def _serve(self, counts, sums, stock, luck, bought) -> None:
        """Grant by priority, of which `sums` has the units, and among equals by lot."""
        last, left = 511, stock
        while last > 0 and sums[last] <= left:
            left -= sums[last]
            last -= 1
        found = [
            among(n, room, last, luck, bought) for n, room in zip(counts, self.rooms, strict=True)
        ]
        lots = np.concatenate([lot for lot, _ in found])
        both = list(zip(found, self.rooms, strict=True))
        units = np.concatenate([room.wants[k] for (_, k), room in both])
        units = np.ones_like(units) if bought else units
        order = np.argsort(lots)
        before = np.cumsum(units[order].astype(np.int64)) - units[order]
        given = np.zeros(units.size, np.uint8)
        given[order] = np.clip(left - before, 0, units[order])
        cut = found[0][0].size
        for part, ((_, k), room) in zip((given[:cut], given[cut:]), both, strict=True):
            room.got[k] += part << bought

    def _resell(self, counts, env, step: int, first: bool) -> None:
        """Whoever bids above the floor gets a unit, at the floor by lot; sellers by lot, too."""
        price, sums = env["resale_price"], np.zeros(512, np.int64)
        for n, room in zip(counts, self.rooms, strict=True):
            sums += bidding(n, room, env["floor"], np.zeros(512, np.int64))
        self._serve(counts, sums, env["offered"], luck_of(self.program, "bid_for", step), 1)
        for n, room in zip(counts, self.rooms, strict=True):
            pay_more(n, self.people, room, price, first)
        lots = drawn(self.sellers, luck_of(self.program, "sell", step))
        stash = self.people.stash[self.sellers].astype(np.int64)
        order = np.argsort(lots)
        before = np.cumsum(stash[order]) - stash[order]
        sold = np.clip(env["offered"] - before, 0, stash[order])
        self.people.stash[self.sellers[order]] -= sold.astype(np.uint8)
        self.people.cash[self.sellers[order]] += (price * sold).astype(np.int32)


def _room(size: int) -> Room:
    return Room(np.empty(size, np.uint32), *(np.empty(size, np.uint8) for _ in range(2)),
                np.empty(size, np.uint16), np.empty(size, np.uint8))  # fmt: skip


@njit(nogil=True)
def asking(first, last, people, room, week, luck, wears, pull, lessons, quantiles, sums):
    """Who of first..last-1 asks: listed with units, bid and priority; sums of units by that."""
    k, eighth = 0, np.uint64(1)
    for i in range(first, last):
        who = np.uint64(i)
        key = fold(luck, who)
        step = fold(key, np.uint64(WEEKS + week.since))
        if people.asks[who]:  # in vain
            people.asks[who] = 0
            people.waited[who] = min(255, people.waited[who] + 1)
            if week.learns and not people.scalps[who] and people.memory[who] == 0:
                people.memory[who] = 1
        holds = people.holds[who]
        if holds > 0 and fold(step, eighth) < wears:
            holds -= 1
            people.holds[who] = holds
        urge = np.int64(((step >> np.uint64(32)) * np.uint64(URGES)) >> np.uint64(32))
        kind = np.int64(((key >> np.uint64(32)) * np.uint64(KINDS)) >> np.uint64(32))
        if people.scalps[who]:
            wants = min(week.hoard - np.int64(people.stash[who]), week.limit) if week.worth else 0
            bid, ahead = CLASSES, np.int64(people.waited[who]) + week.bots
            if wants <= 0:
                continue
        elif urge < (week.for_one + week.by_taste * kind if holds == 0 else week.for_more):
            worth = pull[kind] + lessons[people.memory[who]] - week.full * holds + week.fear
            u = np.float64(step >> np.uint64(11)) * PER_53
            n = np.int64(u * SLICES)
            drawn = quantiles[n] + (u * SLICES - n) * (quantiles[n + 1] - quantiles[n])
            if n < TAIL or n >= SLICES - TAIL:
                drawn = log(max(u, SMALLEST)) - log(1.0 - u)
            if worth <= drawn:
                continue
            wants = min(1 + np.int64(min(254.0, (worth - drawn) * week.further)), week.limit)
            bid = 1 + np.int64(min(CLASSES - 2.0, 4.0 * (worth - drawn)))
            ahead = np.int64(people.waited[who])
        else:
            continue
        people.asks[who] = 1
        room.places[k], room.wants[k], room.bid[k], room.ahead[k] = i, wants, bid, ahead
        sums[ahead] += wants
        k += 1
    return k


@njit(nogil=True)
def lot_of(luck, place):
    return fold(fold(luck, np.uint64(place)), np.uint64(CLAIM_ORDER))


def among(n, room, last, luck, bought):
    """The lots, and places in the list, of those of priority `last`; who is ahead is served."""
    lots, found = np.empty(n, np.uint64), np.empty(n, np.int64)
    size = ahead_of(n, room, last, luck, bought, lots, found)
    return lots[:size], found[:size]


@njit(nogil=True)
def ahead_of(n, room, last, luck, bought, lots, found):
    size = 0
    for k in range(n):
        if not bought:
            room.got[k] = room.wants[k] if room.ahead[k] > last else 0
        elif room.ahead[k] > last:
            room.got[k] += 2
        if room.ahead[k] == last:
            lots[size], found[size] = lot_of(luck, room.places[k]), k
            size += 1
    return size


@njit(nogil=True)
def pay(n, people, room, price):
    for k in range(n):
        if room.got[k] > 0:
            i = room.places[k]
            people.cash[i] -= price * room.got[k]
            (people.stash if people.scalps[i] else people.holds)[i] += room.got[k]
            people.asks[i], people.waited[i] = 0, 0
            room.bid[k] = 0


@njit(nogil=True)
def bidding(n, room, floor, sums):
    """Let bids be priorities, 0 for who bids too little or not at all; how many are of each."""
    for k in range(n):
        bid = room.bid[k]
        room.ahead[k] = bid if floor <= bid < CLASSES else 0
        room.got[k] = 1 if room.got[k] > 0 else 0
        if room.ahead[k] > 0:
            sums[bid] += 1
    return sums


@njit(nogil=True)
def pay_more(n, people, room, price, first):
    for k in range(n):
        if room.got[k] > 1:
            i = room.places[k]
            people.cash[i] -= price
            people.holds[i] += 1
            people.asks[i], people.waited[i] = 0, 0
            if first:
                people.memory[i] = 2


@njit(nogil=True)
def drawn(places, luck):
    lots = np.empty(places.size, np.uint64)
    for s in range(places.size):
        lots[s] = lot_of(luck, places[s])
    return lots
