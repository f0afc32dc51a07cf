"""Sets of places as words: their levels agree."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ecumene.backends.cpu import prelude
from ecumene.backends.cpu.storage import Bits, lowered_bits


@given(st.sets(st.integers(0, 9999)), st.sets(st.integers(0, 9999)))
def test_members_taken_out_leave_exact_levels(members, out):
    def filled(places):
        bits = Bits.none(10_000)
        for place in places:
            prelude.put(*bits.levels, place)
        return bits

    bits = filled(members)
    lowered_bits(bits, np.array(sorted(out), np.int64))
    for found, level in zip(bits.levels, filled(members - out).levels, strict=True):
        assert found.tolist() == level.tolist()
