"""Where everybody meets: a matching by a permutation, redrawn in every step."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import ecumene as ec
from ecumene.backends.cpu.sampling import loops
from ecumene.backends.matching import left_over, matched
from ecumene.networks.permutation import round_keys, side_of

lucks = st.integers(0, 2**64 - 1)


@given(st.integers(1, 400), lucks)
def test_it_is_an_involution_without_oneself(agents, luck):
    partner = [matched(luck, agents, i) for i in range(agents)]
    alone = [i for i, other in enumerate(partner) if other < 0]
    assert alone == ([left_over(luck, agents)] if agents % 2 else [])
    assert all(partner[other] == i != other for i, other in enumerate(partner) if other >= 0)


def test_each_of_the_others_is_met_as_often():
    """Chi-square over all pairs of eight agents in 4,000 steps."""
    met = Counter(
        frozenset((i, matched(luck * 7919, 8, i))) for luck in range(4000) for i in range(8)
    )
    assert len(met) == 28 and sum(met.values()) == 32_000
    assert stats.chisquare([count / 2 for count in met.values()]).pvalue > 1e-4


@settings(deadline=None)
@given(st.integers(1, 400), lucks)
def test_the_compiled_loop_gives_the_same(agents, luck):
    side, found = side_of(agents), np.empty(agents, np.int64)
    keys = np.array(round_keys(luck), np.int64)
    loops().match_all(0, agents, agents, side, 1.0 / side, keys, found)
    wanted = [matched(luck, agents, i) for i in range(agents)]
    assert found.tolist() == [i if other < 0 else other for i, other in enumerate(wanted)]


@ec.meeting(shows="shown", writes=("shown", "hidden", "flag"))
def play(me, other, env, model, key):
    return (me.shown + other.shown + ec.integer(key, 3)) % 100, me.hidden + 1, me.leads


@ec.agent_rule(writes="watched")
def watch(me, env, model, key):
    return me.watched + me.hidden + 2 * me.flag


def model(agents, *phases):
    columns = {"hidden": ec.whole(high=99), "flag": ec.flag(), "watched": ec.whole()}
    return ec.Model(
        populations={"people": ec.Population(agents, shown=ec.whole(1, high=100), **columns)},
        phases=[list(phase) for phase in phases],
        measures={"hidden": ec.total("hidden"), "flags": ec.count("flag")},
    )


def ends(model, **how):
    simulation = ec.Simulation(model, seed=5, **how)
    for _ in range(3):
        simulation.advance()
    return simulation.digest(), simulation.measure()


@pytest.mark.parametrize("agents", [501, 100_001])
def test_what_nobody_is_shown_is_written_at_once_and_comes_to_the_same(agents, monkeypatch):
    """A rule in the same phase still sees what was before it, so then all of it waits."""
    monkeypatch.setattr("ecumene.backends.cpu.everybody.ROOM", 64 * (1 + agents // 5000))
    together, apart = model(agents, (play, watch)), model(agents, (play,), (watch,))
    ways = [{}, {"threads": 2}, {"shards": 3, "threads": 2}]
    ways += [{"backend": "reference"}] if agents < 1000 else []
    for one in (together, apart):
        found = [ends(one, **how) for how in ways]
        assert all(way == found[0] for way in found)
        assert found[0][1] == {"hidden": 3 * (agents - 1), "flags": found[0][1]["flags"]}
    assert ends(together)[0] != ends(apart)[0]


def test_a_value_that_does_not_fit_is_named_though_others_are_written():
    simulation = ec.Simulation(model(500, (play,)), seed=1)
    for _ in range(99):
        simulation.advance()
    with pytest.raises(ec.EcumeneError, match="hidden"):
        simulation.advance()
