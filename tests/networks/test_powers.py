"""Powers without a library's exponential: near the true ones, and pinned."""

from decimal import Decimal, getcontext

import numpy as np
import pytest
from blake3 import blake3

from ecumene.networks.powers import powers


@pytest.mark.parametrize("exponent", [-2.3, -1.0, 0.0, -0.5, -7.7, 2.5])
def test_powers_are_right_to_fourteen_digits(exponent):
    getcontext().prec = 40
    bases = np.array([1, 2, 3, 10, 97, 1000, 65_537, 1_000_000, 9_999_991], np.int64)
    for base, power in zip(bases.tolist(), powers(bases, exponent).tolist(), strict=True):
        exact = Decimal(base) ** Decimal(exponent)
        assert abs(Decimal(power) / exact - 1) < Decimal("1e-14")


def test_powers_are_the_same_on_every_machine():
    made = powers(np.arange(1, 200_001, dtype=np.int64), -2.3)
    assert blake3(made.tobytes()).hexdigest()[:16] == "d7ba621a9002bc29"
