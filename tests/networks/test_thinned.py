"""Ties that are taken away: the same from both ends, tie by tie, and only those that are meant."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pytest

import ecumene as ec
from ecumene.networks import Removal, thinned
from ecumene.networks.thinned import ANY, AT, BETWEEN, LEAVING
from ecumene.testing import NetworkContract
from ecumene.testing.networks import ties_of

from ..societies import explicit


def members(agents, chosen):
    bits = np.zeros(-(-agents // 64), np.uint64)
    for i in chosen:
        bits[i >> 6] |= np.uint64(1) << np.uint64(i & 63)
    return bits


def removals(agents):
    """Removals of every kind at once, of groups that overlap."""
    thirds, low = range(0, agents, 3), range(agents // 2)
    return (
        Removal(ANY, 0.2, 7),
        Removal(AT, 0.3, 8, (members(agents, thirds),)),
        Removal(BETWEEN, 0.5, 9, (members(agents, thirds), members(agents, low))),
        Removal(LEAVING, 0.4, 10, (members(agents, low),)),
        Removal(LEAVING),
    )


@dataclass(frozen=True)
class Thin:
    """A network some of whose ties are away, to be held against the contract of all."""

    network: object
    plain: bool = False
    notices = ()

    def lowered(self, agents, key):
        chosen = (Removal(ANY, 0.4, 3),) if self.plain else removals(agents)
        return thinned(self.network.lowered(agents, key), agents, chosen)

    def identity(self):
        return {"kind": "thinned", "of": self.network.identity()}


PAIRS = [(i, i * 7 % 30) for i in range(30)] + [(1, 2), (2, 1), (1, 2), (4, 4)]
DIRECTED = explicit(30, PAIRS, directed=True)


class TestPlain(NetworkContract):
    networks = ((Thin(ec.matchings(3), plain=True), 71),)


@pytest.mark.slow
class TestDirected(NetworkContract):
    networks = ((Thin(DIRECTED), 30),)


@pytest.mark.slow
class TestEveryKind(NetworkContract):
    networks = (
        (Thin(ec.matchings(3)), 71),
        (Thin(ec.small_world(4, 0.5), plain=True), 30),
        (Thin(ec.small_world(4, 0.5)), 30),
        (Thin(ec.both(ec.circles(4), DIRECTED)), 30),
        (Thin(ec.everybody()), 20),
        (Thin(ec.configuration([(2, 20), (5, 10)])), 30),
        (Thin(ec.configuration([(2, 20), (5, 10)], directed=True)), 30),
        (Thin(ec.lattice(2)), 36),
    )


WHOLE = ec.both(ec.circles(5), ec.matchings(4)).lowered(90, 11)


def left(*removals):
    """The ties that are left, by number."""
    network = thinned(WHOLE, 90, removals)
    return Counter((number, frozenset((i, j))) for i, j, number in ties_of(network, 90))


ALL = left()


def test_without_a_share_nothing_is_away():
    assert left(Removal(ANY, 0.0, 5), Removal(AT, 0.0, 6, (members(90, range(90)),))) == ALL


def test_a_tie_is_away_from_both_its_ends_or_from_none():
    some = left(*removals(90))
    assert 0 < len(some) < len(ALL) and set(some.values()) == {2}


def test_a_larger_share_takes_the_same_ties_and_others():
    sizes, before = [], ALL
    for share in (0.1, 0.3, 0.7, 1.0):
        now = left(Removal(ANY, share, 5))
        assert now.keys() <= before.keys()
        before = now
        sizes.append(len(now) / len(ALL))
    assert sizes == pytest.approx([0.9, 0.7, 0.3, 0.0], abs=0.08)


def test_only_the_ties_that_are_meant_are_away():
    group, other = set(range(0, 90, 3)), set(range(30))
    one, two = members(90, group), members(90, other)
    meant = (
        (AT, (one,), lambda ends: bool(ends & group)),
        (LEAVING, (one,), lambda ends: len(ends & group) == 1 and len(ends) == 2),
        (BETWEEN, (one, two), lambda ends: across(ends, group, other)),
    )
    for ends, groups, is_meant in meant:
        kept = left(Removal(ends, 1.0, 5, groups))
        assert kept.keys() == {tie for tie in ALL if not is_meant(tie[1])}, ends


def across(ends, group, other):
    return any(a in group and b in other for a in ends for b in ends if a != b)


def test_two_removals_draw_apart():
    twice = left(Removal(ANY, 0.5, 5), Removal(ANY, 0.5, 6))
    assert len(twice) / len(ALL) == pytest.approx(0.25, abs=0.08)


def test_how_many_ties_are_away_hangs_on_no_agents_number():
    network = thinned(ec.matchings(10).lowered(4000, 3), 4000, [Removal(ANY, 0.3, 5)])
    degrees = np.bincount([i for i, _, _ in ties_of(network, 4000)], minlength=4000)
    assert degrees.mean() == pytest.approx(7, abs=0.1)
    assert degrees.var() == pytest.approx(10 * 0.3 * 0.7, rel=0.15)
    assert abs(np.corrcoef(degrees, np.arange(4000))[0, 1]) < 0.05
