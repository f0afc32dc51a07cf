"""What backends are asked when many lanes run at once, and which programs can.

A lane keeps only the agents whom something happened to. So its rules must be for the reached and
the changed: a rule that looks at everybody would make every lane as large as the population.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from ..arrays import Column, Integers
from ..errors import ModelError
from .program import Program, Rekeyed
from .ruled import Acting, Spreading

SPARSE = ("reached_by", "changed", "flagged")
KINDS = ("step", "pulse", "flag", "int", "float")
LARGEST_LANE = 1 << 21  # Slots of a lane at most: sums over pairs of nodes stay below 2**63.
KNOWN = (  # What lanes know of a program.
    *("agents", "seed_key", "stored", "derived", "tables", "networks", "parameters", "phases"),
    *("policies", "start", "tallies", "lane"),
)


@dataclass(frozen=True)
class LaneWork:
    """Lanes of one program: their numbers, and what differs between them.

    `parameters` holds one value per lane for each parameter that varies, `starts` one agent per
    lane who takes the place of the model's start, `rekeyed` one at most who draws another luck of
    its own. A lane that passes `largest` agents is left out.
    """

    program: Program
    numbers: Integers
    parameters: Mapping[str, Column]
    starts: Integers | None
    most_steps: int
    largest: int
    tree: str | None
    rekeyed: Sequence[Rekeyed | None] | None = None
    marks: tuple[tuple[int, int], ...] = ()  # Cells of tallies, and what they are to reach.


@dataclass(frozen=True)
class LaneOut:
    """What came out, lane by lane; `cells` and `generations` hold a row per cell and generation."""

    steps: Column
    low: Column
    high: Column
    cells: Column
    size: Column
    depth: Column
    breadth: Column
    distances: Column
    pairs: Column
    generations: Column
    marks: Column

    @classmethod
    def of(cls, lanes: int, cells: int, tree: bool, generations: int, marks: int = 0) -> LaneOut:
        """Room for the results of `lanes` lanes; nothing is reached before it is."""
        nodes = lanes if tree else 0
        return cls(
            steps=np.zeros(lanes, np.int32),
            low=np.zeros(lanes, np.uint64),
            high=np.zeros(lanes, np.uint64),
            cells=np.zeros((cells, lanes), np.int64),
            size=np.zeros(nodes, np.int64),
            depth=np.zeros(nodes, np.int64),
            breadth=np.zeros(nodes, np.int64),
            distances=np.zeros(nodes, np.int64),
            pairs=np.zeros(nodes, np.int64),
            generations=np.zeros((generations, nodes), np.int64),
            marks=np.full((marks, lanes), -1, np.int64),
        )


def check_sparse(program: Program) -> None:
    """Raise `ModelError` unless lanes can run the program; says what is in the way."""
    if program.is_open:
        _refuse("agents enter and leave")
    for part in [part for phase in program.phases for part in phase]:
        if isinstance(part, Acting) and part.rule.on.kind not in SPARSE:
            _refuse(f"rule `{part.rule.name}` is for {str(part.rule.on).replace('_', ' ')}")
        if type(part) not in (Acting, Spreading):
            _refuse(f"rule `{part.rule.name}` is another kind of rule")
    for name, network in program.networks.items():
        if network.slots:
            _refuse(f"network `{name}` has slots, whose ties change")
        if network.by:
            _refuse(f"network `{name}` ties who has one `{network.by}` now, which changes")
    for name, stored in program.stored.items():
        if stored.kind not in KINDS:
            _refuse(f"column `{name}` is one of kind {stored.kind}")
    for tally in program.tallies:
        if tally.group in program.stored:
            _refuse(f"a measure is by `{tally.group}`, which is stored")
        if program.wide(tally):
            _refuse(f"a sum of `{tally.column}` over all agents may pass 2**63")
    for field in fields(program):
        if field.name not in KNOWN and getattr(program, field.name):
            _refuse(f"the model has `{field.name}`")


def _refuse(what: str) -> None:
    raise ModelError(
        f"{what}; lanes keep only agents whom something happened to, and run tie rules and agent "
        "rules for the reached, the changed and the flagged. Run replications one by one: "
        "ec.run(model, seed=1, lane=17)."
    )
