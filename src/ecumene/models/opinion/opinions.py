"""What all mechanisms share: an opinion is a whole number of millionths, and moves towards others.

Whole numbers, because then what one gives the other takes: a meeting conserves the sum.
"""

import ecumene as ec

ONE = 1_000_000  # An opinion of 1 in the units of the column.
LIMIT = 100 * ONE
POSTS = 64  # Bins of opinion among which one partner or post is drawn.
FINE = 1000  # Bins for means over all within the tolerance: a thousandth of the range.


def anybody(value):
    """True: counts agents."""
    return True


def bin_of(opinion, lowest, bins):
    """In which of equally wide bins from `lowest` to 1 an opinion lies."""
    low = int(lowest * ONE)
    return max(0, min(bins - 1, (opinion - low) * bins // (ONE - low)))


def heeds(gap, tolerance):
    """Whether somebody whose opinion is `gap` away is listened to."""
    return abs(gap) <= tolerance * ONE


def is_alike(gap, model):
    """Whether a post `gap` away counts as like-minded."""
    return abs(gap) <= model.alike_within * ONE


def moved(me, gap, model):
    """The next opinion on hearing one `gap` away: pulled there, and held by one's first opinion.

    Both of a pair are pulled by the same whole number, since `int` cuts towards zero.
    """
    pulled = me.opinion + int(model.pull * gap)
    return me.first + int((1.0 - model.stubbornness) * (pulled - me.first))


@ec.agent_rule(on=ec.awake("born"), writes=("opinion", "first", "bin", "heard", "treated", "born"))
def be_born(me, env, model, key):
    """Everybody's first opinion, equally likely from `lowest` to 1, in step 0."""
    low = int(model.lowest * ONE)
    opinion = low + ec.integer(key, ONE - low + 1)
    treated = ec.chance(key, model.treated, 1)
    return opinion, opinion, bin_of(opinion, model.lowest, env.bins), opinion, treated, ec.NEVER
