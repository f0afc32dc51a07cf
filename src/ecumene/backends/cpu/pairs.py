"""Who meets whom: those present are put into buckets of the trie of their ranks, and paired there.

Over shards an agent is sent to the shard of its rank's leading bits, and who is left over there to
the shard of its group; so a shard works on its share of those present, however they are grouped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...arrays import Column, Integers
from ...population import BORN
from ...population.stored import MOST
from ..comm import Comm
from ..ruled import Facing
from .module import call

if TYPE_CHECKING:
    from .rounds import Each, Log
    from .shard import Shard

MEAN = 8  # Entries of a bucket: sorted by insertion, in the first-level cache.
FEW = 1 << 14  # Below so many, handing over to threads costs more than the work.
EVERY_RANK = (1 << 64) - 1
Groups = tuple[Integers, bool]  # codes, and whether there are any
Entries = tuple[Integers, Integers, bool]  # places, codes of their groups, whether there are any


class Pairs:
    """Pairs those of a shard who are present for one meeting."""

    def __init__(self, shard: Shard, facing: Facing, each: Each) -> None:
        """Take what is to be paired; `each` hands out work."""
        self.shard, self.facing, self.each = shard, facing, each

    def find(self, log: Log, n: int, luck: Any, comm: Comm) -> None:
        """Write into the log's `partner` whom each of the `n` listed agents meets, or -1."""
        self.log, self.luck = log, luck
        partner = log.room("partner", log.arrays["place"].dtype, n)[:n]
        places, groups = log.arrays["place"][:n], self._groups(n)
        if self.shard.program.is_open:
            partner[:] = self._find_by_identity(places, groups, comm)
        elif comm.shards == 1:
            self._pair(places, groups, EVERY_RANK, partner)
        else:
            partner[:] = self._find_over_shards(places + self.shard.part.first, groups, comm)

    def _find_by_identity(self, places: Integers, groups: Groups, comm: Comm) -> Integers:
        """Pair by identities, whose ranks do not hang on places; the places of those met, or -1."""
        who = self.shard.state.who[places]
        if comm.shards == 1:
            partner = np.empty(places.size, np.int64)
            self._pair(who, groups, EVERY_RANK, partner)
            return places_of(partner, who, places)
        return self._find_over_shards(who, groups, comm, places + self.shard.part.first)

    def _groups(self, n: int) -> Groups:
        """The groups of those listed; without any, all are in group 0."""
        shard, rule = self.shard, self.facing.rule
        within = rule.within if rule.kind == "meeting" else None
        if within is None:
            return np.zeros(1, np.int64), False
        codes = self.log.room("group", np.int64, n)
        own = {"first": 0, "last": n, **self.log.arrays}
        kernel = shard.kernels[f"within_{rule.name}"]
        call(shard.module, kernel, shard.state.names, own)
        return codes[:n], True

    def _find_over_shards(
        self, places: Integers, groups: Groups, comm: Comm, held: Integers | None = None
    ) -> Integers:
        """Pair with those of other shards; whom each listed agent meets, or -1.

        In an open population `places` are identities, and `held` the places that they hold.
        """
        codes, grouped = groups
        codes = codes if grouped else np.zeros(places.size, np.int64)
        bits = (comm.shards - 1).bit_length() + 3
        cells = self._hashed(places) >> np.uint64(64 - bits)
        by_rank = Exchange(comm, (cells * np.uint64(comm.shards)) >> np.uint64(bits))
        here, codes = by_rank.give(places), by_rank.give(codes)
        partner = np.empty(here.size, here.dtype)
        limit = (1 << (64 - bits)) - 1
        left = self._pair(here, (codes, grouped), limit, partner)
        by_group = Exchange(comm, self._hashed(codes[left]) % np.uint64(comm.shards))
        rest, codes = by_group.give(here[left]), by_group.give(codes[left])
        found = np.empty(rest.size, rest.dtype)
        self._pair(rest, (codes, grouped), EVERY_RANK, found)
        if held is None:
            partner[left] = by_group.give_back(found)
            return by_rank.give_back(partner)
        held = by_rank.give(held)
        partner = places_of(partner, here, held)
        partner[left] = by_group.give_back(places_of(found, rest, by_group.give(held[left])))
        return by_rank.give_back(partner)

    def _hashed(self, numbers: Integers) -> Column:
        out = np.empty(numbers.size, np.uint64)
        self.shard.module.rank_all(numbers.astype(np.int64), self.luck, out)
        return out

    def _pair(self, places: Integers, groups: Groups, limit: int, partner: Integers) -> Integers:
        """Pair the entries whose ranks differ by `limit` at most; who is left over."""
        codes, grouped = groups
        low = int(codes.min(initial=MOST)) if grouped else 0
        span = max(1, int(codes.max(initial=low)) - low + 1) if grouped else 1
        wished = max(1, places.size // MEAN)
        hashed = grouped and span > wished
        cells = 1 if hashed else span
        bits = (wished // cells).bit_length() - (0 if hashed else 1)
        workers = 1 if places.size < FEW else self.shard.threads
        entries = (places, codes, grouped)

        def work(worker: int) -> Integers:
            ends = (cells << bits) * np.arange(worker, worker + 2) // workers
            found = self._filled(worker, int(ends[0]), int(ends[1]), entries, (low, bits, hashed))
            return self._paired(worker, *found, entries, limit, partner)

        left = np.concatenate(self.each(work, range(workers), workers == 1))
        if hashed:  # Whole groups stood in one bucket.
            return left
        one = np.array([left.size], np.int64)
        return self._paired(0, one, left, left.size, entries, limit, partner)

    def _filled(
        self, worker: int, first: int, last: int, entries: Entries, how: tuple[int, int, bool]
    ) -> tuple[Integers, Integers, int]:
        """Where buckets first..last-1 end, the numbers of their entries, and the most in one."""
        log, module = self.log, self.shard.module
        ends = log.room(f"ends {worker}", np.int64, last - first)[: last - first]
        ends[:] = 0
        module.count_buckets(*entries, self.luck, *how, first, ends)
        most, held = int(ends.max(initial=0)), int(ends.sum())
        np.cumsum(ends, out=ends)
        ends[1:] = ends[:-1].copy()
        ends[:1] = 0
        slots = log.room(f"slots {worker}", entries[0].dtype, held)[:held]
        module.fill_buckets(*entries, self.luck, *how, first, ends, slots)
        return ends, slots, most

    def _paired(
        self,
        worker: int,
        ends: Integers,
        slots: Integers,
        most: int,
        entries: Entries,
        limit: int,
        partner: Integers,
    ) -> Integers:
        """Pair the entries of each bucket; who is left over, in order of the buckets."""
        kinds = {"group": np.int64, "rank": np.uint64, "slot": np.int64}
        room = [self.log.room(f"bucket {n} {worker}", k, most) for n, k in kinds.items()]
        room += [np.empty(66, np.uint64), np.empty(66, np.int64)]
        limits = (self.luck, np.uint64(limit))
        left = self.shard.module.pair_buckets(ends, slots, *entries, *limits, *room, partner)
        return slots[:left]


def places_of(partners: Integers, who: Integers, places: Integers) -> Integers:
    """The places of `partners`, who are of those `who`; -1 for nobody.

    First holders have their place as identity; only newcomers are looked up.
    """
    found = np.asarray(partners, np.int64).copy()
    wanted, born = np.flatnonzero(found >= BORN), np.flatnonzero(who >= BORN)
    if wanted.size:
        order = born[np.argsort(who[born])]
        found[wanted] = places[order[np.searchsorted(who[order], found[wanted])]]
    return found


class Exchange:
    """Values given to the shards that own them, and what these find given back in order."""

    def __init__(self, comm: Comm, owner: Column) -> None:
        """Say which shard owns each value."""
        self.comm = comm
        self.order = np.argsort(owner, kind="stable")
        self.cuts = np.searchsorted(owner[self.order], np.arange(1, comm.shards, dtype=owner.dtype))
        self.sizes: list[int] = []

    def give(self, values: Column) -> Column:
        """The values that all shards give this one."""
        boxes = self.comm.alltoallv(np.split(values[self.order], self.cuts))
        self.sizes = [box.size for box in boxes]
        return np.concatenate(boxes)

    def give_back(self, found: Column) -> Column:
        """What was found for the values that this shard gave, in their order."""
        boxes = self.comm.alltoallv(np.split(found, np.cumsum(self.sizes)[:-1]))
        values = np.empty(self.order.size, found.dtype)
        values[self.order] = np.concatenate(boxes)
        return values
