"""Kernels whose arguments are looked up beforehand, for steps in which little else is done.

Which arrays a kernel takes changes from step to step only where two sets take turns, such as a
pulse that is up and the one that is raised: so what was looked up holds for every second step.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .shard import Shard


class Prepared:
    """A kernel of a shard, to be called with what is new in a step: which it is, and its luck."""

    def __init__(self, shard: Shard, name: str, own: Mapping[str, Any]) -> None:
        """Find the kernel; `own` is what it takes besides what the state has."""
        kernel = shard.kernels[name]
        self._state, self._own, self._values = shard.state, own, kernel.values
        self._function = getattr(shard.module, name)
        self._step, self._luck = map(kernel.arguments.index, ("step", "luck"))
        self._found: dict[int, list[Any]] = {}
        self._found_at = self._state.retyped

    def __call__(self, step: int, luck: Any) -> Any:
        """What the kernel gives in `step`."""
        state = self._state
        arguments = self._found.get(state.turn) if self._found_at == state.retyped else None
        if arguments is None:
            arguments = self.look_up()
        arguments[self._step], arguments[self._luck] = step, luck
        return self._function(*arguments)

    def look_up(self) -> list[Any]:
        """Find what it takes as the sets stand now."""
        state = self._state
        if self._found_at != state.retyped:
            self._found, self._found_at = {}, state.retyped
        found = list(self._values({**state.names, **self._own, "step": 0, "luck": 0}))
        self._found[state.turn] = found
        return found
