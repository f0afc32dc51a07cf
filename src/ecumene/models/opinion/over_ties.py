"""Over a network: all ties at once, or one of them at a time.

Everybody's opinion goes out along every tie. A recommender weighs what a reader is shown: each post
with a weight that favours the similar, the outraging or the bridging ones. Who hears all ties moves
to the weighted mean, oneself included with the weight of a post that is surely shown; who hears one
is shown one of those that pass a draw of this weight, and moves alone.
"""

import ecumene as ec

from .opinions import ONE, POSTS, bin_of, heeds, is_alike, moved

WHOLE = 1024  # The weight of a post that is surely shown.
ROOM = 1 << 31  # What is shown counts above, what of it is like-minded below.


def shown_with(me, payload, model):
    """The weight, from 0 to 1, of a post for a reader."""
    apart = abs(payload - me.opinion) / ONE
    shown = max(0.0, 1.0 - model.similar - model.outraging - model.bridging)
    if model.similar > 0.0:
        shown += model.similar * ec.exp(-apart / model.reach)
    if model.outraging > 0.0:
        middle = (1.0 + model.lowest) / 2.0
        wide = 1.0 - model.lowest
        shown += model.outraging * min(1.0, 2.0 * abs(payload / ONE - middle) / wide)
    if model.bridging > 0.0 and apart <= model.tolerance:
        shown += model.bridging * apart / max(model.tolerance, 0.000001)
    return min(1.0, shown)


def weigh_gap(me, tie, payload, env, model, key):
    """The gap to a post, weighed; 0 where it is not heeded."""
    gap = payload - me.opinion
    if not heeds(gap, model.tolerance):
        return 0
    return int(WHOLE * shown_with(me, payload, model)) * gap


def weigh_heeded(me, tie, payload, env, model, key):
    """The weight of a post; 0 where it is not heeded."""
    if not heeds(payload - me.opinion, model.tolerance):
        return 0
    return int(WHOLE * shown_with(me, payload, model))


def weigh_shown(me, tie, payload, env, model, key):
    """The weight of a post, once above and, where it is like-minded, once below."""
    weight = int(WHOLE * shown_with(me, payload, model))
    return weight * ROOM + (weight if is_alike(payload - me.opinion, model) else 0)


def draw_shown(me, tie, payload, env, model, key):
    """A post that is shown, by luck."""
    return payload if ec.chance(key, shown_with(me, payload, model)) else ec.NOTHING


@ec.tie_rule(over="ties", active="speaks", into="gaps", combine="sum", receive=weigh_gap)
def tell_gap(me, tie, env, model, key):
    """Everybody's opinion."""
    return me.opinion


@ec.tie_rule(over="ties", active="speaks", into="heeded", combine="sum", receive=weigh_heeded)
def tell_heeded(me, tie, env, model, key):
    """Everybody's opinion."""
    return me.opinion


@ec.tie_rule(over="ties", active="speaks", into="shown", combine="sum", receive=weigh_shown)
def tell_shown(me, tie, env, model, key):
    """Everybody's opinion."""
    return me.opinion


@ec.tie_rule(over="ties", active="speaks", into="post", combine="pick", receive=draw_shown)
def tell_one(me, tie, env, model, key):
    """Everybody's opinion."""
    return me.opinion


@ec.agent_rule(writes=("opinion", "bin", "heard", "seen", "alike"))
def average_ties(me, env, model, key):
    """Move to the mean of those heeded and oneself."""
    gap = me.gaps / (WHOLE + me.heeded)
    opinion = moved(me, gap, model)
    shown, alike = me.shown // ROOM, me.shown % ROOM
    share = alike * 10_000 // shown if shown > 0 else 0
    seen = 10_000 if shown > 0 else 0
    heard = me.opinion + int(me.gaps / me.heeded) if me.heeded > 0 else me.heard
    return opinion, bin_of(opinion, model.lowest, POSTS), heard, seen, share


@ec.agent_rule(on=ec.reached_by(tell_one), writes=("opinion", "bin", "heard", "seen", "alike"))
def read_tie(me, env, model, key):
    """Move towards the one who was heard, if heeded."""
    gap = me.post - me.opinion
    opinion = moved(me, gap if heeds(gap, model.tolerance) else 0, model)
    alike = int(is_alike(gap, model))
    return opinion, bin_of(opinion, model.lowest, POSTS), me.post, 1, alike
