"""An explicit network in the engine: rows read outwards and back, and refused at another size."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ecumene as ec
from ecumene.backends import net_of
from ecumene.errors import ModelError
from ecumene.networks import Explicit

from ..societies import explicit, rows

pairs = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=40)


def seen(network, agents):
    """Every (source, target, tie), looking outwards and looking back."""
    lowered = network.lowered(agents, 0)
    net = net_of(lowered)
    out = [
        (i, lowered.neighbour(net, i, k), lowered.tie(net, i, k))
        for i in range(agents)
        for k in range(lowered.degree(net, i))
    ]
    back = [
        (lowered.reverse_neighbour(net, j, k), j, lowered.reverse_tie(net, j, k))
        for j in range(agents)
        for k in range(lowered.reverse_degree(net, j))
    ]
    return out, back


@given(pairs, st.booleans())
def test_looking_back_sees_the_same_ties(pairs, directed):
    out, back = seen(explicit(12, pairs, directed), 12)
    assert sorted(out) == sorted(back)
    wanted = {(a, b) for a, b in pairs if a != b}
    wanted |= set() if directed else {(b, a) for a, b in wanted}
    assert {(i, j) for i, j, _ in out} == wanted and len(out) == len(wanted)


@given(pairs)
def test_an_undirected_tie_has_one_number_and_a_directed_pair_two(pairs):
    both = [*pairs, *[(b, a) for a, b in pairs]]
    for directed, ways in [(False, 2), (True, 1)]:
        out, _ = seen(explicit(12, both, directed), 12)
        numbers = [number for *_, number in out]
        assert all(numbers.count(number) == ways for number in numbers)


def test_another_number_of_agents_is_refused():
    with pytest.raises(ModelError, match="has 12 agents and the population 13"):
        explicit(12, [(0, 1)]).lowered(13, 0)


def test_the_key_draws_nothing_and_the_ties_are_its_identity():
    network = explicit(12, [(0, 1), (2, 3)])
    one, two = network.lowered(12, 1), network.lowered(12, 2)
    assert all(np.array_equal(one.arrays[n], two.arrays[n]) for n in one.arrays)
    assert network.identity() == explicit(12, [(0, 1), (2, 3)]).identity()
    assert network.identity() != explicit(12, [(0, 1), (2, 4)]).identity()
    assert network.identity() != explicit(12, [(0, 1), (2, 3)], directed=True).identity()


def test_a_model_takes_its_size_from_the_network():
    from ecumene.models import MODELS

    model = MODELS["cascade"].build().with_network("contacts", rows(12, [(0, 1)], False))
    assert model.agents == 12 and model.parameters["agents"] == 12
    assert isinstance(model.networks["contacts"], Explicit)
    with pytest.raises(ModelError, match="Did you mean `contacts`"):
        MODELS["cascade"].build().with_network("contact", rows(12, [], False))
    with pytest.raises(ModelError, match="make them equal"):
        people = MODELS["cascade"].build().with_background(ec.world_population(100))
        people.with_network("contacts", rows(12, [], False))
