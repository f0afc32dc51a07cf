"""Radicalisation and echo chambers among agents of unequal activity: Baumann et al. (2020).

dx_i/dt = -x_i + K sum_j A_ij(t) tanh(alpha x_j), in explicit Euler steps of 0.01. An agent is
active in a step with chance a_i, drawn from a power law; then it hears `contacts` others, each
drawn in proportion to |x_i - x_j|**-beta. Whom it hears, hears it back with chance `reciprocity`.

The partner's *bin* of opinion is drawn, from a histogram of 64 bins that grow wider outwards; the
partner is known by the bin's mean opinion, so a step looks at each agent once and at each pair of
bins that are not empty. What comes back from those who reach out acts by its mean over the bin.
"""

import ecumene as ec

from .arithmetic import power, tanh
from .feed import cumulated, mean_opinions
from .opinions import ONE, POSTS
from .pairs import drawn_bin

STEP = 0.01  # of the equation's time
HALF = POSTS // 2
WIDE = 16 * ONE  # Where the outermost bins begin to be shared: |x| of 16 and more.
LEVELS = 1000  # Activities are drawn from the middles of so many equal shares of their law.
FULL = 65_535  # An activity of 1 in the units of the column.


def bin_outwards(opinion):
    """The bin of an opinion: k of 32 on its side begins at 16 (k/32)**2."""
    k, step = 0, HALF // 2
    while step > 0:
        if (k + step) * (k + step) * (WIDE // (HALF * HALF)) <= abs(opinion):
            k += step
        step //= 2
    return HALF + k if opinion >= 0 else HALF - 1 - k


@ec.agent_rule(on=ec.awake("born"), writes=("opinion", "first", "bin", "heard", "activity", "born"))
def take_part(me, env, model, key):
    """Everybody's first opinion and activity, in step 0."""
    low = int(model.lowest * ONE)
    opinion = low + ec.integer(key, ONE - low + 1)
    activity = env.activities[ec.integer(key, LEVELS, 1)]
    return opinion, opinion, bin_outwards(opinion), opinion, activity, ec.NEVER


def chosen(reader, env):
    """The share of each bin among those whom agents of the bin `reader` choose to hear."""
    weights = [env.people_in[b] * env.closeness[reader * POSTS + b] for b in range(POSTS)]
    total = 0.0
    for b in range(POSTS):
        total += weights[b]
    return [w / total for w in weights]


@ec.environment_rule(writes=("feed", "posts", "urges", "back"))
def find_contacts(env, model, key):
    """Whom agents of each bin hear, what that urges them to, and what comes back to each bin."""
    posts = mean_opinions(env.opinions_in, env.people_in)
    urges = tuple(tanh(model.controversy * post / ONE) for post in posts)
    rows = [
        chosen(b, env) if env.people_in[b] > 0 else [0.0 for _ in range(POSTS)]
        for b in range(POSTS)
    ]
    back = [0.0 for _ in range(POSTS)]
    for b in range(POSTS):
        if env.people_in[b] > 0:
            reaching = model.reciprocity * model.contacts * env.activity_in[b] / FULL
            back = [back[c] + reaching * rows[b][c] * urges[b] for c in range(POSTS)]
    each = tuple(back[b] / env.people_in[b] if env.people_in[b] > 0 else 0.0 for b in range(POSTS))
    return tuple(cell for row in rows for cell in cumulated(row)), posts, urges, each


@ec.agent_rule(writes=("opinion", "bin", "heard", "seen", "alike"))
def engage(me, env, model, key):
    """Hear others when active, be heard back, and otherwise drift to the middle."""
    urge, heard, alike, seen = env.back[me.bin], 0, 0, 0
    if ec.chance(key, me.activity / FULL, 1):
        seen = model.contacts
        for contact in range(model.contacts):
            author = drawn_bin(env.feed, me.bin, ec.uniform(key, 2 + contact))
            urge += env.urges[author]
            heard += env.posts[author]
            alike += int(env.posts[author] * me.opinion > 0)
    opinion = me.opinion + int(STEP * (model.influence * urge * ONE - me.opinion))
    last = heard // seen if seen > 0 else me.heard
    return opinion, bin_outwards(opinion), last, seen, alike


def activities(least, exponent):
    """The activities in the middles of equal shares of a law a**-exponent from `least` to 1."""
    low = power(least, 1.0 - exponent)
    drawn = [low + (1.0 - low) * (k + 0.5) / LEVELS for k in range(LEVELS)]
    return [int(FULL * power(x, 1.0 / (1.0 - exponent)) + 0.5) for x in drawn]


def middle_of(b):
    """The middle of a bin, as an opinion."""
    k = b - HALF if b >= HALF else HALF - 1 - b
    middle = WIDE / ONE * (k * k + (k + 1) * (k + 1)) / (2 * HALF * HALF)
    return middle if b >= HALF else -middle


def width_of(b):
    """How wide a bin is."""
    k = b - HALF if b >= HALF else HALF - 1 - b
    return WIDE / ONE * (2 * k + 1) / (HALF * HALF)


def closeness(homophily):
    """|x_i - x_j|**-homophily between the middles of bins, readers' bins first.

    Two in one bin are a third of its width apart, as two drawn evenly from it are on average.
    """
    apart = [
        abs(middle_of(a) - middle_of(b)) if a != b else width_of(a) / 3.0
        for a in range(POSTS)
        for b in range(POSTS)
    ]
    return [power(d, -homophily) for d in apart]
