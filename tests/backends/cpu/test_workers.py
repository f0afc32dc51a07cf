"""Work that is shared out: each item once, and none any more once somebody failed."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from ecumene.backends.cpu.workers import Shared


def test_each_item_goes_to_one_worker():
    items = Shared(range(10_000))
    with ThreadPoolExecutor(4) as pool:
        mine = list(pool.map(lambda _: list(items), range(4)))
    assert sorted(item for some in mine for item in some) == list(range(10_000))


def test_where_one_fails_nobody_gets_any_more():
    items, taken = Shared(range(5)), []
    with pytest.raises(ZeroDivisionError), items.unless_failed():
        for item in items:
            taken.append(item)
            1 // (item - 2)
    assert taken == [0, 1, 2] and list(items) == []


def test_who_stops_leaves_the_rest_to_others():
    items = Shared(range(5))
    with items.unless_failed():
        first = next(iter(items))
    assert first == 0 and list(items) == [1, 2, 3, 4]
