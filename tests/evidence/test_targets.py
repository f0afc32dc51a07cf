"""Law 7 over the scorecards: every target has a role, a status and a source."""

import pytest

from ecumene.errors import InputError
from ecumene.evidence.reading import rows
from ecumene.evidence.targets import ROLES, STATUSES, _target, targets

ROW = rows("targets")[0]


def test_every_target_has_a_role_a_status_and_a_source_or_is_from_memory():
    for row in rows("targets"):
        target = _target(row)
        assert target.role in ROLES
        assert target.status in STATUSES
        assert target.primary_source or target.status == "from memory"
        assert target.unit
        assert target.low <= target.high


def test_a_row_is_never_scored_under_another_preset():
    assert {t.preset for t in targets("virality", "links")} == {"links"}
    assert targets("virality") == ()
    assert {t.preset for t in targets("trust")} == {""}


def test_the_final_size_of_a_cascade_is_a_regression_value():
    (target,) = targets("cascade")
    assert (target.low, target.high, target.role) == (0.5494, 0.5554, "regression")
    assert target.source.startswith("bond percolation")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"role": "output"}, "no role named `output`"),
        ({"status": "certain"}, "no status named `certain`"),
        ({"low": "1", "high": "0"}, "lies above"),
        ({"primary_source": ""}, "no primary source"),
    ],
)
def test_a_row_that_breaks_the_rules_is_an_error(change, told):
    with pytest.raises(InputError, match=told):
        _target(ROW | change)
