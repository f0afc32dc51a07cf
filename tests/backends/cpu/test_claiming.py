"""What is left out of the sorting of claims is only what would get nothing."""

import numpy as np
import pytest

from ecumene.backends.cpu.claiming import foremost


@pytest.mark.parametrize("most", [0, 1, 2, 7, 40, 499, 500, 1000, 2000])
@pytest.mark.parametrize("kinds", [1, 3, 400])
def test_claims_behind_the_stock_are_left_out(most, kinds):
    random = np.random.default_rng(most + kinds)
    upside_down = ~random.integers(0, kinds, 1000)
    lucks = random.integers(0, 50, 1000).astype(np.uint64)  # with many alike
    order = np.lexsort((np.arange(1000), lucks, upside_down))
    kept = foremost(upside_down, lucks, most)
    assert np.isin(order[:most], kept).all()
    assert np.all(np.diff(np.sort(kept)) > 0)
    assert 2 * most >= 1000 or len(kept) <= most + 60
