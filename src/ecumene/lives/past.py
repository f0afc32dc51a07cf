"""What one world leaves for others like it: states to begin from, and marks to meet it by."""

from __future__ import annotations

from ..engine import Simulation, State

MANY = 1 << 14  # Above so many agents a look at everybody takes longer than many a step.

Mark = tuple[str, tuple[int, ...]]


class Past:
    """Noted after each step of a world: what the others need of it, and nothing else."""

    def __init__(self, begins: frozenset[int], interventions: int, marked: int) -> None:
        """Keep the states at these steps, and marks behind step `marked`; so many interventions
        are those of all the worlds."""
        self.begins, self.interventions, self.marked = begins, interventions, marked
        self.states: dict[int, State] = {}
        self.last = 0
        self._marks: dict[int, Mark] = {}

    def note(self, simulation: Simulation) -> bool:
        """Keep what others will need of this moment; what is told of the world goes on."""
        self.last = step = simulation.step
        if step in self.begins and step > 0:  # to begin anew costs no more than a state would
            self.states[step] = simulation.state()
        if step > self.marked and _looked_at(step - self.marked, simulation.agents):
            mark = _mark(simulation, self.interventions)
            if mark is not None:
                self._marks[step] = mark
        return False

    def reached(self, step: int) -> bool:
        """Whether the world came to `step`."""
        return step <= self.last

    def met(self, simulation: Simulation) -> bool:
        """Whether another world stands where this one stood: all that follows is the same."""
        mark = self._marks.get(simulation.step)
        return mark is not None and mark == _mark(simulation, self.interventions)


def _looked_at(since: int, agents: int) -> bool:
    """Whether to look at everybody so many steps behind the last in which anything could differ.

    Of many: 1, 2, 3, 4, 6, 8, 12, ... steps behind it. A change that died out is followed half as
    long again at most, and a run of thousands of steps has two dozen looks.
    """
    if agents <= MANY:
        return True
    power = 1 << (since.bit_length() - 1)
    return since in (power, power + power // 2)


def _mark(simulation: Simulation, interventions: int) -> Mark | None:
    """What two worlds have in common that go on alike; None where a rule has yet to look at
    somebody whose column changed, which the digest does not tell."""
    if not all(one.settled() for one in simulation.inhabitants.values()):
        return None
    happened = simulation.happened[:interventions]
    return simulation.digest(), tuple(one.times for one in happened)
