"""What `ec.tie_rule` takes, and what it refuses."""

import pytest

import ecumene as ec
from ecumene.errors import ModelError
from ecumene.rules.tie_rule import COMBINES


@pytest.mark.parametrize("combine", COMBINES)
def test_only_flags_travel_without_a_payload(combine):
    @ec.tie_rule(over="ties", active="up", into="heard", combine=combine)
    def tell(me, tie, env, model, key):
        return 1

    assert tell.carries == (combine not in ("any", "count"))
    assert tell.names_tie == (combine == "pick")
    assert tell.luck == "each"


def test_an_unknown_way_to_combine_names_the_nearest():
    with pytest.raises(ModelError, match="Did you mean `count`"):
        ec.tie_rule(over="ties", active="up", into="heard", combine="counts")


def test_luck_lasts_a_step_or_a_life():
    with pytest.raises(ModelError, match='luck="each"'):
        ec.tie_rule(over="ties", active="up", into="heard", luck="never")
