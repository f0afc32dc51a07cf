"""The contract of networks holds for those that are shipped, and sees those that break it."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

import ecumene as ec
from ecumene.testing import NetworkContract

from ..societies import explicit

RING = explicit(30, [(i, (i + 1) % 30) for i in range(30)])


class TestMatchings(NetworkContract):
    networks = ((ec.matchings(3), 40), (ec.matchings(2), 7), (ec.matchings(0), 3))


class TestExplicit(NetworkContract):
    pairs = ((0, 1), (1, 0), (0, 1), (2, 2), (5, 3), (3, 4))
    networks = ((RING, 30), (explicit(6, pairs), 6), (explicit(6, pairs, directed=True), 6))


@dataclass(frozen=True)
class Broken:
    """A ring with one of its functions in place of another."""

    changes: Any
    notices = ()

    def lowered(self, agents, key):
        return replace(RING.lowered(agents, key), **self.changes)

    def identity(self):
        return {"kind": "broken"}


def one_less(net, i):
    return 1


def beyond(net, i, k):
    return i + 1


def always_7(net, i, k):
    return 7


@pytest.mark.parametrize(
    ("changes", "test"),
    [
        (
            {"reverse_degree": one_less},
            "test_the_reverse_is_the_same_ties_looked_at_from_their_ends",
        ),
        ({"neighbour": beyond}, "test_ties_end_at_agents"),
        ({"tie": always_7}, "test_no_two_ties_share_a_number"),
        ({"ties": 59}, "test_ties_are_no_more_than_it_says"),
        ({"reverse_degree": one_less}, "test_pushed_and_pulled_threads_and_shards_agree"),
    ],
)
def test_a_broken_network_is_seen(changes, test):
    contract = NetworkContract()
    contract.networks = [(Broken(changes), 30)]
    with pytest.raises(AssertionError):
        getattr(contract, test)()


def test_a_contract_for_nothing_is_seen():
    with pytest.raises(AssertionError, match="name some"):
        NetworkContract().test_there_is_something_to_hold()
