"""Directed configurations by groups: exact degrees, ties within groups, both ends the same."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecumene as ec
from ecumene.errors import ModelError
from ecumene.networks.log_normal import weights

from ..societies import key_of
from .whole import check_both_ends, check_far_agents, check_no_order, quickly, slowly

keys = st.integers(0, 2**64 - 1)
SIZES = (6000, 0, 3000, 900, 100)
AGENTS = sum(SIZES)
OUT = ec.power_law(2.3, 3, 500)


@st.composite
def networks(draw):
    """A network and its agents, with small groups, empty ones among them."""
    sizes = draw(st.lists(st.integers(0, 12), min_size=1, max_size=5).filter(sum))
    inside = draw(st.sampled_from([0.0, 0.5, 0.85, 1.0]))
    into = draw(st.sampled_from([ec.log_normal(high=20), {2: 1.0}]))
    out = {1: 0.5, 3: 0.5} if into == {2: 1.0} else ec.power_law(2.0, 1, 9)
    if into == {2: 1.0}:
        sizes = [2 * n for n in sizes]
    network = ec.configuration(out, directed=True, in_degrees=into, groups=sizes, inside=inside)
    return network, sum(sizes)


@settings(deadline=None)
@given(networks(), keys)
def test_outwards_and_backwards_are_one_network(network, key):
    check_both_ends(network[0].lowered(network[1], key), network[1])


@settings(deadline=None, max_examples=20)
@given(networks(), keys)
def test_compiled_it_is_the_same(network, key):
    lowered, agents = network[0].lowered(network[1], key), network[1]
    for reverse in (False, True):
        assert quickly(lowered, agents, reverse).rows == slowly(lowered, agents, reverse)


def followers(inside, sizes=SIZES):
    return ec.configuration(
        OUT, directed=True, in_degrees=ec.log_normal(high=300), groups=sizes, inside=inside
    )


@pytest.fixture(scope="module")
def lowered():
    return followers(0.85).lowered(AGENTS, key_of(4))


def test_degrees_hold_in_each_group(lowered):
    found, first = quickly(lowered, AGENTS).degrees, 0
    for size in SIZES:
        degrees, counts = OUT.classes(size)
        wanted = np.repeat(np.minimum(degrees, size), counts)
        assert sorted(found[first : first + size]) == sorted(wanted)
        first += size


def test_people_follow_as_many_as_follow_them_on_average_and_not_the_same(lowered):
    outward, inward = (quickly(lowered, AGENTS, reverse).degrees for reverse in (False, True))
    assert inward.mean() == pytest.approx(outward.mean(), rel=0.01)
    assert abs(np.corrcoef(outward, inward)[0, 1]) < 4.5 / np.sqrt(AGENTS)
    logs = np.log(inward[inward > 0])
    assert logs.std() == pytest.approx(0.9, abs=0.15)  # cut below 1 and at 300


@pytest.mark.parametrize("inside", [0.0, 0.5, 0.85, 1.0])
def test_that_share_of_ties_stays_within_a_group(inside):
    ties = quickly(followers(inside).lowered(AGENTS, key_of(5)), AGENTS).present
    group = np.repeat(np.arange(len(SIZES)), SIZES)
    within = (group[ties.source] == group[ties.target]).mean()
    by_chance = sum((n / AGENTS) ** 2 for n in SIZES)
    assert within == pytest.approx(inside + (1 - inside) * by_chance, abs=0.01)


def test_within_a_group_nothing_hangs_on_numbers(lowered):
    one = ec.configuration(
        OUT, directed=True, in_degrees=ec.log_normal(high=300), groups=[AGENTS], inside=0.85
    )
    for reverse in (False, True):
        check_no_order(quickly(one.lowered(AGENTS, key_of(4)), AGENTS, reverse))


@pytest.mark.slow  # 8.2 billion in plain Python and compiled
def test_everybody_alive_in_groups():
    agents = 8_200_000_000
    sizes = [n for n in ec.world_population(agents).ranges["country"]]
    law = ec.power_law(2.3, 10, 1_000_000)
    network = ec.configuration(
        law, directed=True, in_degrees=ec.log_normal(), groups=sizes, inside=0.85
    )
    lowered = network.lowered(agents, key_of(1))
    assert lowered.ties > 10**11
    check_far_agents(lowered, agents, slots=1000)


def test_a_law_meets_the_mean_that_it_is_asked_for():
    for mean in (2.0, 39.9, 400.0):
        law = weights(1.0, 5000, mean)
        assert (law * np.arange(1, 5001)).sum() / law.sum() == pytest.approx(mean, rel=1e-9)


def test_what_cannot_be_is_refused():
    law = {2: 1.0}
    with pytest.raises(ModelError, match="directed=True"):
        ec.configuration(law, groups=[10], inside=0.5)
    with pytest.raises(ModelError, match="groups="):
        ec.configuration(law, directed=True, inside=0.5)
    with pytest.raises(ModelError, match="0 to 1"):
        ec.configuration(law, directed=True, groups=[10], inside=1.5)
    with pytest.raises(ModelError, match=r"have 10 agents and the population 11"):
        ec.configuration(law, directed=True, groups=[10], inside=0.5).lowered(11, 1)
    with pytest.raises(ModelError, match="mean"):
        ec.configuration(ec.log_normal()).lowered(10, 1)
    with pytest.raises(ModelError, match="sigma"):
        ec.log_normal(sigma=0.0)
    with pytest.raises(ModelError, match="1 <= mean"):
        ec.log_normal(mean=0.5)
