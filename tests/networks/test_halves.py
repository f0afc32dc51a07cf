"""Two halves of some work, one after the other or at the same time."""

import threading

import pytest

from ecumene.networks import halves
from ecumene.networks.halves import ONE_BY_ONE, WORTH, Halves


@pytest.mark.parametrize("ties", [0, WORTH])
def test_both_halves_are_done_and_given_in_order(ties):
    with Halves(ties) as both:
        assert both.each(lambda half: 10 + half) == (10, 11)
        assert both.each(lambda half: -half) == (0, -1)


def test_the_halves_of_many_ties_are_done_at_the_same_time(monkeypatch):
    monkeypatch.setattr(halves, "_cores", lambda: 2)
    meet = threading.Barrier(2, timeout=10)  # broken, unless both halves are under way
    with Halves(WORTH) as both:
        assert both.at_once and sorted(both.each(lambda half: meet.wait())) == [0, 1]


def test_on_one_core_one_half_comes_after_the_other(monkeypatch):
    monkeypatch.setattr(halves, "_cores", lambda: 1)
    here = threading.get_ident()
    for both in (Halves(WORTH), ONE_BY_ONE):
        assert both.each(lambda half: threading.get_ident()) == (here, here)
        assert not both.at_once


@pytest.mark.parametrize("half", [0, 1])
def test_what_goes_wrong_in_a_half_is_raised(half):
    def work(number):
        if number == half:
            raise ValueError(f"half {number}")

    with pytest.raises(ValueError, match=f"half {half}"), Halves(WORTH) as both:
        both.each(work)
