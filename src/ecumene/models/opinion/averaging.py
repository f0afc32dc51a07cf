"""All at once: the mean over those within the tolerance (Hegselmann-Krause), oneself included.

With a tolerance that covers the range it is DeGroot's rule, with stubbornness Friedkin and
Johnsen's. Among everybody the mean is taken from a histogram of a thousand bins: all of a bin are
within the tolerance or none, so it is held to a thousandth of the range, and a step looks once at
each agent.
"""

import ecumene as ec

from .opinions import FINE, bin_of, moved


def running(amounts):
    """0, and the sums of the first 1, 2, ... amounts."""
    total, cells = 0, [0]
    for b in range(FINE):
        total += amounts[b]
        cells += [total]
    return tuple(cells)


@ec.environment_rule(writes=("people_below", "opinions_below"))
def count_below(env, model, key):
    """How many are below each bin, and their opinions' sum."""
    return running(env.people_in), running(env.opinions_in)


def opinions_between(env, me, bins):
    """Number and sum of the opinions that are at most `bins` bins away."""
    first, last = max(0, me.bin - bins), min(FINE, me.bin + bins + 1)
    people = env.people_below[last] - env.people_below[first]
    return people, env.opinions_below[last] - env.opinions_below[first]


@ec.agent_rule(writes=("opinion", "bin", "heard", "seen", "alike"))
def average(me, env, model, key):
    """Move to the mean of all within the tolerance."""
    wide = 1.0 - model.lowest
    # Half a bin more: two agents in bins k apart differ by k bins on average.
    people, total = opinions_between(env, me, int(model.tolerance / wide * FINE + 0.5))
    alike, _ = opinions_between(env, me, int(model.alike_within / wide * FINE + 0.5))
    mean = total // people
    opinion = moved(me, mean - me.opinion, model)
    everybody = env.people_below[FINE]
    share = alike * 10_000 // everybody
    return opinion, bin_of(opinion, model.lowest, FINE), mean, 10_000, share
