"""Whether a follower who is offered a post sees it, and passes it on: what its chance hangs on.

The chance is `ratio` over the number of followers, times weights of at most 1: how active people of
an age are, how near the post is to one's interests, whether it is still in sight when one looks,
and how fresh it is. `mean_weight` is the weights' mean over all ties, which the chance is divided
by: so `ratio` is the mean number of followers who pass on what somebody posts while it is fresh.
"""

import ecumene as ec

from .sides import mean_appeal

MINUTES = 10.0  # a step
INTERESTS = 0x496E746572657374  # "Interest" in ASCII: the luck of what people care about
FRESH = 0.4  # t to this power in the decay of novelty, t in minutes: Wu and Huberman (2007)
# Share of an age group that uses social networks: Pew Research Center (2021), Social Media Use,
# the United States, from memory. Below 30 it stands for 18-29, taken for 13-17 too.
BELOW_30, BELOW_50, BELOW_65, FROM_65 = 0.84, 0.81, 0.73, 0.45


def activity(age, youngest):
    """How active people of an age are: the share of them that uses social networks."""
    if age < youngest:
        return 0.0
    if age < 30:
        return BELOW_30
    if age < 50:
        return BELOW_50
    return BELOW_65 if age < 65 else FROM_65


def closeness(identity, topic, narrowness):
    """1 at one's own interest, falling to 1 - narrowness at the opposite side of a circle."""
    away = abs(ec.uniform(ec.fold(INTERESTS, identity)) - topic)
    return 1.0 - narrowness * 2.0 * min(away, 1.0 - away)


def in_sight(followed, clutter):
    """The chance that a post is among the newest when one looks.

    After a while w it is exp(-followed * rate * w / slots); w is exponential, and this is the mean.
    `clutter` is rate times the mean of w over slots.
    """
    return 1.0 / (1.0 + followed * clutter)


def freshness(step, decay):
    """How novel a story still is: exp(-decay * t**0.4), t minutes after it began."""
    if decay <= 0.0 or step <= 0:
        return 1.0
    return ec.exp(-decay * ec.exp(FRESH * ec.log(step * MINUTES)))


def weight(me, tie, model):
    """All but freshness, for one who is offered the post."""
    return (
        activity(me.age, model.youngest)
        * closeness(me.identity, model.topic, model.narrowness)
        * in_sight(tie.in_degree, model.clutter)
    )


def solve(given):
    """`clutter`, and the chance that goes with a ratio of 1, over the people and ties at hand."""
    asked = given.parameters
    clutter = asked["posts"] / 24.0 * asked["hours_away"] / asked["slots"]
    if asked["feed"]:
        clutter = 0.0  # What else is in the feed are the other stories.
    followers = given.ties("followers")
    active = given.over_people(
        "age", lambda ages: [activity(age, asked["youngest"]) for age in ages.tolist()]
    )
    seen = given.over_ties("followers", lambda followed: 1.0 / (1.0 + followed * clutter))
    mean_weight = active * seen * (1.0 - asked["narrowness"] / 2.0)
    if asked["feed"]:
        mean_weight *= mean_appeal(asked["across"])
    per_ratio = 1.0 / max(followers * mean_weight, 1e-9)
    return {
        "clutter": clutter,
        "mean_followers": followers,
        "mean_weight": mean_weight,
        "per_ratio": per_ratio,
    }
