"""Encounters and meetings of one shard: who acts, whom each faces, and the log of what follows.

Memory follows those who act: a list of their places, whom each of those who meet faces, and the
log of what they will be written. What the others show is gathered in rounds of bounded size; over
shards it is asked of the shard that holds them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from ...arrays import Column, Integers
from ...population import PRESENT
from ...random import fold
from ...rules import DEGREE
from ..comm import Alone, Comm
from ..partners import LEAD, NEIGHBOUR, PAIR, RANK
from ..ruled import Facing
from ..words import dividing
from .binning import Binned, is_sparse
from .binning import warm as warm_binned
from .facing import MOST_STAGED, logged, shown_arguments
from .logs import KINDS, place_kind
from .module import call
from .pairs import FEW, Exchange, Pairs
from .running import nothing_wrong, sampled
from .sampling import FEW as SAMPLED_AT_ONCE
from .sampling import Sample
from .sampling import warm as warm_sample
from .storage import Bits, storage_type
from .tallying import gathered
from .tallying import width as tallied_width
from .text import TILE

if TYPE_CHECKING:
    from .shard import Shard

# Agents of a round, whole words of flags: what they are shown fits a core's second-level cache.
ROOM = 1 << 14

Each = Callable[[Callable[[Any], Any], Any, bool], list[Any]]
Runs = Callable[[int], list[tuple[int, int]]]


class Log:
    """Arrays that last from step to step and grow to the most that was ever needed."""

    def __init__(self) -> None:
        """Begin without any."""
        self.arrays: dict[str, Column] = {}
        self.sections: list[tuple[int, int]] = []  # Each worker's part of the list.

    def room(self, name: str, kind: Any, size: int) -> Column:
        """The array `name` with room for `size` elements; what it held may be gone."""
        kept = self.arrays.get(name)
        if kept is None or kept.dtype != kind or kept.size < size:
            self.arrays[name] = kept = np.empty(max(1, size), kind)
        return kept


class Rounds:
    """One encounter or meeting in a shard."""

    def __init__(self, shard: Shard, facing: Facing, each: Each, runs: Runs) -> None:
        """Make room for the workers' rounds; `each` hands out work, `runs` cuts the places."""
        self.shard, self.facing, self.rule = shard, facing, facing.rule
        self.each, self.runs = each, runs
        self.log = Log()
        self.place_kind = place_kind(shard.program)
        self.rooms = [self._room() for _ in range(shard.threads)]
        self.pairs = Pairs(shard, facing, each)
        self.samples: dict[bool, Sample | Binned] = {}  # Made when one is drawn at once: if sparse.

    def face(self, comm: Comm, step: int) -> list[Integers]:
        """Run the rule into the log, and write nothing yet; what each worker found wrong first."""
        rule, luck = self.rule, self._lucks(step)
        n = self._list(luck["luck"])
        self._make_log(n)
        self._pair(n, luck, comm)
        sections = self._sections(n)
        few = len(sections) == 1
        errors = [nothing_wrong() for _ in sections]
        own = [
            {**self.log.arrays, **room, **luck, "error": error}
            for room, error in zip(self.rooms, errors, strict=False)
        ]
        cursors = [Cursor(*section) for section in sections]
        if rule.kind == "meeting":
            self._each(lambda w: self._drop_unpaired(cursors[w]), len(cursors), few)
        with dividing(rule.name, step):
            if comm.shards == 1:
                self._each(lambda w: self._alone(cursors[w], own[w]), len(cursors), few)
            else:
                while self._round(cursors, own, comm, few):
                    pass
        self.log.sections = [(c.first, c.kept) for c in cursors]
        return errors

    def warm(self) -> None:
        """Call every kernel on nobody, so that compiling is over before time is taken."""
        everyone = np.empty(0, self.place_kind)
        self.shard.module.members(*Bits.none(0).levels, 0, everyone)
        self.shard.module.count_up(everyone, 0)
        self._warm_sample()
        self._make_log(0)
        own = {**self.log.arrays, **self.rooms[0], **self._lucks(0), "error": nothing_wrong()}
        own |= {"place": everyone, "partner": everyone, "first": 0, "last": 0, "kept": 0}
        own |= {"wanted": everyone, "tallies": nothing_wrong()}
        self._call_all(own)
        if self.rule.kind == "meeting":
            self.log.arrays["place"] = everyone
            self.pairs.find(self.log, 0, np.uint64(0), Alone())
            self.shard.module.keep_paired(everyone, everyone, 0, 0)

    def _call_all(self, own: dict[str, Any]) -> None:
        for kernel in ("draw", "show", "face", "settle"):
            if f"{kernel}_{self.rule.name}" in self.shard.kernels:
                self._call(kernel, own)

    def _warm_sample(self) -> None:
        program = self.shard.program
        count = program.sample_count(self.rule) if self.rule.on.kind == "sample" else 0
        if count >= SAMPLED_AT_ONCE and not program.is_open:
            warm = warm_binned if is_sparse(count, program.people) else warm_sample
            warm(self.place_kind)

    def settle(self, step: int) -> None:
        """Write what the log holds."""
        shard, kernel = self.shard, self.shard.kernels.get(f"settle_{self.rule.name}")
        if kernel is None:  # Nothing waits.
            return
        sections, luck = self.log.sections, self._lucks(step)

        def work(section: tuple[int, int]) -> Integers:
            tallies = np.zeros(tallied_width(shard.program), np.int64)
            own = {**self.log.arrays, **luck, "first": section[0], "last": section[1]}
            own |= {"tallies": tallies, "error": nothing_wrong()}
            call(shard.module, kernel, shard.state.names, own)
            return tallies

        for tallies in self.each(work, sections, len(sections) == 1):
            changes = gathered(shard.program, tallies)
            shard.cells = [a + b for a, b in zip(shard.cells, changes, strict=True)]

    # -- in detail ------------------------------------------------------------------------------

    def _lucks(self, step: int) -> dict[str, Any]:
        return {"step": step, **_for_purposes(self.shard.program.luck(self.facing, step))}

    def _list(self, luck: int) -> int:
        """List the local places of those who act, in order; how many."""
        shard, on = self.shard, self.rule.on
        if on.kind == "everyone" and not shard.program.is_open:
            shard.module.count_up(self.log.room("place", self.place_kind, shard.size), shard.size)
            return shard.size
        if on.kind == "sample":
            count = shard.program.sample_count(self.rule)
            if count >= SAMPLED_AT_ONCE and not shard.program.is_open:
                return self._list_sample(luck, count)
            mine = sampled(shard, self.rule, int(luck))
            room = self.log.room("place", self.place_kind, mine.size)
            room[: mine.size] = np.sort(mine)
            return mine.size
        if on.kind == "reached_by" and shard.program.claims(on.of):
            granted = shard.state.names[f"gp_{on.of}"]
            self.log.room("place", self.place_kind, granted.size)[: granted.size] = granted
            return granted.size
        levels = self._acting_set().levels
        n = int(shard.module.count(*levels))
        room = self.log.room("place", self.place_kind, n)
        shard.module.members(*levels, shard.size, room[:n])
        if on.kind == "changed":
            shard.module.empty(*levels)
        return n

    def _list_sample(self, luck: int, count: int) -> int:
        """The same for a large sample of all who were there at first."""
        people, first, size = self.shard.program.people, self.shard.part.first, self.shard.size
        sparse = is_sparse(count, people)
        if sparse not in self.samples:
            self.samples[sparse] = (
                Binned(first, size, self.shard.threads, self.each)
                if sparse
                else Sample(first, size, self.runs, self.each)
            )
        return self.samples[sparse].list(
            luck, people, count, lambda n: self.log.room("place", self.place_kind, n)[:n]
        )

    def _acting_set(self) -> Bits:
        on, state = self.rule.on, self.shard.state
        if on.kind in ("flagged", "everyone"):
            up = state.columns[on.of if on.kind == "flagged" else PRESENT]
            assert isinstance(up, Bits)
            return up
        return state.arrived[on.of] if on.kind == "reached_by" else state.altering[self.rule.name]

    def _pair(self, n: int, luck: dict[str, Any], comm: Comm) -> None:
        if self.rule.kind == "meeting":
            self.pairs.find(self.log, n, luck["ranking"], comm)

    def _make_log(self, n: int) -> None:
        for column in logged(self.shard.program, self.facing):
            stored = self.shard.program.stored[column]
            kind = KINDS.get(stored.kind)
            if kind is None:
                kept = self.shard.state.columns[column]
                kind = kept.dtype if isinstance(kept, np.ndarray) else storage_type(stored, 0)
            self.log.room(f"r_{column}", kind, n)

    def _few(self, n: int) -> bool:
        return n < FEW or self.shard.threads == 1

    def _sections(self, n: int) -> list[tuple[int, int]]:
        """The list in parts for the workers, none of which share a word of flags."""
        if self._few(n):
            return [(0, n)]
        runs = self.runs(self.shard.size)
        firsts = [first for first, _ in runs[1:]]
        cuts = np.searchsorted(self.log.arrays["place"][:n], firsts).tolist()
        return list(pairwise([0, *cuts, n]))

    def _drop_unpaired(self, cursor: Cursor) -> None:
        arrays = self.log.arrays
        cursor.last = self.shard.module.keep_paired(
            arrays["place"], arrays["partner"], cursor.first, cursor.last
        )

    def _alone(self, cursor: Cursor, own: dict[str, Any]) -> None:
        while cursor.at < cursor.last:
            wanted = self._ask(cursor, own)
            if self._may_be_absent:
                wanted = self._drop_absent(cursor, own, wanted, self._are_here(wanted))
            self._call("show", {**own, "first": 0, "last": wanted.size, "wanted": wanted})
            self._run(cursor, own, wanted)

    def _round(
        self, cursors: list[Cursor], own: list[dict[str, Any]], comm: Comm, few: bool
    ) -> bool:
        """One round of all workers, with what other shards show; whether there is more."""
        numbers = range(len(cursors))
        wanted = self._each(lambda w: self._ask(cursors[w], own[w]), len(cursors), few)
        if self._may_be_absent:
            here = self._ask_others(np.concatenate(wanted), comm, self._are_here)
            ends = np.cumsum([w.size for w in wanted])[:-1]
            wanted = [
                self._drop_absent(cursors[w], own[w], wanted[w], some)
                for w, some in zip(numbers, np.split(here, ends), strict=True)
            ]
        everybody = np.concatenate(wanted)
        owner = everybody // self.shard.part.size
        order = np.argsort(owner, kind="stable")
        cuts = np.searchsorted(owner[order], range(1, comm.shards))
        asked = comm.alltoallv(np.split(everybody[order], cuts))
        shown = comm.alltoallv([self._shown(places) for places in asked])
        for name in shown_arguments(self.facing):
            values = np.empty(everybody.size, own[0][name].dtype)
            values[order] = np.concatenate([box[name] for box in shown])
            ends = np.cumsum([0, *(w.size for w in wanted)])
            for w in numbers:
                own[w][name][: wanted[w].size] = values[ends[w] : ends[w + 1]]
        self._each(lambda w: self._run(cursors[w], own[w], wanted[w]), len(cursors), few)
        return comm.allreduce([sum(int(c.at < c.last) for c in cursors)])[0] > 0

    def _ask(self, cursor: Cursor, own: dict[str, Any]) -> Integers:
        """Whom the next of the worker's agents face; those who face nobody fall out of the list."""
        first, last = cursor.at, min(cursor.at + ROOM, cursor.last)
        cursor.at = last
        if self.rule.kind == "meeting":
            return own["partner"][first:last]
        bounds = {"first": first, "last": last, "kept": cursor.kept}
        return own["wanted"][: self._call("draw", {**own, **bounds})]

    def _drop_absent(
        self, cursor: Cursor, own: dict[str, Any], wanted: Integers, here: Column
    ) -> Integers:
        """Those who face somebody that is there; the others fall out of the list."""
        place = own["place"]
        faces = np.flatnonzero(here)
        place[cursor.kept : cursor.kept + faces.size] = place[cursor.kept + faces]
        wanted[: faces.size] = wanted[faces]
        return wanted[: faces.size]

    def _are_here(self, places: Integers) -> Column:
        """Whether somebody is at each of these places of the shard."""
        return self.shard.values(PRESENT, places)

    def _shown(self, places: Integers) -> dict[str, Column]:
        room = {k: np.empty(places.size, v.dtype) for k, v in self._show_rooms(0).items()}
        self._call(
            "show", {**self.rooms[0], **room, "first": 0, "last": places.size, "wanted": places}
        )
        return room

    @property
    def _may_be_absent(self) -> bool:
        """Whether a tie may lead to a place where nobody is."""
        return self.rule.kind == "encounter" and self.shard.program.is_open

    def _ask_others(self, places: Integers, comm: Comm, of: Callable[[Integers], Column]) -> Column:
        """What `of` says about places of any shards, asked of those that hold them."""
        exchange = Exchange(comm, places // self.shard.part.size)
        return exchange.give_back(of(exchange.give(places)))

    def _run(self, cursor: Cursor, own: dict[str, Any], wanted: Integers) -> None:
        bounds = {"first": 0, "last": wanted.size, "kept": cursor.kept, "wanted": wanted}
        self._call("face", {**own, **bounds})
        cursor.kept += wanted.size

    def _call(self, kernel: str, own: dict[str, Any]) -> Any:
        shard = self.shard
        return call(
            shard.module, shard.kernels[f"{kernel}_{self.rule.name}"], shard.state.names, own
        )

    def _each(self, work: Any, workers: int, few: bool) -> list[Any]:
        return self.each(work, range(workers), few)

    def _room(self) -> dict[str, Column]:
        """A worker's room for one round."""
        tiles = ("which", "sorted_place", "located", "others")
        room: dict[str, Column] = self._show_rooms(ROOM)
        if self.rule.kind == "encounter":
            room |= {name: np.empty(TILE, np.int64) for name in tiles}
            room["firsts"] = np.empty(MOST_STAGED + 1, np.int64)
            room["wanted"] = np.empty(ROOM, self.place_kind)
        return room

    def _show_rooms(self, size: int) -> dict[str, Column]:
        """Room for what `size` others show."""
        program = self.shard.program
        kinds = {n: program.stored[n].kind for n in self.facing.shows if n in program.stored}
        kinds |= {n: program.derived[n].kind for n in self.facing.shows if n in program.derived}
        kinds |= {n: "int" for n in self.facing.shows if n == DEGREE}
        return {f"o_{n}": np.empty(size, KINDS.get(k, np.int64)) for n, k in kinds.items()}


class Cursor:
    """Where a worker stands in its part of the list: kept up to `kept`, looked at up to `at`."""

    def __init__(self, first: int, last: int) -> None:
        """Stand at its beginning."""
        self.first = self.kept = self.at = first
        self.last = last


@lru_cache(maxsize=64)  # Asked for once more when the pairs settle.
def _for_purposes(luck: int) -> Mapping[str, Any]:
    """A rule's luck in a step, and what is made of it for each purpose."""
    purposes = {"drawing": NEIGHBOUR, "ranking": RANK, "pairing": PAIR, "leading": LEAD}
    folded = {name: np.uint64(fold(luck, number)) for name, number in purposes.items()}
    return {"luck": np.uint64(luck), **folded}
