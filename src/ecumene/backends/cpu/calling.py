"""Whom rules of awake or flagged agents run for: listed anew before a phase, in order of place."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from ...arrays import Integers
from ..ruled import Acting, Claiming, Entering
from .module import call
from .state import State
from .storage import Bits
from .text import Kernel

FEW_BLOCKS = 32  # Blocks of 2**18 places with somebody to wake: below, threads cost more than help.
EachRun = Callable[[Callable[[tuple[int, int]], None], bool], None]


class Calling:
    """A shard's wheels and the sets of those called; `each_run` hands out its places."""

    def __init__(
        self, state: State, module: ModuleType, kernels: dict[str, Kernel], each_run: EachRun
    ) -> None:
        """Take the shard's arrays and compiled loops."""
        first = state.program.people - state.names["place0"]
        self.first_size = max(0, min(state.size, first))  # Places that are held at first.
        self.state, self.module, self.kernels, self._each_run = state, module, kernels, each_run

    def call(self, acting: Acting | Claiming | Entering, step: int) -> None:
        """List the rule's agents, before anything of its phase is kept."""
        on, called = acting.rule.on, self.state.called[acting.rule.name].levels
        if on.kind == "flagged":
            up = self.state.columns[on.of]
            assert isinstance(up, Bits)
            self.module.join(*up.levels, *called)
            return
        wheel, bounds = self._wheel(on.of), self.state.wheels[on.of].bounds
        few = int(np.count_nonzero(bounds[2] <= step)) < FEW_BLOCKS
        self._each_run(lambda run: self.module.call_awake(*wheel, *run, step, *called), few)
        if on.also:
            self.module.join(*self.state.arrived[on.also].levels, *called)

    def sleeping(self, column: str, step: int) -> bool:
        """Whether anybody wakes, by the wake column `column`, in `step` or later."""
        return bool(self.module.sleeping(*self._wheel(column), step))

    def wake_all(self, column: str, places: Integers, step: int) -> None:
        """Note that the agents at `places` wake in `step`: it was written from outside."""
        bounds = self.state.wheels[column].bounds
        self.module.wake_all_by(*bounds, places, step)

    def draw_first_wakes(self) -> None:
        """Give every agent its first step to wake in, where those are drawn by luck."""
        program = self.state.program
        for name, stored in [(n, s) for n, s in program.stored.items() if s.drawn]:
            luck: dict[str, Any] = {"luck": np.uint64(program.wake_luck(name))}
            luck |= {"low": stored.low, "span": stored.high - stored.low + 1}
            kernel = self.kernels[f"first_wake_{name}"]

            def work(run: tuple[int, int], kernel: Kernel = kernel, luck: Any = luck) -> None:
                own = {"first": run[0], "last": min(run[1], self.first_size), **luck}
                call(self.module, kernel, self.state.names, own)

            self._each_run(work, False)

    def warm(self) -> None:
        """Call every loop on nobody, so that compiling is over before time is taken."""
        nobody = Bits.none(0).levels
        for name in self.state.wheels:
            none = self._arrays(name)
            self.module.file_wakes(*none, 0, 0)
            self.module.call_awake(*none, 0, 0, 0, *nobody)
            self.module.sleeping(*none, 0)
            self.module.wake_all_by(*none[2:], np.empty(0, np.int64), 0)
        if self.state.called:
            self.module.join(*nobody, *nobody)

    def _arrays(self, column: str) -> tuple[Any, ...]:
        """A wake column, the value that stands for NEVER in it, and its bounds."""
        names = self.state.names
        bounds = self.state.wheels[column].bounds
        return names[f"c_{column}"], names[f"top_{column}"], *bounds

    def _wheel(self, column: str) -> tuple[Any, ...]:
        """The same, with bounds that follow from the column."""
        found, filed = self._arrays(column), self.state.wheels[column].filed
        if not filed[0]:
            filed[0] = True
            self._each_run(lambda run: self.module.file_wakes(*found, *run), False)
        return found
