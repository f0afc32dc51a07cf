"""Pairs of thousands of archetypes fit into a small table, whose error is said and is so."""

import numpy as np
import pytest

import ecumene as ec
from ecumene.errors import ModelError

STATES = (ec.levels("my stance", 3), ec.levels("your stance", 3))
TWO = {"ignore": "does nothing", "follow": "comes nearer"}


def smooth(i, j, a, b):
    """Chances that vary along both archetypes, of which there are 10,000."""
    follow = 0.1 + 0.5 * (i / 9999) * (1 - j / 9999) + 0.1 * (a == b)
    return np.stack([1 - follow, follow], axis=1)


def test_ten_thousand_archetypes_pass_through_a_hundred_groups():
    order = tuple((np.arange(10_000) // 100).tolist())
    policy = ec.pair_policy(
        10_000, STATES, TWO, smooth, source="x", actor_groups=order, partner_groups=order
    )
    assert policy.situations == 90_000 and policy.about["full_cells"] == 900_000_000
    assert policy.memory_bytes < 1e6
    assert policy.about["error"]["largest"] < 0.5 / 100 * 1.5
    found = policy.chances(5000, 123, 1, 2)["follow"]
    assert found == pytest.approx(smooth(*map(np.array, ([5000], [123], [1], [2])))[0, 1], abs=0.01)


def test_groups_are_found_by_what_archetypes_do():
    kinds = np.random.default_rng(1).integers(0, 4, 300)

    def by_kind(i, j, a, b):
        follow = (kinds[i] * 4 + kinds[j]) / 20 + 0.05 * (a > b)
        return np.stack([1 - follow, follow], axis=1)

    policy = ec.pair_policy(300, STATES, TWO, by_kind, source="x", groups=9)
    assert policy.situations == 4 * 4 * 9  # no more groups than there are kinds
    assert policy.about["error"]["largest"] < 1e-9
    coarse = ec.pair_policy(300, STATES, TWO, by_kind, source="x", groups=2)
    assert coarse.about["error"]["mean"] > 0.01


@pytest.mark.parametrize(
    ("groups", "said"), [((0, 1), "other than 3 archetypes"), ((0, 0, 2), "group 1 has no")]
)
def test_groups_that_are_none_are_refused(groups, said):
    with pytest.raises(ModelError, match=said):
        ec.pair_policy(
            3, STATES, TWO, smooth, source="x", actor_groups=groups, partner_groups=(0, 1, 2)
        )
