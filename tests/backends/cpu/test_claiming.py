"""What is granted without sorting is what sorting grants; what is left out would get nothing."""

import numpy as np
import pytest

from ecumene.backends.cpu import granting
from ecumene.backends.cpu.claim_room import ClaimRoom

ROWS = 400


def claims(kinds: int, lucks: int, most: int, seed: int):
    """Claims of few priorities and lucks, so that many are alike; some are of very many units."""
    random = np.random.default_rng(seed)
    priority = random.integers(-kinds, kinds, ROWS) * random.choice([1, 10**15])
    units = random.choice([1, 1, 1, 2, 7, 2**63 - 1 if most % 3 == 0 else 1], ROWS)
    places = random.permutation(ROWS)
    asked = np.stack([places, np.zeros(ROWS, np.int64), units, ~priority], 1).astype(np.int64)
    return asked, random.integers(0, lucks, ROWS).astype(np.uint64)


def granted_in_order(asked, lucks, most):
    granted = np.zeros(ROWS, object)
    for e in np.lexsort((asked[:, 0], lucks, asked[:, 3])):
        granted[e] = min(int(asked[e, 2]), most)
        most -= granted[e]
    return granted


@pytest.fixture(scope="module")
def compiled():
    """The loops as programs get them, compiled once for this file."""
    from ecumene.backends.cpu import common
    from ecumene.backends.cpu.module import imported

    return imported(common.alone(common.of_sets()))


CASES = [(k, m) for k in (1, 3, 400) for m in (0, 1, 2, 7, 40, 200, 399, 400, 2000, 2**62)]


@pytest.mark.parametrize(("kinds", "most"), CASES)
def test_the_foremost_are_granted_what_sorting_grants(compiled, kinds, most):
    for seed in range(3):
        asked, lucks = claims(kinds, 9 if seed else 2**62, most, seed)
        granted = np.zeros(ROWS, np.int64)
        scratch = np.empty(ROWS, np.int64), np.empty(256, np.int64)
        compiled.grant_foremost(asked, lucks, most, *scratch, granted)
        assert granted.tolist() == granted_in_order(asked, lucks, most).tolist()


@pytest.mark.parametrize(("kinds", "most"), CASES)
def test_claims_behind_the_stock_are_left_out(compiled, kinds, most):
    asked, lucks = claims(kinds, 9, most, 5)
    all_of_it, drawn = asked.copy(), lucks.copy()
    bar, bar_luck = np.array([2**63 - 1]), np.array([2**64 - 1], np.uint64)
    scratch = np.empty(ROWS, np.int64), np.empty(256, np.int64)
    n = compiled.keep_foremost(asked, lucks, ROWS, most, *scratch, bar, bar_luck)
    served = all_of_it[:, 0][granted_in_order(all_of_it, drawn, most) > 0]
    assert sorted(asked[:n, 0]) == sorted(served)
    if 0 < n < ROWS:
        last = np.lexsort((asked[:n, 0], lucks[:n], asked[:n, 3]))[-1]
        assert (bar[0], bar_luck[0]) == (asked[last, 3], lucks[last])


def test_what_was_granted_is_found_going_along():
    places = np.array([0, 3, 4, 9, 17, 18, 64, 65, 200])
    for stride in (1, 2, 5, 40):
        at = 0
        for i in range(0, 220, stride):
            at = granting.seek(places, i, at)
            assert at == np.searchsorted(places, i)
            units = granting.granted_at(places, places + 1, i, at)
            assert units == (i + 1 if i in places else 0)


def test_the_room_of_workers_is_kept_and_their_claims_moved_together():
    room = ClaimRoom()
    room.take(20)
    for first, size in ((0, 10), (10, 10)):
        part = room.part(first, size)
        part["asked"][:] = np.arange(first, first + size)[:, None]
        part["lucks"][:] = np.arange(first, first + size)
    kept = room.lucks
    room.take(15)
    assert room.lucks is kept
    n = room.together([(0, 3), (10, 9)])
    assert room.asked[:n, 3].tolist() == room.lucks[:n].tolist() == [0, 1, 2, *range(10, 19)]
