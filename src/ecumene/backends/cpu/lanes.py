"""Many lanes on the CPU: every thread takes lanes one after another, each from start to end.

A lane lives in a room of its thread, which is emptied in as many steps as the lane had agents.
Rooms are as large as the largest lane may become; pages that no lane touches cost no memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from queue import SimpleQueue
from typing import Any

import numpy as np

from ...arrays import Column, Integers
from ...errors import RuleError
from ...networks.permutation import side_of
from ...random import fold
from ..lanes import LaneOut, LaneWork
from ..program import LANES, Program, Rekeyed
from ..ruled import Acting
from ..values import fits
from ..words import dividing, overflow_text, treeless_text
from .lane_layout import Layout
from .lane_text import DONE, FULL, OVERFLOW, begin_values, text_of_lanes
from .module import call, in_pieces
from .state import policy_names
from .text import Kernel

CHUNK = 1 << 14  # Lanes handed over at a time: more than the handing over costs.
Names = dict[str, Any]
NOBODY = Rekeyed(-1, 0)  # In a lane in which nobody draws another luck.


class Lanes:
    """The lanes of one program, compiled."""

    def __init__(self, work: LaneWork) -> None:
        """Compile; raises `RuleError` for a start that its columns cannot hold."""
        self.work, self.program = work, work.program
        if work.rekeyed is not None:  # Who it is, and its luck, differ from lane to lane.
            self.program = replace(work.program, rekeyed=NOBODY)
        self._check_start()
        parts, self.kernels, self.layout = text_of_lanes(self.program, work.tree)
        self.module = in_pieces(parts)

    def group_sizes(self, group: str) -> list[int]:
        """How many agents have each code of a derived column."""
        sizes = np.zeros(len(self.program.derived[group].labels or ()), np.int64)
        own = {"first": 0, "last": self.program.agents, "place0": 0, "sizes": sizes}
        call(self.module, self.kernels[f"groups_{group}"], _tables(self.program), own)
        return sizes.tolist()

    def run(self, out: LaneOut, kept: Integers, base: Integers, threads: int) -> Integers:
        """Run all lanes; gives the indexes of those that became too large, to be run alone.

        `kept` are the tallies' cells that go into `out`, `base` all cells before the start. Raises
        `RuleError` of the first lane in which a rule went wrong.
        """
        status = np.full(self.work.numbers.size, DONE, np.int8)
        names = {**self._names(), **_of_out(out), "out_status": status, "kept": kept, "base": base}
        rooms: SimpleQueue[Names] = SimpleQueue()
        for _ in range(threads):
            rooms.put(room_of(self.layout, min(self.work.largest, self.program.agents)))

        def work(run: tuple[int, int]) -> RuleError | None:
            room = rooms.get()
            try:
                return self._run(run, {**names, **room}, status)
            finally:
                rooms.put(room)

        for error in _each(work, list(_chunks(status.size, threads)), threads):
            if error is not None:
                raise error
        return np.flatnonzero(status == FULL)

    def _run(self, run: tuple[int, int], names: Names, status: Column) -> RuleError | None:
        kernel: Kernel = self.kernels["run_lanes"]
        progress = names["progress"]
        try:
            at = call(self.module, kernel, names, {"first": run[0], "last": run[1]})
        except (ZeroDivisionError, IndexError) as error:
            _, part = self.layout.order[int(progress[1])]
            try:
                with dividing(part.rule.name, int(progress[2])):
                    raise error
            except RuleError as said:
                return self._in_lane(int(progress[0]), str(said))
        if at < 0:
            return None
        failed = self._overflow if status[at] == OVERFLOW else self._treeless
        return self._in_lane(at, failed(names))

    def _check_start(self) -> None:
        """What a start gives is the same in every lane: the first lane stands for all."""
        if self.work.numbers.size == 0:
            return
        first = replace(self.program, lane=int(self.work.numbers[0]))
        for number, start in enumerate(first.start):
            starts = self.work.starts if number == 0 else None
            who = first.starters(start).tolist() if starts is None else [int(starts[0])]
            for name, value in start.values.items() if who else ():
                stored = self.program.stored[name]
                if not fits(stored, value, 0, given=True):
                    text = overflow_text("start", min(who), name, value, stored, 0, given=True)
                    raise self._in_lane(0, text)

    def _in_lane(self, at: int, text: str) -> RuleError:
        return RuleError(f"lane {self.work.numbers[at]}: {text}")

    def _overflow(self, names: Names) -> str:
        place, number, value = names["error"].tolist()
        _, part = self.layout.order[int(names["progress"][1])]
        assert isinstance(part, Acting)
        column = part.rule.writes[number]
        stored = self.program.stored[column]
        shown = float("nan") if stored.kind == "float" else value
        step = int(names["progress"][2])
        return overflow_text(part.rule.name, place, column, shown, stored, step)

    def _treeless(self, names: Names) -> str:
        agent, _, parent = names["error"].tolist()
        return treeless_text(agent, self.work.tree or "", parent)

    def _names(self) -> Names:
        work, program = self.work, self.program
        varied = {f"p_{name}": values for name, values in work.parameters.items()}
        alike = {f"p_{n}": np.array([v]) for n, v in program.parameters.items()}
        nobody = program.stored[work.tree].default if work.tree else 0
        return {
            "most_steps": work.most_steps,
            "nobody": int(nobody),
            "marked": np.array(work.marks, np.int64).reshape(-1, 2),
            "lanes": work.numbers,
            "seed_key": np.uint64(program.seed_key),
            "lanes_key": np.uint64(fold(program.seed_key, LANES)),
            **{**alike, **varied},
            **_tables(program),
            **{
                f"n_{name}_{field}": value
                for name, net in program.networks.items()
                for field, value in {**net.numbers, **net.arrays}.items()
            },
            **policy_names(program),
            **_begin_names(work),
            **_rekeyed_names(work),
        }


def room_of(layout: Layout, largest: int) -> Names:
    """The arrays of a room for lanes of up to `largest` agents; slot 0 is nobody's."""
    room: Names = {}
    for field in layout.fields:
        entries = largest + 1 if field.entries < 0 else field.entries
        room[field.name] = np.zeros(entries, field.kind)
    for name in [f.name for f in layout.fields if f.name.startswith("w_")]:
        room[name] = room["c_" + name[2:]].view(np.int64)
    size = 64
    while size - 1 < 2 * largest:
        size *= 4
    return {**room, "table": np.zeros(size, np.int32)}


def _begin_names(work: LaneWork) -> Names:
    program = work.program
    side = side_of(program.agents)
    names: Names = {"agents": program.agents, "side": side, "per_side": 1.0 / side}
    names["starts"] = np.empty(0, np.int64) if work.starts is None else work.starts
    for number, start in enumerate(program.start):
        names[f"count_{number}"] = start.count
        names[f"who_{number}"] = np.array(start.places, np.int64)
    return {**names, **begin_values(program)}


def _rekeyed_names(work: LaneWork) -> Names:
    """Who draws another luck, and which, lane by lane."""
    each = [one or NOBODY for one in work.rekeyed or ()]
    return {
        "own_places": np.array([one.place for one in each], np.int64),
        "own_lucks": np.array([one.luck for one in each], np.uint64),
    }


def _tables(program: Program) -> Names:
    return {f"t_{name}": table for name, table in program.tables.items()}


def _of_out(out: LaneOut) -> Names:
    return {f"out_{field.name}": getattr(out, field.name) for field in fields(out)}


def _chunks(lanes: int, threads: int) -> Iterator[tuple[int, int]]:
    """Runs of lanes, several for every thread, since lanes differ in length."""
    size = max(1, min(CHUNK, lanes // (16 * threads)))
    for first in range(0, lanes, size):
        yield first, min(lanes, first + size)


def _each(work: Any, runs: list[tuple[int, int]], threads: int) -> Iterator[RuleError | None]:
    """What came of each run, in order; what has not begun when somebody stops is left out."""
    if threads == 1:
        yield from map(work, runs)
        return
    pool = ThreadPoolExecutor(threads)
    try:
        yield from pool.map(work, runs)
    finally:
        pool.shutdown(cancel_futures=True)
