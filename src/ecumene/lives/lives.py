"""An agent's life in a run and its other possible lives, asked for in one call."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import Any

from ..engine import Intervention, Model, checked
from ..errors import ParameterError
from ..run import Run
from .life import Life
from .luck import Cost, Luck, cost_of, drawn_anew
from .worlds import OWN, Asked, live_all, worlds_of

Quote = Callable[[Cost], None]


@dataclass(frozen=True)
class Lives:
    """The life in the run (`own`), the other lives by the name of their world, and what is luck."""

    run: str
    step_unit: str
    own: Life
    others: Mapping[str, Life]
    luck: tuple[Luck, ...]

    def parts(self) -> dict[str, int | None]:
        """By world, the first step in which the agent's life is another one, or None."""
        return {name: life.differs_from(self.own) for name, life in self.others.items()}

    def as_json(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            "run": self.run,
            "agent": self.own.agent,
            "step_unit": self.step_unit,
            "life": self.own.as_json(),
            "others": {name: life.as_json() for name, life in self.others.items()},
            "parts_at": self.parts(),
            "luck": [asdict(one) for one in self.luck],
        }

    def __str__(self) -> str:
        """The story of the life, and a table of the others."""
        from .story import story

        return story(self)


def lives(
    run: Run,
    agent: int,
    *,
    vary: Mapping[str, Sequence[Any]] | None = None,
    do: Sequence[Intervention] = (),
    at: int = 0,
    draws: int = 0,
    population: str = "",
    threads: int = 1,
    quote: Quote | None = None,
    told: Callable[[int], None] = lambda made: None,
) -> Lives:
    """One agent's life in `run`, and in a world for each value that varies and each change.

    `vary` gives parameters values that they have from step `at` on; `do` are interventions, each a
    world of its own. With `draws`, all worlds are run under so many other lucks of the agent, and
    of the world: `quote` hears first what that takes at most, `told` of each run. Raises
    `ParameterError` for an agent, parameter or step that there is not.
    """
    model, record = run.model, run.record
    _check_lanes(model, record["run"])
    of = model.named(population)
    _check(model.populations[of].size, record["steps"], agent, at, draws)
    worlds = worlds_of(model, vary or {}, checked(do, model), at)
    asked = Asked(
        model,
        record["seed"],
        record.get("lane", 0),
        _steps(record, model.max_steps),
        tuple(run.interventions),
        agent,
        of,
        {"backend": record["backend"], "threads": threads},
    )
    own, *others = live_all(asked, worlds)
    luck = list[Luck]()
    if draws:
        cost = cost_of(asked, worlds, draws, record["seconds"] + _start_seconds(asked))
        if quote is not None:
            quote(cost)
        luck = drawn_anew(asked, worlds, draws, cost, told)
    named = {world.name: life for world, life in zip(worlds, others, strict=True)}
    return Lives(record["run"], model.step_unit, own, named, tuple(luck))


def _start_seconds(asked: Asked) -> float:
    """How long a world takes to be set up, now that everything is compiled and loaded."""
    began = perf_counter()
    asked.simulation(OWN)
    return perf_counter() - began


def _steps(record: Mapping[str, Any], most: int) -> int:
    """How long the worlds may run: as long as the run did, or until nothing can change."""
    return most if record["ended"] == "quiet" else int(record["steps"])


def _check_lanes(model: Model, name: str) -> None:
    design = model.lanes
    if design is not None:
        raise ParameterError(
            f"{name} is {design.count:,} {design.name} run at once, in each of which an agent has "
            "another life; run one of them: ec.run(model, lane=0), or a model of one."
        )


def _check(size: int, steps: int, agent: int, at: int, draws: int) -> None:
    if not 0 <= agent < size:
        raise ParameterError(f"no agent {agent:,}; there are agents 0 to {size - 1:,}.")
    if not 0 <= at <= steps:
        raise ParameterError(f"the run has {steps:,} steps; `at` is a step from 0 to {steps:,}.")
    if draws < 0:
        raise ParameterError(f"draws={draws}: type how often luck is drawn anew, from 0.")
