"""Who meets whom: an involution, by luck alone, that one agent more hardly changes."""

from collections import Counter, defaultdict
from math import log2

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import ecumene as ec
from ecumene.backends.matching import matched
from ecumene.backends.partners import RANK, paired
from ecumene.engine.lower import lowered
from ecumene.random import fold

from ..gatherings import meet, meet_in_place, meet_in_town, meetings, partners

seeds = st.integers(0, 2**40)
few = settings(max_examples=25, deadline=None)


def groups_of(rule, places):
    if rule is meet:
        return [0] * len(places)
    return [place % 3 for place in places] if rule is meet_in_town else list(places)


def definition(rule, places, seed):
    """Whom each agent meets in step 0 by the definition in plain Python, or -1."""
    program = lowered(meetings(rule, places), seed)
    luck = fold(program.luck(program.phases[0][0], 0), RANK)
    if rule is meet:
        return [matched(luck, len(places), i) for i in range(len(places))]
    partner, members = [-1] * len(places), defaultdict(list)
    for i, group in enumerate(groups_of(rule, places)):
        members[group].append(i)
    for together in members.values():
        for one, two in paired(luck, together):
            partner[one], partner[two] = two, one
    return partner


rules = st.sampled_from([meet, meet_in_place, meet_in_town])
crowds = st.lists(st.integers(-3, 40), min_size=1, max_size=300)


@few
@given(rules, crowds, seeds, st.sampled_from([1, 3, 4]))
def test_the_loops_pair_as_the_definition_does(rule, places, seed, shards):
    found, _ = partners(rule, places, seed=seed, shards=shards)
    assert found.tolist() == definition(rule, places, seed)


@few
@given(rules, crowds, seeds, st.sampled_from(["cpu", "reference"]))
def test_everybody_meets_at_most_one_of_its_group_who_meets_it(rule, places, seed, backend):
    found, led = partners(rule, places, seed=seed, backend=backend)
    groups = groups_of(rule, places)
    for one, two in enumerate(found.tolist()):
        if two >= 0:
            assert one != two and found[two] == one and groups[one] == groups[two]
            assert led[one] != led[two]
        else:
            assert not led[one]
    alone = Counter(g for g, two in zip(groups, found.tolist(), strict=True) if two < 0)
    assert alone == {g: 1 for g, size in Counter(groups).items() if size % 2}


@pytest.mark.parametrize("rule", [meet, meet_in_place, meet_in_town])
def test_many_meet_as_few_do(rule):
    """Large buckets, large groups and many groups are sorted and paired like small ones."""
    rng = np.random.default_rng(3)
    for places in (rng.integers(0, 9, 30_000), rng.integers(0, 9000, 30_000) * 7919 % 8191):
        found, _ = partners(rule, places.tolist(), seed=4, threads=2)
        assert found.tolist() == definition(rule, places.tolist(), 4)


@given(st.sets(st.integers(0, 10**9), max_size=300), st.integers(0, 10**9), seeds)
def test_one_more_changes_only_pairs_on_its_way_to_the_root(present, newcomer, luck):
    before = {frozenset(pair) for pair in paired(luck, present - {newcomer})}
    after = {frozenset(pair) for pair in paired(luck, present | {newcomer})}
    assert len(before - after) + len(after - before) <= 65


def changed_pairs(size, rng):
    present = rng.choice(10**9, size + 1, replace=False).tolist()
    before, after = (
        {frozenset(pair) for pair in paired(size, some)} for some in (present[1:], present)
    )
    return len(after - before)


def test_one_more_changes_half_of_log2_pairs_on_average():
    rng = np.random.default_rng(1)
    for size in (16, 256, 2048):
        changes = [changed_pairs(size, rng) for _ in range(120)]
        assert np.mean(changes) < 0.5 * log2(size) + 1
        assert max(changes) < 2 * log2(size) + 8


def test_those_whose_pair_is_untouched_keep_their_luck():
    """One more in the crowd: pairs that stay lead as before and draw what they drew."""
    places = [0] * 101
    one, led_one = partners(meet_in_place, [*places[:-1], 1], seed=3)
    two, led_two = partners(meet_in_place, places, seed=3)
    same = one == two
    assert same.sum() > 80
    assert (led_one[same] == led_two[same]).all()


def test_each_of_the_others_is_met_as_often():
    """Chi-square over all pairs of eight agents in 4,000 steps."""
    met = Counter(frozenset(pair) for luck in range(4000) for pair in paired(luck, range(8)))
    assert len(met) == 28 and sum(met.values()) == 16_000
    assert stats.chisquare(list(met.values())).pvalue > 1e-4


def test_whom_one_meets_has_nothing_to_do_with_numbers_or_the_step_before():
    n = 20_001
    first, led = partners(meet, [0] * n, seed=9)
    second, _ = partners(meet, [0] * n, seed=9, steps=2)
    bound = 4 / n**0.5
    assert abs(np.corrcoef(np.arange(n), first)[0, 1]) < bound
    assert abs(np.corrcoef(first, second)[0, 1]) < bound
    assert (first == second).sum() < 10
    assert abs(np.corrcoef(np.arange(n), led)[0, 1]) < bound
    lower = (np.arange(n) < first)[first >= 0]
    assert abs((led[first >= 0] == lower).mean() - 0.5) < bound


# -- what one pays the other receives --------------------------------------------------------------


@ec.meeting(shows="coins", writes="coins")
def exchange(me, other, env, model, key):
    pot = me.coins + other.coins
    mine = ec.integer(key, pot + 1)
    return mine if me.leads else pot - mine


def market(agents):
    return ec.Model(
        populations={"people": ec.Population(agents, coins=ec.whole(100, high=10**9))},
        phases=[[exchange]],
        measures={"coins": ec.mean("coins")},
    )


@few
@given(st.integers(1, 50), seeds)
def test_money_is_conserved_to_the_unit(agents, seed):
    for backend in ("cpu", "reference"):
        simulation = ec.Simulation(market(agents), seed=seed, backend=backend)
        for _ in range(5):
            simulation.advance()
            assert simulation.column("coins").sum() == 100 * agents


def test_wealth_becomes_exponential():
    """Dragulescu and Yakovenko (2000): random exchange of conserved money, here geometric."""
    simulation = ec.Simulation(market(100_000), seed=1)
    for _ in range(60):
        simulation.advance()
    coins = simulation.column("coins")
    assert coins.sum() == 10_000_000
    stay = 100 / 101
    values = np.arange(1000)
    expected = 1 - stay ** (values + 1)
    found = np.searchsorted(np.sort(coins), values, side="right") / coins.size
    assert abs(found - expected).max() < 0.006
