"""Which rules could as well be asked of agents whom they are not for."""

import pytest

import ecumene as ec
from ecumene.rules import holds_for_anybody

DIVISOR = 3


def louder(voice):
    return voice + 1 if voice < 9 else voice


def of_nobody(voice):
    return voice // 0


def halves(voice, of):
    return voice // of


def counts_down(number):
    return 0 if number <= 0 else counts_down(number - 1)


def hears(me, env, model, key):
    return (env.step, True) if me.reached_at == ec.NEVER else (me.reached_at, False)


def speaks(me, env, model, key):
    loud: int = louder(me.voice)
    if ec.chance(key, model.p) and not me.told:
        loud += 2
    else:
        loud = min(max(loud, -3), abs(me.voice) // 2)
    return loud, loud > 3 or ec.happened(me.since), ec.uniform(key, k=1) * 0.5 / 2


def divides(me, env, model, key):
    return me.coins // me.friends


def divides_by_a_constant_of_0(me, env, model, key):
    return me.coins / 0


def divides_by_a_name(me, env, model, key):
    return me.coins % DIVISOR


def shares(me, env, model, key):
    coins = me.coins
    coins //= me.friends
    return coins


def looks_up(me, env, model, key):
    return model.ages[me.coins]


def waits(me, env, model, key):
    coins = me.coins
    while coins != 7:
        coins += 1
    return coins


def goes_round(me, env, model, key):
    coins = 0
    for _ in range(me.coins):
        coins += 1
    return coins


def rounds(me, env, model, key):
    return int(me.mood)


def throws(me, env, model, key):
    return ec.integer(key, me.coins)


def calls_what_divides(me, env, model, key):
    return halves(me.coins, me.friends)


def calls_what_divides_by_0(me, env, model, key):
    return of_nobody(me.coins)


def calls_itself(me, env, model, key):
    return counts_down(me.coins)


def may_end(heard):
    if heard:
        return 1


def ends_early(heard):
    if heard:
        return
    return 1


def ends_on_both_ways(heard):
    if heard:
        heard = False
    else:
        return 2


def calls_what_may_end(me, env, model, key):
    return may_end(me.heard) > 3


def on_every_way(me, env, model, key):
    if me.heard:
        if me.told:
            return 1
        else:
            return 2
    else:
        return 3


@pytest.mark.parametrize("rule", [hears, speaks, louder, on_every_way])
def test_a_rule_of_plain_values_could_be_asked_of_anybody(rule):
    assert holds_for_anybody(rule)


DOUBTFUL = [divides, divides_by_a_constant_of_0, divides_by_a_name, shares, looks_up, waits]
DOUBTFUL += [goes_round, rounds, throws, calls_what_divides, calls_what_divides_by_0, calls_itself]
DOUBTFUL += [may_end, ends_early, ends_on_both_ways, calls_what_may_end]


@pytest.mark.parametrize("rule", DOUBTFUL)
def test_one_that_may_not_end_or_not_bear_a_number_could_not(rule):
    assert not holds_for_anybody(rule)
