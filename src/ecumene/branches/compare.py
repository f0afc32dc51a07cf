"""Two runs side by side: measures, their differences over shared seeds, and agents who differ."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from ..engine import Model
from ..errors import ParameterError, unknown
from ..run import Notice, Task
from ..store import Store
from .agents import Differing, differing
from .origin import Which, found, task_of
from .paired import Difference, difference
from .replications import Replications

FEWEST, MOST = 5, 1000  # Seeds before an interval is believed, and at most, with `until`.


@dataclass(frozen=True)
class Comparison:
    """What two runs have not in common; `unpaired_because` says why they are not paired, or None.

    `agents` is empty when the two are not paired: nobody in one is then anybody in the other.
    """

    run_a: str
    run_b: str
    seeds: tuple[int, ...]
    unpaired_because: str | None
    measures: tuple[Difference, ...]
    agents: tuple[Differing, ...]

    def __getitem__(self, measure: str) -> Difference:
        """The difference of a measure."""
        by_name = {one.measure: one for one in self.measures}
        if measure not in by_name:
            raise ParameterError(unknown("measure", measure, by_name))
        return by_name[measure]


def compare(
    run_a: Which,
    run_b: Which,
    *,
    replications: int | None = None,
    until: float | None = None,
    measure: str | None = None,
    model_a: Model | None = None,
    model_b: Model | None = None,
    out: str | os.PathLike[str] | None = None,
    notice: Notice | None = None,
) -> Comparison:
    """Two runs side by side; with `replications` both are run under so many shared seeds, the first
    of them `run_a`'s own.

    With `until` seeds are added until the half-width of the interval of `measure` is at most that
    (from 5 seeds on, at most `replications` or 1000). They are stored runs as any other: what is
    there is not computed again. The interval is paired when both runs are of
    the same people, ties and luck; across parameters that reshape these, or two seeds, it is not,
    and no agents are compared. `notice` hears of each damaged checkpoint. Raises `ParameterError`
    for an unknown measure.
    """
    if replications is not None and (type(replications) is not int or replications < 1):
        raise ParameterError(f"replications={replications!r}: type a whole number from 1.")
    if until is not None and not until > 0:
        raise ParameterError(f"until={until!r}: type a half-width above 0.")
    store = Store(out) if out is not None else Store()
    (folder_a, model_a), (folder_b, model_b) = (
        found(run_a, store, model_a),
        found(run_b, store, model_b),
    )
    a, b = task_of(folder_a, model_a), task_of(folder_b, model_b)
    first = _numbers(folder_a.record["measures"]), _numbers(folder_b.record["measures"])
    names = [name for name in first[0] if name in first[1]]
    measure = _watched(measure, names, until)
    apart = _unpaired(a, b)
    luck = None if a.seed == b.seed else f"their seeds differ ({a.seed} and {b.seed})"
    seeds, rows = [a.seed], [first]
    if replications is None and until is None:
        paired = not (apart or luck)
    else:
        paired = not apart
        again = Replications((a, b), (folder_a, folder_b), notice)
        with a.store.last_kept(), b.store.last_kept():
            seeds, rows = _replicated(again, a.seed, replications, until, measure, paired)
    told = [
        difference(name, [r[0][name] for r in rows], [r[1][name] for r in rows], paired)
        for name in names
        if all(name in side for row in rows for side in row)
    ]
    alike = not (apart or luck or a.model.lanes)  # of many lanes no agent is any one's
    agents = differing(a, b, (folder_a, folder_b)) if alike else []
    if notice is not None:
        for fault in a.notices:
            notice(fault)
    why = apart or (None if paired else luck)
    return Comparison(folder_a.name, folder_b.name, tuple(seeds), why, tuple(told), tuple(agents))


Row = tuple[dict[str, float], dict[str, float]]


def _replicated(
    again: Replications,
    first: int,
    replications: int | None,
    until: float | None,
    measure: str,
    paired: bool,
) -> tuple[list[int], list[Row]]:
    """Both runs under shared seeds from `first` on, until there are enough of them."""
    seeds, rows = list[int](), list[Row]()
    for seed in range(first, first + (replications or MOST)):
        a, b = again.pair(seed)
        seeds.append(seed)
        rows.append((_numbers(a), _numbers(b)))
        if until is not None and len(rows) >= FEWEST:
            a_side, b_side = ([r[side][measure] for r in rows] for side in (0, 1))
            found = difference(measure, a_side, b_side, paired)
            width = found.half_width if paired else found.unpaired
            if width is not None and width <= until:
                break
    return seeds, rows


def _numbers(measures: Mapping[str, Any]) -> dict[str, float]:
    """Every measure that is a number, those by group as `name[group]`."""
    return dict(_flat(measures))


def _flat(measures: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    for name, value in measures.items():
        if isinstance(value, Mapping):
            for group, one in value.items():
                if one is not None and isfinite(one):
                    yield f"{name}[{group}]", one
        elif value is not None and isfinite(value):
            yield name, value


def _watched(measure: str | None, names: list[str], until: float | None) -> str:
    """The measure whose interval says when there are enough seeds."""
    if measure is not None and measure not in names:
        raise ParameterError(unknown("measure of both runs", measure, names))
    if until is not None and measure is None and len(names) > 1:
        raise ParameterError(
            f"`until` is the half-width of one measure's interval; name it: {', '.join(names)}."
        )
    return measure or (names[0] if names else "")


def _unpaired(a: Task, b: Task) -> str | None:
    """Why nobody in one run is anybody in the other, or None when they are the same people."""
    if a.model.name != b.model.name:
        return f"they are runs of two models, {a.model.name} and {b.model.name}"
    table = a.model.parameter_table
    for name, value in a.model.parameters.items():
        other = b.model.parameters.get(name)
        if value != other and name in table and table[name].reshapes:
            return f"`{name}`, which reshapes people or ties, is {value} and {other}"
    if _world(a.model) != _world(b.model):
        return "their people or ties are others"
    return "their lanes differ" if a.lane != b.lane else None


def _world(model: Model) -> list[Any]:
    people = {
        name: (p.size, p.background.digest() if p.background else None)
        for name, p in model.populations.items()
    }
    return [people, {name: dict(net.identity()) for name, net in model.networks.items()}]
