"""Law 6: a step of few that is taken at once is the step that is taken the long way."""

from contextlib import ExitStack
from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec
from ecumene.backends.cpu import along_rows, at_once, one_call
from ecumene.engine.lower import lowered
from ecumene.errors import RuleError
from ecumene.models import MODELS

from ...societies import explicit

AGENTS = 90


@ec.tie_rule(over="ties", active="loud", into="calls", combine="count", luck="each")
def shout(me, tie, env, model, key):
    return me.loud and ec.chance(key, model.shout)  # Who looks at a pulse keeps it from rolls.


def trusts(me, tie, payload, env, model, key):
    return payload + me.heard % 3 if ec.chance(key, 0.8) else ec.NOTHING


@ec.tie_rule(over="ties", active="keen", into="teller", combine="pick", luck="once", receive=trusts)
def tell(me, tie, env, model, key):
    return me.heard if ec.chance(key, model.tell) else ec.NOTHING


@ec.agent_rule(on=ec.reached_by(shout), writes=("heard", "loud", "keen", "at"))
def listen(me, env, model, key):
    heard = me.heard + me.calls + 6 // (model.poison - me.heard)
    return heard, ec.chance(key, model.again), ec.chance(key, 0.2, 1), env.step


@ec.agent_rule(on=ec.reached_by(tell), writes="told")
def believe(me, env, model, key):
    return me.teller


@ec.agent_rule(on=ec.changed("heard"), writes="changes")
def notice(me, env, model, key):
    return me.changes + 1


def gossip(ties, phases=((shout, tell), (listen, believe), (notice,)), **parameters):
    return ec.Model(
        populations={
            "people": ec.Population(
                AGENTS,
                heard=ec.whole(high=60),
                told=ec.whole(high=999),
                changes=ec.whole(),
                loud=ec.pulse(),
                keen=ec.flag(),
                at=ec.step_column(),
            )
        },
        networks={"ties": explicit(AGENTS, ties)},
        environment={"price": ec.whole()},
        phases=[list(phase) for phase in phases],
        start=[ec.set_agents(ec.sample_count(3), loud=True)],
        measures={"told": ec.count("told"), "heard": ec.total("heard")},
        parameters={"shout": 0.6, "tell": 0.5, "again": 0.6, "poison": 99, **parameters},
    )


def drawn_ties(seed):
    drawn = np.random.default_rng(seed)
    return drawn.integers(0, AGENTS, (int(drawn.integers(20, 200)), 2)).tolist()


def history(model, steps=8, **how):
    """Digest and measures step by step, or what was said when a rule failed; and how many of the
    steps were taken at once."""
    simulation = ec.Simulation(model, **how)
    found, quickly = [], []
    for shard in simulation._all_shards:
        take = shard.take_at_once
        shard.take_at_once = lambda *asked, take=take: quickly.append(take(*asked)) or quickly[-1]
    try:
        for _ in range(steps):
            if not simulation.advance():
                break
            found.append((simulation.digest(), simulation.measure()))
    except RuleError as error:
        found.append(str(error))
    return found, sum(quickly)


ONE_CALL = ((shout,), (listen,))  # Without changes to look at, all may be one compiled call.


def in_one_call(model, **how):
    """The same history, if all of a step is one compiled call."""
    with patch.object(one_call, "MANY", 0), patch.object(one_call, "ONE_BLOCK", 0):
        return history(model, **how)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**40), st.sampled_from([99, 8]))
def test_a_step_in_one_call_is_the_step(seed, poison):
    """Also where a rule divides by zero in the midst of it."""
    model = gossip(drawn_ties(seed), ONE_CALL, poison=poison, again=0.8)
    how = {"seed": seed, "interventions": [ec.at(2, ec.seed_agents(4, loud=True))]}
    oracle, _ = history(model, backend="reference", **how)
    found, quickly = in_one_call(model, **how)
    assert found == oracle
    assert quickly > 0


def all_at_once(model, most=8, **how):
    """How many steps were taken without a look in between, and what came of them, or what was said
    and in which step; and the steps that each call took.
    """
    simulation, calls = ec.Simulation(model, **how), []
    for shard in simulation._all_shards:
        take = shard.take_at_once
        shard.take_at_once = lambda *asked, take=take: calls.append(take(*asked)) or calls[-1]
    try:
        taken = simulation.advance_all(most)
    except RuleError as error:
        return (str(error), simulation.step), calls
    assert simulation.step == taken
    return (taken, simulation.digest(), simulation.measure()), calls


def last_of(found):
    """The same of a history."""
    last = found[-1]
    return (last, len(found) - 1) if isinstance(last, str) else (len(found), *last)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**40), st.sampled_from([99, 8]), st.integers(1, 9))
def test_many_steps_in_one_call_are_the_steps(seed, poison, most):
    """Also where a rule divides by zero in the midst of them."""
    model = gossip(drawn_ties(seed), ONE_CALL, poison=poison, again=0.9)
    oracle, _ = history(model, most, seed=seed, backend="reference")
    if oracle:
        for how in ({}, {"threads": 2}):
            assert all_at_once(model, most, seed=seed, **how)[0] == last_of(oracle)


@pytest.mark.parametrize(
    "how",
    [
        {"backend": "reference"},
        {"shards": 2},
        {"direction": "pull"},
        {"interventions": [ec.at(3, ec.seed_agents(4, loud=True))]},
    ],
    ids=["another backend", "shards", "a direction", "interventions"],
)
def test_steps_that_somebody_looks_at_are_taken_one_by_one(how):
    model = gossip(drawn_ties(4), ONE_CALL, again=0.9)
    oracle, _ = history(model, 6, **how)
    found, calls = all_at_once(model, 6, **how)
    assert found == last_of(oracle)
    assert max(calls, default=0) <= 1


def test_steps_in_one_call_stop_where_a_hub_does_not_fit(monkeypatch):
    """An odd and an even number of steps before it, so that sets have taken turns or not."""
    monkeypatch.setattr(at_once, "INLINE", 5)
    spokes = [(0, j) for j in range(20, AGENTS)]
    for far in (0, 1, 2, 3):  # The hub hears it in that step.
        way = [(k, k + 1) for k in range(1, far)] + ([(far, 0)] if far else [])
        model = gossip(way + spokes, ONE_CALL, shout=1.0, again=1.0)
        model = replace(model, start=[ec.set_agents(ec.these_agents(1 if far else 0), loud=True)])
        oracle, _ = history(model, far + 1, seed=2, backend="reference")
        assert all_at_once(model, far + 1, seed=2, threads=2) == (last_of(oracle), [far + 1])


@pytest.mark.parametrize(("poison", "heard"), [(4, 0), (59, 55)], ids=["zero", "too much"])
def test_what_goes_wrong_after_some_steps_in_one_call_says_when(poison, heard):
    """Two agents call each other until one of them has heard too much."""
    model = gossip([(0, 1), (1, 0)], ONE_CALL, shout=1.0, again=1.0, poison=poison)
    begins = [ec.set_agents(ec.these_agents(0, 1), heard=heard)]
    begins.append(ec.set_agents(ec.these_agents(0), loud=True))
    model = replace(model, start=begins)
    oracle, _ = history(model, backend="reference")
    found, calls = all_at_once(model)
    assert found == last_of(oracle)
    assert found[1] > 1 and calls == []


def test_it_ends_where_nobody_is_active_any_more():
    simulation = ec.Simulation(gossip(drawn_ties(1), ONE_CALL, again=0.3), seed=1)
    taken = simulation.advance_all()
    assert 0 < taken == simulation.step < 64
    assert simulation.quiet() and simulation.advance_all() == 0 and not simulation.advance()


def test_few_among_many_are_taken_in_one_call_until_they_are_many():
    built = MODELS["cascade"].build(agents=20_000, seeds=3, transmission=0.5)
    pairs = np.random.default_rng(2).integers(0, 20_000, (60_000, 2)).tolist()
    model = built.with_network("contacts", explicit(20_000, pairs))
    oracle, _ = history(model, 40, seed=1, direction="push")
    assert all_at_once(model, 40, seed=1) == (last_of(oracle), [16])
    for most in (6, 7, 8, 9, 40):
        found, taken = all_at_once(model, most, seed=1, threads=2)
        assert found == last_of(oracle[:most])
        assert taken[0] == min(most, 7) and (most < 40 or taken[-1] == 6)


@pytest.mark.slow
@pytest.mark.parametrize("late", [251, 255], ids=["by a step", "by a change"])
def test_one_call_goes_on_with_other_types(late):
    """Something begins when steps hardly, or no longer, fit a byte; a real number becomes whole."""
    model = gossip(drawn_ties(3), ONE_CALL)
    changes = [ec.at(late, ec.seed_agents(5, loud=True)), ec.at(257, ec.set_parameter(shout=1))]
    how = {"steps": 270, "interventions": changes}
    oracle, _ = history(model, direction="push", **how)
    found, quickly = in_one_call(model, **how)
    assert found == oracle
    assert len(found) > 256 and quickly > 5


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**40), st.sampled_from([99, 8]))
def test_a_step_of_few_is_the_step(seed, poison):
    """Also where a rule divides by zero, or what it gives does not fit, in the midst of it."""
    model = gossip(drawn_ties(seed), poison=poison)
    changes = [ec.at(2, ec.seed_agents(4, loud=True)), ec.at(3, ec.set_parameter(shout=0.9))]
    oracle, _ = history(model, seed=seed, interventions=changes, backend="reference")
    for how in ({}, {"threads": 2}, {"direction": "push"}, {"shards": 2}):
        found, quickly = history(model, seed=seed, interventions=changes, **how)
        assert found == oracle
        assert (quickly > 0) == ("direction" not in how and "shards" not in how)


def star(spokes):
    return [(0, 1 + j % (AGENTS - 1)) for j in range(spokes)]


def test_what_does_not_fit_one_bin_goes_on_in_bins_by_block(monkeypatch):
    """A hub among few: a round of one bin, then as many by block as it takes, and threads."""
    model = gossip(star(150), shout=1.0, again=1.0)
    short = gossip(star(150), ONE_CALL, shout=1.0, again=1.0)
    oracle, of_short = (history(m, seed=2, backend="reference")[0] for m in (model, short))
    for threads, most in ((1, at_once.INLINE), (1, 5), (2, 5)):
        monkeypatch.setattr(at_once, "INLINE", most)
        assert history(model, seed=2, threads=threads) == (oracle, 2)
        assert in_one_call(short, seed=2, threads=threads) == (of_short, 2)
    assert "gave agent 0 the heard 92" in oracle[2]


def test_what_does_not_fit_is_refused_in_a_step_of_few():
    """6 // (-1 - 0) is less than nothing, as which nobody can have heard."""
    model = gossip([(j, (j + 1) % AGENTS) for j in range(AGENTS)], shout=1.0, poison=-1)
    oracle, _ = history(model, backend="reference")
    assert "outside its range 0..60" in oracle[-1]
    assert history(model) == (oracle, len(oracle) - 1)
    short = gossip([(j, (j + 1) % AGENTS) for j in range(AGENTS)], ONE_CALL, shout=1.0, poison=-1)
    oracle, _ = history(short, backend="reference")
    assert in_one_call(short) == (oracle, len(oracle) - 1)


def test_a_state_between_steps_taken_at_once_goes_on():
    model = gossip(star(60) + [(j, (7 * j + 1) % AGENTS) for j in range(AGENTS)])
    whole = ec.Simulation(model, seed=5)
    for _ in range(3):
        whole.advance()
    other = ec.Simulation(model, seed=5, backend="reference", state=whole.state())
    again = ec.Simulation(model, seed=5, state=other.state())
    for simulation in (whole, other, again):
        simulation.advance()
    assert whole.digest() == other.digest() == again.digest()


def test_many_active_are_not_taken_at_once():
    simulation = ec.Simulation(MODELS["cascade"].build(agents=6_000, transmission=1.0, seeds=3_000))
    (shard,) = simulation._all_shards
    assert not shard.take_at_once(0, 1) and simulation.step == 0
    assert simulation.measure()["reached"] == 3_000


@pytest.mark.parametrize("threads", [1, 2])
def test_in_one_block_and_one_thread_a_step_of_many_is_taken_at_once(threads):
    model = MODELS["cascade"].build(agents=20_000, seeds=100, transmission=0.4)
    oracle, _ = history(model, 20, seed=1, direction="push")
    found, quickly = history(model, 20, seed=1, threads=threads)
    assert found == oracle
    assert (quickly == len(found)) == (threads == 1)


@pytest.mark.parametrize(("agents", "ties"), [(90, 200), (9_000, 60_000)])
def test_what_passes_along_rows_arrives_without_bins(agents, ties):
    """Hardly anybody to begin with, then nearly half of all, then the last few."""
    pairs = np.random.default_rng(agents).integers(0, agents, (ties, 2)).tolist()
    built = MODELS["cascade"].build(agents=agents, seeds=5, transmission=0.5)
    model = built.with_network("contacts", explicit(agents, pairs))
    program = lowered(model, 0)
    (spreading,) = program.by_kind[0].spreading
    assert along_rows.arrives_straight(program, spreading)
    oracle, _ = history(model, 40, seed=1, direction="push")
    assert history(model, 40, seed=1) == (oracle, len(oracle))
    assert history(model, 40, seed=1, threads=2)[0] == oracle
    if agents == 90:
        assert history(model, 40, seed=1, backend="reference")[0] == oracle


@pytest.mark.parametrize("rule", [shout, tell])
def test_what_is_combined_or_received_goes_through_bins(rule):
    model = gossip(drawn_ties(1))
    program = lowered(model, 0)
    (spreading,) = (s for s in program.by_kind[0].spreading if s.rule is rule)
    assert not along_rows.arrives_straight(program, spreading)


@ec.agent_rule(on=ec.reached_by(tell), writes="told")
def doubt(me, env, model, key):
    return me.heard


@ec.agent_rule(writes="changes")
def tire(me, env, model, key):
    return me.changes


@ec.agent_rule(on=ec.changed("heard"), writes="changes")
def watch(me, env, model, key):
    return env.price


@pytest.mark.parametrize(
    "phases",
    [[[shout, tell], [listen, doubt]], [[shout, tell], [tire]], [[shout, tell], [watch]]],
    ids=["reads what another writes", "runs for everyone", "reads the environment"],
)
def test_what_follows_from_more_than_who_is_active_goes_the_long_way(phases):
    model = gossip(star(20))
    assert one_call.is_possible(lowered(model, 0))
    assert not one_call.is_possible(lowered(replace(model, phases=phases), 0))


@ec.tie_rule(over="ties", active="loud", into="calls", combine="any", luck="each")
def call_out(me, tie, env, model, key):
    return ec.chance(key, 1.0)


def heard_out(me, tie, env, model, key):
    return me.loud and ec.chance(key, 1.0)  # Who looks at a pulse keeps it from rolls.


@ec.agent_rule(on=ec.reached_by(call_out), writes=("loud", "at"))
def call_back(me, env, model, key):
    return True, env.step


MANY_STEPS = {}


@pytest.mark.parametrize(
    ("call", "patched"),
    [
        (call_out, {}),
        (call_out, {"one_call.MANY": 0}),
        (replace(call_out, send=heard_out), {"one_call.MANY": 0}),
        (call_out, {"block_text.MANY": 0, "block_by_block.INLINE": 0}),
        (call_out, MANY_STEPS),
    ],
    ids=["part by part", "on rolls", "in one call", "block by block", "many steps in one call"],
)
def test_a_column_of_steps_that_becomes_wider_is_found(call, patched):
    """After 254 steps a byte holds no more of them, and kernels take another array."""
    columns = {"loud": ec.pulse(), "at": ec.step_column()}
    model = ec.Model(
        populations={"people": ec.Population(20, **columns)},
        networks={"ties": explicit(20, [(j, j + 1) for j in range(0, 20, 2)])},
        phases=[[call], [call_back]],
        start=[ec.set_agents(ec.sample_count(3), loud=True)],
    )
    how = {"seed": 1, "direction": "push" if "block_text.MANY" in patched else None}
    with ExitStack() as patches:
        for name, value in patched.items():
            patches.enter_context(patch(f"ecumene.backends.cpu.{name}", value))
        ends = []
        for backend in ("reference", "cpu"):
            simulation = ec.Simulation(model, backend=backend, **how)
            for until in (256, 264):
                if patched is MANY_STEPS:
                    simulation.advance_all(until - simulation.step)
                while simulation.step < until and simulation.advance():
                    pass
                ends.append((simulation.column("at").tolist(), simulation.digest()))
    assert ends[:2] == ends[2:] and 263 in ends[1][0]
