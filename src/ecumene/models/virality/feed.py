"""Stories that compete for one feed: what followers are offered, and what of it they see.

An agent is a person with one of the stories. Whoever is offered a story has it in the feed for a
day. Now and then a person opens the feed, on average every `hours_away`, and sees `slots` stories
of it: a part picked by a recommender's score, the others the newest. So attention is a capacity
that stories claim, and nobody sees more than there is.
"""

import ecumene as ec

from .attention import MINUTES, activity, closeness, freshness
from .passing import HEADS, LOTS, kept_from_it, steps_until_shared, whose
from .sides import appeal, hostility, is_own

DAY = 144  # steps that a post stays in the feed
POINTS = 1_000_000  # Scores are compared as whole numbers of so many to one.
NEWER = 1 << 20  # above every step: among equal scores the newest comes first
HABITS = 1 << 31
HIGHEST_SCORE = 1e12


def keenness(me, env, model):
    """The chance that a follower of weight 1 would pass the story on; above 1 for low weights."""
    age = env.step - env.begun[me.story]
    multiple = env.infectiousness[me.story]
    return model.ratio * multiple * model.per_ratio * freshness(age, model.decay)


def looks(habit, step, model):
    """Whether a person of that habit opens the feed in this step."""
    return ec.chance(ec.fold(habit, step), min(1.0, MINUTES / (60.0 * model.hours_away + 1e-9)))


def expected(me, env, model):
    """How engaged the reader is expected to be, beside by a mean story that suits them, fresh.

    It is the chance that they pass it on, but for how active they are, which is the same for all
    that they are shown.
    """
    fresh = freshness(me.offered_at - env.begun[me.story], model.decay)
    near = closeness(me.person, env.topics[me.story], model.narrowness)
    return env.infectiousness[me.story] * fresh * near * appeal(me.person, me.story, env, model)


def score(me, env, model):
    """What the recommender ranks by: engagement expected, similarity, popularity, and age."""
    near = closeness(me.person, env.topics[me.story], model.narrowness)
    points = (
        model.by_engagement * expected(me, env, model)
        + model.by_similarity * near
        + model.by_popularity * ec.log(1.0 + env.popularity[me.story])
        - model.by_age * (env.step - me.offered_at) / 6.0
    )
    whole = int(max(-HIGHEST_SCORE, min(HIGHEST_SCORE, points * POINTS)))
    return whole * NEWER + me.offered_at


@ec.tie_rule(over="followers", active="sharing", into="offers", luck="once")
def offer(me, tie, env, model, key):
    return True


def tempt(me, tie, payload, env, model, key):
    """Who would pass it on if they saw it: decided by luck as where every story is alone."""
    if me.shares_at != ec.NEVER:
        return ec.NOTHING
    own = is_own(me.person, me.story, env)
    if payload % 2 == 1 and not own:
        return ec.NOTHING  # Only hostility brought it here, and it is hostile to the reader's side.
    near = closeness(me.person, env.topics[me.story], model.narrowness)
    weight = activity(me.age, model.youngest) * near * (1.0 if own else model.across)
    strength = keenness(me, env, model) * (hostility(me.story, env, model) if own else 1.0)
    if not ec.chance(key, max(1.0, strength) * weight):
        return ec.NOTHING
    return ec.integer(key, LOTS, 1) * HEADS + payload // 2


@ec.tie_rule(
    over="followers",
    active="sharing",
    into="temptation",
    combine="min",
    receive=tempt,
    luck="once",
    tell=whose,
)
def show(me, tie, env, model, key):
    """Who shows it, twice the number; one more where it takes hostility that it is passed on."""
    strength = keenness(me, env, model)
    if ec.chance(key, strength):
        return me.identity * 2
    more = strength * hostility(me.story, env, model)
    return me.identity * 2 + 1 if ec.chance(key, more) else ec.NOTHING


@ec.agent_rule(on=ec.reached_by(offer), writes=("offered", "offered_at", "tempter"))
def put_in_feed(me, env, model, key):
    if me.shares_at != ec.NEVER:
        return False, me.offered_at, me.tempter
    tempter = me.tempter if me.temptation == ec.NOTHING else me.temptation % HEADS
    return True, env.step, tempter


@ec.agent_rule(of="people", on=ec.awake("begins"), writes=("begins", "habit"), luck="once")
def take_habit(me, env, model, key):
    """When a person opens the feed hangs on this number alone."""
    return ec.NEVER, ec.integer(key, HABITS)


@ec.claim(capacity="people.picks", into="picked", on=ec.flagged("offered"))
def recommend(me, env, model, key):
    """The recommender's part of the slots; in a chronological feed it goes to the newest, too."""
    asks = 1 if looks(env.habits[me.person], env.step, model) else 0
    return me.person, asks, me.offered_at if model.chronological else score(me, env, model)


@ec.claim(capacity="people.attention", into="glimpsed", on=ec.flagged("offered"))
def scroll(me, env, model, key):
    asks = me.picked == 0 and looks(env.habits[me.person], env.step, model)
    return me.person, 1 if asks else 0, me.offered_at


@ec.agent_rule(
    on=ec.flagged("offered"),
    writes=("offered", "seen_at", "shares_at", "parent", "waiting"),
    luck="once",
)
def see(me, env, model, key):
    """What is seen leaves the feed, and is passed on after a while by those whom it tempts."""
    if me.picked == 0 and me.glimpsed == 0:
        stays = env.step - me.offered_at < DAY
        return stays, me.seen_at, me.shares_at, me.parent, False
    if me.tempter < 0:
        return False, env.step, me.shares_at, me.parent, False
    return False, env.step, env.step + steps_until_shared(model, key) - 1, me.tempter, True


@ec.agent_rule(
    on=ec.flagged("waiting"), writes=("waiting", "shared", "sharing", "parent"), luck="once"
)
def post(me, env, model, key):
    """Authors post when their story begins; others pass it on as where every story is alone."""
    begins = env.begun[me.story] if me.parent < 0 else me.shares_at
    if begins > env.step:
        return True, False, False, me.parent
    if me.parent >= 0 and env.checked[me.story] and kept_from_it(env, model, key):
        return False, False, False, -1
    return False, True, True, me.parent


@ec.agent_rule(of="people", on=ec.changed("picks"), writes="picks")
def refill_picks(me, env, model, key):
    return picked_slots(model.slots, model.recommended)


@ec.agent_rule(of="people", on=ec.changed("attention"), writes="attention")
def refill_attention(me, env, model, key):
    return model.slots - picked_slots(model.slots, model.recommended)


def picked_slots(slots, recommended):
    """How many of the slots a recommender fills."""
    return int(slots * recommended + 0.5)
