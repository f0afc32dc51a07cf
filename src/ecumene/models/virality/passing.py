"""How a story goes from one to the next: shown to followers, noticed, passed on after a while."""

import ecumene as ec

from .attention import MINUTES, freshness, weight

HEADS = 1 << 34  # above every agent's number
LOTS = 1 << 28  # Among those who bring it in one step, the smallest lot is heard.
LONGEST = 2016  # steps, two weeks: later nobody passes anything on
ONE = 1 << 20  # a whole, where shares of those whom one follows are added up


def strength(env, model):
    """The chance that a follower of weight 1 passes it on; above 1 it makes up for low weights."""
    boost = model.false_over_true if model.false else 1.0
    return model.ratio * boost * model.per_ratio * freshness(env.step, model.decay)


def notice(me, tie, payload, env, model, key):
    """Who has not yet made up their mind passes it on by this chance: luck and the poster."""
    if me.shares_at != ec.NEVER:
        return ec.NOTHING
    if not ec.chance(key, max(1.0, strength(env, model)) * weight(me, tie, model)):
        return ec.NOTHING
    return ec.integer(key, LOTS, 1) * HEADS + payload


def whose(brought):
    """What is told of it in a life: luck takes no part in the words."""
    return f"the post of {brought % HEADS:,}"


# Drawing twice, here for the strength and there for the weight, asks for the few followers only
# for whom it may matter: who they are costs fifty times as much as the draw.
@ec.tie_rule(
    over="followers",
    active="sharing",
    into="brought",
    combine="min",
    receive=notice,
    luck="once",
    tell=whose,
)
def show(me, tie, env, model, key):
    return me.identity if ec.chance(key, strength(env, model)) else ec.NOTHING


def steps_of(delay, delay_spread, normal):
    """How many steps a delay has, log-normal about so many minutes: at least one."""
    steps = ec.exp(ec.log(delay / MINUTES) + delay_spread * normal)
    return min(max(1, int(min(steps, 1e6) + 0.5)), LONGEST)


def steps_until_shared(model, key):
    """How many steps pass between seeing and sharing."""
    return steps_of(model.delay * model.slow, model.delay_spread, ec.normal(key))


@ec.agent_rule(on=ec.reached_by(show), writes=("shares_at", "parent", "waiting"), luck="once")
def decide(me, env, model, key):
    if me.shares_at != ec.NEVER:
        return me.shares_at, me.parent, me.waiting
    return env.step + steps_until_shared(model, key) - 1, me.brought % HEADS, True


def kept_from_it(env, model, key):
    """Whether a fact-check came before one passes it on, and convinces."""
    return env.step >= model.fact_check_at and ec.chance(key, model.fact_check)


@ec.agent_rule(
    on=ec.flagged("waiting"), writes=("waiting", "shared", "sharing", "parent"), luck="once"
)
def share(me, env, model, key):
    """The moment has come: unless a fact-check came first and convinces, it is passed on."""
    if me.shares_at > env.step:
        return True, False, False, me.parent
    if kept_from_it(env, model, key):
        return False, False, False, -1
    return False, True, True, me.parent


def count_seen(me, tie, payload, env, model, key):
    """A post that is seen counts one, or its part of all whom one follows."""
    if not ec.chance(key, weight(me, tie, model) * freshness(env.step, model.decay)):
        return ec.NOTHING
    return max(1, ONE // max(1, tie.in_degree)) if model.fraction > 0.0 else payload


def bring(me, tie, payload, env, model, key):
    return ec.integer(key, LOTS, 1) * HEADS + payload


@ec.tie_rule(
    over="followers", active="sharing", into="shown", combine="sum", receive=count_seen, luck="once"
)
def expose(me, tie, env, model, key):
    return 1


@ec.tie_rule(
    over="followers",
    active="sharing",
    into="brought",
    combine="min",
    receive=bring,
    luck="once",
    tell=whose,
)
def sign(me, tie, env, model, key):
    return me.identity


@ec.agent_rule(on=ec.reached_by(expose), writes=("heard", "shares_at", "parent", "waiting"))
def decide_when_enough(me, env, model, key):
    """Passes it on once enough of those whom one follows did, in number or as a share."""
    heard = me.heard + me.shown
    enough = heard >= model.fraction * ONE if model.fraction > 0.0 else heard >= model.threshold
    if me.shares_at != ec.NEVER or not enough:
        return heard, me.shares_at, me.parent, me.waiting
    return heard, env.step + steps_until_shared(model, key) - 1, me.brought % HEADS, True
