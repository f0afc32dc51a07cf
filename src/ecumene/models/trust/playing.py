"""A game: what two who are paired send and give back, once, or with what was learnt before."""

import ecumene as ec

from .returning import given_back
from .sending import belief, sent

STAKE = 1000  # Cents that a sender gets.
TENTH = STAKE // 10
LEARNT = ("good", "bad", "kept", "broken")  # As a sender, and as a receiver.
OUTCOME = ("earned", "choice", "returned")
PLAYED = (*OUTCOME, *LEARNT)


def deal(me, other, believed, seen, env, model, key):
    """What the two of a pair do: tenths and cents sent, what there is then, and cents given back.

    A receiver looks ahead as far as it is `seen` what it does.
    """
    sender = me.identity if me.leads else other.identity
    receiver = other.identity if me.leads else me.identity
    country = me.country if me.leads else other.country
    tenths = sent(ec.fold(model.draw, sender), country, believed, env, model, key)
    cents = TENTH * tenths
    there = model.multiplier * cents
    if model.dictator:
        return tenths, cents, there, 0
    back = given_back(cents, there, ec.fold(model.draw, receiver), seen, env, model)
    return tenths, cents, there, back


def outcome(me, tenths, cents, there, back):
    """What one of the two has now, its choice as a sender, and the part given back, per mille."""
    part = int(1000.0 * back / max(1, there))
    earned = STAKE - cents + back if me.leads else there - back
    choice = 1 + tenths if me.leads else 0
    return me.earned + earned, choice, 0 if me.leads else part


@ec.meeting(shows="country", writes=OUTCOME)
def play_once(me, other, env, model, key):
    """Two strangers play who know nothing of each other and learn nothing."""
    tenths, cents, there, back = deal(me, other, 0.5, 0.0, env, model, key)
    return outcome(me, tenths, cents, there, back)


def experience(me, other, model):
    """What the sender of a pair believes by what it met with."""
    good, bad = (me.good, me.bad) if me.leads else (other.good, other.bad)
    return belief(good, bad, model.aversion)


def after(me, tenths, cents, there, back):
    """The next values of one of the two, with what was learnt: whether enough was given back."""
    earned, choice, returned = outcome(me, tenths, cents, there, back)
    good = int(cents > 0 and back >= cents)
    bad = int(cents > 0 and back < cents)
    if me.leads:
        return earned, choice, returned, me.good + good, me.bad + bad, me.kept, me.broken
    return earned, choice, returned, me.good, me.bad, me.kept + good, me.broken + bad


@ec.meeting(shows=("good", "bad", "country"), writes=PLAYED)
def play(me, other, env, model, key):
    """Two strangers play, paired anew in each round."""
    believed = experience(me, other, model)
    tenths, cents, there, back = deal(me, other, believed, 0.0, env, model, key)
    return after(me, tenths, cents, there, back)
