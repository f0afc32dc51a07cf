"""A meeting as it is declared."""

import pytest

import ecumene as ec
from ecumene.errors import ModelError


def function(me, other, env, model, key):
    return me.mood


def test_without_a_place_all_meet_all_anew_in_each_step():
    rule = ec.meeting(shows="mood", writes="mood")(function)
    assert (rule.within, rule.luck, rule.on) == (None, "each", ec.everyone)


def test_what_it_writes_is_checked():
    with pytest.raises(ModelError, match="name each written column once"):
        ec.meeting(shows=(), writes=("mood", "mood"))
