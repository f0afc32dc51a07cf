"""Repast4Py: `UndirectedSharedNetwork` and a scheduled step, as in its rumor tutorial; one rank."""

from mpi4py import MPI
from repast4py import context, core, network, random, schedule
from workload import TRANSMISSION, pairs, starters


class Person(core.Agent):
    def __init__(self, number: int) -> None:
        super().__init__(number, 0, 0)
        self.reached = False


class Cascade:
    def __init__(self, contacts: network.UndirectedSharedNetwork, people: list[Person]) -> None:
        self.contacts, self.people = contacts, people

    def begin(self, seed: int) -> None:
        random.init(seed)
        for person in self.people:
            person.reached = False
        self.newly = [self.people[number] for number in starters(len(self.people), seed)]
        for person in self.newly:
            person.reached = True
        self.reached = len(self.newly)
        self.runner = schedule.init_schedule_runner(MPI.COMM_WORLD)
        self.runner.schedule_repeating_event(1, 1, self.step)

    def step(self) -> None:
        active, self.newly, luck = self.newly, [], random.default_rng
        for person in active:
            for other in self.contacts.graph.neighbors(person):
                if not other.reached and luck.random() < TRANSMISSION:
                    other.reached = True
                    self.newly.append(other)
        self.reached += len(self.newly)
        if not self.newly:
            self.runner.stop()


def setup(file: str, agents: int) -> Cascade:
    everybody = context.SharedContext(MPI.COMM_WORLD)
    contacts = network.UndirectedSharedNetwork("contacts", MPI.COMM_WORLD)
    everybody.add_projection(contacts)
    people = [Person(number) for number in range(agents)]
    for person in people:
        everybody.add(person)
    for a, b in pairs(file).tolist():
        contacts.add_edge(people[a], people[b])
    return Cascade(contacts, people)


def begin(model: Cascade, seed: int) -> Cascade:
    model.begin(seed)
    return model


def run(model: Cascade) -> int:
    model.runner.execute()
    return model.reached
