"""Law 3: a step costs what the active cost, not what all could. Work is counted, never timed.

The generated text is plain Python too: run so, over arrays that count every look and every write.
"""

import subprocess
import sys
from collections import namedtuple
from types import SimpleNamespace

import numpy as np
import pytest

import ecumene as ec
from ecumene.backends.cpu import module as cpu_module
from ecumene.backends.cpu import shard as cpu_shard
from ecumene.models import MODELS

from ..plain_text import without_vectors


class Counted(np.ndarray):
    """An array that counts how often one of its elements is read or written."""

    touches = 0

    def __getitem__(self, at):
        Counted.touches += 1
        return super().__getitem__(at)

    def __setitem__(self, at, value):
        Counted.touches += 1
        super().__setitem__(at, value)


def counted(value):
    return value.view(Counted) if isinstance(value, np.ndarray) else value


def entered(function):
    """`function`, over counted arrays."""

    def over_counted(*arguments):
        with np.errstate(over="ignore"):  # luck wraps around on purpose
            return function(*[counted(a) for a in arguments])

    return over_counted


@pytest.fixture
def interpreted(monkeypatch):
    """Let the CPU backend run its kernels as plain Python that counts."""

    def generated(program):
        text, kernels = cpu_module.text_of(program)

        def plain(function):
            return function

        def trailing_zeros(word):
            return np.int64((int(word) & -int(word)).bit_length() - 1)

        space = {"namedtuple": namedtuple, "np": np, "int": np.int64, "float": np.float64}
        space |= {"unsigned": np.uint64, "jit": plain, "kernel": plain, "sure": plain}
        space["word"] = lambda number: np.uint32(int(number) & 0xFFFFFFFF)
        space["trailing_zeros"] = trailing_zeros
        space |= {"short": np.int16, "widest": lambda: None}
        space |= dict.fromkeys(("ahead", "far_ahead"), lambda array, i: None)  # Look at nothing.
        exec(without_vectors(text[text.index("@jit\ndef step_value") :]), space)
        # Only calls from outside go through `entered`: inside, arrays are counted already.
        outside = {k: entered(v) for k, v in space.items() if callable(v)}
        return SimpleNamespace(**outside), kernels

    monkeypatch.setattr(cpu_shard, "generated", generated)


def touches_per_step(model, seed=1):
    """The simulation at its end, and what each of its steps touched."""
    simulation, touches = ec.Simulation(model, seed=seed), []
    while True:
        Counted.touches = 0
        if not simulation.advance():
            return simulation, touches
        touches.append(Counted.touches)


def few(agents, **changes):
    return MODELS["cascade"].build(
        agents=agents, degree=4, **{"transmission": 0.2, "seeds": 10, **changes}
    )


def test_what_is_counted_is_what_is_computed(interpreted):
    """The plain run gives the reference's digest, so its touches are those of the real thing."""
    simulation, _ = touches_per_step(few(3000))
    oracle = ec.Simulation(few(3000), seed=1, backend="reference")
    while oracle.advance():
        pass
    assert simulation.digest() == oracle.digest()


def test_a_step_costs_what_the_active_cost(interpreted):
    """A thousand times the agents cost a step of ten active ones next to nothing more."""
    costs = {}
    for agents in (4_000, 4_000_000):
        _, (costs[agents],) = touches_per_step(few(agents, transmission=0.0))
    # Above each million agents stand four words that say whether anybody is there.
    assert costs[4_000_000] < costs[4_000] + 40 * 4_000_000 / 2**18
    assert costs[4_000] < 100 * 10 * 4


def test_a_dense_rule_is_seen_to_cost_everybody(interpreted):
    """The counter-test: what runs for everyone touches everyone."""

    @ec.agent_rule(writes="coins")
    def earn(me, env, model, key):
        return me.coins + 1

    model = ec.Model(
        populations={"people": ec.Population(4_000, coins=ec.whole())},
        phases=[[earn]],
        measures={"reached": ec.mean("coins")},
    )
    simulation = ec.Simulation(model)
    Counted.touches = 0
    simulation.advance()
    assert Counted.touches > 2 * 4_000


def test_twice_the_active_cost_about_twice(interpreted):
    one, two = (
        touches_per_step(few(400_000, transmission=0.0, seeds=seeds))[1][0] for seeds in (100, 200)
    )
    assert 1.5 < two / one < 2.5


@ec.agent_rule(on=ec.awake("next_look"), writes=("next_look", "looks"))
def look(me, env, model, key):
    return env.step + 1 + ec.integer(key, 9), me.looks + 1


def sleepers(agents, waking):
    """`waking` agents who look up every few steps, among sleepers who never do."""
    columns = {"next_look": ec.wake_column(ec.NEVER, ahead=60_000), "looks": ec.whole()}
    return ec.Model(
        populations={"people": ec.Population(agents, **columns)},
        phases=[[look]],
        start=[ec.set_agents(ec.sample_count(waking), next_look=2)],
        max_steps=40,
    )


def touches_of(agents, waking, steps=30):
    simulation, touches = ec.Simulation(sleepers(agents, waking), seed=3), []
    for _ in range(steps):
        Counted.touches = 0
        assert simulation.advance()
        touches.append(Counted.touches)
    return simulation, touches


def test_sleepers_cost_nothing(interpreted):
    """A thousand times the sleepers cost next to nothing more; filing them first costs once."""
    few, many = (touches_of(agents, waking=1)[1][1:] for agents in (4_000, 1_000_000))
    # One waker looks at 64 places of each of three levels, twice; above stand four bounds.
    assert max(many) < 3 * max(few) and sum(many) < 2 * sum(few) + 30 * 64
    assert max(many) < 8 * 64 * 3


def test_waking_twice_as_many_costs_about_twice(interpreted):
    one, two = (sum(touches_of(200_000, waking)[1][1:]) for waking in (50, 100))
    assert 1.5 < two / one < 2.5


def test_what_wakes_under_the_counter_is_what_the_reference_wakes(interpreted):
    simulation, _ = touches_of(5_000, waking=200)
    oracle = ec.Simulation(sleepers(5_000, 200), seed=3, backend="reference")
    while oracle.step < simulation.step:
        oracle.advance()
    assert simulation.digest() == oracle.digest()


PROGRAM = """
import ecumene as ec
from ecumene.engine.memory import peak_memory
from ecumene.models import MODELS
model = MODELS["cascade"].build(agents=10, transmission=0.09)
ec.Simulation(model).advance()
before = peak_memory()
simulation = ec.Simulation(MODELS["cascade"].build(agents=10**8, transmission=0.09), seed=1)
while simulation.advance():
    pass
print(peak_memory() - before, simulation.measure()["reached"])
"""


def test_a_hundred_million_agents_below_the_threshold_take_about_a_byte_each():
    """One byte is the column of steps; of flags, arrivals and bins few pages are touched: law 4."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    grown, reached = map(int, done.stdout.split())
    assert reached < 5000
    assert grown < 1.7 * 10**8


def test_the_plan_of_ten_billion_agents_is_a_few_bytes_each():
    plan = ec.plan(MODELS["cascade"].build(agents=10**10))
    assert plan.memory_bytes < 2 * 10**10
    assert not [part for part in plan.memory if "network" in part and plan.memory[part] > 10_000]
