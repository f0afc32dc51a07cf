"""Law 3: a step costs what its active agents cost, not the number of agents."""

from dataclasses import replace
from statistics import median
from time import perf_counter

import ecumene as ec
from ecumene.models import MODELS
from ecumene.models.cascade import hear, pass_on

STEPS = 200
FEW, MANY = 10_000, 100_000_000  # one step over all of the many takes 100 times our limit or more


def ring(agents: int) -> ec.Model:
    """Rings in which one agent's news goes both ways: two agents are active in every step."""
    return MODELS["cascade"](agents=agents, degree=2, transmission=1.0, seeds=1)


def for_everyone(agents: int) -> ec.Model:
    """The same, with a rule that runs for all agents."""
    return replace(ring(agents), phases=[[pass_on], [replace(hear, on=ec.everyone)]])


def step_seconds(model: ec.Model) -> float:
    """What a step takes, in the middle one of many."""
    simulation = ec.Simulation(model, seed=3)
    seconds = []
    for _ in range(STEPS):
        started = perf_counter()
        assert simulation.advance()
        seconds.append(perf_counter() - started)
    return median(seconds)


def test_two_active_agents_cost_the_same_among_few_and_many():
    assert step_seconds(ring(MANY)) < 10 * step_seconds(ring(FEW))


def test_a_rule_for_everyone_would_be_seen():
    assert step_seconds(for_everyone(2_000_000)) > 10 * step_seconds(ring(2_000_000))
