"""Law 1: luck is taken for a number nowhere in a rule: it is unsigned, which differs compiled."""

import pytest

import ecumene as ec
from ecumene.engine.lower import lowered
from ecumene.errors import ModelError
from ecumene.rules import reckons_with_luck


def of_seven(luck):
    return luck % 7


def second(luck):
    return ec.fold(luck, 2)


def folded(identity):
    return 1 + ec.fold(5, identity)


def drawn(luck, most):
    return ec.integer(luck, most) + most


def with_it(me, env, model, key):
    return key % 10


def made_of_it(me, env, model, key):
    return int(ec.fold(key, me.coins))


def by_another_name(me, env, model, key):
    luck = key
    return luck >> 3


def made_and_named(me, env, model, key):
    one, two = 3, ec.fold(key, 1)
    return one - two


def named_in_a_loop(me, env, model, key):
    luck, least = key, 9
    for j in range(3):
        other = luck
        least = min(other, least)
        luck = ec.fold(luck, j)
    return least


def in_a_function(me, env, model, key):
    return of_seven(luck=ec.fold(key, 2))


def given_by_a_function(me, env, model, key):
    return second(key) < me.coins


def made_in_a_function(me, env, model, key):
    return folded(me.identity)


def as_a_number(me, env, model, key):
    return key


def as_one_of_two(me, env, model, key):
    return ec.integer(key if me.coins > 3 else 5, 7)


def as_the_same_as_a_number(me, env, model, key):
    luck = 0
    for j in range(3):
        luck = ec.fold(luck, j)
    return ec.integer(luck, 3)


RECKON = {
    with_it: "key",
    made_of_it: "ec.fold(key, me.coins)",
    by_another_name: "luck",
    made_and_named: "two",
    named_in_a_loop: "other",
    in_a_function: "luck",
    given_by_a_function: "second(key)",
    made_in_a_function: "ec.fold(5, identity)",
    as_a_number: "key",
    as_one_of_two: "key",
    as_the_same_as_a_number: "luck",
}


@pytest.mark.parametrize("function", RECKON, ids=lambda function: function.__name__)
def test_luck_taken_for_a_number_is_refused_with_its_line(function):
    people = ec.Population(3, coins=ec.whole())
    rule = ec.agent_rule(writes="coins")(function)
    with pytest.raises(ModelError, match="reckons with") as caught:
        lowered(ec.Model(populations={"people": people}, phases=[[rule]]), 0)
    assert f"reckons with `{RECKON[function]}`, which is luck" in str(caught.value)
    line = int(str(caught.value).rpartition(":")[2])
    there = {in_a_function: of_seven, made_in_a_function: folded}.get(function, function)
    first = there.__code__.co_firstlineno
    assert first < line <= first + 4


def draws_all_ways(me, env, model, key):
    luck, step = second(ec.fold(key, env.step)), env.step
    luck = luck if me.coins > 2 else second(key)
    while ec.chance(luck, 0.5):
        luck = ec.fold(luck, step)
    return drawn(luck, 7) + ec.below(key, 5) + (ec.uniform(ec.fold(key, me.coins % 7)) < 0.5)


def calls_itself(luck, times):
    return ec.integer(luck, 5) if times == 0 else calls_itself(ec.fold(luck, times), times - 1)


def draws_in_turn(me, env, model, key):
    return calls_itself(key, 3)


@pytest.mark.parametrize("function", [draws_all_ways, draws_in_turn])
def test_drawing_is_no_reckoning(function):
    assert reckons_with_luck(function, "key") is None
