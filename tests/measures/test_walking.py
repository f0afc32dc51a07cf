"""Random-walk controversy on networks whose answer is known."""

import numpy as np
import pytest

import ecumene as ec
from ecumene.errors import ModelError

from ..societies import rows


@ec.agent_rule(writes="side")
def stay(me, env, model, key):
    return me.side


def controversy(ties, sides, **how):
    """Over a network of given ties, among agents of given sides."""
    people = ec.Population(len(sides), side=ec.whole(high=9))
    model = ec.Model(
        populations={"people": people},
        networks={"ties": ec.matchings(1)},
        phases=[[stay]],
        start=[ec.set_agents(ec.these_agents(*np.flatnonzero(sides).tolist()), side=9)],
        measures={"controversy": ec.controversy("side", "ties", 5, **how)},
    )
    network = rows(len(sides), ties, directed=False)
    simulation = ec.Simulation(model.with_network("ties", network), backend="reference")
    return simulation.measure()["controversy"]


SIDES = np.arange(40) >= 20
ALL = [(a, b) for a in range(40) for b in range(a)]


def test_two_worlds_without_a_tie_are_wholly_apart():
    assert controversy([t for t in ALL if SIDES[t[0]] == SIDES[t[1]]], SIDES, walks=200) == 1.0


def test_where_all_are_tied_to_all_nothing_is_apart():
    assert controversy(ALL, SIDES, walks=2000) == pytest.approx(0.0, abs=0.06)


def test_only_ties_to_the_other_side_and_an_odd_walk_turn_it_round():
    across = [t for t in ALL if SIDES[t[0]] != SIDES[t[1]]]
    assert controversy(across, SIDES, walks=200, length=1) == -1.0


def test_without_a_second_side_there_is_none():
    assert controversy(ALL, np.arange(40) >= 0) is None


def test_who_has_no_tie_stays():
    assert controversy([(0, 1)], np.arange(40) >= 20, walks=100) == 1.0


def test_wrong_walks_and_networks_are_refused():
    with pytest.raises(ModelError, match="walks=0"):
        ec.controversy("side", "ties", 5, walks=0)
    model = ec.Model(
        populations={"people": ec.Population(4, side=ec.whole())},
        phases=[[stay]],
        measures={"controversy": ec.controversy("side", "tie", 5)},
    )
    with pytest.raises(ModelError, match="tie"):
        ec.Simulation(model, backend="reference").measure()
