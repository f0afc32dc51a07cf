"""How many agents a share needs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecumene.cli.precision import agents_for_band, reach_of_share


def test_a_poll_to_three_points_needs_the_number_that_pollsters_know():
    assert agents_for_band(0.47, 0.53, 0.5) == 1068


@given(st.floats(0.01, 0.9), st.floats(0.001, 0.09))
def test_that_many_agents_are_just_enough(low: float, width: float):
    middle = low + width / 2
    needed = agents_for_band(low, low + width, (middle * (1 - middle)) ** 0.5)
    assert reach_of_share(needed, middle) <= width / 2 * (1 + 1e-9)
    if needed > 1:
        assert reach_of_share(needed - 1, middle) >= width / 2 * (1 - 1e-9)


def test_a_hundred_times_the_agents_know_ten_times_better():
    assert reach_of_share(100) / reach_of_share(10_000) == pytest.approx(10)
