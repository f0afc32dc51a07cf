"""Mesa 3: `discrete_space.Network`, one `FixedAgent` a cell; only who has it newly is asked."""

import mesa
from mesa.discrete_space import FixedAgent, Network
from networkx import Graph
from workload import TRANSMISSION, graph, starters


class Person(FixedAgent):
    def __init__(self, model: mesa.Model, cell: mesa.discrete_space.Cell) -> None:
        super().__init__(model)
        self.cell, self.reached = cell, False

    def pass_on(self) -> None:
        for other in self.cell.neighborhood.agents:
            if not other.reached and self.random.random() < TRANSMISSION:
                other.reached = True
                self.model.newly.append(other)


class Cascade(mesa.Model):
    def __init__(self, contacts: Graph, seed: int) -> None:
        super().__init__(seed=seed)
        self.space = Network(contacts, random=self.random)
        people = [Person(self, cell) for cell in self.space.all_cells.cells]
        self.newly = [people[number] for number in starters(len(people), seed)]
        for person in self.newly:
            person.reached = True

    def step(self) -> None:
        active, self.newly = self.newly, []
        for person in active:
            person.pass_on()


def setup(file: str, agents: int) -> Graph:
    return graph(file, agents)


def begin(contacts: Graph, seed: int) -> Cascade:
    return Cascade(contacts, seed)


def run(model: Cascade) -> int:
    reached = len(model.newly)
    while model.newly:
        model.step()
        reached += len(model.newly)
    return reached
