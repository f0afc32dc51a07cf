"""Fresh memory, in huge pages or not, is an array like any other."""

import numpy as np
import pytest

from ecumene.arrays import HUGE, fresh


@pytest.mark.parametrize("size", [0, 1, HUGE // 8 - 1, HUGE // 8, HUGE // 4 + 3])
def test_fresh_memory_has_room_and_can_be_written(size):
    array = fresh(size, np.int64)
    assert array.shape == (size,) and array.dtype == np.int64 and array.flags.c_contiguous
    array[:] = np.arange(size)
    assert array.sum() == size * (size - 1) // 2


def test_a_part_keeps_the_memory_that_it_lies_in():
    part = fresh(HUGE, np.uint8)[5:10]
    part[:] = 7
    assert part.tolist() == [7] * 5 and len(part.base) == HUGE
