"""An entry: newcomers, caused by agents who are there, or come from outside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..errors import ModelError
from .activity import Activity, everyone
from .agent_rule import check_luck


@dataclass(frozen=True)
class Entry:
    """`function(me, env, model, key)` says how many newcomers the agent causes.

    `begins(me, env, model, key)` gives what each begins with of the columns in `writes`; without
    it newcomers begin as the columns are declared. From outside neither of the two has `me`.
    """

    name: str
    function: Callable[..., Any]
    begins: Callable[..., Any] | None
    writes: tuple[str, ...]
    on: Activity
    luck: str
    of: str = ""
    enters: str = ""  # The population that newcomers enter; empty for that of who causes them.
    into: str = ""  # The arrival column of who causes some: the first one's identity.

    @property
    def home(self) -> str:
        """The population that newcomers enter, empty for the model's first."""
        return self.enters or self.of

    @property
    def from_outside(self) -> bool:
        """Whether nobody who is there causes it."""
        return self.on.kind == "outside"


def entry(
    *,
    on: Activity = everyone,
    writes: tuple[str, ...] | str = (),
    begins: Callable[..., Any] | None = None,
    luck: str = "each",
    of: str = "",
    enters: str = "",
    into: str = "",
) -> Callable[[Callable[..., Any]], Entry]:
    """Make a function `f(me, env, model, key) -> how many` what lets agents enter.

    It runs for the agents of `on`; with `on=ec.outside` once a step, as `f(env, model, key)`.
    `begins`, a function of the same arguments, gives each newcomer's values of `writes`: `me` is
    who causes it, and `key` the newcomer's own luck. They are there from the next phase on, in a
    population that has a capacity: `enters`, or that of the rule, `of`, or the model's first. In
    later phases of the step who caused some reads `me.INTO`, the identity of the first one, and
    the others `ec.NOBODY`.
    """
    check_luck(luck)
    names = (writes,) if isinstance(writes, str) else tuple(writes)
    if len(set(names)) != len(names) or bool(names) != (begins is not None):
        raise ModelError(
            f"entry: writes={writes!r} and begins={getattr(begins, '__name__', None)}; name each "
            "column once that newcomers begin with, and give the function that says with what."
        )
    if on.kind == "outside" and (enters or into):
        raise ModelError(
            "entry: nobody causes who comes from outside; leave out enters= and into=, and name "
            "the population with of=."
        )
    return lambda function: Entry(
        function.__name__, function, begins, names, on, luck, of, enters, into
    )
