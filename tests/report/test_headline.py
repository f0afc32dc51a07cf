"""The answer first, and never more than the run says."""

from __future__ import annotations

import numpy as np
import pytest

from ecumene.report import headline as h


def test_without_a_measure_of_reach_it_only_says_what_ran():
    record = {"model": "market", "agents": 2000, "steps": 1, "step_unit": "week"}
    assert h.headline(record) == "Market ran for 1 week over 2,000 agents."


@pytest.mark.parametrize(
    ("ended", "said"),
    [("quiet", "nothing could change"), ("steps", "after the 5 steps asked"), ("x", "")],
)
def test_it_says_why_it_ended(ended, said):
    assert said in h.ending({"ended": ended, "steps": 5})


def test_half_way_and_the_fastest_step_are_read_off_the_curve():
    steps, reached = np.arange(5), np.array([1, 3, 10, 19, 20])
    assert h.half_way(steps, reached) == 2
    assert h.fastest(steps, reached) == (3, 9)
    assert h.half_way(steps, np.ones(5)) is None
    assert h.fastest(steps, np.ones(5)) is None
