"""A rule that is worked out for a whole tile of a set's places runs for its members alone."""

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec
from ecumene.backends.cpu import crowding
from ecumene.backends.cpu.module import call, text_of
from ecumene.backends.cpu.running import nothing_wrong
from ecumene.engine.lower import lowered


@ec.tie_rule(over="ties", active="keen", into="heard", combine="any", luck="each")
def tell(me, tie, env, model, key):
    return ec.chance(key, model.p)


@ec.agent_rule(on=ec.reached_by(tell), writes=("since", "until", "keen", "sure", "told"))
def hear(me, env, model, key):
    new = me.since == ec.NEVER
    keen = new or (ec.chance(key, 0.6) and not me.sure)
    told = min(me.told + 1, 9) if me.heard else 77
    if new:
        return env.step, me.since, keen, me.sure, told
    return me.since, env.step, keen, not me.sure, told


@ec.agent_rule(on=ec.changed("told"), writes="moved")
def move(me, env, model, key):
    return min(me.moved + 1, 200)


@ec.tie_rule(over="ties", active="keen", into="voices", combine="count", luck="once")
def nod(me, tie, env, model, key):
    return ec.chance(key, model.p)


@ec.agent_rule(on=ec.reached_by(nod), writes=("nods", "keen"), luck="once")
def count_nods(me, env, model, key):
    needs = 1 if ec.chance(key, 0.5) else 2
    nods = min(me.nods + me.voices, 255)
    return nods, me.nods < needs and nods >= needs


def often(told):
    return told > 3


def model(phases, agents=5000, active=1500, p=0.3, **more):
    people = {"since": ec.step_column(), "until": ec.step_column(ahead=3), "told": ec.whole()}
    people |= {"sure": ec.flag(), "keen": ec.pulse(), "moved": ec.whole(), "nods": ec.whole()}
    measures = {"since": ec.count("since", ec.happened), "sure": ec.count("sure")}
    measures |= {"many": ec.count("told", often)}
    return ec.Model(
        populations={"people": ec.Population(agents, **people)},
        networks={"ties": ec.matchings(6)},
        phases=phases,
        start=[ec.set_agents(ec.sample_count(active), keen=True, since=0)],
        measures=more.get("measures", measures),
        parameters={"p": p},
    )


RULES = {"hear": [[tell], [hear]], "count_nods": [[nod], [count_nods]]}
RULES["move"] = [*RULES["hear"], [move]]


def history(of, seed=3, steps=6, least=1, **how):
    with patch.object(crowding, "LEAST", least):
        simulation = ec.Simulation(of, seed=seed, **how)
        found = []
        while simulation.step < steps and simulation.advance():
            found.append((simulation.digest(), simulation.measure()))
        return found


@pytest.mark.parametrize("rule", RULES)
def test_these_rules_are_worked_out_so(rule):
    program = lowered(model(RULES[rule]), 3)
    with patch.object(crowding, "LEAST", 1):
        assert f"def crowd_{rule}(" in text_of(program)[0]
    assert f"def crowd_{rule}(" not in text_of(program)[0]


@pytest.mark.parametrize("phases", RULES.values(), ids=RULES)
@settings(max_examples=6, deadline=None)
@given(agents=st.integers(1, 5000), share=st.floats(0, 1), p=st.floats(0, 1), seed=st.integers(0))
def test_a_crowd_is_its_members(phases, agents, share, p, seed):
    of = model(phases, agents, int(agents * share), p)
    once = history(of, seed % 2**32)
    assert once == history(of, seed % 2**32, backend="reference")
    assert once == history(of, seed % 2**32, shards=3)


def test_it_is_so_where_threads_share_the_places_and_pulses_go_the_other_way():
    of = model(RULES["move"], 300_000, 40_000)
    once = history(of, least=1 << 62)
    assert once == history(of) == history(of, threads=2) == history(of, direction="push")


def test_how_close_they_must_be_changes_nothing():
    of = model(RULES["hear"], 9000, 90)
    with patch.multiple(crowding, CLOSE=12, CLOSE_DRAWING=12):
        assert history(of, steps=9) == history(of, steps=9, backend="reference")


def test_nobody_is_run_for_before_the_place_from_which_to_go_on():
    with patch.object(crowding, "LEAST", 1):
        simulation = ec.Simulation(model(RULES["hear"], 2000, 0), seed=3)
    shard = simulation._shards[0]
    shard.module.put_all(*shard.state.arrived["tell"].levels, np.arange(2000))
    own = {"first": 100, "last": 2000, "luck": np.uint64(1), "step": 7, **shard.scratch[0]}
    own |= {"tallies": np.zeros(3, np.int64), "error": nothing_wrong()}
    call(shard.module, shard.kernels["act_hear"], shard.state.names, own)
    assert (shard.state.names["c_since"] == 7).tolist() == [False] * 100 + [True] * 1900
    assert own["tallies"][0] == 1900


def test_steps_beyond_a_byte_are_kept():
    of = model(RULES["hear"], 200, 40, p=0.9)
    once = history(of, steps=262)
    assert len(once) == 262
    assert once == history(of, steps=262, backend="reference")


# -- rules that are run one by one ----------------------------------------------------------------


def rule_of(function, writes):
    return ec.agent_rule(on=ec.reached_by(tell), writes=writes)(function)


def may_not_fit(me, env, model, key):
    return me.told + 1


def lies_ahead(me, env, model, key):
    return me.until


def divides(me, env, model, key):
    return min(me.told, 9) if me.told > 0 and 9 // me.told > 2 else 1


def sums_up(me, env, model, key):
    return min(me.told + 1, 9)


def odd(told):
    return ec.NOTHING if told == 3 else told > 4


ONE_BY_ONE = {
    "what may not fit": (may_not_fit, "told", {}),
    "a step that may lie ahead": (lies_ahead, "since", {}),
    "what nobody else may bear": (divides, "told", {}),
    "what counts more than once": (sums_up, "told", {"measures": {"odd": ec.count("told", odd)}}),
    "what is added up": (sums_up, "told", {"measures": {"told": ec.total("told")}}),
}


@pytest.mark.parametrize("function, writes, more", ONE_BY_ONE.values(), ids=ONE_BY_ONE)
def test_others_are_run_one_by_one(function, writes, more):
    rule = rule_of(function, writes)
    program = lowered(model([[tell], [rule]], **more), 3)
    with patch.object(crowding, "LEAST", 1):
        assert "def crowd_" not in text_of(program)[0]


def test_what_is_added_up_would_else_be_worked_out_so():
    program = lowered(model([[tell], [rule_of(sums_up, "told")]]), 3)
    with patch.object(crowding, "LEAST", 1):
        assert "def crowd_sums_up(" in text_of(program)[0]
