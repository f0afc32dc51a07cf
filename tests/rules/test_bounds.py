"""What a rule may give is told from its text, and never too narrowly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ecumene as ec
from ecumene.random import fold
from ecumene.rules import returned

LIMIT = stirred = 7
COLUMNS = {"wide": (0, 1 << 40), "strain": (0, 1000), "mood": (-5, 20), "up": (0, 1)}


def a_choice(me, tie, env, model, key):
    if not ec.chance(key, model.transmission):
        return ec.NOTHING
    return ec.integer(key, 999, 3) + 2 if ec.chance(key, model.mutation, 4) else me.strain


def of_names(me, tie, env, model, key):
    more = me.mood
    if me.up:
        more = 2 * more - LIMIT
    else:
        pass
    return max(min(more, 30), me.strain > 3)


def of_one_arm(me, tie, env, model, key):
    return me.mood * me.mood if me.up else ec.NOTHING


def of_a_difference(me, tie, env, model, key):
    return me.strain - me.mood


def of_a_payload(me, tie, payload, env, model, key):
    return payload + me.up


@pytest.mark.parametrize(
    ("rule", "bounds"),
    [
        (a_choice, (0, 1000)),
        (of_names, (0, 30)),
        (of_one_arm, (-100, 400)),
        (of_a_difference, (-20, 1005)),
    ],
)
def test_numbers_columns_draws_and_choices_have_bounds(rule, bounds):
    assert returned(rule, COLUMNS) == bounds


def test_what_comes_along_a_tie_has_the_bounds_of_what_was_sent():
    assert returned(of_a_payload, COLUMNS, (3, 9)) == (3, 10)
    assert returned(of_a_payload, COLUMNS) is None


def of_a_parameter(me, tie, env, model, key):
    return me.mood + model.more


def of_an_unknown_column(me, tie, env, model, key):
    return me.age


def of_a_quotient(me, tie, env, model, key):
    return me.mood // 2


def of_a_loop(me, tie, env, model, key):
    total = 0
    for _ in range(10):
        total = total + me.mood
    return total


def of_a_name_that_hides(me, tie, env, model, key):
    stirred = model.more
    return stirred


def of_an_unknown_draw(me, tie, env, model, key):
    return ec.integer(key, model.more)


def of_a_negative_draw(me, tie, env, model, key):
    return ec.integer(key, me.mood)


def of_what_leaves_64_bits(me, tie, env, model, key):
    return min(me.wide * me.wide, 9)


def of_a_name_set_one_way(me, tie, env, model, key):
    more = model.more
    if me.up:
        more = 1
    return more


@pytest.mark.parametrize(
    "rule",
    [
        of_a_parameter,
        of_an_unknown_column,
        of_a_quotient,
        of_a_loop,
        of_a_name_that_hides,
        of_an_unknown_draw,
        of_a_negative_draw,
        of_what_leaves_64_bits,
        of_a_name_set_one_way,
    ],
)
def test_of_what_is_not_certain_nothing_is_told(rule):
    assert returned(rule, COLUMNS) is None


class Agent:
    """Somebody with these columns, or a model with these parameters."""

    def __init__(self, **has):
        self.__dict__.update(has)


@given(st.integers(0, 1000), st.integers(-5, 20), st.booleans(), st.integers(0, 10_000))
def test_no_agent_gives_more_or_less(strain, mood, up, number):
    me = Agent(strain=strain, mood=mood, up=up)
    model = Agent(transmission=0.5, mutation=0.5)
    for rule in (a_choice, of_names, of_one_arm, of_a_difference):
        low, high = returned(rule, COLUMNS)
        given = rule(me, None, None, model, fold(3, number))
        assert given == ec.NOTHING or low <= given <= high


def of_positions_alone(me, tie, env, /, model, key):
    return me.mood + 1


def test_arguments_may_be_known_by_position_alone():
    assert returned(of_positions_alone, COLUMNS) == (-4, 21)


def test_an_agent_rule_has_nothing_left_out():
    assert returned(of_one_arm, COLUMNS) == (-100, 400)
    low, high = returned(of_one_arm, COLUMNS, along_ties=False)
    assert low == min(-100, ec.NOTHING) and high == max(400, ec.NOTHING)


def of_several(me, env, model, key):
    if me.up:
        return me.mood + 1, 3
    return (7, me.strain) if me.mood > 0 else (me.mood, 0)


def of_several_put_together(me, env, model, key):
    both = 1, 2
    return both


def test_of_several_values_each_has_its_own():
    assert returned(of_several, COLUMNS, along_ties=False, part=0) == (-5, 21)
    assert returned(of_several, COLUMNS, along_ties=False, part=1) == (0, COLUMNS["strain"][1])
    assert returned(of_several_put_together, COLUMNS, along_ties=False, part=0) is None
    assert returned(of_several, COLUMNS, along_ties=False, part=2) is None
