"""An encounter as it is declared."""

import pytest

import ecumene as ec
from ecumene.errors import ModelError


def function(me, other, env, model, key):
    return me.mood


def test_one_column_may_be_given_as_it_is():
    rule = ec.encounter(over="ties", shows="mood", writes="mood")(function)
    assert rule == ec.encounter(over="ties", shows=("mood",), writes=("mood",))(function)
    assert (rule.name, rule.luck, rule.on) == ("function", "each", ec.everyone)


def test_what_it_writes_and_its_luck_are_checked():
    with pytest.raises(ModelError, match="name each written column once"):
        ec.encounter(over="ties", shows=(), writes=())
    with pytest.raises(ModelError, match='luck="once"'):
        ec.encounter(over="ties", shows=(), writes="mood", luck="twice")
