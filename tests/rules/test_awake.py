"""Waking and sleeping: who acts is who wakes now; the column decides, on every backend."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec
from ecumene.errors import ModelError, RuleError

from ..societies import everything, explicit


@ec.tie_rule(over="ties", active="loud", into="heard", combine="count", luck="each")
def call(me, tie, env, model, key):
    return ec.chance(key, model.talk)


@ec.agent_rule(on=ec.reached_by(call), writes="next_look")
def startle(me, env, model, key):
    """Puts some forward, some off, some to sleep for ever, and leaves the others as they are."""
    if ec.chance(key, model.put_off):
        return env.step + 1 + ec.integer(key, model.reach, 1)
    if ec.chance(key, model.for_ever, 2):
        return ec.NEVER
    return me.next_look


@ec.agent_rule(on=ec.awake("next_look"), writes=("looks", "next_look", "loud"))
def look(me, env, model, key):
    if ec.chance(key, model.for_ever, 1):
        return me.looks + 1, ec.NEVER, True
    return me.looks + 1, env.step + 1 + ec.integer(key, model.reach, 2), ec.chance(key, 0.5, 3)


@ec.agent_rule(on=ec.awake("next_look", or_reached_by=call), writes=("looks", "next_look", "loud"))
def look_up(me, env, model, key):
    later = env.step + 1 + ec.integer(key, model.reach, 2)
    if me.next_look > env.step:
        return me.looks + 100, min(me.next_look, later), False
    return me.looks + 1, ec.NEVER if ec.chance(key, model.for_ever, 1) else later, True


@ec.agent_rule(on=ec.flagged("loud"), writes=("looks", "loud"))
def hush(me, env, model, key):
    return me.looks + 10_000, ec.chance(key, 0.7)


PHASES = {
    "put_off": [[call], [startle], [look]],
    "called": [[call], [look_up], [hush]],
    "together": [[call], [startle, hush], [look]],
}


def town(agents, phases="put_off", first=None, ahead=40, network=None, loud=3, **strengths):
    given = {"talk": 0.5, "put_off": 0.3, "for_ever": 0.1, "reach": 12, **strengths}
    return ec.Model(
        name="town",
        populations={
            "people": ec.Population(
                agents,
                next_look=ec.wake_column(ec.between(0, 9) if first is None else first, ahead=ahead),
                loud=ec.flag(),
                looks=ec.whole(high=10**8),
            )
        },
        networks={"ties": network or ec.matchings(2)},
        phases=PHASES[phases],
        start=[ec.set_agents(ec.sample_count(min(loud, agents)), loud=True)],
        measures={"loud": ec.mean("loud"), "looks": ec.mean("looks")},
        parameters=given,
    )


firsts = st.builds(
    lambda low, more: ec.between(low, low + more), st.integers(0, 5), st.integers(0, 25)
)
chances = st.sampled_from([0.0, 0.1, 0.6, 1.0])
towns = st.builds(
    town,
    st.integers(1, 150),
    st.sampled_from(sorted(PHASES)),
    first=firsts,
    loud=st.integers(0, 20),
    talk=chances,
    put_off=chances,
    for_ever=chances,
    reach=st.integers(1, 30),
)
seeds = st.integers(0, 2**40)


@settings(max_examples=40, deadline=None)
@given(towns, seeds, st.integers(1, 40))
def test_the_cpu_wakes_whom_the_reference_wakes(model, seed, steps):
    oracle = everything(model, steps, seed=seed, backend="reference")
    assert everything(model, steps, seed=seed, backend="cpu") == oracle


@settings(max_examples=20, deadline=None)
@given(towns, seeds, st.sampled_from([2, 3, 7]), st.sampled_from(["cpu", "reference"]))
def test_shards_wake_the_same(model, seed, shards, backend):
    alone = everything(model, 12, seed=seed, backend="cpu")
    assert everything(model, 12, seed=seed, backend=backend, shards=shards) == alone


@pytest.mark.parametrize("phases", sorted(PHASES))
def test_threads_wake_the_same(phases):
    """Runs of threads are cut at 2**18 agents: here each has its own."""
    model = town(700_000, phases, loud=3000, first=ec.between(0, 4))
    runs = []
    for how in ({"threads": 1}, {"threads": 3}, {"threads": 2, "shards": 2}):
        simulation = ec.Simulation(model, seed=5, **how)
        for _ in range(12):
            simulation.advance()
        runs.append((simulation.digest(), simulation.measure()))
    assert runs[0] == runs[1] == runs[2]


@pytest.mark.slow
@settings(max_examples=10, deadline=None)
@given(st.integers(60, 9000), seeds)
def test_who_wakes_is_who_the_column_says(agents, seed):
    """Against a plain look at the column, over several levels of bounds and 300 steps."""
    model = town(agents, first=ec.between(0, 200), ahead=400, reach=150, loud=0, for_ever=0.02)
    simulation = ec.Simulation(model, seed=seed)
    for step in range(300):
        due, before = simulation.column("next_look") == step, simulation.column("looks")
        assert (simulation.column("next_look") >= step).all()
        assert simulation.advance() == (simulation.step == step + 1)
        if simulation.step == step:
            break
        put_off = simulation.column("looks") - before
        assert (put_off[~due] == 0).all() and put_off.sum() <= due.sum()


@ec.agent_rule(on=ec.awake("next_look"), writes=("next_look", "looks"))
def every_third(me, env, model, key):
    return env.step + 3, me.looks + 1


@ec.agent_rule(on=ec.awake("next_look"), writes="next_look")
def sleep_badly(me, env, model, key):
    return env.step + model.later if me.looks == 0 else ec.NEVER


def plain(rule, agents=10, first=1, start=(), **parameters):
    columns = {"next_look": ec.wake_column(first, ahead=50), "looks": ec.whole(high=9)}
    return ec.Model(
        populations={"people": ec.Population(agents, **columns)},
        phases=[[rule]],
        start=start,
        parameters=parameters,
    )


def test_it_runs_in_the_steps_that_it_wrote(backend):
    simulation = ec.Simulation(plain(every_third), backend=backend)
    seen = []
    for _ in range(9):
        assert simulation.advance()
        seen.append(int(simulation.column("looks")[0]))
    assert seen == [0, 1, 1, 1, 2, 2, 2, 3, 3]


@pytest.mark.parametrize("shards", [1, 3])
@pytest.mark.parametrize("later", [0, -1])
def test_a_step_not_after_now_names_rule_agent_and_value(backend, shards, later):
    start = [ec.set_agents(ec.sample_count(9), looks=1)]
    model = plain(sleep_badly, start=start, later=later)
    simulation = ec.Simulation(model, backend=backend, shards=shards)
    simulation.advance()
    who = int(np.flatnonzero(simulation.column("looks") == 0)[0])
    with pytest.raises(RuleError) as caught:
        simulation.advance()
    assert str(caught.value) == (
        f"rule `sleep_badly` gave agent {who} the next_look {1 + later}, outside its range 2..51; "
        "write the step to wake in, after the present one, or ec.NEVER."
    )


def test_it_is_quiet_only_when_nobody_has_a_step_to_come(backend):
    simulation = ec.Simulation(plain(sleep_badly, first=ec.NEVER, later=1), backend=backend)
    assert simulation.quiet()
    start = [ec.set_agents(ec.sample_count(1), next_look=40, looks=1)]
    late = plain(sleep_badly, first=ec.NEVER, start=start, later=1)
    assert everything(late, 1000, backend=backend)[0] == 41


def test_a_start_may_say_when_to_wake(backend):
    start = [ec.set_agents(ec.sample_count(4), next_look=ec.NEVER)]
    model = plain(every_third, first=ec.between(0, 5), start=start)
    simulation = ec.Simulation(model, backend=backend, seed=2)
    assert (simulation.column("next_look") == ec.NEVER).sum() == 4
    with pytest.raises(RuleError, match=r"`start` gave agent 0 the next_look 51, .* 0\.\.50;"):
        everyone = [ec.set_agents(ec.sample_count(10), next_look=51)]
        ec.Simulation(plain(every_third, start=everyone), backend=backend)


def test_first_steps_are_drawn_evenly_and_for_life(backend):
    drawn = [
        ec.Simulation(plain(every_third, agents, ec.between(3, 9)), backend=backend, seed=4)
        for agents in (7000, 7001)
    ]
    few, more = (simulation.column("next_look") for simulation in drawn)
    assert (more[:-1] == few).all()  # One agent more changes nobody else's.
    counts = np.bincount(few, minlength=10)
    assert counts[:3].sum() == 0 and ((counts[3:] - 1000) ** 2 / 1000).sum() < 22.5  # p = 0.001


def test_a_name_says_how_it_wakes():
    assert str(ec.awake("next_look")) == "awake(next_look)"
    assert str(ec.awake("next_look", or_reached_by=call)) == "awake(next_look, or_reached_by=call)"
    rows = ec.plan(town(10, "called")).table()
    assert rows[1]["for"] == "awake by next_look, or reached by call"
    assert rows[2]["for"] == "agents whose loud is up"


# -- what is refused -------------------------------------------------------------------------------


def refused(phases, **columns):
    people = {"next_look": ec.wake_column(), "looks": ec.whole(), "loud": ec.flag(), **columns}
    model = ec.Model(
        populations={"people": ec.Population(5, **people)},
        phases=phases,
        networks={"ties": ec.matchings(1)},
        parameters={"talk": 1.0, "reach": 1, "for_ever": 0.0, "later": 1},
    )
    with pytest.raises(ModelError) as caught:
        ec.plan(model)
    return str(caught.value)


def test_what_cannot_wake_is_refused():
    @ec.agent_rule(on=ec.awake("next_lok"), writes="looks")
    def misspelt(me, env, model, key):
        return 1

    @ec.agent_rule(on=ec.awake("next_look"), writes="looks")
    def forgetful(me, env, model, key):
        return 1

    @ec.agent_rule(on=ec.changed("next_look"), writes="looks")
    def watch(me, env, model, key):
        return 1

    @ec.agent_rule(on=ec.flagged("looks"), writes="looks")
    def no_flag(me, env, model, key):
        return 1

    assert "Did you mean `next_look`?" in refused([[misspelt]])
    assert "does not write it" in refused([[forgetful]])
    assert "a wake column of its own" in refused([[every_third], [sleep_badly]])
    assert "in no earlier phase" in refused([[look_up], [call]])
    assert "a wake column says when" in refused([[watch]])
    assert "no pulse or flag named `looks`" in refused([[no_flag]])


@pytest.mark.parametrize(
    "how", [{"first": -1}, {"first": 9, "ahead": 8}, {"ahead": 0}, {"ahead": 10**10}]
)
def test_a_wake_column_within_its_reach(how):
    with pytest.raises(ModelError, match="first wake in a step from 0"):
        ec.wake_column(**how)
    with pytest.raises(ModelError, match="the earlier first"):
        ec.between(5, 4)


def test_a_hub_that_is_called_by_all_wakes_once(backend):
    star = explicit(40, [(0, j) for j in range(1, 40)])
    model = town(40, "called", first=ec.NEVER, network=star, loud=40, talk=1.0, put_off=0.0)
    simulation = ec.Simulation(model, backend=backend)
    simulation.advance()
    assert simulation.column("looks").tolist() == [100] * 40


def test_an_intervention_wakes_whom_it_names(backend):
    wake = ec.at(3, ec.set_column("next_look", 5, agents=ec.these_agents(2, 7)))
    model = plain(every_third, first=ec.NEVER)
    simulation = ec.Simulation(model, backend=backend, interventions=[wake])
    while simulation.step < 9:
        assert simulation.advance()
    assert simulation.column("looks").tolist() == [0, 0, 2, 0, 0, 0, 0, 2, 0, 0]
    late = ec.at(3, ec.set_column("next_look", 2, agents=ec.these_agents(2)))
    with pytest.raises(ec.EcumeneError, match="or a step from 3 on"):
        ec.Simulation(model, backend=backend, interventions=[late])
