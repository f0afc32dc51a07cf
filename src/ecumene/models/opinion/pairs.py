"""One partner at a time: Deffuant and Weisbuch's meetings, and posts that a recommender picks.

Who is shown a post reads it and moves alone; all others are paired by luck, and both of a pair
move by the same whole number.
"""

import ecumene as ec

from .opinions import POSTS, bin_of, heeds, is_alike, moved

TRIES = 8  # Posts that are looked through for one that is not like-minded.


def drawn_bin(cumulative, row, draw):
    """The first of a row's bins whose cumulative share lies above `draw`."""
    low, high = 0, POSTS - 1
    while low < high:
        middle = (low + high) // 2
        if cumulative[row * POSTS + middle] > draw:
            high = middle
        else:
            low = middle + 1
    return low


def drawn_post(me, env, model, key):
    """The opinion of a post's author; a treated agent is spared a share of the like-minded ones."""
    post = env.posts[drawn_bin(env.feed, me.bin, ec.uniform(key, 2))]
    if not me.treated or not ec.chance(key, model.cut, 3):
        return post
    for again in range(TRIES):
        if not is_alike(post - me.opinion, model):
            return post
        post = env.posts[drawn_bin(env.feed, POSTS, ec.uniform(key, 4 + again))]
    return post


@ec.agent_rule(writes=("opinion", "bin", "heard", "seen", "alike", "meets"))
def read(me, env, model, key):
    """Read a post, or go to meet somebody."""
    shown = model.similar + model.outraging + model.bridging + model.chronological
    if not ec.chance(key, shown, 1):
        return me.opinion, me.bin, me.heard, 0, 0, True
    post = drawn_post(me, env, model, key)
    gap = post - me.opinion
    opinion = moved(me, gap if heeds(gap, model.tolerance) else 0, model)
    alike = int(is_alike(gap, model))
    return opinion, bin_of(opinion, model.lowest, POSTS), post, 1, alike, False


def after_meeting(me, other, model):
    """What a meeting makes of one of the two."""
    gap = other.opinion - me.opinion
    opinion = moved(me, gap if heeds(gap, model.tolerance) else 0, model)
    place = bin_of(opinion, model.lowest, POSTS)
    return opinion, place, other.opinion, 1, int(is_alike(gap, model))


@ec.meeting(shows="opinion", writes=("opinion", "bin", "heard", "seen", "alike"))
def meet(me, other, env, model, key):
    """All are paired, and both move."""
    return after_meeting(me, other, model)


@ec.meeting(
    on=ec.flagged("meets"),
    shows="opinion",
    writes=("opinion", "bin", "heard", "seen", "alike"),
)
def meet_who_do_not_read(me, other, env, model, key):
    """Those who are shown no post are paired, and both move."""
    return after_meeting(me, other, model)
