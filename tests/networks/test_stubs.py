"""Stubs end to end: an agent's follow one another, and each is found to be its own."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ecumene.networks.stubs import first_stub_of, place_of, stub_table

classes = st.dictionaries(st.integers(0, 9), st.integers(1, 20), min_size=1, max_size=5)


@given(classes)
def test_every_stub_is_its_agents_own(classes):
    degrees, counts = (np.array(a) for a in zip(*sorted(classes.items()), strict=True))
    table = stub_table((degrees, counts))
    fields = [table.arrays[name] for name in ("first_place", "first_stub", "degrees")]
    place = [*fields, table.arrays["place_guide"], table.shifts["place_shift"]]
    stub = [*fields, table.arrays["stub_guide"], table.shifts["stub_shift"]]
    at = 0
    for agent, degree in enumerate(np.repeat(degrees, counts).tolist()):
        assert degree == 0 or first_stub_of(*place, agent) == at
        assert [place_of(*stub, at + k) for k in range(degree)] == [agent] * degree
        at += degree
    assert table.stubs == at and table.largest == max(classes)
