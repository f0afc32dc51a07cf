"""What `ec.agent_rule` takes, and what it refuses."""

import pytest

import ecumene as ec
from ecumene.errors import ModelError


def test_it_names_the_rule_after_its_function():
    @ec.agent_rule(writes="mood")
    def sigh(me, env, model, key):
        return 0

    assert (sigh.name, sigh.writes, sigh.on, sigh.luck) == ("sigh", ("mood",), ec.everyone, "each")


@pytest.mark.parametrize("writes", [(), ("a", "a")])
def test_written_columns_are_named_once_and_at_least_one(writes):
    with pytest.raises(ModelError, match="name each written column once"):
        ec.agent_rule(writes=writes)


def test_luck_lasts_a_step_or_a_life():
    with pytest.raises(ModelError, match='luck="once"'):
        ec.agent_rule(writes="a", luck="twice")
