"""A network several times over: the same ties in each copy, and none between."""

import pytest

import ecumene as ec
from ecumene.errors import ModelError
from ecumene.testing import NetworkContract
from ecumene.testing.networks import ties_of

GROUPED = ec.configuration(
    ec.power_law(2.3, 2, 6),
    directed=True,
    in_degrees=ec.log_normal(sigma=1.0, high=9),
    groups=[30, 12],
    inside=0.8,
)


class TestRepeated(NetworkContract):
    networks = ((ec.repeated(GROUPED, 2), 84),)


def test_every_copy_has_the_ties_of_the_network():
    one = sorted((i, j) for i, j, _ in ties_of(GROUPED.lowered(42, 5), 42))
    copies = list(ties_of(ec.repeated(GROUPED, 3).lowered(126, 5), 126))
    for copy in range(3):
        own = [(i - 42 * copy, j - 42 * copy) for i, j, _ in copies if i // 42 == copy]
        assert sorted(own) == one


def test_copies_that_there_cannot_be_are_refused():
    with pytest.raises(ModelError, match="0 copies of a network; type 1"):
        ec.repeated(ec.matchings(3), 0)
    with pytest.raises(ModelError, match="a whole multiple of the copies"):
        ec.repeated(ec.matchings(3), 4).lowered(42, 0)
