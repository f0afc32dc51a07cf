"""Classes laid end to end: every number is found in the class that holds it."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ecumene.networks.classes import class_of, guide_of
from ecumene.population.apportion import starts

sizes = st.lists(st.integers(1, 500) | st.just(1), min_size=1, max_size=60)


@given(sizes)
def test_every_number_is_found_in_its_class(sizes):
    first = starts(sizes)
    guide, shift = guide_of(first)
    found = [class_of(first, guide, shift, number) for number in range(first[-1])]
    assert found == np.repeat(np.arange(len(sizes)), sizes).tolist()


@given(sizes)
def test_an_empty_class_at_the_beginning_is_never_found(sizes):
    first = starts([0, *sizes])
    guide, shift = guide_of(first)
    assert class_of(first, guide, shift, 0) == 1


@given(sizes)
def test_a_guide_is_short(sizes):
    guide, _ = guide_of(starts(sizes))
    assert len(guide) <= 2 * len(sizes) + 4


def test_classes_of_a_hundred_billion_numbers_are_found():
    first = starts([10**11, 1, 1, 7, 10**9])
    guide, shift = guide_of(first)
    at = [0, 10**11 - 1, 10**11, 10**11 + 1, 10**11 + 2, 10**11 + 8, 10**11 + 9, int(first[-1]) - 1]
    assert [class_of(first, guide, shift, number) for number in at] == [0, 0, 1, 2, 3, 3, 4, 4]
