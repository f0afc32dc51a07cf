"""AgentPy: `Network` over a networkx graph and `AgentList`; only who has it newly is asked."""

import agentpy
from networkx import Graph
from workload import TRANSMISSION, graph, starters


class Person(agentpy.Agent):
    def setup(self) -> None:
        self.reached = False

    def pass_on(self) -> None:
        for other in self.model.network.neighbors(self):
            if not other.reached and self.model.random.random() < TRANSMISSION:
                other.reached = True
                self.model.newly.append(other)


class Cascade(agentpy.Model):
    def setup(self) -> None:
        people = agentpy.AgentList(self, self.p.agents, Person)
        self.network = agentpy.Network(self, self.p.contacts)
        self.network.add_agents(people, self.network.nodes)
        first = starters(len(people), self.p.seed)
        self.newly = agentpy.AgentList(self, [people[number] for number in first])
        self.newly.reached = True
        self.reached = len(self.newly)

    def step(self) -> None:
        active, self.newly = self.newly, agentpy.AgentList(self)
        active.pass_on()
        self.reached += len(self.newly)

    def update(self) -> None:
        if not self.newly:
            self.stop()


def setup(file: str, agents: int) -> Graph:
    return graph(file, agents)


def begin(contacts: Graph, seed: int) -> Cascade:
    model = Cascade({"agents": len(contacts), "contacts": contacts, "seed": seed})
    model.sim_setup()
    return model


def run(model: Cascade) -> int:
    while model.running:
        model.sim_step()
    return int(model.reached)
