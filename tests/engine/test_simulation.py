"""A model on its way through time: when it stops, and what can be read off between steps."""

from dataclasses import replace

import numpy as np
import pytest

import ecumene as ec
from ecumene.backends.words import column_key, name_number, value_word
from ecumene.errors import ParameterError
from ecumene.models import MODELS
from ecumene.random import MASK, fold

from ..societies import society


def cascade(**changes):
    return MODELS["cascade"].build(**{"agents": 60, "degree": 3, "transmission": 0.6, **changes})


def test_it_stops_when_nothing_can_change(backend):
    simulation = ec.Simulation(cascade(), seed=3, backend=backend)
    steps = 0
    while simulation.advance():
        steps += 1
        assert simulation.step == steps
    digest = simulation.digest()
    assert not simulation.advance() and simulation.quiet()
    assert (simulation.step, simulation.digest()) == (steps, digest)


def test_a_rule_for_everyone_never_stops(backend):
    simulation = ec.Simulation(society(ec.matchings(2), 9), backend=backend)
    assert all(simulation.advance() for _ in range(5)) and not simulation.quiet()


@pytest.mark.parametrize("most", [-1, 2.5, "all"])
def test_a_number_of_steps_is_a_whole_one(backend, most):
    simulation = ec.Simulation(society(ec.matchings(3), 20), backend=backend)
    with pytest.raises(ParameterError, match=f"most={most!r}; type a whole number of steps from 0"):
        simulation.advance_all(most)
    assert simulation.step == 0 and simulation.advance_all(0) == 0


def test_steps_without_end_end_with_the_last_that_a_run_takes(backend):
    """In the society there is a rule for everyone, so that it is never quiet."""
    model = replace(society(ec.matchings(3), 20), max_steps=4)
    simulation, asked = (ec.Simulation(model, seed=2, backend=backend) for _ in range(2))
    asked.advance()
    assert simulation.advance_all() == 4 == simulation.step and asked.advance_all() == 3
    assert simulation.digest() == asked.digest() and simulation.advance_all() == 0
    assert simulation.advance_all(2) == 2


def test_the_digest_is_the_sum_that_the_design_says(backend):
    """Over columns and agents of H(column, identity, value), without defaults, plus the step's."""
    simulation = ec.Simulation(society(ec.matchings(2), 30), seed=2, backend=backend)
    simulation.advance()
    simulation.advance()
    halves = []
    for half in (0, 1):
        total = fold(fold(name_number("environment:step"), half), 2)
        for name, stored in simulation.model.population.stored.items():
            for place, value in enumerate(simulation.column(name).tolist()):
                if value != stored.default:
                    total += fold(fold(column_key(name, half), place), value_word(value))
        halves.append(f"{total & MASK:016x}")
    assert simulation.digest() == "".join(halves)


def test_one_value_of_one_agent_changes_the_digest(backend):
    digests = {
        ec.Simulation(
            society(ec.matchings(1), 30, loud=loud, rich=rich), seed=1, backend=backend
        ).digest()
        for loud, rich in [(0, 0), (1, 0), (0, 1), (2, 1)]
    }
    assert len(digests) == 4


@pytest.mark.parametrize("shards", [1, 3])
def test_values_of_some_agents_come_in_the_order_asked(backend, shards):
    simulation = ec.Simulation(society(ec.matchings(2), 50), backend=backend, shards=shards)
    simulation.advance()
    places = np.array([49, 0, 17, 17, 33])
    for name in simulation.model.population.names:
        whole = simulation.column(name)
        assert whole.size == 50
        assert simulation.values(name, places).tolist() == whole[places].tolist()


def test_a_pulse_is_up_for_the_one_step_after_it_is_set(backend):
    @ec.agent_rule(writes=("ring", "heard"))
    def strike(me, env, model, key):
        return env.step % 3 == 0, me.ring

    model = ec.Model(
        populations={"people": ec.Population(5, ring=ec.pulse(), heard=ec.flag())},
        phases=[[strike]],
    )
    simulation = ec.Simulation(model, backend=backend)
    up = []
    for _ in range(7):
        simulation.advance()
        up.append((simulation.column("ring").tolist() == [True] * 5, simulation.column("heard")[0]))
    assert [u for u, _ in up] == [True, False, False, True, False, False, True]
    assert [h for _, h in up] == [False, True, False, False, True, False, False]


def test_a_changed_rule_runs_for_those_who_changed_and_then_rests(backend):
    @ec.agent_rule(on=ec.changed("coins"), writes="coins")
    def spend(me, env, model, key):
        return max(me.coins - 1, 0)

    model = ec.Model(
        populations={"people": ec.Population(8, coins=ec.whole())},
        phases=[[spend]],
        start=[ec.set_agents(ec.sample_count(3), coins=4)],
    )
    simulation = ec.Simulation(model, backend=backend)
    seen = [sorted(simulation.column("coins"))[-1]]
    while simulation.advance():
        seen.append(sorted(simulation.column("coins"))[-1])
    assert seen == [4, 3, 2, 1, 0, 0]  # the last one looks, changes nothing, and all is quiet


def test_a_rule_for_those_with_a_flag_up_goes_on_until_nobody_has_it(backend):
    @ec.agent_rule(on=ec.flagged("keen"), writes=("coins", "keen"))
    def earn(me, env, model, key):
        return me.coins + 1, me.coins < 2

    model = ec.Model(
        populations={"people": ec.Population(8, coins=ec.whole(), keen=ec.flag())},
        phases=[[earn]],
        start=[ec.set_agents(ec.sample_count(3), keen=True)],
    )
    simulation = ec.Simulation(model, backend=backend)
    while simulation.step < 9 and simulation.advance():
        pass
    assert simulation.step == 3 and sorted(simulation.column("coins"))[-4:] == [0, 3, 3, 3]


def test_a_sample_is_a_share_of_all_drawn_anew_each_step(backend):
    @ec.agent_rule(on=ec.sample("share"), writes="asked")
    def ask(me, env, model, key):
        return me.asked + 1

    model = ec.Model(
        populations={"people": ec.Population(90, asked=ec.whole())},
        phases=[[ask]],
        parameters={"share": 0.25},
    )
    simulation = ec.Simulation(model, backend=backend)
    counts = []
    for _ in range(8):
        simulation.advance()
        counts.append(int(simulation.column("asked").sum()))
    assert counts == [22 * n for n in range(1, 9)]
    assert 50 < np.count_nonzero(simulation.column("asked")) < 90


def test_an_unknown_backend_names_those_there_are():
    with pytest.raises(ec.EcumeneError, match="no backend named `gpu`; there are: cpu, reference"):
        ec.Simulation(cascade(), backend="gpu")


def test_set_up_and_compiling_are_timed_apart(backend):
    simulation = ec.Simulation(cascade(), backend=backend)
    assert simulation.setup_seconds >= 0 and simulation.compile_seconds >= 0
