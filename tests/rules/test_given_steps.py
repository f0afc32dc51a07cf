"""When it is plain to see that a rule gives a step that may stand in its column."""

import pytest

import ecumene as ec
from ecumene.rules import gives_a_step

NEVER = 5
COLUMNS = ("since", "until")


def now(me, env, model, key):
    return env.step


def stays(me, env, model, key):
    return me.since if me.keen else ec.NEVER


def of_two(me, env, model, key):
    if me.keen:
        return (me.since, 7) if me.told else (env.step, me.coins)
    return ec.NEVER, -1


def later(me, env, model, key):
    return env.step + 1


def a_number(me, env, model, key):
    return 0


def another_never(me, env, model, key):
    return NEVER


def of_others(me, env, model, key):
    return me.coins


def of_the_environment(me, env, model, key):
    return env.price


def by_a_name(me, env, model, key):
    since = me.since
    return since


def of_one_arm(me, env, model, key):
    return env.step if me.keen else me.coins


def of_another_me(me, env, model, key):
    me = model
    return me.since


def of_another_never(me, env, model, key):
    ec = model
    return ec.NEVER


class Ours:
    never = ec.NEVER


mod = Ours()


def of_an_argument(me, env, mod, key):
    return mod.never


def too_short(me, env, model, key):
    return (env.step,)


def as_a_whole(me, env, model, key):
    both = me.since, me.until
    return both


@pytest.mark.parametrize("rule, part", [(now, None), (stays, None), (of_two, 0)])
def test_a_step_that_is_there_or_is_now(rule, part):
    assert gives_a_step(rule, part, COLUMNS)


DOUBTFUL = [later, a_number, another_never, of_others, of_the_environment, by_a_name, of_one_arm]
DOUBTFUL += [of_another_me, of_another_never, of_an_argument]


@pytest.mark.parametrize(
    "rule, part",
    [*((rule, None) for rule in DOUBTFUL), (of_two, 1), (as_a_whole, 0), (too_short, 1)],
)
def test_what_may_be_another_number_is_not(rule, part):
    assert not gives_a_step(rule, part, COLUMNS)
