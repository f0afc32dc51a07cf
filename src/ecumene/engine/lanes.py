"""Many small runs of one model over one network in one call: stories, replications, redraws.

Lanes of one seed share people and networks; each has a luck of its own, and comes out as the same
run made alone does, whichever other lanes run beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ..arrays import Column, Integers
from ..backends import (
    BACKENDS,
    LARGEST_LANE,
    LaneOut,
    LaneWork,
    Program,
    Rekeyed,
    check_sparse,
)
from ..errors import ModelError, ParameterError, unknown
from ..rules import AgentRule, TieRule, attributes_of
from .check import LANES_LIMIT
from .lane_alone import Alone
from .lane_results import Kept, Sizes
from .lane_table import Lanes
from .lower import lowered
from .model import Model


def run_lanes(
    model: Model,
    lanes: int | Sequence[int] | Integers,
    *,
    seed: int = 0,
    vary: Mapping[str, Any] | None = None,
    starts: Any = None,
    rekeyed: Sequence[Rekeyed | None] | None = None,
    tree: str | None = None,
    generations: int = 0,
    reaching: Mapping[str, tuple[str, int]] | None = None,
    keep: Iterable[str] | None = None,
    max_steps: int | None = None,
    largest: int = 1_000_000,
    backend: str = "cpu",
    threads: int = 1,
) -> Lanes:
    """Run lanes of `model`, so many or these numbers, each until nothing can change in it.

    `vary` gives parameters that rules read one value per lane; `starts` one agent per lane, who
    takes the place of those that the model's one start draws; `rekeyed` an agent per lane who draws
    another luck of its own, as in `Simulation`, or None. `tree` names the stored column that
    holds an agent's parent: size, depth, breadth and structural virality are kept, and how many
    nodes the first `generations` generations have. `reaching` maps a name of your own to a count
    and a number: the step in which the count first is that large, -1 where it never is. `keep`
    names what is kept, if not everything. A lane of more than `largest` agents is run alone, to the
    same result. Raises `ModelError` for
    a model with rules that look at everybody.
    """
    if backend not in BACKENDS:
        raise ParameterError(unknown("backend", backend, BACKENDS))
    numbers = _numbers(lanes)
    program = lowered(model, seed)
    check_sparse(program)
    _check_tree(model, tree, generations)
    varied = {name: _varied(model, name, v, numbers.size) for name, v in (vary or {}).items()}
    begun = None if starts is None else _starts(model, starts, numbers.size)
    steps = model.max_steps if max_steps is None else max_steps
    most = max(1, min(int(largest), LARGEST_LANE))
    kept = Kept(model, program.tallies, tree is not None, keep)
    kept.check_memory(numbers.size, generations)
    marks = kept.marks(reaching or {})
    _check_rekeyed(model, rekeyed, numbers.size)
    work = LaneWork(program, numbers, varied, begun, steps, most, tree, rekeyed, marks)
    out = LaneOut.of(numbers.size, kept.cells.size, tree is not None, generations, len(marks))
    alone = Alone(model, seed, work, out, kept.cells)
    if backend == "reference":
        rest, sizes = np.empty(0, np.int64), alone.group_sizes
        alone.run(np.arange(numbers.size), backend, 1)
    else:
        rest, sizes = _compiled(work, out, kept, threads)
        alone.run(rest, backend, threads)
    columns = kept.columns(numbers, out, generations, sizes)
    columns |= dict(zip(reaching or {}, out.marks, strict=True))
    return Lanes(columns, numbers[rest])


def _compiled(work: LaneWork, out: LaneOut, kept: Kept, threads: int) -> tuple[Integers, Sizes]:
    """Run the lanes that stay small; gives the others, and how large groups are."""
    from ..backends.cpu.lanes import Lanes as Compiled  # here, since it loads the compiler

    compiled = Compiled(work)
    base = _at_default(work.program, compiled.group_sizes)
    return compiled.run(out, kept.cells, base, max(1, threads)), compiled.group_sizes


def _at_default(program: Program, sizes: Sizes) -> Integers:
    """The cells of all tallies while everybody is at the defaults."""
    cells: list[int] = []
    for tally, count in zip(program.tallies, program.groups, strict=True):
        each = tally.amount(program.stored[tally.column].default)
        members = [program.agents] if tally.group is None else sizes(tally.group) if each else []
        cells += [each * n for n in members] or [0] * count
    return np.array(cells or [0], np.int64)


def _numbers(lanes: int | Sequence[int] | Integers) -> Integers:
    """The lanes' numbers."""
    if isinstance(lanes, int | np.integer):
        lanes = range(int(lanes))
    numbers = np.array(lanes)
    whole = numbers.dtype.kind in "iu" or numbers.size == 0
    if not whole or numbers.ndim != 1 or (numbers < 0).any() or (numbers >= LANES_LIMIT).any():
        raise ParameterError("lanes: type how many, or their numbers: whole numbers from 0.")
    return numbers.astype(np.int64)


def _varied(model: Model, name: str, values: Any, lanes: int) -> Column:
    """A parameter's values, one per lane, in the type in which rules read it."""
    if name not in model.parameters:
        raise ParameterError(unknown("parameter", name, model.parameters))
    described = model.parameter_table.get(name)
    if described is not None and described.reshapes:
        raise ParameterError(
            f"parameter `{name}` reshapes the people or the network, which all lanes share; call "
            "run_lanes once for each of its values."
        )
    if not any(name in attributes_of(function, {name}) for function in _functions(model)):
        raise ParameterError(
            f"no rule reads `model.{name}`, so it cannot vary between lanes; build a model for "
            "each of its values."
        )
    given = np.asarray(values)
    kinds = {bool: "b", int: "iu", float: "fiu"}[type(model.parameters[name])]
    if given.shape != (lanes,) or given.dtype.kind not in kinds:
        raise ParameterError(
            f"vary `{name}`: {given.dtype} values of shape {given.shape}; give {lanes:,} of the "
            f"kind of {model.parameters[name]!r}, one for each lane."
        )
    if described is not None and lanes:
        described.checked(given.min().item())
        described.checked(given.max().item())
    return given.astype(type(model.parameters[name]))


def _functions(model: Model) -> list[Any]:
    """Every function of the model's tie rules and agent rules."""
    found: list[Any] = []
    for rule in [rule for phase in model.phases for rule in phase]:
        if isinstance(rule, TieRule):
            found += [rule.send, *([rule.receive] if rule.receive else [])]
        elif isinstance(rule, AgentRule):
            found.append(rule.function)
    return found


def _starts(model: Model, starts: Any, lanes: int) -> Integers:
    """The one agent who starts each lane."""
    if len(model.start) != 1:
        raise ModelError(
            f"`starts` gives the agent of a model's one start, and this model has "
            f"{len(model.start)}; leave it out, or give the model one start."
        )
    given = np.asarray(starts)
    inside = given.dtype.kind in "iu" and bool(((given >= 0) & (given < model.agents)).all())
    if given.shape != (lanes,) or not inside:
        raise ParameterError(
            f"starts: give {lanes:,} agents from 0 to {model.agents - 1:,}, one for each lane."
        )
    return given.astype(np.int64)


def _check_rekeyed(model: Model, rekeyed: Sequence[Rekeyed | None] | None, lanes: int) -> None:
    """Agents that there are, one for each lane at most."""
    those = [one for one in rekeyed or () if one is not None]
    known = all(0 <= one.place < model.agents and one.of in ("", model.first) for one in those)
    if not known or (rekeyed is not None and len(rekeyed) != lanes):
        raise ParameterError(
            f"rekeyed: give {lanes:,} agents from 0 to {model.agents - 1:,}, or None, one for "
            "each lane."
        )


def _check_tree(model: Model, tree: str | None, generations: int) -> None:
    stored = model.population.stored
    whole = [name for name, column in stored.items() if column.kind == "int"]
    if tree is not None and tree not in whole:
        raise ModelError(f"tree: {unknown('stored column of whole numbers', tree, whole)}")
    if generations < 0 or (generations and tree is None):
        raise ParameterError(
            f"generations={generations}: type a number from 0, and `tree=` for the column of "
            "parents."
        )
