"""A lane as a run of its own: what the others are held against, and where large ones end up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..arrays import Integers
from ..backends import LaneOut, LaneWork, treeless_text
from ..errors import RuleError
from .model import Model, Sample, SetAgents
from .simulation import Simulation
from .trees import OrphanError, shape_of


class Alone:
    """Takes lanes one after another and notes what came out of each."""

    def __init__(
        self, model: Model, seed: int, work: LaneWork, out: LaneOut, cells: Integers
    ) -> None:
        """Nothing runs yet; `cells` are the tallies' cells that are noted."""
        self.model, self.seed, self.work, self.out, self.cells = model, seed, work, out, cells

    def group_sizes(self, group: str) -> list[int]:
        """How many agents have each code of a derived column."""
        return Simulation(self.model, seed=self.seed, backend="reference").group_sizes(group)

    def run(self, which: Integers, backend: str, threads: int) -> None:
        """Run the lanes at `which` on a backend."""
        for at in which.tolist():
            number = int(self.work.numbers[at])
            try:
                simulation = self._simulation(at, number, backend, threads)
                self._mark(at, simulation)
                while simulation.step < self.work.most_steps and simulation.advance():
                    self._mark(at, simulation)
                self._note(at, simulation)
            except RuleError as error:
                raise RuleError(f"lane {number}: {error}") from error

    def _simulation(self, at: int, number: int, backend: str, threads: int) -> Simulation:
        own = {name: values[at].item() for name, values in self.work.parameters.items()}
        model = replace(self.model, parameters={**self.model.parameters, **own})
        if self.work.starts is not None:
            who = Sample(1, (int(self.work.starts[at]),))
            model = replace(model, start=[SetAgents(who, model.start[0].values)])
        rekeyed = self.work.rekeyed[at] if self.work.rekeyed is not None else None
        return Simulation(
            model,
            seed=self.seed,
            lane=number,
            backend=backend,
            threads=threads,
            rekeyed=rekeyed,
        )

    def _mark(self, at: int, simulation: Simulation) -> None:
        """Note the step if a sum has come to what it is watched for."""
        if self.work.marks and (self.out.marks[:, at] < 0).any():
            cells = [c for t in simulation.program.tallies for c in simulation.tally(t)]
            for m, (cell, most) in enumerate(self.work.marks):
                if self.out.marks[m, at] < 0 and cells[cell] >= most:
                    self.out.marks[m, at] = simulation.step

    def _note(self, at: int, simulation: Simulation) -> None:
        out, digest = self.out, simulation.digest()
        out.steps[at] = simulation.step
        out.low[at], out.high[at] = int(digest[:16], 16), int(digest[16:], 16)
        cells = [c for t in simulation.program.tallies for c in simulation.tally(t)]
        out.cells[:, at] = np.array(cells, np.int64)[self.cells]
        if self.work.tree is not None:
            self._note_tree(at, simulation, self.work.tree)

    def _note_tree(self, at: int, simulation: Simulation, tree: str) -> None:
        out, program = self.out, simulation.program
        parents = simulation.column(tree)
        nodes = np.flatnonzero(parents != program.stored[tree].default)
        starters = np.array([a for s in program.start for a in program.starters(s)], np.int64)
        roots = np.setdiff1d(starters, nodes)
        try:
            shape = shape_of(nodes, parents[nodes].astype(np.int64), roots)
        except OrphanError as orphan:
            agent, parent = orphan.args
            raise RuleError(treeless_text(agent, tree, parent)) from orphan
        out.size[at], out.depth[at], out.breadth[at] = shape.size, shape.depth, shape.breadth
        out.distances[at], out.pairs[at] = shape.distances, shape.pairs
        kept = min(len(shape.levels), len(out.generations))
        out.generations[:kept, at] = shape.levels[:kept]
